"""A cabinet that was cut off starts from its last snapshot, and is the cabinet that it was."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import pytest

from cabinet.app import house
from cabinet.app.memory import thaw
from cabinet.domain.core import Core
from cabinet.rehearsal.stage import Stage
from cabinet.rehearsal.virtual_time import run_virtual
from config.load import load_site

SITE = Path(__file__).parents[2] / "config" / "sites" / "demo.toml"


def test_running_cabinet_leaves_snapshots_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """After months without a stop a power cut must not cost a start of half a minute: what no snapshot holds stays short."""
    monkeypatch.setattr(house, "SNAPSHOT_EVERY", 5)

    async def story() -> None:
        async with Stage.set(load_site(SITE), seed=1, start=datetime(2027, 1, 1, tzinfo=UTC), journal=tmp_path / "journal.db") as stage:
            for drawer in stage.loaded.site.drawers[:3]:
                stage.bench.hand.force(drawer.id)
                await asyncio.sleep(1)
            journal, core = stage.house.journal, stage.house.core
            found = journal.load_snapshot()
            assert found is not None
            assert core.state.seq - found[0] <= 5
            again = Core(core.world)
            state = thaw(found[1])
            assert state is not None
            again.state = state
            for entry in journal.entries(found[0]):
                again.replay(entry)
            assert again.state == core.state

    run_virtual(story())

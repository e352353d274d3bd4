"""Jobs of the pharmacy server outlive their database (`central/patience.py`), and reports that draw themselves are such jobs."""

import asyncio
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError

from cabinet.rehearsal.virtual_time import run_virtual
from central.diary import Diary
from central.insight import WEEKLY
from central.patience import at_work

GONE = OperationalError("select", {}, Exception("server closed the connection"))


def test_a_job_whose_database_went_away_begins_anew_and_ends_nobody() -> None:
    """A database that is restarted at night must not take the pharmacy's server with it."""

    async def tale() -> int:
        turns, is_well = [], asyncio.Event()

        async def job() -> None:
            turns.append(1)
            if len(turns) <= 3:
                raise GONE
            is_well.set()

        async with at_work("test", job):
            await is_well.wait()
        return len(turns)

    assert run_virtual(tale()) == 4


def test_a_defect_in_a_job_ends_whoever_is_inside() -> None:
    """A job that is wrong and goes on unseen is worse than a server that starts again."""

    async def tale() -> None:
        async def job() -> None:
            raise ValueError("a defect")

        async with at_work("test", job):
            await asyncio.sleep(3600)

    with pytest.raises(ExceptionGroup) as ended:
        run_virtual(tale())
    assert ended.group_contains(ValueError)


async def test_a_report_whose_database_went_away_is_drawn_when_it_is_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The week's figures are drawn at night, when databases are restarted: the server goes on, and the sheet is there in the morning."""
    monkeypatch.setattr("central.diary.FIRST_S", 0.0)
    monkeypatch.setattr("central.patience.AGAIN_S", 0.0)
    loop, is_drawn, tries = asyncio.get_running_loop(), asyncio.Event(), []

    def draw(first: date, last: date) -> bytes:
        tries.append((first, last))
        if len(tries) <= 2:
            raise GONE
        loop.call_soon_threadsafe(is_drawn.set)
        return b"%PDF"

    async with at_work("figures", Diary(tmp_path, WEEKLY, lambda: datetime(2026, 3, 2, 7, 0, tzinfo=UTC), draw).run):
        await is_drawn.wait()
    assert tries[:3] == [(date(2026, 2, 2), date(2026, 2, 8))] * 3

"""The cabinet's disk is gone: it goes on from what the pharmacy holds, trusts no balance until somebody counted, and accuses nobody."""

import asyncio
import json
from contextlib import closing
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

from cabinet.adapters.journal import InlineJournal, Origin
from cabinet.adapters.journal_chain import rows_of_export
from cabinet.adapters.journal_copy import write_copy
from cabinet.adapters.journal_reader import read_journal
from cabinet.app.records import Records
from cabinet.app.software import BUILT, SOFTWARE
from cabinet.domain.start import PUT_BACK
from cabinet.domain.vocabulary import Instant
from cabinet.rehearsal.actor import Actor, Errand
from cabinet.rehearsal.stage import Stage
from cabinet.report.asked import Asked, Setting
from cabinet.report.names import draw
from config.load import load_site
from tests.journal_tools import ids
from tests.stories.desk import DEMO
from tests.virtual import virtual

MORNING = datetime(2027, 1, 1, 7, tzinfo=UTC)
ITEM, TECHNICIAN = "ondansetron-4-vial", "1201"


async def visit(stage: Stage, errand: Errand, badge: str = "1003") -> None:
    person = Actor(stage, badge)
    await person.sign_in()
    await asyncio.sleep(3)
    done = await person.run(errand)
    assert done.refusal is None, done.refusal
    await person.sign_out()


@virtual
async def test_a_lost_journal_comes_back_from_the_pharmacy_and_every_pocket_is_counted(tmp_path: Path) -> None:
    """Whatever was done after the last fact that the pharmacy has, nobody knows: a balance is a guess until the next count."""
    loaded = load_site(DEMO)
    async with Stage.set(loaded, seed=3, start=MORNING) as stage:
        pocket = next(line.pocket for line in stage.house.core.state.lines.values() if line.item == ITEM)
        await visit(stage, Errand("withdraw", 2, item=ITEM, patient="p-304"))
        await visit(stage, Errand("refill", 2, pocket=pocket, lot="L9", expiry="2029-01-31"), TECHNICIAN)
        await visit(stage, Errand("count", 0, pocket=pocket))
        await asyncio.sleep(60)
        units = {line.pocket: line.units for line in stage.house.core.state.lines.values()}
        lines = [json.dumps(fact) for fact in stage.office.inquiry.history(loaded.site.cabinet)]
    path = tmp_path / "journal.db"
    assert write_copy(path, rows_of_export(lines))[0] == len(lines)
    origin = Origin(loaded.site.cabinet, SOFTWARE, BUILT)
    InlineJournal.open(path, origin, now=lambda: Instant(MORNING + timedelta(hours=12), 0.0), new_id=ids(), new_epoch=True).close()
    async with Stage.set(loaded, seed=4, start=MORNING + timedelta(days=1), journal=path) as stage:
        stage.numbers = count(100)
        state = stage.house.core.state
        assert {line.pocket: line.units for line in state.lines.values()} == units
        assert all(line.owes == [PUT_BACK] for line in state.lines.values() if line.count_mode != "bulk")
        assert state.discrepancies == {}
        await visit(stage, Errand("count", 0, pocket=pocket))
        assert state.lines[pocket].owes == []
        assert state.lines[pocket].units == units[pocket]
        assert state.discrepancies == {}
        setting = Setting(stage.house.core.world, UTC, MORNING + timedelta(days=2))
        with closing(read_journal(path)) as journal:
            inventory = draw("inventory", Records(journal), setting, Asked())
            history = draw("pocket", Records(journal), setting, Asked(pocket=pocket))
        held = {row[1]: row[3] for table in inventory.tables for row in table.rows}
        assert held[pocket] == units[pocket], "a report reads the copy's facts as the cabinet does"
        assert history.tables[0].rows, "who had the pocket open is still to be printed"

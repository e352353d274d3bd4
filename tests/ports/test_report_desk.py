"""The ReportDesk port: the same answers from a process of its own as from this one."""

import json
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

import config
from cabinet.adapters.journal import InlineJournal, Origin
from cabinet.adapters.journal_reader import read_journal
from cabinet.app.records import InlineReports
from cabinet.app.report_process import ReportProcess
from cabinet.app.world import world_of
from cabinet.domain import facts
from cabinet.domain.facts import Account, Draft
from cabinet.domain.vocabulary import DrawerId, Instant, ItemId, PocketId, Units
from cabinet.ports import NotDrawn, ReportDesk
from config.load import load_site
from tests.journal_tools import ids

DEMO = Path(config.__file__).parent / "sites/demo.toml"
AT = Instant(datetime(2026, 3, 2, 7, 0, tzinfo=UTC), 0.0)


@pytest.fixture(params=["inline", pytest.param("process", marks=pytest.mark.real)])
def desk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[ReportDesk]:
    """A desk over a journal with one stocked pocket, on disk."""
    origin = Origin("ward-3-north", "0.1.0", datetime(2026, 1, 1, tzinfo=UTC))
    journal = InlineJournal.open(tmp_path / "journal.db", origin, now=lambda: AT, new_id=ids())
    pocket, item = PocketId("n1-01"), ItemId("oxycodone-5-tab")
    said = (
        facts.PocketAssigned(pocket, DrawerId("n1"), item, Units(40), Units(10), Units(5), "units"),
        facts.UnitsMoved(pocket, item, Units(28), Account.PHARMACY, Account.POCKET, "L1", "2030-09-30"),
    )
    journal.write_now([Draft(AT, fact) for fact in said])
    journal.close()
    if request.param == "process":
        yield ReportProcess(DEMO, tmp_path)
        return
    with closing(read_journal(tmp_path / "journal.db")) as reader:
        yield InlineReports(reader, world_of(load_site(DEMO)), UTC, lambda: AT)


async def test_a_report_is_drawn_with_who_asked_for_it(desk: ReportDesk) -> None:
    """The paper names the person who had it drawn."""
    said = json.loads(await desk.draw("inventory", {"schedule": "c2", "to": ""}, "json", sees_balances=True, drawn_by="-- Ana; O'Neil"))
    assert said["drawn_by"] == "-- Ana; O'Neil"
    assert [(row["pocket"], row["on_hand"]) for row in said["tables"][0]["rows"]] == [("n1-01", 28)]


@pytest.mark.parametrize(("form", "begins"), [("csv", b"table,"), ("pdf", b"%PDF")])
async def test_it_comes_in_every_form(desk: ReportDesk, form: str, begins: bytes) -> None:
    """Bytes as they are written to a file."""
    assert (await desk.draw("inventory", {}, form, sees_balances=True, drawn_by="")).startswith(begins)


async def test_a_blind_balance_is_kept_from_who_may_not_see_it(desk: ReportDesk) -> None:
    """Whatever draws it, the rule is the same."""
    said = json.loads(await desk.draw("inventory", {"schedule": "c2"}, "json", sees_balances=False, drawn_by=""))
    assert said["tables"][0]["rows"][0]["on_hand"] == "hidden"


@pytest.mark.parametrize(
    ("name", "words", "says"),
    [
        ("inventory", {"person": "x"}, "takes"),
        ("keys", {"help": "x"}, "no report takes help"),
        ("keys", {"pdf": "/x"}, "no report takes pdf"),
    ],
)
async def test_what_is_asked_wrongly_is_told_apart_from_what_failed(desk: ReportDesk, name: str, words: dict[str, str], says: str) -> None:
    """The one is for the person to change, the other for service. No word of a query becomes an option that is none."""
    with pytest.raises(NotDrawn, match=says) as no:
        await desk.draw(name, words, "json", sees_balances=True, drawn_by="")
    assert no.value.is_asked_wrongly

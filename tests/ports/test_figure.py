"""The figures of the work at cabinets, by their definitions, on both databases: told, compared, as a table and on paper."""

import csv
import io
from collections.abc import AsyncIterator
from datetime import date, timedelta
from pathlib import Path

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader

from cabinet.domain.facts import AccessRequested, DiscrepancyFound, DiscrepancyResolved
from cabinet.domain.facts.alphabet import Basis
from cabinet.domain.vocabulary import DiscrepancyId, SessionId, Units
from central.activity.follower import Follower
from central.activity.store import Store
from central.app import make_app
from central.database.place import Database
from central.diary import Diary
from central.figure.definition import DEFINITIONS, figures, quantile_of
from central.figure.keeping import BACK_DAYS
from central.figure.pages import plug
from central.figure.room import FigureRoom, Span
from central.figure.tally import NUMBERS, Tally, summed
from central.ingest.store import Store as Ingest
from central.insight import WEEKLY
from central.office import Office
from tests.database import any_database, any_url, migrated_postgres, postgres_server, postgres_url
from tests.ports.test_activity import a_day
from tests.ports.test_plan import never
from tests.post import CABINET, ITEM, NOW, POCKET, journal_post
from tests.tale import BEGIN, Ward

__all__ = ["any_database", "any_url", "migrated_postgres", "postgres_server", "postgres_url"]

TODAY = BEGIN + timedelta(days=20)
DAY = BEGIN.date()


@pytest.fixture
def room(any_database: Database) -> FigureRoom:
    """One bad day at one cabinet, told as `test_activity` has it, with a discrepancy that was open for six hours; two weeks at another."""
    tale = a_day()
    tale.tell(301, DiscrepancyFound(DiscrepancyId("d"), POCKET, ITEM, Units(20), Units(19), Basis.PERSON, 3))
    tale.tell(661, DiscrepancyResolved(DiscrepancyId("d"), "on the floor"))
    ingest = Ingest(any_database)
    ingest.take([journal_post(tale.envelopes)], NOW)
    ward = Ward("north", {"x": 4.0}, {"x": (10, 4)}, 14)
    ingest.take([journal_post(ward.tale.envelopes, cabinet="north")], NOW)
    ingest.close()
    Follower(Store(any_database)).follow()
    return FigureRoom(any_database, lambda: TODAY, {ITEM}, "Test")


@pytest.fixture
async def http(room: FigureRoom, any_database: Database) -> AsyncIterator[httpx.AsyncClient]:
    app = make_app(Office(any_database, never, lambda: TODAY), "Test", plugs=[plug(room)])
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as client:
        yield client


def test_each_figure_follows_from_the_facts_by_its_definition(room: FigureRoom) -> None:
    """A number that nobody can work out again by hand is no ground for a decision."""
    told = {one.id: one for one in room.tell(Span(DAY, DAY), CABINET).total}
    values = {name: None if one.value is None else round(one.value, 3) for name, one in told.items()}
    assert values == {
        "vend_refill": 2.0,  # two withdrawals, one refill; the first load is none
        "stock_out": 33.333,  # one refusal of three attempts
        "empty_time": 9.077,  # an hour of eleven and a minute
        "override": 50.0, "unlinked": 0.0,  # one of two, and an order was linked to it since
        "accuracy": 0.0,  # the one final count differed
        "discrepancy_rate": 200.0,  # one in five accesses to the controlled item
        "discrepancy_p50": 6.0, "discrepancy_p90": 6.0,
        "availability": 90.923,
        "open_p50": 6.05, "open_p95": 6.05, "open_p99": 6.05,  # ticks of a tenth
        "unscheduled": 100.0,
        "turns": values["turns"],
    }  # fmt: skip
    assert told["stock_out"].basis == 3
    units_h = (60.5 * 10 + 60.5 * 6 + 480 * 20) / 60
    assert values["turns"] == pytest.approx((10 - 0) * 365 * 24 / units_h, rel=0.001)


def test_who_asked_nobody_gets_no_number(room: FigureRoom) -> None:
    """Nobody asked is not the same as nobody was refused."""
    assert {one.value for one in room.tell(Span(DAY - timedelta(days=9), DAY - timedelta(days=8))).total} == {None}


def test_days_and_cabinets_add_up_to_the_whole(room: FigureRoom) -> None:
    """Whoever compares cabinets compares what the whole is made of."""
    told = room.tell(Span(DAY, DAY + timedelta(days=13)))
    assert [row.of for row in told.cabinets] == ["north", CABINET]
    assert len(told.over_time) == 14
    for place, one in enumerate(DEFINITIONS):
        if one.id in {"accuracy", "open_p50", "stock_out"}:
            assert told.total[place].basis == sum(row.figures[place].basis for row in told.cabinets)
            assert told.total[place].basis == sum(row.figures[place].basis for row in told.over_time)


def test_a_long_time_is_told_week_by_week(room: FigureRoom) -> None:
    """A year of days is noise."""
    told = room.tell(Span(DAY - timedelta(days=40), DAY + timedelta(days=13)))
    assert {(date.fromisoformat(row.of) - DAY).days % 7 for row in told.over_time} == {2}


def test_a_withdrawal_that_went_on_elsewhere_is_one_and_has_waited_since_it_was_asked(any_database: Database) -> None:
    """A drawer that would not open is time that the nurse stood there."""
    tale = a_day()
    asked = AccessRequested("withdraw", POCKET, ITEM, Units(1), "order", SessionId("s"))
    assert asked.moved_from is None
    ingest = Ingest(any_database)
    ingest.take([journal_post(tale.envelopes)], NOW)
    ingest.close()
    Follower(Store(any_database)).follow()
    told = {one.id: one for one in FigureRoom(any_database, lambda: TODAY).tell(Span(DAY, DAY)).total}
    assert told["open_p50"].basis == 1
    assert told["discrepancy_rate"].value is None  # nothing is known to be controlled


def test_days_that_are_added_up_tell_what_their_lines_tell(room: FigureRoom, any_database: Database) -> None:
    """Kept sums are for speed alone: nobody can see from a figure how it was read, before or after a cabinet sends what is late."""
    spans = Span(DAY - timedelta(days=3), DAY + timedelta(days=13)), Span(DAY, DAY), Span(DAY + timedelta(days=1), TODAY.date())

    def told() -> list[object]:
        return [room.tell(span, cabinet, most) for span in spans for cabinet in (None, "north") for most in (None, 1)]

    read = told()
    assert len(list(room.keeping.steps())) == BACK_DAYS
    assert told() == read
    assert list(room.keeping.steps()) == [], "nothing is added up twice"
    late = Ward("south", {"x": 4.0}, {"x": (10, 4)}, 2)
    ingest = Ingest(any_database)
    ingest.take([journal_post(late.tale.envelopes, cabinet="south")], NOW)
    ingest.close()
    Follower(Store(any_database)).follow()
    after = told()
    assert after != read
    anew = list(room.keeping.steps())
    assert DAY.isoformat() in anew
    assert len(anew) < BACK_DAYS
    assert told() == after
    other = FigureRoom(any_database, lambda: TODAY, (), "Test")
    assert len(list(other.keeping.steps())) == BACK_DAYS, "another rule, other sums: nothing is controlled here"


def test_a_pharmacy_that_has_heard_of_no_cabinet_has_days_without_figures(any_database: Database) -> None:
    """The first minute of every server: nothing to add up is no reason to fall over."""
    room = FigureRoom(any_database, lambda: TODAY, {ITEM}, "Test")
    assert list(room.keeping.steps())
    assert {one.value for one in room.tell(room.usual()).total} == {None}


async def test_the_api_tells_figures_definitions_a_table_and_paper(http: httpx.AsyncClient) -> None:
    """A quality officer takes the numbers along."""
    asked = "from=2026-03-01&to=2026-03-14"
    told = (await http.get(f"/api/v1/kpis?{asked}")).json()
    assert [one["id"] for one in told["total"]] == [one.id for one in DEFINITIONS]
    words = (await http.get("/api/v1/kpis/definitions")).json()
    assert words[1]["formula"].startswith("withdrawals refused for want of stock")
    rows = list(csv.DictReader(io.StringIO((await http.get(f"/api/v1/kpis.csv?{asked}")).text)))
    assert {row["of"] for row in rows} == {"total", "cabinet", "from_day"}
    assert next(row["value"] for row in rows if row["name"] == CABINET and row["figure"] == "stock_out") == "33.33"
    paper = PdfReader(io.BytesIO((await http.get(f"/api/v1/kpis.pdf?{asked}")).content))
    text = "".join(page.extract_text() for page in paper.pages)
    assert "2026-03-01 to 2026-03-14" in text
    for head in ("Withdrawals", "Discrepancies,", "Availability,"):
        assert sum(line == head or line.startswith(f"{head} ") for line in text.splitlines()) >= 1, f"{head} is cut in two"
    assert (await http.get("/api/v1/kpis?from=2026-03-14&to=2026-03-01")).json()["code"] == "kpis.span"


async def test_the_page_shows_each_figure_with_its_definition(http: httpx.AsyncClient) -> None:
    """What a number means stands beside it."""
    page = (await http.get("/figures?first=2026-03-01&last=2026-03-14")).text
    for one in DEFINITIONS:
        assert one.formula.split(",")[0].replace("<", "&lt;") in page
    assert (await http.get("/figures?first=yesterday")).status_code == 200


def test_the_sheet_of_each_week_that_is_over_is_drawn_once(tmp_path: Path) -> None:
    """It lies there on Monday, and a server that was down makes up for it."""
    drawn: list[tuple[date, date]] = []

    def draw(first: date, last: date) -> bytes | None:
        drawn.append((first, last))
        return b"%PDF" if first >= date(2026, 2, 9) else None

    weekly = Diary(tmp_path / "reports", WEEKLY, lambda: BEGIN + timedelta(days=1), draw)  # 2 March is a Monday, 7 in the morning
    assert [path.name for path in weekly.draw_due()][-1] == "figures-2026-02-23.pdf"
    assert drawn[-1] == (date(2026, 2, 23), date(2026, 3, 1))
    assert weekly.draw_due() == []
    assert sorted(path.name for path in (tmp_path / "reports").iterdir()) == [f"figures-2026-02-{day}.pdf" for day in ("09", "16", "23")]


tallies = st.builds(Tally, **{name: st.integers(0, 1000) for name in NUMBERS})


@given(st.lists(tallies, min_size=1, max_size=5))
def test_tallies_add_up_in_any_order(parts: list[Tally]) -> None:
    """A week is its days, whichever is counted first."""
    assert figures(summed(parts)) == figures(summed(reversed(parts)))


def test_quantiles_are_values_that_were_seen() -> None:
    """Nearest rank: no discrepancy was open for a time that none was open for."""
    assert (quantile_of([1, 2, 30], 0.5), quantile_of([1, 2, 30], 0.9), quantile_of([], 0.5)) == (2, 30, None)

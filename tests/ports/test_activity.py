"""Facts become lines once, whatever run they are read in, on SQLite and PostgreSQL alike."""

import asyncio
from collections.abc import Iterator
from random import Random
from typing import Any

import pytest
from sqlalchemy import text

from cabinet.domain.facts import (
    AccessMoved,
    AccessRefused,
    Account,
    Basis,
    DeliveryAnnounced,
    DeliveryLine,
    DrawerMoved,
    JournalBegun,
    Moment,
    OrderLinked,
    PocketAssigned,
    PocketCounted,
    ReleaseIntended,
)
from cabinet.domain.vocabulary import AccessId, DrawerId, IntentId, ItemId, OrderId, PatientId, Units
from central.activity import follower
from central.activity.course import Course
from central.activity.follower import Follower
from central.activity.line import Line
from central.activity.process import following
from central.activity.shelf import Shelf
from central.activity.store import Store
from central.database.place import Database
from central.feed import Feed
from central.ingest.store import Store as Ingest
from central.record import Record
from tests.database import any_database, any_url, migrated_postgres, postgres_server, postgres_url
from tests.post import CABINET, ITEM, NOW, POCKET, journal_post
from tests.tale import IN, PATIENT, PHARMACY, Tale

__all__ = ["any_database", "any_url", "migrated_postgres", "postgres_server", "postgres_url"]


def a_day() -> Tale:
    """Ten units put in; four taken on override and linked, one wasted of them; six taken; two refused; a drawer fails; refilled."""
    tale = Tale()
    tale.tell(0, PocketAssigned(POCKET, DrawerId("d"), ITEM, Units(20), Units(5), Units(2), "units"))
    tale.asked(0, "a-fill", "load", 10).done(0, "a-fill", 10, PHARMACY, IN, expiry="2026-03-31")
    tale.asked(60, "a-1", "withdraw", 4, patient=PatientId("p-1"), authority="override", reason="pain")
    tale.tell(60, ReleaseIntended(IntentId("i"), "lock-a:0", 300), access="a-1")
    tale.tell(60.1, AccessMoved("released", "open", "opened"), access="a-1")
    tale.tell(60.2, PocketCounted(POCKET, ITEM, Units(9), Units(10), Basis.PERSON, Moment.BEFORE, 2, is_final=True), access="a-1")
    tale.done(60.5, "a-1", 4, IN, PATIENT).tell(65, OrderLinked(AccessId("a-1"), OrderId("o-1")))
    tale.asked(70, "a-w", "waste", 1, withdrawal=AccessId("a-1")).done(71, "a-w", 1, PATIENT, Account.WASTE, withdrawal=AccessId("a-1"))
    tale.asked(120, "a-2", "withdraw", 6, patient=PatientId("p-2"), order=OrderId("o-2")).done(121, "a-2", 6, IN, PATIENT)
    tale.tell(150, AccessRefused("withdraw", "stock.out", POCKET, ITEM, Units(2)))
    tale.asked(181, "a-re", "refill", 20).done(181, "a-re", 20, PHARMACY, IN)
    tale.tell(200, DrawerMoved("lock-a:0", "releasing", "failed", "gave up"))
    tale.tell(260, DrawerMoved("lock-a:0", "failed", "latched", "recovered"))
    line = DeliveryLine(ItemId("other"), Units(3), None)
    return tale.tell(300, DeliveryAnnounced("L-1", [DeliveryLine(ITEM, Units(1), POCKET), line, line]))


@pytest.fixture
def store(any_database: Database) -> Iterator[Store]:
    ingest = Ingest(any_database)
    ingest.take([journal_post(a_day().envelopes)], NOW)
    yield Store(any_database)
    ingest.close()


def by_access(store: Store) -> dict[str, Line]:
    return store.lines(CABINET, ["a-fill", "a-1", "a-w", "a-2", "a-re"])


def rows(database: Database, table: str) -> list[tuple[Any, ...]]:
    with database.reading() as conn:
        return [tuple(row) for row in conn.execute(text(f"select * from {table} order by 1, 2, 3, 4"))]  # noqa: S608


def test_a_line_holds_what_became_of_an_access(store: Store) -> None:
    """Pars, figures and surveillance read lines, not facts: what is not in them is seen by none of the three."""
    Follower(store).follow()
    lines = by_access(store)
    one = lines["a-1"]
    assert (one.units, one.phase, one.authority, one.is_linked, one.waste_m, one.open_ms) == (4, "settled", "override", 1, 1000, 6000)
    assert (one.counts, one.variances, one.patient, one.staff) == (1, 1, "p-1", "nurse-1")
    assert (lines["a-w"].waste_m, lines["a-w"].units) == (1000, 1)
    assert (lines["a-2"].order_id, lines["a-2"].left_units) == ("o-2", 0)
    assert (lines["a-re"].found, lines["a-fill"].keeps_days) == ("out", 30)


def test_refusals_and_what_was_sent_are_lines_without_an_access(store: Store, any_database: Database) -> None:
    """A refused search is demand; what the pharmacy sends again and again may belong into the cabinet."""
    Follower(store).follow()
    with any_database.reading() as conn:
        found = conn.execute(text("select kind, item, code, asked, place from activity where access = '' order by seq, place")).all()
    assert [tuple(row) for row in found] == [
        ("withdraw", ITEM, "stock.out", 2, 0),
        ("sent", "other", "", 3, 1),
        ("sent", "other", "", 3, 2),
    ]


def test_spells_and_seconds_say_when_there_was_none_to_give(store: Store, any_database: Database) -> None:
    """While a pocket is empty, or its drawer will not open, demand is seen in part only: both are outages."""
    Follower(store).follow()
    spells = [(since[11:16], until[11:16]) for _, _, since, until in rows(any_database, "spell")]
    assert spells == [("07:00", "07:00"), ("09:01", "10:01"), ("10:20", "11:20")]
    _, day, pocket_s, empty_s, shut_s, unit_s = rows(any_database, "shelf_day")[0]
    assert (day, pocket_s, empty_s, shut_s) == ("2026-03-01", 300 * 60, 3600, 3600)
    assert unit_s == 60.5 * 60 * 10 + 60.5 * 60 * 6 + 119 * 60 * 20


@pytest.mark.parametrize("run", [1, 2, 3, 7])
def test_the_runs_in_which_facts_are_read_do_not_matter(
    store: Store, any_database: Database, monkeypatch: pytest.MonkeyPatch, run: int
) -> None:
    """A server that stops in between goes on where it was; reading all anew comes to the same."""
    tables = ("activity", "spell", "shelf_day")
    Follower(store).follow()
    whole = [rows(any_database, table) for table in tables]
    with any_database.engine.begin() as conn:
        for table in (*tables, "followed"):
            conn.execute(text(f"delete from {table}"))  # noqa: S608 - a constant
    monkeypatch.setattr(follower, "MOST_AT_ONCE", run)
    assert Follower(store).follow() == len(a_day().envelopes)
    assert [rows(any_database, table) for table in tables] == whole
    assert Follower(store).follow() == 0


def test_two_followers_double_nothing(store: Store, any_database: Database) -> None:
    """Several servers on one database follow the same cabinets."""
    first, second = Store(any_database), Store(any_database)
    place = first.place(CABINET)
    Follower(second).follow()
    days = rows(any_database, "shelf_day")
    facts = first.facts(CABINET, 1, 0, 1000)
    assert Follower(first)._take(CABINET, place, facts) is None  # noqa: SLF001 - the run that came too late
    assert rows(any_database, "shelf_day") == days


def test_a_journal_put_back_from_a_copy_goes_on_with_its_shelf(any_database: Database) -> None:
    """Else every pocket would seem empty, and what was not asked for would seem refused."""
    ingest, store = Ingest(any_database), Store(any_database)
    first = a_day().envelopes
    ingest.take([journal_post(first)], NOW)
    again = Tale(2, begun=JournalBegun("k", CABINET, "test", 1, len(first), first[-1]["hash"]))
    again.asked(320, "b-1", "withdraw", 2).done(321, "b-1", 2, IN, PATIENT)
    ingest.take([journal_post(again.envelopes)], NOW)
    Follower(store).follow()
    assert store.lines(CABINET, ["b-1"])["b-1"].left_units == 18
    ingest.close()


def test_what_cannot_be_read_is_left_out_and_stops_nothing(any_database: Database) -> None:
    """A cabinet may be newer than its server."""
    ingest, store = Ingest(any_database), Store(any_database)
    tale = a_day()
    chance = Random(1)
    for envelope in tale.envelopes[1:]:
        if chance.random() < 0.3 and envelope["body"]:
            envelope["body"].popitem()
    records = [Record(**{key: one for key, one in envelope.items() if key != "cabinet"}) for envelope in tale.envelopes]
    course = Course(CABINET, Shelf())
    for record in records:
        course.hear(record)
    assert course.lines
    ingest.close()
    assert store.cabinets() == []


async def test_a_live_server_follows_what_comes(any_database: Database) -> None:
    """Being acknowledged comes first: what people did can be read a little later."""
    ingest, feed = Ingest(any_database), Feed()
    envelopes = a_day().envelopes
    ingest.take([journal_post(envelopes[:10])], NOW)
    async with following(any_database, feed) as found:
        while found.read < 10:  # noqa: ASYNC110 - a thread's progress, which tells nobody
            await asyncio.sleep(0.01)
        ingest.take([journal_post(envelopes)], NOW)
        feed.tell({CABINET: {"facts"}})
        while found.read < len(envelopes):  # noqa: ASYNC110 - as above
            await asyncio.sleep(0.01)
    assert by_access(Store(any_database))["a-re"].units == 20
    ingest.close()

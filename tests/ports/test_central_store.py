"""What the pharmacy server holds depends on what was reported, not on how often or in which order it arrived (I11, I12)."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from cabinet.domain.facts import (
    Account,
    Draft,
    DrawerLeftOpen,
    DrawerMoved,
    ExcursionBegan,
    ExcursionEnded,
    FaultRaised,
    JournalBegun,
    LevelsChanged,
    OrderUnmapped,
    RefillAsked,
    TemperatureGap,
)
from cabinet.domain.vocabulary import ZERO_HASH, DrawerId, OrderId, PatientId, Units
from cabinet.messages import (
    Ack,
    ItemSummary,
    StateReport,
    StockReport,
    encode,
    envelope_of,
    hash_of,
    seal,
    topic,
)
from central.database.place import MEMORY, Database
from central.ingest.outcome import Outcome
from central.ingest.store import Store
from central.inquiry import Inquiry
from central.post import Post, Unreadable, read
from tests.database import migrated_postgres, postgres_server, postgres_url, server_database
from tests.post import AT, CABINET, DAY, ITEM, NOW, POCKET, Envelope, assigned, chain, journal_post, moved, needs, state, stock

__all__ = ["migrated_postgres", "postgres_server", "postgres_url", "server_database"]


class Server:
    """A store and the questions to it."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.store = Store(database)
        self.inquiry = Inquiry(database)

    def take(self, *post: Post) -> Outcome:
        return self.store.take(post, NOW)

    def codes(self) -> list[str]:
        return [alert.code for alert in self.inquiry.alerts()]

    def rows(self) -> dict[str, list[tuple[Any, ...]]]:
        """Everything that is held, except alerts, which tell of what came."""
        tables = ("fact", "head", "early", "pocket", "total", "discrepancy", "need", "report", "cabinet")
        with self.database.reading() as conn:
            return {table: [tuple(row) for row in conn.execute(text(f"select * from {table} order by 1, 2, 3"))] for table in tables}  # noqa: S608


def in_memory() -> Server:
    return Server(Database(MEMORY).prepare())


@pytest.fixture
def server(server_database: Database) -> Iterator[Server]:
    server = Server(server_database)
    yield server
    server.store.close()


def test_facts_are_held_folded_and_acknowledged(server: Server) -> None:
    """The whole point: what the cabinet wrote is here, and the balance is the server's own sum."""
    outcome = server.take(journal_post(DAY))
    assert outcome.acks == {CABINET: Ack(1, 9)}
    assert server.inquiry.facts(CABINET) == DAY
    assert server.inquiry.balances(CABINET) == {POCKET: 44}
    found = server.inquiry.discrepancies()[0]
    assert (found.expected, found.counted, found.reason, found.resolved_by) == (47, 46, "found on the floor", "nurse-1")
    assert server.inquiry.stock()[0].count_basis == "person"


WHOLE = in_memory()
WHOLE.take(journal_post(DAY), stock(9, 44), needs(9), state(1, 2, 2, "online"))

pieces = st.one_of(
    st.tuples(st.integers(0, len(DAY) - 1), st.integers(1, len(DAY))).map(lambda cut: journal_post(DAY[cut[0] : cut[0] + cut[1]])),
    st.integers(2, 9).map(lambda seq: stock(seq, 44)),
    st.integers(2, 9).map(needs),
    st.tuples(st.integers(1, 2), st.integers(1, 2), st.sampled_from(["online", "offline"]))
    .filter(lambda key: key != (2, 2, "offline"))
    .map(lambda key: state(1, *key)),
)


@given(st.lists(st.lists(pieces, max_size=4), max_size=30), st.randoms(use_true_random=False))
def test_any_order_and_any_repetition_give_the_same_store(rounds: list[list[Post]], chance: Any) -> None:
    """Batches in any cut, shuffled and repeated, then once in order: the rows are those of one delivery in order."""
    server = in_memory()
    for post in rounds:
        server.take(*post)
    last: list[Post] = [stock(9, 44), needs(9), state(1, 2, 2, "online")]
    chance.shuffle(last)
    server.take(journal_post(DAY))
    server.take(*last)
    server.take(*[piece for post in rounds for piece in post])
    assert server.rows() == WHOLE.rows()
    assert server.codes() == []


def test_a_gap_is_left_for_the_cabinet_to_fill(server: Server) -> None:
    """The ack repeats what is held; nothing is kept that cannot be chained."""
    server.take(journal_post(DAY[:3]))
    assert server.take(journal_post(DAY[5:])).acks == {CABINET: Ack(1, 3)}
    assert server.inquiry.balances(CABINET) == {POCKET: 50}
    assert server.codes() == []


def forged(envelope: Envelope, **changes: object) -> Envelope:
    """The fact with other content and a hash that fits it."""
    other = {**envelope, **changes}
    return {**other, "hash": hash_of(other)}


@pytest.mark.parametrize(
    ("batch", "code"),
    [
        pytest.param(lambda: [forged(DAY[3], staff="nurse-2")], "fact.conflict", id="another fact under a number that is held"),
        pytest.param(lambda: [{**DAY[3], "staff": "nurse-2"}], "fact.wrong_hash", id="other content under a hash that is held"),
        pytest.param(lambda: chain(journal="uuid-2")[:1], "journal.second", id="a second journal in one epoch"),
        pytest.param(lambda: [forged(DAY[4], prev_hash="f" * 64)], "chain.broken", id="a fact that follows another one"),
        pytest.param(lambda: [{**DAY[4], "body": {"units": 1.5}}], "fact.malformed", id="a float"),
        pytest.param(lambda: [DAY[3], DAY[5]], "fact.misnumbered", id="a hole inside a batch"),
    ],
)
def test_a_contradiction_is_refused_and_raised(server: Server, batch: Callable[[], list[Envelope]], code: str) -> None:
    """Two disks with one identity, or somebody's edit: what is held stays, and a person is told once."""
    server.take(journal_post(DAY[:4]))
    before = server.rows()
    for _ in range(2):
        assert server.take(journal_post(batch())).acks == {CABINET: Ack(1, 4)}
    assert server.rows() == before
    assert server.codes() == [code]


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        pytest.param(chain(cabinet="ward-2")[:1], "journal.stranger", id="the journal of another cabinet"),
        pytest.param([forged(DAY[1], seq=1, prev_hash=ZERO_HASH)], "journal.unbegun", id="an epoch without a beginning"),
    ],
)
def test_a_journal_that_is_not_this_cabinets_is_refused(server: Server, facts: list[Envelope], code: str) -> None:
    """A disk moved into another cabinet would mix two wards' stock."""
    assert server.take(journal_post(facts)).acks == {CABINET: Ack(1, 0)}
    assert server.codes() == [code]


def test_facts_before_a_contradiction_are_held(server: Server) -> None:
    """One bad fact at the end of a batch does not cost the good ones before it."""
    server.take(journal_post([*DAY[:4], {**DAY[4], "hash": "0" * 64}]))
    assert server.inquiry.facts(CABINET) == DAY[:4]


def test_a_fact_of_an_unknown_type_is_held_as_it_is(server: Server) -> None:
    """A cabinet may be newer than its server: its chain goes on, and its facts are complete when the server catches up."""
    strange = forged(DAY[1], type="moon_landed", body={"crater": 7})
    after = forged(DAY[2], prev_hash=strange["hash"])
    server.take(journal_post([DAY[0], strange, after]))
    assert server.inquiry.facts(CABINET) == [DAY[0], strange, after]
    assert server.inquiry.balances(CABINET) == {POCKET: 50}


def test_a_known_fact_of_an_unknown_shape_is_held_and_raised(server: Server) -> None:
    """It cannot be folded, so a balance is in doubt; refusing it would stop the cabinet's chain for ever."""
    strange = forged(DAY[1], type="units_moved", body={"pocket": "p1", "units": 10**15})
    server.take(journal_post([DAY[0], strange]))
    assert server.codes() == ["fact.unread"]
    assert len(server.inquiry.facts(CABINET)) == 2


def test_a_new_epoch_takes_the_place_of_the_old_one(server: Server) -> None:
    """A blank disk is a new journal: its balances are its own, and the old epoch is no longer acknowledged."""
    server.take(journal_post(DAY))
    young = chain(assigned(), moved(7, Account.PHARMACY, Account.POCKET), epoch=2, journal="uuid-2")
    assert server.take(journal_post(young)).acks == {CABINET: Ack(2, 3)}
    assert server.inquiry.balances(CABINET) == {POCKET: 7}
    assert server.take(journal_post(DAY)).acks == {}
    assert server.codes() == ["epoch.new"]
    assert server.take(journal_post(young[2:])).acks == {CABINET: Ack(2, 3)}


def test_new_facts_of_an_old_epoch_are_held_and_raised(server: Server) -> None:
    """Somebody runs an old disk: its facts are evidence, its balances are not the cabinet's."""
    server.take(journal_post(DAY[:5]), journal_post(chain(epoch=2, journal="uuid-2")))
    server.take(journal_post(DAY))
    assert sorted(server.codes()) == ["epoch.new", "epoch.old"]
    assert server.inquiry.facts(CABINET, epoch=1) == DAY


def test_an_epoch_that_goes_on_from_a_copy_starts_with_the_copys_balances(server: Server) -> None:
    """Facts after the copy happened, and are known here alone; the new journal does not know them."""
    server.take(journal_post(DAY))
    begun = JournalBegun("uuid-2", CABINET, "test", 1, 3, DAY[2]["hash"])
    entry = seal(Draft(AT, begun), epoch=2, seq=1, fact_id="x", prev_hash=ZERO_HASH)
    server.take(journal_post([envelope_of(entry)]))
    assert server.inquiry.balances(CABINET) == {POCKET: 50}
    assert server.inquiry.stock()[0].item == ITEM
    unknown = JournalBegun("uuid-3", CABINET, "test", 2, 9, "0" * 64)
    server.take(journal_post([envelope_of(seal(Draft(AT, unknown), epoch=3, seq=1, fact_id="y", prev_hash=ZERO_HASH))]))
    assert server.codes() == ["journal.unknown_copy"]


def test_the_newest_presence_counts(server: Server) -> None:
    """A will may come late, a retained state twice."""
    for post, expected in [
        (state(1, 1, 1, "online"), "online"),
        (state(1, 1, 2, "online"), "online"),
        (state(1, 1, 1, "offline"), "online"),
        (state(1, 1, 2, "offline"), "offline"),
        (state(1, 1, 2, "online"), "offline"),
        (state(1, 2, 1, "online"), "online"),
        (state(0, 9, 9, "offline"), "online"),
    ]:
        server.take(post)
        assert server.inquiry.cabinets()[0].state == expected


def test_a_cabinet_that_comes_online_is_told_what_is_held(server: Server) -> None:
    """Also when that is nothing, or another epoch's facts."""
    assert server.take(state(1, 1, 1, "online")).acks == {CABINET: Ack(1, 0)}
    server.take(journal_post(DAY))
    assert server.take(state(1, 2, 1, "online")).acks == {CABINET: Ack(1, 9)}
    assert server.take(state(2, 1, 1, "online")).acks == {CABINET: Ack(2, 0)}
    assert server.take(state(2, 1, 1, "offline")).acks == {}


def test_what_only_the_cabinet_sees_comes_from_its_report(server: Server) -> None:
    """The balance is the fold's; names, expiry and quarantine are the report's."""
    server.take(journal_post(DAY))
    item = ItemSummary(ITEM, "hydrOXYzine", "25 mg", "tablet")
    told = StockReport(POCKET, item, 99, "tablet", "units", 50, 10, 5, "quarantined", "2026-09-30", None, "journal", 1, 9, NOW)
    post = read(topic(CABINET, "up/stock/p1"), encode(told))
    assert post is not None
    server.take(post)
    row = server.inquiry.stock()[0]
    assert (row.name, row.units, row.status, row.earliest_expiry) == ("hydrOXYzine", 44, "quarantined", "2026-09-30")


@pytest.mark.parametrize(
    ("tail", "payload"),
    [
        ("up/journal", b"{}"),
        ("up/journal", b'{"epoch": 0, "first_seq": 1, "facts": []}'),
        ("up/journal", b'{"epoch": 99999999999999999999, "first_seq": 1, "facts": []}'),
        ("up/state", b"[]"),
        ("up/state", b"\xff\xfe"),
        ("up/state", encode(StateReport("online", "ready", 2**70, 1, 1, NOW, "1", "0"))),
        ("up/stock/p1", b'{"pocket": 7}'),
        ("up/restock", b'{"needs": "all"}'),
    ],
)
def test_nonsense_is_raised_and_stops_nothing(server: Server, tail: str, payload: bytes) -> None:
    """One broken cabinet must not stop the post of the others."""
    post = read(topic(CABINET, tail), payload)
    assert isinstance(post, Unreadable)
    server.take(post, journal_post(DAY))
    assert server.codes() == ["report.unreadable"]
    assert server.inquiry.balances(CABINET) == {POCKET: 44}


@pytest.mark.parametrize("text", ["", "adc/v1/x", "adc/v1/ward 1/up/state", "adc/v1/ward-1/up/else", "adc/v1/ward-1/up/stock/a b"])
def test_foreign_topics_are_nobodys_business(text: str) -> None:
    """A wildcard subscription hears more than it wants."""
    assert read(text, b"{}") is None


@given(st.binary(max_size=200), st.sampled_from(["state", "journal", "restock", "stock/p1"]))
def test_no_bytes_crash_the_reader(payload: bytes, what: str) -> None:
    """The post office reads whatever a broker delivers."""
    read(topic(CABINET, f"up/{what}"), payload)


def test_a_new_epoch_is_followed_and_told(server: Server) -> None:
    """A journal that began anew may be a new disk or a stranger's: the pharmacy follows it, and a person looks."""
    epoch = 1_700_000_000_000
    server.take(journal_post(chain(epoch=epoch)))
    server.take(journal_post(chain(epoch=epoch + 5, journal="uuid-2")))
    assert server.codes() == ["epoch.new"]


def test_an_epoch_from_the_future_is_refused(server: Server) -> None:
    """One forged fact with the highest epoch there is would otherwise shut the real cabinet out for good."""
    outcome = server.take(journal_post(chain(epoch=2**53 - 1)))
    assert (outcome.acks, server.codes()) == ({}, ["epoch.implausible"])


def test_a_forced_drawer_and_one_left_open_are_alerts(server: Server) -> None:
    """The pharmacy hears at once of what nobody at the cabinet may be looking at."""
    server.take(journal_post(chain(DrawerMoved("locks:0", "latched", "open", "forced"), DrawerLeftOpen("locks:0", 60))))
    assert sorted(server.codes()) == ["drawer.forced", "drawer.left_open"]
    assert all(re.search(r"[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2} UTC", alert.detail) for alert in server.inquiry.alerts())


def test_an_order_that_names_no_item_is_on_a_list_at_the_pharmacy(server: Server) -> None:
    """It is neither lost nor guessed: a pharmacist compares."""
    server.take(journal_post(chain(OrderUnmapped(OrderId("o9"), PatientId("pat"), "UNHEARD OF 5 MG TAB", "5 mg"))))
    assert server.codes() == ["order.unmapped"]


def test_levels_that_change_at_the_cabinet_are_the_pharmacys_too(server: Server) -> None:
    """Both print the same refill list."""
    changed = LevelsChanged(POCKET, ITEM, Units(70), Units(30), Units(10), "cabinet")
    server.take(journal_post(chain(assigned(), changed)))
    row = server.inquiry.stock(cabinet=CABINET)[0]
    assert (row.par, row.min, row.critical_low) == (70, 30, 10)


def test_a_refill_that_was_asked_for_is_a_need_with_its_asker(server: Server) -> None:
    """The retained report says that it stands and since when, and names nobody; the fact says who. In whatever order the two come."""
    server.take(needs(3, asked_at=NOW))
    assert [(one.asked_at, one.asked_by) for one in server.inquiry.restock()] == [(NOW, None)]
    server.take(journal_post(chain(assigned(), RefillAsked(POCKET, ITEM))))
    assert [(one.asked_at, one.asked_by) for one in server.inquiry.restock(CABINET)] == [(NOW, "nurse-1")]
    server.take(needs(4))
    assert [(one.asked_at, one.asked_by) for one in server.inquiry.restock()] == [(None, None)]


def test_a_drawer_out_of_use_is_an_alert(server: Server) -> None:
    """What the screen promises the nurse: somebody has been told. A lock that wears is the technician's list alone."""
    server.take(journal_post(chain(
        FaultRaised("locks:0", "drawer.jammed", "3 pulses and it did not open", is_failing=True),
        FaultRaised("locks:1", "drawer.latch", "it is pushed home, and the bolt does not hold it"),
        FaultRaised("locks:1", "lock.worn", "opens in 500 ms, at first in 200 ms"),
        FaultRaised("naloxone", "stock.one_place", "m1-05"),
    )))  # fmt: skip
    assert sorted(server.codes()) == ["drawer.jammed", "stock.one_place"]


def test_a_fridge_out_of_range_and_a_cabinet_on_battery_are_alerts(server: Server) -> None:
    """With minutes and extremes, so that a pharmacist can decide; a fault of the locks' own list is not called out again."""
    facts = (
        FaultRaised("locks:3", "fridge.ajar", "open for 60 s"),
        ExcursionBegan(DrawerId("f1"), "2026-11-22T07:00:00.000000Z", 10, 8100, 9300),
        ExcursionEnded(DrawerId("f1"), "2026-11-22T07:00:00.000000Z", 48, 7900, 11600),
        TemperatureGap(DrawerId("f1"), "fridge-probe:0", "2026-11-22T07:00:00.000000Z", 12),
        FaultRaised("ups", "power.on_battery", "the supply is on battery"),
        FaultRaised("locks:3", "drawer.jammed", "three pulses"),
    )
    server.take(journal_post(chain(*facts)))
    assert sorted(server.codes()) == ["fridge.ajar", "fridge.excursion", "fridge.excursion", "fridge.gap", "power.on_battery"]
    told = [alert.detail for alert in server.inquiry.alerts() if alert.code == "fridge.excursion"]
    assert any("48 minutes, 7.9 to 11.6 °C; over, a pharmacist decides" in detail for detail in told)

"""A cabinet and the pharmacy server in virtual time: whatever broker, line and server do, no fact is lost and none counts twice."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from cabinet.adapters.journal import InlineJournal, Origin
from cabinet.adapters.reporter import Identity, Reporter
from cabinet.courier.twin import TwinBroker, TwinCourier, Weather
from cabinet.domain.facts import Account, Draft, ModeChanged, PocketAssigned, PocketUnassigned, UnitsMoved
from cabinet.domain.vocabulary import CabinetId, DrawerId, Instant, ItemId, PocketId, Units, utc_text
from cabinet.messages import (
    DOCUMENTS,
    Ack,
    DocumentsReport,
    DocumentState,
    HealthReport,
    ItemSummary,
    Need,
    PowerHealth,
    RestockReport,
    StateReport,
    StockReport,
    decode,
    encode,
    topic,
)
from cabinet.rehearsal.virtual_time import run_virtual
from central.inquiry.row import StockRow
from central.office import Office

MORNING = datetime(2026, 3, 1, 7, tzinfo=UTC)
HOUR_S = 3600.0
CABINET = CabinetId("ward-1")
POCKETS = tuple(PocketId(f"p{number}") for number in range(8))


class LoopClock:
    """Both clocks, told by loop time alone."""

    def now(self) -> Instant:
        mono_s = asyncio.get_running_loop().time()
        return Instant(MORNING + timedelta(seconds=mono_s), mono_s)


@dataclass
class Shelf:
    """What the cabinet would show of itself: balances by its own facts."""

    journal: InlineJournal
    mode: str = "ready"
    units: dict[PocketId, int] = field(default_factory=dict)

    def pockets(self) -> Iterable[PocketId]:
        return POCKETS

    def stock_report(self, pocket: PocketId) -> StockReport | None:
        if pocket not in self.units:
            return None
        head = self.journal.head
        item = ItemSummary("item-1", "hydrOXYzine", "25 mg", "tablet")
        return StockReport(
            pocket, item, self.units[pocket], "tablet", "units", 50, 10, 5, "ok", None, None, "journal", head.epoch, head.seq, "2026"
        )

    def restock_report(self) -> RestockReport:
        low = {pocket: units for pocket, units in self.units.items() if units <= 10}
        needs = [Need(pocket, "item-1", units, 10, 50, 50 - units, "soon", "below_min") for pocket, units in low.items()]
        return RestockReport(self.journal.head.epoch, self.journal.head.seq, "2026", needs)

    def health_report(self) -> HealthReport:
        return HealthReport(self.journal.head.epoch, self.journal.head.seq, "2026", [], [], [], PowerHealth("unknown", ""))

    def documents_report(self) -> DocumentsReport:
        states = {name: DocumentState() for name in DOCUMENTS}
        return DocumentsReport(**states, epoch=self.journal.head.epoch, seq=self.journal.head.seq, at="2026", key_id=None)


class CountingCourier(TwinCourier):
    """A courier that counts the journal messages it was given."""

    journal_messages = 0

    def publish(self, topic: str, payload: bytes, *, qos: int = 1, retain: bool = False) -> bool:
        self.journal_messages += topic.endswith("up/journal")
        return super().publish(topic, payload, qos=qos, retain=retain)


class Cabinet:
    """One cabinet with its real journal (in memory) and its real reporter."""

    def __init__(self, broker: TwinBroker, *, journal: InlineJournal | None = None, boot: int = 1) -> None:
        ids = iter(range(10**9))
        now = LoopClock().now
        origin = Origin(CABINET, "test", datetime(2026, 1, 1, tzinfo=UTC))
        self.journal = journal or InlineJournal.open(None, origin, now=now, new_id=lambda: f"id-{next(ids)}")
        self.shelf = Shelf(self.journal)
        identity = Identity(CABINET, boot, "test", "0" * 64)
        self.courier = CountingCourier(broker, CABINET)
        self.reporter = Reporter(self.courier, self.journal, self.shelf, identity, LoopClock())

    async def open(self) -> None:
        for pocket in POCKETS:
            assigned = PocketAssigned(pocket, DrawerId("d"), ItemId("item-1"), Units(50), Units(10), Units(5), "units")
            await self.write(assigned, UnitsMoved(pocket, ItemId("item-1"), Units(50), Account.PHARMACY, Account.POCKET))

    async def write(self, *facts: PocketAssigned | PocketUnassigned | UnitsMoved | ModeChanged) -> None:
        for fact in facts:
            if isinstance(fact, UnitsMoved):
                delta = fact.units if fact.target is Account.POCKET else -fact.units
                self.shelf.units[fact.pocket] = self.shelf.units.get(fact.pocket, 0) + delta
            if isinstance(fact, PocketUnassigned):
                self.shelf.units.pop(fact.pocket)
        self.reporter.committed(await self.journal.append([Draft(LoopClock().now(), fact) for fact in facts]))

    async def work(self, chance: Random, *, hours: float, every_s: float = 60.0) -> None:
        """Take and put units at random, one access every `every_s` or so."""
        end_s = asyncio.get_running_loop().time() + hours * HOUR_S
        while asyncio.get_running_loop().time() < end_s:
            await asyncio.sleep(chance.uniform(0.1, 2 * every_s))
            pocket = chance.choice(POCKETS)
            taken = Units(chance.randint(1, 3))
            way = (Account.POCKET, Account.PATIENT) if self.shelf.units[pocket] >= taken else (Account.PHARMACY, Account.POCKET)
            await self.write(UnitsMoved(pocket, ItemId("item-1"), taken, *way))


class Pharmacy:
    """The pharmacy server; `replace` puts another store in its place, as a restart from a copy does."""

    def __init__(self, broker: TwinBroker) -> None:
        self._broker = broker
        self.office = self._new_office()
        self._courier: TwinCourier | None = None
        self._run: asyncio.Task[None] | None = None

    def _new_office(self) -> Office:
        return Office.in_memory(lambda: LoopClock().now().utc)

    async def start(self, office: Office | None = None) -> None:
        self.office = office or self._new_office()
        self._courier = TwinCourier(self._broker, "pharmacy")
        self.office.attach(self._courier)
        self._run = asyncio.create_task(self.office.run())
        await self._courier.start()

    async def stop(self) -> None:
        assert self._courier is not None
        assert self._run is not None
        await self._courier.stop()
        self._run.cancel()

    def facts(self) -> list[dict[str, object]]:
        found: list[dict[str, object]] = []
        while page := self.office.inquiry.facts(CABINET, len(found)):
            found += page
        return found

    def row(self, pocket: PocketId) -> StockRow:
        return next(row for row in self.office.inquiry.stock(cabinet=CABINET) if row.pocket == pocket)


def play(story: Callable[[TwinBroker, Cabinet, Pharmacy], Awaitable[None]], *, seed: int = 0) -> None:
    """A cabinet and a server on one broker, both running; the story ends with both."""

    async def run() -> None:
        broker = TwinBroker(Random(seed))
        cabinet, pharmacy = Cabinet(broker), Pharmacy(broker)
        await pharmacy.start()
        await cabinet.reporter.start()
        await cabinet.open()
        await story(broker, cabinet, pharmacy)
        await cabinet.reporter.stop()
        await pharmacy.stop()

    run_virtual(run())


def assert_level(cabinet: Cabinet, pharmacy: Pharmacy) -> None:
    """The server holds the cabinet's journal byte for byte, and both fold it to the same balances."""
    assert pharmacy.facts() == list(cabinet.journal.envelopes())
    assert pharmacy.office.balances(CABINET) == cabinet.shelf.units
    assert cabinet.reporter.behind == 0


def test_a_fact_is_at_the_pharmacy_within_a_few_milliseconds() -> None:
    """Nobody refills what the pharmacy does not see; facts do not wait for a timer."""

    async def story(_broker: TwinBroker, cabinet: Cabinet, pharmacy: Pharmacy) -> None:
        await asyncio.sleep(1)
        await cabinet.write(UnitsMoved(POCKETS[0], ItemId("item-1"), Units(3), Account.POCKET, Account.PATIENT))
        await asyncio.sleep(0.01)
        assert pharmacy.office.balances(CABINET)[POCKETS[0]] == 47
        assert_level(cabinet, pharmacy)

    play(story)


def test_a_broker_that_is_gone_for_an_hour_loses_nothing() -> None:
    """The ward goes on withdrawing; the pharmacy is level within a minute of the broker's return (L1)."""

    async def story(broker: TwinBroker, cabinet: Cabinet, pharmacy: Pharmacy) -> None:
        await cabinet.work(Random(1), hours=1)
        broker.stop(is_forgetful=True)
        await cabinet.work(Random(2), hours=1, every_s=2)
        assert cabinet.reporter.behind > 1000
        broker.start()
        await asyncio.sleep(60)
        assert_level(cabinet, pharmacy)

    play(story)


def test_a_server_put_back_from_yesterdays_copy_is_told_again_what_it_lost() -> None:
    """Its ack goes backwards; the cabinet sends from there, though it had forgotten nothing and was told nothing else."""

    async def story(_broker: TwinBroker, cabinet: Cabinet, pharmacy: Pharmacy) -> None:
        yesterday = pharmacy.office
        await pharmacy.stop()
        await pharmacy.start()
        await cabinet.work(Random(1), hours=24)
        await asyncio.sleep(1)
        assert_level(cabinet, pharmacy)
        await pharmacy.stop()
        await pharmacy.start(yesterday)
        await cabinet.work(Random(2), hours=0.1)
        await asyncio.sleep(60)
        assert_level(cabinet, pharmacy)

    play(story)


def test_a_server_that_lost_everything_is_told_everything() -> None:
    """The cabinets' journals are the record; the server can be rebuilt from them."""

    async def story(_broker: TwinBroker, cabinet: Cabinet, pharmacy: Pharmacy) -> None:
        await cabinet.work(Random(1), hours=2, every_s=5)
        await pharmacy.stop()
        await pharmacy.start()
        await asyncio.sleep(60)
        assert_level(cabinet, pharmacy)

    play(story)


@pytest.mark.parametrize("seed", range(10))
def test_loss_doubling_and_shuffling_change_nothing(seed: int) -> None:
    """MQTT promises little, and brokers keep less; the store ends as if the line had been perfect."""

    async def story(broker: TwinBroker, cabinet: Cabinet, pharmacy: Pharmacy) -> None:
        chance = Random(seed)
        broker.weather = Weather(loss=0.2, duplicate=0.2, reorder=0.2, delay_s=0.3)
        for _ in range(10):
            await cabinet.work(chance, hours=0.1, every_s=3)
            broker.cut(chance.choice([CABINET, "pharmacy"]))
        broker.weather = Weather()
        await asyncio.sleep(60)
        assert_level(cabinet, pharmacy)
        assert pharmacy.office.inquiry.alerts() == []

    play(story, seed=seed)


def test_doubled_acks_start_no_storm() -> None:
    """Every parcel comes twice for an hour: the cabinet sends each fact once all the same."""

    async def story(broker: TwinBroker, cabinet: Cabinet, pharmacy: Pharmacy) -> None:
        await asyncio.sleep(5)
        broker.weather = Weather(duplicate=1.0, delay_s=0.1)
        sent, facts = cabinet.courier.journal_messages, cabinet.journal.head.seq
        await cabinet.work(Random(1), hours=1, every_s=1)
        await asyncio.sleep(60)
        assert_level(cabinet, pharmacy)
        assert cabinet.courier.journal_messages - sent <= 1.1 * (cabinet.journal.head.seq - facts)

    play(story)


def test_an_absent_server_costs_next_to_nothing() -> None:
    """With a broker and nobody behind it, a batch is tried now and then, not the whole backlog."""

    async def story(broker: TwinBroker, cabinet: Cabinet, pharmacy: Pharmacy) -> None:
        await pharmacy.stop()
        await cabinet.work(Random(1), hours=1, every_s=1)
        heard: list[int] = []
        ear = TwinCourier(broker, "ear")
        ear.subscribe([topic(CABINET, "up/journal")], lambda parcel: heard.append(len(parcel.payload)))
        await ear.start()
        await asyncio.sleep(HOUR_S)
        assert len(heard) <= HOUR_S / 16 + 10
        await ear.stop()
        await pharmacy.start()
        await asyncio.sleep(60)
        assert_level(cabinet, pharmacy)

    play(story)


def test_a_cabinet_that_vanishes_is_shown_offline_and_a_late_will_is_ignored() -> None:
    """The will of an old connection may come after the cabinet is back; it must not hide a living cabinet."""

    async def story(broker: TwinBroker, cabinet: Cabinet, pharmacy: Pharmacy) -> None:
        await asyncio.sleep(1)
        stale = broker.retained[topic(CABINET, "up/state")].replace(b'"online"', b'"offline"')
        broker.cut(CABINET)
        await asyncio.sleep(0.1)
        assert pharmacy.office.inquiry.cabinets()[0].state == "offline"
        await asyncio.sleep(10)
        assert pharmacy.office.inquiry.cabinets()[0].state == "online"
        broker.take(topic(CABINET, "up/state"), stale, retain=True)
        await asyncio.sleep(1)
        assert pharmacy.office.inquiry.cabinets()[0].state == "online"
        await cabinet.reporter.stop()
        await asyncio.sleep(1)
        assert pharmacy.office.inquiry.cabinets()[0].state == "offline"

    play(story)


def test_a_restarted_cabinet_goes_on_where_the_server_stands() -> None:
    """The ack is kept beside the journal, so that a restart does not send a month of facts again."""

    async def story(broker: TwinBroker, cabinet: Cabinet, pharmacy: Pharmacy) -> None:
        await cabinet.work(Random(1), hours=1, every_s=2)
        await asyncio.sleep(60)
        await cabinet.reporter.stop()
        again = Cabinet(broker, journal=cabinet.journal, boot=2)
        again.shelf.units = cabinet.shelf.units
        before = pharmacy.office.posts_taken
        await again.reporter.start()
        await again.work(Random(1), hours=0.1)
        await asyncio.sleep(10)
        assert_level(again, pharmacy)
        assert pharmacy.office.posts_taken - before < 60
        await again.reporter.stop()

    play(story)


def test_stock_is_reported_when_it_changes_and_emptied_when_the_pocket_is_gone() -> None:
    """Whoever subscribes late learns every pocket from the broker alone, and no pocket that is no more."""

    async def story(broker: TwinBroker, cabinet: Cabinet, pharmacy: Pharmacy) -> None:
        await asyncio.sleep(1)
        await cabinet.write(UnitsMoved(POCKETS[1], ItemId("item-1"), Units(42), Account.POCKET, Account.PATIENT))
        await asyncio.sleep(1)
        assert decode(broker.retained[topic(CABINET, "up/stock/p1")], StockReport).units == 8
        assert [need.pocket for need in pharmacy.office.inquiry.restock()] == ["p1"]
        assert pharmacy.row(POCKETS[1]).status == "low"
        assert pharmacy.row(POCKETS[1]).name == "hydrOXYzine"
        await cabinet.write(
            UnitsMoved(POCKETS[1], ItemId("item-1"), Units(8), Account.POCKET, Account.PHARMACY),
            PocketUnassigned(POCKETS[1], ItemId("item-1")),
        )
        await asyncio.sleep(1)
        assert topic(CABINET, "up/stock/p1") not in broker.retained
        assert pharmacy.row(POCKETS[1]).status == "unassigned"
        assert pharmacy.office.inquiry.restock() == []

    play(story)


def test_a_change_of_mode_is_seen() -> None:
    """A cabinet in downtime is one that the pharmacy must know of."""

    async def story(broker: TwinBroker, cabinet: Cabinet, pharmacy: Pharmacy) -> None:
        await asyncio.sleep(1)
        cabinet.shelf.mode = "downtime"
        await cabinet.write(ModeChanged("ready", "downtime", "test"))
        await asyncio.sleep(1)
        assert pharmacy.office.inquiry.cabinets()[0].mode == "downtime"
        assert decode(broker.retained[topic(CABINET, "up/state")], StateReport).mode == "downtime"

    play(story)


def test_an_ack_of_facts_that_we_do_not_hold_is_not_believed() -> None:
    """A forged or misdirected ack must not make a cabinet forget what it owes."""

    async def story(broker: TwinBroker, cabinet: Cabinet, pharmacy: Pharmacy) -> None:
        await pharmacy.stop()
        await asyncio.sleep(1)
        broker.take(topic(CABINET, "down/ack"), encode(Ack(cabinet.journal.epoch, 10**9)), retain=True)
        broker.take(topic(CABINET, "down/ack"), b"nonsense", retain=False)
        await cabinet.work(Random(1), hours=0.1)
        await pharmacy.start()
        await asyncio.sleep(60)
        assert_level(cabinet, pharmacy)

    play(story)


def test_a_journal_put_back_from_a_copy_starts_an_epoch_with_the_copys_balances() -> None:
    """The facts between copy and loss are the server's alone; the new epoch counts from the copy, and says so."""

    async def story(broker: TwinBroker, cabinet: Cabinet, pharmacy: Pharmacy) -> None:
        await cabinet.work(Random(1), hours=1, every_s=30)
        await asyncio.sleep(10)
        await cabinet.reporter.stop()
        journal = cabinet.journal
        journal.start(LoopClock().now(), new_epoch=True)
        again = Cabinet(broker, journal=journal, boot=2)
        again.shelf.units = cabinet.shelf.units
        await again.reporter.start()
        await again.work(Random(2), hours=1, every_s=30)
        await asyncio.sleep(10)
        assert pharmacy.office.balances(CABINET) == again.shelf.units
        assert utc_text(MORNING) < str(pharmacy.facts()[0]["at"])
        await again.reporter.stop()

    play(story)

"""The scan: changes are believed once they have settled and for as long as they are fresh, and a released drawer is watched closely."""

import asyncio
from collections.abc import Callable

import pytest

from cabinet.domain.vocabulary import BoardId, Channel
from cabinet.ports import DeviceFault, LineLost, NoReply, Quality
from drivers.exchange import Rank
from drivers.scan import Scanner, ScanPlan
from tests.virtual import running, virtual

EXCHANGE_S = 0.005
TIMEOUT_S = 0.45


def now() -> float:
    """The loop's time."""
    return asyncio.get_running_loop().time()


class Wire:
    """One bus: its boards are read in sequence, each reading takes its time. Notes who was read when, and how urgently."""

    def __init__(self) -> None:
        self.lock = asyncio.Lock()
        self.reads: list[tuple[float, str, Rank]] = []

    def times(self, board: str) -> list[float]:
        """When a board was read."""
        return [at for at, name, _ in self.reads if name == board]

    def order(self) -> list[str]:
        """Who was read, in order."""
        return [name for _, name, _ in self.reads]


class Inputs:
    """A board in memory: `levels` tells its inputs at a time; `fault` is raised while it stands."""

    def __init__(self, name: str, wire: Wire, levels: Callable[[float], tuple[bool, ...]] = lambda _: (True,) * 4) -> None:
        self.name, self.wire, self.levels = name, wire, levels
        self.fault: DeviceFault | None = None

    async def read_inputs(self, rank: Rank = Rank.DOOR) -> tuple[bool, ...]:
        """See InputBoard."""
        async with self.wire.lock:
            self.wire.reads.append((now(), self.name, rank))
            if (fault := self.fault) is not None:
                await asyncio.sleep(0 if isinstance(fault, LineLost) else TIMEOUT_S)
                raise fault
            values = self.levels(now())
            await asyncio.sleep(EXCHANGE_S)
            return values


class Watcher:
    """Keeps what it was told, with when it was told."""

    def __init__(self) -> None:
        self.told: list[tuple[float, str, bool, float]] = []

    def input_changed(self, channel: Channel, is_on: bool, mono_s: float) -> None:
        """See InputWatcher."""
        self.told.append((now(), str(channel), is_on, mono_s))

    def board_lost(self, board: BoardId, fault: DeviceFault) -> None:
        """See InputWatcher."""
        raise AssertionError(f"the scan told {board}: {fault}")

    def board_back(self, board: BoardId) -> None:
        """See InputWatcher."""
        raise AssertionError(f"the scan told {board}")

    def health_changed(self, part: str, before: str, after: str, why: str) -> None:
        """See InputWatcher."""
        raise AssertionError(f"the scan told {part}, {before}, {after}, {why}")

    def of(self, channel: str) -> list[bool]:
        """What was told of one input."""
        return [is_on for _, name, is_on, _ in self.told if name == channel]


class House:
    """Boards on buses, a watcher and a scanner."""

    def __init__(self, *buses: str, doors: str = "abcdefgh", scan_ms: int = 50, settle_ms: int = 40) -> None:
        self.wires = [Wire() for _ in buses]
        self.boards = {name: Inputs(name, wire) for names, wire in zip(buses, self.wires, strict=True) for name in names}
        self.watcher = Watcher()
        plan = ScanPlan(
            tuple(tuple(BoardId(name) for name in names) for names in buses), frozenset(map(BoardId, doors)), scan_ms, 400, settle_ms
        )
        self.scanner = Scanner({BoardId(name): board for name, board in self.boards.items()}, self.watcher, plan)


def pressed(start_s: float, end_s: float, number: int = 0) -> Callable[[float], tuple[bool, ...]]:
    """One input that is off in between."""
    return lambda at_s: tuple(not (start_s <= at_s < end_s and index == number) for index in range(4))


@virtual
async def test_first_readings_tell_every_input() -> None:
    """Nobody knows how a cabinet was left: every input is told once, after it was confirmed."""
    house = House("ab")
    async with running(house.scanner.run()):
        await asyncio.sleep(1)
    assert sorted(name for _, name, _, _ in house.watcher.told) == [f"{board}:{number}" for board in "ab" for number in range(4)]
    assert all(told - seen >= 0.04 for told, _, _, seen in house.watcher.told)


@virtual
async def test_change_is_confirmed_at_once_and_told_when_it_has_held() -> None:
    """Two readings at least, over the settling time; the telling carries when it was first seen."""
    house = House("ab")
    house.boards["a"].levels = pressed(1.0, 9.0, 2)
    async with running(house.scanner.run()):
        await asyncio.sleep(2)
    ((told, name, is_on, seen),) = [row for row in house.watcher.told if row[0] > 1]
    assert (name, is_on) == ("a:2", False)
    assert 1.0 <= seen <= 1.05 + 3 * EXCHANGE_S
    assert seen + 0.04 <= told <= seen + 0.04 + 2 * EXCHANGE_S + 1e-9
    after = [at for at in house.wires[0].times("a") if at >= seen]
    assert after[0] - seen <= EXCHANGE_S + 1e-9


@virtual
async def test_bounce_is_not_told() -> None:
    """A contact that chatters for less than the settling time has not changed."""
    house = House("a", scan_ms=10)
    house.boards["a"].levels = lambda at_s: (not (1.0 <= at_s < 3.0 and int(at_s * 100) % 3 == 0), True)
    async with running(house.scanner.run()):
        await asyncio.sleep(4)
    assert house.watcher.of("a:0") == [True]


@virtual
async def test_inputs_settle_each_by_itself() -> None:
    """A chattering neighbour does not hold back a door."""
    house = House("a", scan_ms=10)
    house.boards["a"].levels = lambda at_s: (at_s < 1.0, not (at_s >= 1.0 and int(at_s * 100) % 2 == 0))
    async with running(house.scanner.run()):
        await asyncio.sleep(1.2)
    assert house.watcher.of("a:0") == [True, False]


@virtual
async def test_doors_are_read_often_and_bins_seldom() -> None:
    """Every 50 ms and every 400 ms."""
    house = House("az", doors="a")
    async with running(house.scanner.run()):
        await asyncio.sleep(10)
    assert 190 <= len(house.wires[0].times("a")) <= 210
    assert 25 <= len(house.wires[0].times("z")) <= 30


@virtual
async def test_buses_are_scanned_at_the_same_time() -> None:
    """A slow or dead bus does not slow the other one down."""
    house = House("ab", "c")
    for name in "ab":
        house.boards[name].fault = NoReply(name, "silent")
    async with running(house.scanner.run()):
        await asyncio.sleep(10)
    assert len(house.wires[1].times("c")) >= 190


@virtual
async def test_focus_is_read_between_every_two_others() -> None:
    """Sixteen boards keep the bus busy; the released drawer's is read every second time."""
    house = House("abcdefgh", scan_ms=5)
    async with running(house.scanner.run()):
        await asyncio.sleep(1)
        house.scanner.focus([BoardId("c")])
        start = len(house.wires[0].reads)
        await asyncio.sleep(1)
        order = house.wires[0].order()[start + 1 :]
        house.scanner.focus([])
        end = len(house.wires[0].reads)
        await asyncio.sleep(1)
    assert all("c" in pair for pair in zip(order[::2], order[1::2], strict=False))
    assert set(order) == set("abcdefgh")
    assert 20 <= house.wires[0].order()[end:].count("c") <= 30


@virtual
async def test_focus_sees_a_short_opening() -> None:
    """Open and shut within 25 ms, with a settling time of 10 ms: seen both ways, every time, though eight boards share the bus."""
    house = House("abcdefgh", settle_ms=10)
    house.boards["c"].levels = lambda at_s: (not (at_s > 1 and at_s % 0.2 < 0.025), True)
    async with running(house.scanner.run()):
        await asyncio.sleep(1)
        house.scanner.focus([BoardId("c")])
        await asyncio.sleep(9.9)
    assert len(house.watcher.of("c:0")) >= 2 * 49


@virtual
async def test_board_out_of_trust_is_not_read_and_told_afresh_when_it_is_trusted() -> None:
    """It may have been anybody's in between: nothing of it is remembered."""
    house = House("ab")
    async with running(house.scanner.run()):
        await asyncio.sleep(1)
        house.scanner.set_trust(BoardId("a"), is_trusted=False)
        await asyncio.sleep(0.01)
        reads = len(house.wires[0].times("a"))
        assert house.scanner.reading(Channel(BoardId("a"), 0))[:2] == (None, Quality.UNKNOWN)
        await asyncio.sleep(30)
        assert len(house.wires[0].times("a")) == reads
        assert len(house.wires[0].times("b")) > 500
        house.boards["a"].levels = lambda _: (False, True, True, True)
        told = len(house.watcher.told)
        house.scanner.set_trust(BoardId("a"), is_trusted=True)
        await asyncio.sleep(0.2)
    assert [(name, is_on) for _, name, is_on, _ in house.watcher.told[told:]] == [
        ("a:0", False),
        ("a:1", True),
        ("a:2", True),
        ("a:3", True),
    ]


@virtual
async def test_bus_without_a_trusted_board_waits_for_one() -> None:
    """And takes up reading at once when there is one."""
    house = House("ab")
    async with running(house.scanner.run()):
        await asyncio.sleep(1)
        for name in "ab":
            house.scanner.set_trust(BoardId(name), is_trusted=False)
        await asyncio.sleep(1000)
        reads = len(house.wires[0].reads)
        house.scanner.set_trust(BoardId("b"), is_trusted=True)
        await asyncio.sleep(1)
    assert 18 <= len(house.wires[0].reads) - reads <= 25
    assert reads < 45


@virtual
async def test_one_failure_changes_nothing() -> None:
    """One garbled answer in a busy hour is no lost board: it is read again at once, and what was believed stays."""
    house = House("a")
    async with running(house.scanner.run()):
        await asyncio.sleep(1)
        house.boards["a"].fault = NoReply("a", "silent")
        await asyncio.sleep(0.1)
        house.boards["a"].fault = None
        await asyncio.sleep(2)
    assert len(house.watcher.told) == 4


@pytest.mark.parametrize("fault", [NoReply("a", "silent"), LineLost("a", "pulled out")])
@virtual
async def test_failing_board_in_focus_does_not_stop_the_others(fault: DeviceFault) -> None:
    """Until its health has barred it: a drawer whose board dies after its release, and one on a line that fails at once."""
    house = House("abc")
    async with running(house.scanner.run()):
        await asyncio.sleep(1)
        house.scanner.focus([BoardId("a")])
        house.boards["a"].fault = fault
        await asyncio.sleep(20)
    assert len(house.wires[0].times("c")) > 40
    assert len(house.wires[0].times("a")) < 900


@virtual
async def test_reading_older_than_two_scans_is_stale() -> None:
    """What was so is no proof of what is so: a drawer may have been opened since."""
    house = House("ab")
    door = Channel(BoardId("a"), 1)
    async with running(house.scanner.run()):
        assert house.scanner.reading(door).quality is Quality.UNKNOWN
        await asyncio.sleep(1)
        sensed = house.scanner.reading(door)
        assert (sensed.value, sensed.quality) == (True, Quality.GOOD)
        assert sensed.age_s <= 0.05 + 2 * EXCHANGE_S
        house.boards["a"].fault = NoReply("a", "silent")
        await asyncio.sleep(0.16)
        sensed = house.scanner.reading(door)
        assert (sensed.value, sensed.quality) == (True, Quality.STALE)
        assert 0.1 < sensed.age_s < 0.22
        house.boards["a"].fault = None
        await asyncio.sleep(1)
        assert house.scanner.reading(door).quality is Quality.GOOD


@virtual
async def test_scan_that_is_slower_than_its_period_is_not_stale_for_that() -> None:
    """Eight boards of 5 ms cannot be read every 5 ms; how old a good reading may be follows from how long they take."""
    house = House("abcdefgh", scan_ms=5)
    async with running(house.scanner.run()):
        await asyncio.sleep(1)
        for _ in range(100):
            await asyncio.sleep(0.0037)
            assert house.scanner.reading(Channel(BoardId("c"), 0)).quality is Quality.GOOD


@virtual
async def test_raw_edges_are_kept_for_the_technician() -> None:
    """A contact that chatters is believed only once, and shows what it does to whoever looks for the loose wire."""
    house = House("a", scan_ms=10)
    house.boards["a"].levels = lambda at_s: (not (1.0 <= at_s < 3.0 and int(at_s * 100) % 3 == 0), True)
    async with running(house.scanner.run()):
        await asyncio.sleep(4)
    edges = house.scanner.raw_edges
    assert house.watcher.of("a:0") == [True]
    assert len(edges) > 20
    assert {str(edge.channel) for edge in edges} == {"a:0"}
    assert all(1.0 <= edge.mono_s < 3.1 for edge in edges)


@virtual
async def test_nothing_is_read_at_rest() -> None:
    """While nothing is released or open, a rehearsal jumps to the next event."""
    house = House("ab")
    async with running(house.scanner.run()):
        await asyncio.sleep(1)
        house.scanner.rest()
        await asyncio.sleep(0.1)
        reads = len(house.wires[0].reads)
        await asyncio.sleep(3600)
        assert len(house.wires[0].reads) == reads
        house.scanner.wake()
        await asyncio.sleep(1)
    assert len(house.wires[0].reads) > reads + 30


@virtual
async def test_look_tells_what_is_so_also_at_rest() -> None:
    """Ahead of the scan, until every input has settled: after it the watcher knows."""
    house = House("ab")
    async with running(house.scanner.run()):
        await asyncio.sleep(1)
        house.scanner.rest()
        await asyncio.sleep(100)
        house.boards["b"].levels = lambda _: (False, True, True, True)
        reads = len(house.wires[0].reads)
        await house.scanner.look([BoardId("b")])
        assert house.watcher.of("b:0") == [True, False]
        assert {(name, rank) for _, name, rank in house.wires[0].reads[reads:]} == {("b", Rank.VERIFY)}
        house.boards["a"].fault = NoReply("a", "silent")
        await house.scanner.look([BoardId("a"), BoardId("b")])
        assert house.scanner.reading(Channel(BoardId("a"), 0)).quality is Quality.STALE

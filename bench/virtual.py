"""The part of P1 and P2 that is about the order on the wire alone, in virtual time: see `bench/edge.py` for what is measured.

Alone knows: how scanner and peer are put on the same kind of cable, on a loop whose time jumps.
Must not know: real lines.

Only what waits takes time here: the wire, the boards, time-outs and silences. What either side computes is free, so a figure is the
same on every machine.
"""

import asyncio
import logging
import random
import tempfile
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from statistics import quantiles

import structlog

from bench.figure import Figure
from bench.loop import HandLoop
from bench.rig import FIRST_UNIT, segment, serial_bus, units_of, write_site
from bench.watch import StampedLine, Unlock, unlocking
from cabinet.adapters.clock import LoopClock
from cabinet.adapters.journal import InlineJournal, Origin
from cabinet.app.hardware import CabinetHardware
from cabinet.app.house import House
from cabinet.app.software import BUILT, SOFTWARE
from cabinet.courier.twin import TwinBroker, TwinCourier
from cabinet.domain.vocabulary import BoardId, Channel, MilliC, Power, ProbeFault
from cabinet.ports import DeviceFault, LineLost
from cabinet.rehearsal.virtual_time import run_virtual
from config.load import LoadedSite
from firmware_sim.cable import Cable
from firmware_sim.pace import Pace

FOCUS_BOARDS, FOCUS_BAUD, FOCUS_SETTLE_MS = 16, 115_200, 10
EDGES, EVERY_S = 400, (0.15, 0.25)
SHORT_S = 0.025
BAUD, BOARDS = 19200, 4
DEAD_FOR_S, SHARE_OVER_S = 1800.0, 2700.0
UNLOCKS, UNLOCK_EVERY_S = 1500, (0.1, 0.5)
GOAL, GOAL_FOCUS, GOAL_SHARE = 1.3, 8.0, 0.005
START = datetime(2027, 1, 1, tzinfo=UTC)


def measure() -> list[Figure]:
    """The focus of P1, and P2 with dead boards; about half a minute."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    try:
        with tempfile.TemporaryDirectory() as folder:
            return [*_focus(Path(folder)), *_dead(Path(folder))]
    finally:
        structlog.reset_defaults()


def _cable(inputs: dict[int, int], baud: int) -> Cable:
    loop, boards = asyncio.get_running_loop(), segment(inputs)
    return Cable(boards, "rtu", Pace.of(baud, "none", 1), loop.time, boards.faults, LineLost)


# --- focus


@dataclass(slots=True)
class _Seen:
    """Hears what is believed of one input, from whoever scans: when it was first seen, and what it became."""

    edges: list[tuple[float, bool]] = field(default_factory=list)

    def input_changed(self, channel: Channel, is_on: bool, mono_s: float) -> None:
        """See InputWatcher."""
        if channel == Channel(BoardId(f"b{FIRST_UNIT}"), 0):
            self.edges.append((mono_s, is_on))

    def board_lost(self, board: BoardId, fault: DeviceFault) -> None:
        """See InputWatcher."""
        raise AssertionError(f"{board} was lost: {fault}")

    def board_back(self, board: BoardId) -> None:
        """See InputWatcher."""

    def health_changed(self, part: str, before: str, after: str, why: str) -> None:
        """See InputWatcher."""

    def temperature_read(self, probe: Channel, reading: MilliC | ProbeFault) -> None:
        """See InstrumentWatcher."""

    def power_read(self, supply: BoardId, power: Power) -> None:
        """See InstrumentWatcher."""


Scan = Callable[[LoadedSite, dict[int, int], _Seen], Awaitable[object]]


def _focus(folder: Path) -> list[Figure]:
    loaded = write_site(folder / "focus.toml", serial_bus(FOCUS_BAUD), FOCUS_BOARDS, scan_ms=5, settle_ms=FOCUS_SETTLE_MS)
    (ours, short), (peer, peer_short) = (run_virtual(_watch_one(scan, loaded)) for scan in (_scan_focused, _scan_by_hand))
    ratio = peer / ours
    return [
        Figure(
            "P1",
            "edge of the released drawer's board, first reading, 16 boards at 115200, p99 (virtual)",
            f"{ours * 1000:.1f} ms",
            f"round robin {peer * 1000:.1f} ms",
            ratio,
            "≥ 8.0 × an ideal peer (8 × less the answer itself is the most)",
            ratio >= GOAL_FOCUS,
        ),
        Figure(
            "P1",
            "openings of 25 ms believed (virtual, debounce 10 ms)",
            f"{short:.0%} of {EDGES // 2}",
            f"round robin {peer_short:.0%}",
            short,
            "all",
            short == 1,
        ),
    ]


async def _watch_one(scan: Scan, loaded: LoadedSite) -> tuple[float, float]:
    """p99 from an edge to the first reading of it (s), and the share of short openings that were believed."""
    loop, chance = asyncio.get_running_loop(), random.Random(7)
    inputs, seen = dict.fromkeys(units_of(FOCUS_BOARDS), 0xFF), _Seen()
    await scan(loaded, inputs, seen)
    await asyncio.sleep(2.0)
    took_s = []
    for _ in range(EDGES):
        seen.edges.clear()
        at_s = loop.time()
        inputs[FIRST_UNIT] ^= 1
        await asyncio.sleep(chance.uniform(*EVERY_S))
        took_s.append(seen.edges[0][0] - at_s)
    short = 0
    for _ in range(EDGES // 2):
        seen.edges.clear()
        inputs[FIRST_UNIT] ^= 1
        await asyncio.sleep(SHORT_S)
        inputs[FIRST_UNIT] ^= 1
        await asyncio.sleep(chance.uniform(*EVERY_S))
        short += any(not is_on for _, is_on in seen.edges)
    return quantiles(took_s, n=100)[98], short / (EDGES // 2)


def _crash(bug: BaseException) -> None:
    raise bug


async def _scan_focused(loaded: LoadedSite, inputs: dict[int, int], seen: _Seen) -> object:
    hardware = CabinetHardware(loaded, lambda _bus: _cable(inputs, FOCUS_BAUD))
    await hardware.start(seen, _crash)
    hardware.watch_closely((Channel(BoardId(f"b{FIRST_UNIT}"), 0),))
    return hardware


async def _scan_by_hand(_loaded: LoadedSite, inputs: dict[int, int], seen: _Seen) -> object:
    loop = asyncio.get_running_loop()
    cable = _cable(inputs, FOCUS_BAUD)

    def tell(unit: int, number: int, is_on: bool) -> None:
        seen.input_changed(Channel(BoardId(f"b{unit}"), number), is_on, hand.first_seen_s)

    hand = HandLoop(list(inputs), tell, baud=FOCUS_BAUD, settle_s=FOCUS_SETTLE_MS / 1000)
    cable.attach(hand.hear, lambda _why: None)
    await cable.open()
    hand.write = cable.write
    return loop.create_task(hand.run())


# --- dead boards


def _dead(folder: Path) -> list[Figure]:
    loaded = write_site(folder / "dead.toml", serial_bus(BAUD), BOARDS)
    ours, share, worst = run_virtual(_unlock_among_dead(loaded))
    peer = run_virtual(_unlock_by_hand(loaded))
    ratio = ours / peer
    return [
        Figure(
            "P2",
            f"unlock with every other unit dead, RTU at {BAUD}, p99 (virtual)",
            f"{ours * 1000:.1f} ms, worst {worst * 1000:.0f} ms",
            f"by hand, dead units never asked, {peer * 1000:.1f} ms",
            ratio,
            f"≤ {GOAL}",
            ratio <= GOAL,
        ),
        Figure(
            "P2",
            "line's time taken by probes of three dead units (virtual)",
            f"{share:.2%}",
            "one probe: time-out 200 ms + quiet window 250 ms",
            share,
            f"≤ {GOAL_SHARE:.1%}",
            share <= GOAL_SHARE,
        ),
    ]


async def _unlock_among_dead(loaded: LoadedSite) -> tuple[float, float, float]:
    """p99 of an unlock (s), the share of time that probes took, the worst unlock (s)."""
    loop, ids = asyncio.get_running_loop(), count(1)
    clock, line = LoopClock(loop, START), StampedLine(_cable({FIRST_UNIT: 0xFF}, BAUD))
    origin = Origin(loaded.site.cabinet, SOFTWARE, BUILT)
    journal = InlineJournal.open(None, origin, now=clock.now, new_id=lambda: f"{next(ids):032x}")
    house = House(loaded, journal=journal, courier=TwinCourier(TwinBroker(), "cabinet"), clock=clock, line_of=lambda _bus: line)
    running = loop.create_task(house.run())
    await asyncio.sleep(DEAD_FOR_S)
    tally, bus = house.hardware.owners["locks"].tally, loaded.site.buses[0]
    before, start_s = tally.no_reply, loop.time()
    took_s = await _unlock_often(unlocking(house, line))
    await asyncio.sleep(start_s + SHARE_OVER_S - loop.time())
    probes, probe_s = tally.no_reply - before, (bus.reply_timeout_ms + bus.quiet_ms) / 1000
    running.cancel()
    await asyncio.wait([running])
    journal.close()
    return quantiles(took_s, n=100)[98], probes * probe_s / (loop.time() - start_s), max(took_s)


async def _unlock_by_hand(loaded: LoadedSite) -> float:
    loop, timing = asyncio.get_running_loop(), loaded.site.timing
    hand = HandLoop(
        [FIRST_UNIT], lambda *_: None, baud=BAUD, settle_s=timing.settle_ms / 1000, period_s=timing.scan_ms / 1000
    )  # fmt: skip
    cable = _cable({FIRST_UNIT: 0xFF}, BAUD)
    cable.attach(hand.hear, lambda _why: None)
    await cable.open()
    hand.write = cable.write
    running = loop.create_task(hand.run())

    async def unlock(unit: int, number: int) -> float:
        asked_s = loop.time()
        await hand.unlock(unit, number)
        return hand.unlocked_s - asked_s

    took_s = await _unlock_often(unlock)
    running.cancel()
    await asyncio.wait([running])
    return quantiles(took_s, n=100)[98]


async def _unlock_often(unlock: Unlock) -> list[float]:
    chance, took_s = random.Random(11), []
    for _ in range(UNLOCKS):
        await asyncio.sleep(chance.uniform(*UNLOCK_EVERY_S))
        took_s.append(await unlock(FIRST_UNIT, chance.randrange(8)))
    return took_s

"""Drivers and simulated boards on one line: two strangers who know only what docs/wire says, and every fault between them."""

import asyncio
import random
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from cabinet.domain.vocabulary import BoardId, Channel
from cabinet.ports import BadReading, DeviceFault, GarbledReply, LineLost, NoReply, WrongReply
from config.models import MODELS
from drivers.balance import BalanceMap
from drivers.dialogue import Dialogue
from drivers.exchange import Dialect, Pace
from drivers.framing import Mbap, Rtu
from drivers.laumas import Laumas, LaumasMap
from drivers.mtsics import Mtsics
from drivers.owner import Owner
from drivers.scan import Scanner, ScanPlan
from drivers.waveshare import Waveshare, WaveshareMap
from firmware_sim import laumas as simulated_laumas
from firmware_sim import mtsics as simulated_mtsics
from firmware_sim import waveshare as simulated_waveshare
from firmware_sim.agenda import Agenda
from firmware_sim.cable import Cable
from firmware_sim.cell import Sample
from firmware_sim.coil import Coil, Pulse
from firmware_sim.fault import Fault, Faults
from firmware_sim.pace import AT_ONCE
from firmware_sim.pace import Pace as WirePace
from firmware_sim.segment import ModbusSegment, Segment, TextSegment
from tests.virtual import running, virtual

BAUD = 19200
PACE = Pace(reply_timeout_s=0.1, quiet_s=0.25)


class Pan:
    """A cell that shows what a test puts on it."""

    def __init__(self) -> None:
        self.sample = Sample(0.0, is_steady=True)

    def read(self, _at_s: float) -> Sample:
        """See Cell."""
        return self.sample


class Bench:
    """Two relay boards and a transmitter on one Modbus line, and a balance on a line of its own."""

    def __init__(self, framing: str, seed: int = 1) -> None:
        self.faults = Faults(random.Random(seed))
        self.agenda = Agenda()
        self.pulses: list[Pulse] = []
        self.levels = [[True] * 8, [True] * 8]
        self.pan = Pan()
        boards: list[simulated_waveshare.Waveshare | simulated_laumas.Laumas] = [self.board(1), self.board(2)]
        boards.append(simulated_laumas.Laumas("scale-a", 10, self.pan))
        is_tcp = framing == "mbap"
        bus = ModbusSegment("bus-a", boards, self.agenda, self.faults)
        balance = TextSegment("bus-b", simulated_mtsics.MtSics("scale-b", self.pan), self.agenda, self.faults)
        self.owner = self.join(bus, framing, AT_ONCE if is_tcp else WirePace.of(BAUD, "none", 1), Mbap() if is_tcp else Rtu(BAUD))
        self.text_owner = self.join(balance, "mtsics", WirePace.of(9600, "none", 1), Dialogue(9600))
        layout = WaveshareMap.from_table(MODELS["waveshare_relay_d8"].table)
        self.locks = [Waveshare(self.owner, f"lock-{unit}", unit, layout, frozenset({6, 7})) for unit in (1, 2)]
        self.scale = Laumas(self.owner, "scale-a", 10, LaumasMap.from_table(MODELS["laumas_tlb"].table))
        self.balance = Mtsics(self.text_owner, "scale-b", BalanceMap.from_table({**MODELS["mtsics"].table, "step": 1}))

    def board(self, unit: int) -> simulated_waveshare.Waveshare:
        """One relay board; its pulses are kept in `pulses`."""
        coils = [Coil(f"lock-{unit}:{number}", self.faults, self.pulses) for number in range(8)]
        levels = self.levels[unit - 1]
        return simulated_waveshare.Waveshare(f"lock-{unit}", unit, coils, [lambda _, n=n: levels[n] for n in range(8)], self.agenda)  # type: ignore[misc]

    def join(self, segment: Segment, framing: str, pace: WirePace, dialect: Dialect) -> Owner:
        """Put a line between boards and an owner."""
        loop = asyncio.get_running_loop()
        return Owner(segment.bus, Cable(segment, framing, pace, loop.time, self.faults, LineLost), dialect, PACE)

    def given(self) -> list[tuple[str, float | None]]:
        """Which channels were energised, and for how long, until now."""
        self.agenda.advance(asyncio.get_running_loop().time())
        return [(pulse.channel, None if pulse.length_s is None else round(pulse.length_s, 3)) for pulse in self.pulses]


@asynccontextmanager
async def bench(framing: str = "rtu", seed: int = 1) -> AsyncIterator[Bench]:
    """A bench whose lines are open."""
    made = Bench(framing, seed)
    async with running(made.owner.run(), made.text_owner.run()):
        await made.owner.tried.wait()
        await made.text_owner.tried.wait()
        yield made


@pytest.mark.parametrize("framing", ["rtu", "mbap"])
@virtual
async def test_pulse_is_given_once_and_ends_by_itself(framing: str) -> None:
    """The right lock, for as long as was asked, timed by the board."""
    async with bench(framing) as made:
        for lock in made.locks:
            await lock.start()
        await made.locks[1].pulse(3, 300)
        await asyncio.sleep(1)
        assert made.given() == [("lock-2:3", 0.3)]


@pytest.mark.parametrize("framing", ["rtu", "mbap"])
@virtual
async def test_all_off_ends_what_is_on(framing: str) -> None:
    """Lights go out and a running pulse ends."""
    async with bench(framing) as made:
        await made.locks[0].switch(7, is_on=True)
        await made.locks[0].pulse(0, 1000)
        await made.locks[0].all_off()
        assert [channel for channel, length_s in made.given() if length_s is None] == []


@pytest.mark.parametrize("framing", ["rtu", "mbap"])
@virtual
async def test_inputs_are_those_of_the_board_asked(framing: str) -> None:
    """Whole and in order, each board its own."""
    async with bench(framing) as made:
        made.levels[0][2] = made.levels[1][5] = False
        assert [lock_inputs.index(False) for lock_inputs in [await lock.read_inputs() for lock in made.locks]] == [2, 5]


@virtual
async def test_scales_agree_with_the_pan() -> None:
    """Both dialects, to the milligram that their division allows; an error is no weight."""
    async with bench() as made:
        for mass_mg in (0, 10, 123_450, -1230, 987_650):
            made.pan.sample = Sample(float(mass_mg), is_steady=True)
            for scale in (made.scale, made.balance):
                weighing = await scale.weigh()
                assert (weighing.mass_mg, weighing.is_steady, weighing.division_mg) == (mass_mg, True, 10)
        made.pan.sample = Sample(500.0, is_steady=False)
        assert not (await made.scale.weigh()).is_steady
        assert not (await made.balance.weigh()).is_steady
        for broken in (Sample(0.0, is_steady=True, is_overloaded=True), Sample(0.0, is_steady=True, is_broken=True, trouble=10)):
            made.pan.sample = broken
            for scale in (made.scale, made.balance):
                with pytest.raises(BadReading):
                    await scale.weigh()


LOST = {
    "reply_lost": NoReply,
    "reply_garbled": GarbledReply,
    "reply_truncated": GarbledReply,
    "reply_wrong_unit": NoReply,
    "board_silent": NoReply,
    "request_lost": NoReply,
}


@pytest.mark.parametrize("kind", LOST)
@virtual
async def test_fault_on_the_line_gives_at_most_one_pulse_and_says_so(kind: str) -> None:
    """Whatever happens to the reply, the lock moves at most once, and the fault says that it may have moved."""
    async with bench() as made:
        made.faults.cause(Fault(kind, "lock-1"))
        with pytest.raises(LOST[kind]) as caught:
            await made.locks[0].pulse(0, 300)
        assert caught.value.moved
        made.faults.mend()
        await asyncio.sleep(5)
        assert len(made.given()) == (0 if kind in {"board_silent", "request_lost"} else 1)
        assert (await made.locks[0].read_inputs()) == (True,) * 8


@virtual
async def test_all_off_that_is_only_echoed_is_found_out() -> None:
    """A board that says yes and does nothing holds a lock open: reading back tells."""
    async with bench() as made:
        await made.locks[0].switch(7, is_on=True)
        made.faults.cause(Fault("write_ignored", "lock-1"))
        with pytest.raises(WrongReply, match=r"\[7\]"):
            await made.locks[0].all_off()


@virtual
async def test_doubled_replies_cost_time_and_nothing_else() -> None:
    """The second copy falls into a quiet window."""
    async with bench() as made:
        made.faults.cause(Fault("reply_doubled", "lock-1"))
        for number in range(8):
            made.levels[0][number] = False
            assert await made.locks[0].read_inputs() == tuple(made.levels[0])


@virtual
async def test_unplugged_line_comes_back_by_itself() -> None:
    """Both lines, and what they said before is forgotten."""
    async with bench() as made:
        made.faults.cause(Fault("line_unplugged"))
        with pytest.raises(LineLost):
            await made.locks[0].read_inputs()
        await asyncio.sleep(20)
        made.faults.mend()
        await asyncio.sleep(9)
        assert await made.locks[0].read_inputs() == (True,) * 8
        assert (await made.balance.weigh()).mass_mg == 0


@pytest.mark.parametrize("framing", ["rtu", "mbap"])
@virtual
async def test_storm_decides_nothing_wrongly(framing: str) -> None:
    """15 % late within the quiet window, 5 % garbled, 5 % lost, over 6,000 calls: no wrong value, exactly one pulse for each."""
    async with bench(framing, seed=7) as made:
        made.faults.cause(Fault("reply_late", probability=0.15, delay_ms=200))
        made.faults.cause(Fault("reply_lost", probability=0.05))
        if framing == "rtu":  # a network keeps garbled frames to itself
            made.faults.cause(Fault("reply_garbled", probability=0.05))
        chance, asked, told = random.Random(8), Counter[str](), Counter[str]()
        for _ in range(2000):
            unit, number = chance.randrange(2), chance.randrange(6)
            made.levels[unit][:] = [chance.random() < 0.5 for _ in range(8)]
            made.pan.sample = Sample(float(chance.randrange(-99_999, 99_999) * 10), is_steady=True)
            try:
                assert await made.locks[unit].read_inputs() == tuple(made.levels[unit])
                assert (await made.scale.weigh()).mass_mg == made.pan.sample.mass_mg
                told["good"] += 1
            except DeviceFault as fault:
                told[type(fault).__name__] += 1
            asked[f"lock-{unit + 1}:{number}"] += 1
            try:
                await made.locks[unit].pulse(number, 100)
            except DeviceFault as fault:
                told["surely nothing"] += not fault.moved
            await asyncio.sleep(0.2)
        assert told["good"] > 1300
        assert told["surely nothing"] == 0
        assert Counter(channel for channel, _ in made.given()) == asked


class Watcher:
    """Keeps what it was told."""

    def __init__(self) -> None:
        self.believed: dict[str, bool] = {}
        self.events: list[str] = []

    def input_changed(self, channel: Channel, is_on: bool, mono_s: float) -> None:
        """See InputWatcher."""
        assert mono_s <= asyncio.get_running_loop().time()
        self.believed[str(channel)] = is_on

    def board_lost(self, board: BoardId, fault: DeviceFault) -> None:
        """See InputWatcher."""
        assert not isinstance(fault, LineLost)
        self.events.append(f"lost {board}")

    def board_back(self, board: BoardId) -> None:
        """See InputWatcher."""
        self.events.append(f"back {board}")

    def health_changed(self, part: str, before: str, after: str, why: str) -> None:
        """See InputWatcher."""
        raise AssertionError(f"no warden: {part} {before} {after} {why}")


@virtual
async def test_scan_through_a_storm_believes_what_is_so() -> None:
    """Spoilt answers slow the scan and never change a door."""
    async with bench(seed=9) as made:
        watcher = Watcher()
        ids = [BoardId("lock-1"), BoardId("lock-2")]
        scanner = Scanner(dict(zip(ids, made.locks, strict=True)), watcher, ScanPlan((tuple(ids),), frozenset(ids)))
        made.faults.cause(Fault("reply_late", probability=0.15, delay_ms=200))
        made.faults.cause(Fault("reply_lost", probability=0.05))
        made.faults.cause(Fault("reply_garbled", probability=0.05))
        chance = random.Random(10)
        async with running(scanner.run()):
            for _ in range(200):
                unit, number = chance.randrange(2), chance.randrange(8)
                made.levels[unit][number] = not made.levels[unit][number]
                await asyncio.sleep(20)
                if len(watcher.believed) == 16:
                    now = {f"lock-{u + 1}:{n}": made.levels[u][n] for u in range(2) for n in range(8)}
                    assert watcher.believed == now
        assert watcher.events.count("lost lock-1") == watcher.events.count("back lock-1")

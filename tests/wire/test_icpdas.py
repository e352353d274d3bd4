"""ICP DAS modules on the wire: golden frames against driver and simulated module, the map, the latches, and what must not be said."""

import random
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cabinet.ports import DeviceFault
from config.models import MODELS
from drivers.exchange import Pace
from drivers.framing import Rtu
from drivers.icpdas import Icpdas
from drivers.icpdas_map import IcpdasMap
from drivers.latch import Latches
from drivers.owner import Owner
from firmware_sim.agenda import Agenda
from firmware_sim.coil import Coil, Pulse
from firmware_sim.fault import Faults
from firmware_sim.framing import rtu
from firmware_sim.icpdas import Icpdas as SimulatedIcpdas
from firmware_sim.segment import ModbusSegment
from tests.scripted_line import ScriptedLine
from tests.virtual import running, virtual

VECTORS = tomllib.loads((Path(__file__).parent / "vectors/icpdas.toml").read_text())["frame"]
GOLDEN: dict[str, dict[str, Any]] = {frame["name"]: frame for frame in VECTORS}
UNIT = 5
SETTABLE = {*range(8), *range(0x80, 0x88), *range(0xA0, 0xA8), 0x103, 0x104, 0x107, 0x10D}
"""Coils that a driver may write."""


class Module:
    """A simulated module alone on its line, its inputs held as told."""

    def __init__(self, outputs: tuple[int, ...] = (), inputs: tuple[int, ...] = (), unit: int = UNIT) -> None:
        self.agenda, self.faults, self.pulses = Agenda(), Faults(random.Random(0)), list[Pulse]()
        self.coils = [Coil(f"a:{number}", self.faults, self.pulses) for number in range(8)]
        self.levels = [number in inputs for number in range(8)]
        readings: list[Callable[[float], bool]] = [lambda _at_s, n=number: self.levels[n] for number in range(8)]  # type: ignore[misc]
        self.module = SimulatedIcpdas("a", unit, self.coils, readings, self.agenda, {"identity": [0xA200, 2, 0x5500, 0x70]})
        self.segment = ModbusSegment("locks", [self.module], self.agenda, self.faults)
        for number in outputs:
            self.coils[number].switch(True, 0.0)

    @property
    def on(self) -> list[int]:
        """Which outputs are energised."""
        return [number for number in range(8) if self.coils[number].is_energised]

    def hear(self, frame: bytes, at_s: float = 0.0) -> bytes:
        """What comes back for a frame; empty for silence."""
        return b"".join(data for _, data in self.segment.hear_rtu(frame, at_s))

    def ask(self, *pdu: int, at_s: float = 0.0) -> bytes:
        """What comes back for a PDU, without unit and check sum."""
        return self.hear(rtu(UNIT, bytes(pdu)), at_s)[1:-2]


@pytest.mark.parametrize("frame", VECTORS, ids=list(GOLDEN))
def test_simulated_module_keeps_to_the_golden_frames(frame: dict[str, Any]) -> None:
    """The maker's table of addresses is the third witness."""
    given_ = frame.get("given", {})
    made = Module(tuple(given_.get("outputs", ())), tuple(given_.get("inputs", ())))
    assert made.hear(bytes.fromhex(frame["request"])).hex(" ").upper() == frame["reply"]
    if "then_on" in frame:
        assert made.on == frame["then_on"]
    if "then_unit" in frame:
        assert made.module.address == frame["then_unit"]
    if "then_again" in frame:
        assert made.hear(bytes.fromhex(frame["request"])).hex(" ").upper() == frame["then_again"]


def driver(owner: Owner, lights: frozenset[int] = frozenset()) -> Icpdas:
    """The module's driver, with a watchdog of two seconds."""
    return Icpdas(owner, "lock-a", UNIT, IcpdasMap.from_table(MODELS["icpdas_m7055"].table), 2000, lights)


@virtual
async def test_start_is_golden_frames_and_makes_a_new_module_safe() -> None:
    """Outputs, safe values, power-on values, time and watchdog: each told where it is not so, and read back."""
    module = Module(outputs=(3,))
    module.ask(5, 0, 0x83, 0xFF, 0)  # somebody made output 3 safe when it is on
    line = ScriptedLine(lambda frame: [(0.001, module.hear(frame))])
    owner = Owner("bus", line, Rtu(9600), Pace())
    async with running(owner.run()):
        await owner.tried.wait()
        await driver(owner).start()
        said = [frame.hex(" ").upper() for frame in line.frames]
        line.sent.clear()
        await driver(owner).start()
    for name in (
        "clear a fired watchdog", "was it without power", "all outputs off", "read 8 outputs", "read safe values", "safe values all off",
        "read the watchdog's time", "watchdog time 2.0 s", "watchdog on", "clear the latches",
    ):  # fmt: skip
        assert GOLDEN[name]["request"] in said, name
    assert module.on == []
    again = [frame.hex(" ").upper() for frame in line.frames]
    settings = {GOLDEN[name]["request"] for name in ("safe values all off", "watchdog time 2.0 s", "watchdog on")}
    assert not settings & set(again), "memory wears with writing"


@virtual
async def test_no_call_writes_anything_but_outputs_and_their_safety() -> None:
    """Neither address nor serial settings, and nothing stays on that is no light."""
    module = Module()
    line = ScriptedLine(lambda frame: [(0.001, module.hear(frame))])
    owner = Owner("bus", line, Rtu(9600), Pace())
    async with running(owner.run()):
        await owner.tried.wait()
        made = driver(owner, frozenset({7}))
        await made.start()
        await made.switch(7, is_on=True)
        await made.verify()
        await made.identify()
        for number in (-1, 8):
            with pytest.raises(ValueError, match="outputs 0 to 7"):
                await made.pulse(number, 300)
        with pytest.raises(ValueError, match="light"):
            await made.switch(0, is_on=True)
        with pytest.raises(ValueError, match="50 ms"):
            await made.pulse(0, 49)
        await made.all_off()
    writes = [frame for frame in line.frames if frame[1] in {5, 6, 15, 16}]
    assert {int.from_bytes(frame[2:4], "big") for frame in writes if frame[1] != 6} <= SETTABLE
    assert {frame[2:6].hex() for frame in writes if frame[1] == 6} == {"01e80014"}


@pytest.mark.parametrize(
    ("table", "why"), [({}, "has"), (dict(MODELS["icpdas_m7055"].table) | {"safe_value": -1}, "safe_value")], ids=["empty", "no address"]
)
def test_map_that_is_none_is_refused(table: dict[str, Any], why: str) -> None:
    """A file with a slip must not become a frame."""
    with pytest.raises(ValueError, match=why):
        IcpdasMap.from_table(table)


@pytest.mark.parametrize("watchdog_ms", [0, 150, 26_000])
@virtual
async def test_watchdog_time_that_cannot_be_set_is_refused(watchdog_ms: int) -> None:
    """Tenths of a second, in one byte; none is no watchdog at all."""
    owner = Owner("bus", ScriptedLine(lambda _: []), Rtu(9600), Pace())
    with pytest.raises(ValueError, match="tenths"):
        Icpdas(owner, "lock-a", UNIT, IcpdasMap.from_table(MODELS["icpdas_m7055"].table), watchdog_ms)


def watched() -> Module:
    """A module with a watchdog of one second, output 2 on, and output 6 on when it is safe."""
    module = Module()
    module.ask(6, 1, 0xE8, 0, 10)
    module.ask(5, 1, 4, 0xFF, 0)
    module.ask(5, 0, 0x86, 0xFF, 0)
    module.ask(5, 0, 2, 0xFF, 0)
    return module


def test_watchdog_switches_to_the_safe_values_and_says_so() -> None:
    """Without a question for so long; a question in time feeds it."""
    module = watched()
    module.ask(1, 0, 0, 0, 8, at_s=0.9)
    module.agenda.advance(1.85)
    assert module.on == [2]
    module.agenda.advance(1.95)
    assert module.on == [6]
    assert module.ask(1, 1, 0x0D, 0, 1, at_s=2.0) == b"\x01\x01\x01"
    assert module.ask(3, 1, 0xEB, 0, 1, at_s=2.0) == b"\x03\x02\x00\x01"


def test_module_whose_watchdog_fired_echoes_orders_and_does_nothing() -> None:
    """The nastiest of the answers that it may give: a driver must clear the status first. In mode 1 an order clears it."""
    module = watched()
    module.agenda.advance(1.5)
    assert module.ask(5, 0, 0, 0xFF, 0, at_s=1.6) == bytes((5, 0, 0, 0xFF, 0))
    assert module.on == [6]
    module.ask(5, 1, 0x0D, 0xFF, 0, at_s=1.7)
    module.ask(5, 0, 0, 0xFF, 0, at_s=1.7)
    assert module.on == [0, 6]
    module.ask(5, 1, 3, 0xFF, 0, at_s=1.8)
    module.agenda.advance(3.0)
    module.ask(5, 0, 1, 0xFF, 0, at_s=3.1)
    assert module.on == [1, 6]


def test_power_comes_back_with_power_on_values_and_a_reset_bit() -> None:
    """The bit is read once; settings are kept."""
    module = watched()
    module.ask(1, 1, 0x10, 0, 1)
    module.ask(5, 0, 0xA1, 0xFF, 0)
    module.module.power_off(0.5)
    assert module.on == []
    assert module.ask(1, 1, 0x10, 0, 1, at_s=1.0) == b"\x01\x01\x01"
    assert module.on == [1]
    assert module.ask(1, 1, 0x10, 0, 1, at_s=1.1) == b"\x01\x01\x00"
    assert module.ask(3, 1, 0xE8, 0, 1, at_s=1.1) == b"\x03\x02\x00\x0a"


def test_latches_keep_what_was_for_a_moment() -> None:
    """An input that was low for ten milliseconds is high again when it is read, and its latch knows."""
    module = Module(inputs=tuple(range(8)))
    module.ask(5, 1, 7, 0xFF, 0)
    module.levels[3] = False
    module.module.sense(0.01)
    module.levels[3] = True
    module.module.sense(0.02)
    assert module.ask(2, 0, 0x20, 0, 8) == b"\x02\x01\xff"
    assert module.ask(2, 0, 0x60, 0, 8) == b"\x02\x01\x08"


@given(st.binary(min_size=1, max_size=253))
def test_any_pdu_is_answered_or_refused(pdu: bytes) -> None:
    """No request crashes a module, and only a write to the outputs moves any."""
    module = Module()
    reply = module.hear(rtu(UNIT, pdu))
    assert reply[1] & 0x7F == pdu[0] & 0x7F
    if pdu[0] not in {5, 15} or reply[1] & 0x80:
        assert module.on == []


READINGS = st.lists(st.tuples(st.lists(st.booleans(), min_size=2, max_size=2), st.sets(st.integers(0, 1))), max_size=30)


@given(READINGS)
def test_latches_tell_every_blip_of_a_contact_at_rest_and_nothing_else(steps: list[tuple[list[bool], set[int]]]) -> None:
    """Against a model of two inputs with latches of levels: what was at rest for two looks is told at once; no change, no word."""
    latches, moved = Latches(), set[int]()
    low, high, before, rest = [False, False], [False, False], list[bool](), [0, 0]
    for levels, blipping in steps:
        moved |= blipping | {number for number in range(2) if before and levels[number] != before[number]}
        for number, value in enumerate(levels):
            rest[number] = rest[number] + 1 if before and value == before[number] else 0
            for latch, is_set in ((high, value or number in blipping), (low, not value or number in blipping)):
                latch[number] |= is_set
        latches.read(tuple(levels))
        is_to_clear = latches.tell(tuple(low), tuple(high))
        told = latches.passed()
        assert told is not None
        assert told <= moved
        assert {number for number in blipping if rest[number] > 2} <= told
        for number in blipping:
            rest[number] = 0
        if is_to_clear:
            latches.cleared()
            low, high = [not value for value in levels], list(levels)
        before = levels


def test_latches_do_not_take_a_bouncing_contact_for_another_opening() -> None:
    """After a change the latches are cleared twice; what they told is told once, and nothing is said where they were not read."""
    latches = Latches()
    latches.read((True, True))
    assert not latches.tell((False, False), (True, True))
    assert latches.passed() == frozenset()
    assert latches.passed() is None
    latches.read((False, True))
    assert latches.tell((True, False), (True, True))
    assert latches.passed() == frozenset({0}), "whether that is news, the scan knows"
    latches.cleared()
    latches.read((False, True))
    assert latches.tell((True, True), (True, True)), "cleared once more: input 0 may have bounced"
    assert latches.passed() == frozenset({1})
    latches.cleared()
    latches.read((False, True))
    latches.tell((True, True), (True, True))
    assert latches.passed() == frozenset({0})


@virtual
async def test_refusal_of_a_setting_keeps_the_module_out_of_use() -> None:
    """Another model at this address, without a watchdog: its exception is a fault of the start."""
    module = Module()

    def script(frame: bytes) -> list[tuple[float, bytes]]:
        refused = rtu(UNIT, bytes((frame[1] | 0x80, 2)))
        return [(0.001, refused if frame[2:4] == b"\x01\x0d" else module.hear(frame))]

    owner = Owner("bus", ScriptedLine(script), Rtu(9600), Pace())
    async with running(owner.run()):
        await owner.tried.wait()
        with pytest.raises(DeviceFault, match="illegal address"):
            await driver(owner).start()

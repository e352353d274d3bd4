"""Thermometers and the supply against their golden frames: driver and simulated twin, neither of which knows the other."""

import random
import tomllib
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cabinet.domain.vocabulary import ProbeFault
from cabinet.ports import DeviceFault, DeviceRefused, GarbledReply, NoReply, StaleReading, WrongReply
from config.models import MODELS
from drivers.exchange import Dialect, Pace
from drivers.framing import Rtu
from drivers.nut import Nut
from drivers.owner import Owner
from drivers.probe import ProbeMap
from drivers.r4dcb08 import R4dcb08
from drivers.upsd import Upsd
from drivers.xymd02 import Xymd02
from firmware_sim import nut as simulated_nut
from firmware_sim import r4dcb08 as simulated_r4dcb08
from firmware_sim import xymd02 as simulated_xymd02
from firmware_sim.agenda import Agenda
from firmware_sim.battery import Battery
from firmware_sim.fault import Fault, Faults
from firmware_sim.modbus import ModbusBoard
from firmware_sim.segment import ModbusSegment
from tests.scripted_line import ScriptedLine
from tests.virtual import running, virtual

VECTORS = Path(__file__).parent / "vectors"


def golden(name: str) -> list[Any]:
    """A board's golden frames, one parameter each."""
    return [pytest.param(frame, id=frame["name"]) for frame in tomllib.loads((VECTORS / f"{name}.toml").read_text())["frame"]]


def layout(model: str) -> ProbeMap:
    """The driver's map of a model."""
    return ProbeMap.from_table(MODELS[model].table)


async def answered(dialect: Dialect, replies: dict[bytes, bytes], call: Callable[[Owner], Awaitable[Any]]) -> Any:
    """What one call of a driver returns on a line that knows these requests and no others."""
    owner = Owner("bus", ScriptedLine(lambda frame: [(0.001, replies[frame])] if frame in replies else []), dialect, Pace())
    async with running(owner.run()):
        await owner.tried.wait()
        return await call(owner)


def steady(milli_c: float) -> Callable[[float], float | None]:
    """A probe in something that keeps its temperature."""
    return lambda _at_s: milli_c


def hear(board: ModbusBoard, frame: dict[str, Any]) -> str:
    """What a board alone on its line answers."""
    arrivals = ModbusSegment("bus", [board], Agenda(), Faults(random.Random(0))).hear_rtu(bytes.fromhex(frame["request"]), 0.0)
    return b"".join(data for _, data in arrivals).hex(" ").upper()


@pytest.mark.parametrize("frame", golden("xymd02"))
def test_simulated_board_keeps_to_the_golden_frames(frame: dict[str, Any]) -> None:
    """Two of these are published; the others follow from the map."""
    felt = frame["given"].get("milli_c")
    assert hear(simulated_xymd02.Xymd02("fridge", 20, [None if felt is None else steady(felt)]), frame) == frame["reply"]


@pytest.mark.parametrize("frame", golden("r4dcb08"))
def test_simulated_board_of_probes_keeps_to_the_golden_frames(frame: dict[str, Any]) -> None:
    """A channel without a probe is a word of its own, and never 0 C."""
    felt = frame["given"]["milli_c"]
    board = simulated_r4dcb08.R4dcb08("fridge", 21, [steady(felt[str(n)]) if str(n) in felt else None for n in range(8)])
    if frame["given"].get("just_started"):
        board.power_off(0.0)
    assert hear(board, frame) == frame["reply"]


@pytest.mark.parametrize("frame", [one for one in golden("xymd02") if one.values[0]["request"].startswith("14 04 00 01")])
@virtual
async def test_thermometer_reads_the_golden_temperature(frame: dict[str, Any]) -> None:
    """Signed tenths; what stands for no sensor is a fault and never a temperature."""
    replies = {bytes.fromhex(frame["request"]): bytes.fromhex(frame["reply"])}
    (reading,) = await answered(Rtu(9600), replies, lambda owner: Xymd02(owner, "fridge", 20, layout("xymd02")).read_temperatures())
    assert reading == frame["milli_c"] if "milli_c" in frame else isinstance(reading, ProbeFault)


@pytest.mark.parametrize("frame", [one for one in golden("r4dcb08") if "milli_c" in one.values[0]])
@virtual
async def test_thermometer_of_probes_reads_the_golden_temperatures(frame: dict[str, Any]) -> None:
    """Each channel by itself: one missing probe blinds no other; 85.0 C is a probe that has not measured."""
    replies = {bytes.fromhex(frame["request"]): bytes.fromhex(frame["reply"])}
    readings = await answered(Rtu(9600), replies, lambda owner: R4dcb08(owner, "fridge", 21, layout("r4dcb08")).read_temperatures())
    assert {str(n): reading for n, reading in enumerate(readings) if not isinstance(reading, ProbeFault)} == frame["milli_c"]


@virtual
async def test_a_correction_that_someone_set_is_told() -> None:
    """The board applies it by itself, and a record would be wrong for ever."""
    frame = next(one.values[0] for one in golden("xymd02") if one.values[0]["name"] == "how it is set")
    replies = {bytes.fromhex(frame["request"]): with_check_sum(bytes.fromhex("14 03 06 00 14 25 80 FF E7"))}
    told = await answered(Rtu(9600), replies, lambda owner: Xymd02(owner, "fridge", 20, layout("xymd02")).identify())
    assert told.detail == "set to address 20, 9600 baud, correction -2.5 C"


def with_check_sum(frame: bytes) -> bytes:
    """The frame with its check sum, by bits, as the standard says it."""
    value = 0xFFFF
    for byte in frame:
        value ^= byte
        for _ in range(8):
            value = value >> 1 ^ 0xA001 if value & 1 else value >> 1
    return frame + value.to_bytes(2, "little")


@given(st.integers(0, 0xFFFF))
def test_a_word_is_a_temperature_in_range_or_a_fault(word: int) -> None:
    """No word makes a temperature that the probe could not have measured, and none is lost on the way."""
    for model in ("xymd02", "r4dcb08"):
        where = layout(model)
        reading = where.read(word)
        if not isinstance(reading, ProbeFault):
            assert where.lowest_mc <= reading <= where.highest_mc
            assert reading // 100 & 0xFFFF == word
            assert word not in {0x8000, 0x7FFF, 850}


@pytest.mark.parametrize("wrong", [{}, {"first": "0"}, {"step_mc": True}, {"no_probe": ["x"]}, {"more": 1}])
def test_a_map_with_a_mistake_is_refused(wrong: dict[str, Any]) -> None:
    """Whoever writes a file for a new model is told what is wrong with it."""
    table = dict(MODELS["xymd02"].table) | wrong
    if not wrong:
        del table["first"]
    with pytest.raises(ValueError, match="map"):
        ProbeMap.from_table(table)


@given(st.binary(min_size=1, max_size=253))
def test_simulated_thermometers_answer_anything_in_shape(pdu: bytes) -> None:
    """No request crashes one."""
    for board in (simulated_xymd02.Xymd02("a", 20, [steady(5000)]), simulated_r4dcb08.R4dcb08("b", 21, [steady(5000)])):
        reply = board.answer(pdu, 0.0, is_broadcast=False)
        assert reply is not None
        assert reply[0] & 0x7F == pdu[0] & 0x7F


# --- the supply


def server(*broken: str) -> simulated_nut.Nut:
    """A simulated upsd with these faults."""
    faults = Faults(random.Random(0))
    battery = Battery("ups", Agenda(), faults, runtime_s=1800, charging_s=14_400, low_percent=20)
    for kind in broken:
        faults.cause(Fault(kind, "ups"))
    return simulated_nut.Nut("ups", "cabinet", battery, faults)


@pytest.mark.parametrize("frame", [one for one in golden("nut") if "given" in one.values[0]])
def test_simulated_upsd_keeps_to_the_golden_lines(frame: dict[str, Any]) -> None:
    """As the real one spoke."""
    reply = server(*frame["given"]["faults"]).answer(frame["request"].encode(), 0.0, 0.0)
    assert reply.decode() == frame["reply"] + "\n"


STATUS = [one for one in golden("nut") if one.values[0]["request"] == "GET VAR cabinet ups.status"]


def told(
    status: str, charge: str = 'VAR cabinet battery.charge "97"', left: str = 'VAR cabinet battery.runtime "1800"'
) -> dict[bytes, bytes]:
    """The lines of an upsd."""
    lines = {"ups.status": status, "battery.charge": charge, "battery.runtime": left}
    return {f"GET VAR cabinet {name}\n".encode(): f"{line}\n".encode() for name, line in lines.items()}


@pytest.mark.parametrize("frame", STATUS)
@virtual
async def test_supply_reads_the_golden_status(frame: dict[str, Any]) -> None:
    """Mains, battery or low; what says nothing certain is a fault, and no loss of the mains."""

    async def read(owner: Owner) -> Any:
        return await Nut(owner, "ups", "cabinet").read_power()

    if "is_on_mains" in frame:
        power = await answered(Upsd(), told(frame["reply"]), read)
        assert (power.is_on_mains, power.is_low) == (frame["is_on_mains"], frame["is_low"])
        assert (power.charge_percent, power.runtime_s) == (97, 1800)
    else:
        with pytest.raises(StaleReading):
            await answered(Upsd(), told(frame["reply"]), read)


@pytest.mark.parametrize(
    ("replies", "expected"),
    [
        (told('VAR cabinet ups.status "OL"', "ERR VAR-NOT-SUPPORTED", "ERR VAR-NOT-SUPPORTED"), (None, None)),
        (told('VAR cabinet ups.status "OL"', 'VAR cabinet battery.charge "97.6"', 'VAR cabinet battery.runtime "1799.50"'), (97, 1799)),
        (told('VAR cabinet ups.status "OL"', 'VAR cabinet battery.charge "full"'), WrongReply),
        (told('VAR cabinet ups.status "OL"', 'VAR cabinet battery.charge "nan"'), WrongReply),
        (told('VAR cabinet ups.status "OL"', left='VAR cabinet battery.runtime "1e300"'), (97, 10**9)),
        (told('VAR cabinet ups.status "OL"', 'VAR cabinet battery.charge "-1e300"'), (0, 1800)),
        (told('VAR cabinet ups.status "' + '\\"' * 8000), WrongReply),
        (told("VAR cabinet ups.status OL"), WrongReply),
        (told("ERR "), DeviceRefused),
        (told("ERR UNKNOWN-UPS"), DeviceRefused),
        (told("ERR VAR-NOT-SUPPORTED"), WrongReply),
        (told("ERR DRIVER-NOT-CONNECTED"), StaleReading),
        (told('VAR other ups.status "OB LB"'), WrongReply),
        (told("\x01\x02"), GarbledReply),
        ({}, NoReply),
    ],
)
@virtual
async def test_what_upsd_may_say(replies: dict[bytes, bytes], expected: Any) -> None:
    """A charge that is not told is unknown; another supply's answer, noise and silence are faults."""

    async def read(owner: Owner) -> Any:
        return await Nut(owner, "ups", "cabinet").read_power()

    if isinstance(expected, tuple):
        power = await answered(Upsd(), replies, read)
        assert (power.charge_percent, power.runtime_s) == expected
    else:
        with pytest.raises(expected):
            await answered(Upsd(), replies, read)


@pytest.mark.parametrize("count", [0, 1, 2])
@virtual
async def test_the_only_supply_needs_no_name(count: int) -> None:
    """Where there are several, the site says which one feeds the cabinet."""
    names = ["cabinet", "server-room"][:count]
    listed = "".join(f'UPS {name} "a \\"fine\\" one"\n' for name in names)
    replies = told('VAR cabinet ups.status "OL"') | {b"LIST UPS\n": f"BEGIN LIST UPS\n{listed}END LIST UPS\n".encode()}

    async def read(owner: Owner) -> Any:
        return await Nut(owner, "ups").read_power()

    if count == 1:
        assert (await answered(Upsd(), replies, read)).is_on_mains
    else:
        with pytest.raises(WrongReply, match="which one"):
            await answered(Upsd(), replies, read)


@virtual
async def test_a_supply_says_who_it_is() -> None:
    """For the technician's list; what it does not tell stays empty."""
    told_of = {"device.mfr": 'VAR cabinet device.mfr "A \\"B\\" \\\\ C"', "device.model": 'VAR cabinet device.model "M 1"'}
    replies = {f"GET VAR cabinet {name}\n".encode(): f"{line}\n".encode() for name, line in told_of.items()}
    replies |= {f"GET VAR cabinet {name}\n".encode(): b"ERR VAR-NOT-SUPPORTED\n" for name in ("ups.firmware", "device.serial")}
    replies[b"VER\n"] = b"Network UPS Tools upsd 2.8.0 - http://www.networkupstools.org/\n"
    found = await answered(Upsd(), replies, lambda owner: Nut(owner, "ups", "cabinet").identify())
    assert (found.maker, found.model, found.firmware, found.serial) == ('A "B" \\ C', "M 1", "", "")
    assert found.detail == "cabinet at Network UPS Tools upsd 2.8.0"


def test_a_name_cannot_carry_a_command() -> None:
    """The name goes into a line of its own protocol."""
    with pytest.raises(ValueError, match="name"):
        Nut(Owner("bus", ScriptedLine(lambda _: []), Upsd(), Pace()), "ups", "a\nINSTCMD a shutdown.return")


@virtual
async def test_no_call_gives_an_order() -> None:
    """A cabinet that can switch its own supply off is a cabinet that can be switched off."""
    line = ScriptedLine(lambda _frame: [(0.001, b'VAR cabinet ups.status "OL"\n')])
    owner = Owner("bus", line, Upsd(), Pace())
    async with running(owner.run()):
        await owner.tried.wait()
        supply = Nut(owner, "ups", "cabinet")
        for call in (supply.start, supply.read_power, supply.identify):
            with pytest.raises(DeviceFault):
                await call()
    assert {frame.split()[0] for frame in line.frames} <= {b"GET", b"LIST", b"VER"}


@given(st.binary(max_size=80))
def test_simulated_upsd_answers_anything_in_lines(line: bytes) -> None:
    """No bytes crash it."""
    assert server().answer(line, 0.0, 0.0).endswith(b"\n")

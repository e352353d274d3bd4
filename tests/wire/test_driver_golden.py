"""The golden frames as a third witness: what the drivers send is written there, and what stands there is understood."""

import tomllib
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from cabinet.ports import DeviceFault
from config.models import MODELS
from drivers.balance import BalanceMap
from drivers.dialogue import Dialogue
from drivers.exchange import Dialect, Pace
from drivers.framing import Rtu
from drivers.laumas import Laumas, LaumasMap
from drivers.mtsics import Mtsics
from drivers.owner import Owner
from drivers.waveshare import Waveshare, WaveshareMap
from tests.scripted_line import ScriptedLine
from tests.virtual import running, virtual

HERE = Path(__file__).parent


def golden(name: str) -> dict[str, dict[str, Any]]:
    """The golden frames of a board by name."""
    return {frame["name"]: frame for frame in tomllib.loads((HERE / f"vectors/{name}.toml").read_text())["frame"]}


WAVESHARE, LAUMAS, MTSICS = golden("waveshare"), golden("laumas"), golden("mtsics")
FORBIDDEN = ("toggle relay 0", "flash off relay 0 for 700 ms", "all relays on", "toggle all relays")
REFUSED = {name: frame for name, frame in WAVESHARE.items() if bytes.fromhex(frame["reply"])[1:2] > b"\x80"}


async def exchanged(dialect: Dialect, make: Callable[[Owner], Callable[[], Awaitable[object]]], *frames: dict[str, Any]) -> object:
    """Run one call of a driver on a line that knows these golden frames and no others; returns what the call returned."""
    replies = {bytes.fromhex(frame["request"]): bytes.fromhex(frame["reply"]) for frame in frames}
    owner = Owner("bus", ScriptedLine(lambda frame: [(0.001, replies[frame])]), dialect, Pace())
    async with running(owner.run()):
        await owner.tried.wait()
        return await make(owner)()


def board(owner: Owner, address: int = 1) -> Waveshare:
    """A relay board of which every output may stay on, so that every order can be seen."""
    layout = WaveshareMap.from_table(MODELS["waveshare_relay_d8"].table)
    return Waveshare(owner, "lock-a", address, layout, frozenset(range(8)))


CALLS: dict[str, Callable[[Owner], Callable[[], Awaitable[object]]]] = {
    "read 8 inputs": lambda owner: board(owner).read_inputs,
    "relay 0 on": lambda owner: lambda: board(owner).switch(0, is_on=True),
    "relay 0 off": lambda owner: lambda: board(owner).switch(0, is_on=False),
    "flash relay 0 for 700 ms": lambda owner: lambda: board(owner).pulse(0, 700),
    "flash relay 0 for 500 ms": lambda owner: lambda: board(owner).pulse(0, 500),
    "flash relay 3 of unit 2 for 1 s": lambda owner: lambda: board(owner, 2).pulse(3, 1000),
}


@pytest.mark.parametrize("name", CALLS)
@virtual
async def test_driver_sends_golden_frame(name: str) -> None:
    """Byte by byte what the vendor's paper says, and its reply is success."""
    result = await exchanged(Rtu(9600), CALLS[name], WAVESHARE[name])
    if name == "read 8 inputs":
        assert result == tuple(number in WAVESHARE[name]["given"]["inputs"] for number in range(8))


@virtual
async def test_start_of_a_board_is_three_golden_frames() -> None:
    """All off, read back, output modes."""
    none_on = {**WAVESHARE["read 8 relays"], "reply": "01 01 01 00 51 88"}
    await exchanged(Rtu(9600), lambda owner: board(owner).start, WAVESHARE["all relays off"], none_on, WAVESHARE["read output modes"])


@pytest.mark.parametrize("name", REFUSED)
@virtual
async def test_golden_refusal_is_no_success(name: str) -> None:
    """A refusal in the place of an answer is a typed fault for whatever was asked."""
    refused = {"request": WAVESHARE["read 8 inputs"]["request"], "reply": REFUSED[name]["reply"]}
    with pytest.raises(DeviceFault):
        await exchanged(Rtu(9600), CALLS["read 8 inputs"], refused)


@virtual
async def test_no_call_sends_a_forbidden_frame() -> None:
    """Every order that the driver can give, on every channel: toggle, all on, and flash off are not among them."""
    forbidden = {bytes.fromhex(WAVESHARE[name]["request"])[2:-2] for name in FORBIDDEN}
    line = ScriptedLine(lambda frame: [(0.001, frame)])
    owner = Owner("bus", line, Rtu(9600), Pace())
    async with running(owner.run()):
        await owner.tried.wait()
        for number in range(8):
            for hold_ms in (100, 1000, 0x4000 * 100, 0xFF00 * 100):
                await board(owner).pulse(number, hold_ms)
            await board(owner).switch(number, is_on=True)
            await board(owner).switch(number, is_on=False)
        with pytest.raises(DeviceFault):
            await board(owner).all_off()  # this board echoes reads too
    assert not forbidden & {frame[2:-2] for frame in line.frames}
    flashes = [frame for frame in line.frames if frame[1] == 5 and frame[2] == 2]
    assert max(int.from_bytes(frame[4:6], "big") for frame in flashes) == 10
    assert {frame[2] for frame in line.frames if frame[1] == 5} == {0, 2}


@pytest.mark.parametrize("name", [name for name, frame in LAUMAS.items() if frame["request"] == "0A 03 00 06 00 08 A5 76"])
@virtual
async def test_transmitter_reads_golden_weight(name: str) -> None:
    """A weight where the frame holds one, a typed fault where it does not."""
    frame = LAUMAS[name]

    def make(owner: Owner) -> Callable[[], Awaitable[object]]:
        return lambda: Laumas(owner, "scale-a", 10, LaumasMap.from_table(MODELS["laumas_tlb"].table)).weigh()

    if "mass_mg" in frame:
        weighing: Any = await exchanged(Rtu(9600), make, frame)
        assert (weighing.mass_mg, weighing.is_steady, weighing.division_mg) == (frame["mass_mg"], True, 10)
    else:
        with pytest.raises(DeviceFault):
            await exchanged(Rtu(9600), make, frame)


@pytest.mark.parametrize("name", [name for name, frame in MTSICS.items() if frame["request"] in ("53 0D 0A", "53 49 0D 0A")])
@virtual
async def test_balance_reads_golden_weight(name: str) -> None:
    """A steady weight where the line holds one; else it is not steady, or a typed fault."""
    frame = MTSICS[name]
    command = bytes.fromhex(frame["request"]).decode().strip()

    def make(owner: Owner) -> Callable[[], Awaitable[object]]:
        table = {**MODELS["mtsics"].table, "step": 1, "command": command}
        return lambda: Mtsics(owner, "scale-b", BalanceMap.from_table(table)).weigh()

    if "mass_mg" in frame:
        weighing: Any = await exchanged(Dialogue(9600), make, frame)
        assert (weighing.mass_mg, weighing.is_steady, weighing.division_mg) == (frame["mass_mg"], True, 10)
    elif frame["reply"].startswith("53 20 44"):
        weighing = await exchanged(Dialogue(9600), make, frame)
        assert not weighing.is_steady
    else:
        with pytest.raises(DeviceFault):
            await exchanged(Dialogue(9600), make, frame)

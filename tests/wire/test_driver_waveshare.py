"""The driver of Waveshare boards against the vendor's frames: what it sends, what it believes, and what it can never send."""

import pytest

from cabinet.ports import DeviceFault, DeviceRefused, NoReply, WrongReply
from config.models import MODELS
from drivers.exchange import Pace
from drivers.framing import Mbap, Rtu
from drivers.owner import Owner
from drivers.waveshare import Waveshare, WaveshareMap
from tests.scripted_line import Script, ScriptedLine, in_turn, rtu
from tests.virtual import running, virtual

TABLE = MODELS["waveshare_relay_d8"].table
LAYOUT = WaveshareMap.from_table(TABLE)
ALL_OFF = bytes.fromhex("01 05 00 FF 00 00 FD FA")
READ_RELAYS = bytes.fromhex("01 01 00 00 00 08 3D CC")
READ_INPUTS = bytes.fromhex("01 02 00 00 00 08 79 CC")
NONE_ON = rtu("01 01 01 00")


def board(script: Script, address: int = 1) -> tuple[Waveshare, Owner, ScriptedLine]:
    """A board at the other end of a scripted line."""
    line = ScriptedLine(script)
    owner = Owner("bus-a", line, Rtu(9600), Pace())
    return Waveshare(owner, "lock-a", address, LAYOUT, lights=frozenset({4, 5, 6, 7})), owner, line


def echo(frame: bytes) -> list[tuple[float, bytes]]:
    """A board that confirms everything."""
    return [(0.001, frame)]


@pytest.mark.parametrize(
    ("address", "number", "hold_ms", "frame"),
    [
        (1, 0, 700, "01 05 02 00 00 07 8D B0"),
        (1, 0, 500, "01 05 02 00 00 05 0C 71"),
        (2, 3, 1000, "02 05 02 03 00 0A BC 46"),
        (2, 3, 5000, "02 05 02 03 00 0A BC 46"),
        (1, 0, 799, "01 05 02 00 00 07 8D B0"),
    ],
)
@virtual
async def test_unlock_is_a_flash_timed_by_the_board_and_never_above_one_second(address: int, number: int, hold_ms: int, frame: str) -> None:
    """Frames published by the vendor; a lock energised for longer burns."""
    lock, owner, line = board(echo, address)
    async with running(owner.run()):
        await owner.tried.wait()
        await lock.pulse(number, hold_ms)
    assert line.frames == [bytes.fromhex(frame)]


@virtual
async def test_lost_echo_sends_one_pulse() -> None:
    """The drawer may have opened: only who looks at the door may order another pulse."""
    lock, owner, line = board(lambda _: ())
    async with running(owner.run()):
        await owner.tried.wait()
        with pytest.raises(NoReply) as caught:
            await lock.pulse(0, 300)
    assert caught.value.moved
    assert caught.value.where == "lock-a"
    assert len(line.frames) == 1


@virtual
async def test_strict_gateway_that_refuses_the_flash_is_told() -> None:
    """A flash is no legal value of function 05; a gateway may say so, and nothing has moved."""
    lock, owner, _ = board(lambda _: [(0.001, bytes.fromhex("01 85 03 02 91"))])
    async with running(owner.run()):
        await owner.tried.wait()
        with pytest.raises(DeviceRefused) as caught:
            await lock.pulse(0, 300)
    assert (caught.value.reason, caught.value.moved) == (3, False)


@pytest.mark.parametrize("number", [-1, 8, 255, 0x1FF])
@virtual
async def test_no_frame_leaves_for_a_channel_that_is_not_there(number: int) -> None:
    """Flash on plus a channel out of range reaches flash off, all on or another table: a lock held on."""
    lock, owner, line = board(echo)
    async with running(owner.run()):
        await owner.tried.wait()
        with pytest.raises(ValueError, match="outputs 0 to 7"):
            await lock.pulse(number, 300)
        with pytest.raises(ValueError, match="no light"):
            await lock.switch(number, is_on=True)
        with pytest.raises(ValueError, match="shorter"):
            await lock.pulse(0, 99)
    assert line.frames == []


@virtual
async def test_only_lights_stay_on() -> None:
    """Switched on, a lock would burn and stay open if we died."""
    lock, owner, line = board(echo)
    async with running(owner.run()):
        await owner.tried.wait()
        with pytest.raises(ValueError, match="no light"):
            await lock.switch(0, is_on=True)
        await lock.switch(4, is_on=True)
        await lock.switch(4, is_on=False)
    assert line.frames == [rtu("01 05 00 04 FF 00"), rtu("01 05 00 04 00 00")]


@virtual
async def test_all_off_is_sent_again_until_heard_and_read_back() -> None:
    """Off may be repeated freely, and is believed when the board says that no output is on."""
    lock, owner, line = board(in_turn([[], [(0.001, ALL_OFF)], [(0.001, NONE_ON)]]))
    async with running(owner.run()):
        await owner.tried.wait()
        await lock.all_off()
    assert line.frames == [ALL_OFF, ALL_OFF, READ_RELAYS]


@virtual
async def test_all_off_that_leaves_one_on_is_a_fault() -> None:
    """An output that stays on holds a lock open."""
    lock, owner, _ = board(in_turn([[(0.001, ALL_OFF)], [(0.001, bytes.fromhex("01 01 01 05 91 8B"))]]))
    async with running(owner.run()):
        await owner.tried.wait()
        with pytest.raises(WrongReply, match=r"\[0, 2\]"):
            await lock.all_off()


@virtual
async def test_inputs_come_whole_and_lowest_first() -> None:
    """The vendor's reply 0D: inputs 0, 2 and 3."""
    lock, owner, line = board(lambda _: [(0.001, bytes.fromhex("01 02 01 0D 60 4D"))])
    async with running(owner.run()):
        await owner.tried.wait()
        assert await lock.read_inputs() == (True, False, True, True, False, False, False, False)
    assert line.frames == [READ_INPUTS]


@pytest.mark.parametrize("mode", [1, 2, 3])
@virtual
async def test_board_whose_input_drives_an_output_is_refused(mode: int) -> None:
    """Linkage lets anybody who closes an input contact open a lock, with no one told."""
    modes = [0] * 8
    modes[5] = mode
    reply = rtu("01 03 10" + "".join(f"{value:04x}" for value in modes))
    lock, owner, line = board(in_turn([[(0.001, ALL_OFF)], [(0.001, NONE_ON)], [(0.001, reply)]]))
    async with running(owner.run()):
        await owner.tried.wait()
        with pytest.raises(WrongReply, match="output modes"):
            await lock.start()
    assert line.frames[2] == rtu("01 03 10 00 00 08")


@virtual
async def test_board_in_order_starts() -> None:
    """All off, read back, all modes normal."""
    lock, owner, _ = board(in_turn([[(0.001, ALL_OFF)], [(0.001, NONE_ON)], [(0.001, rtu("01 03 10" + "00" * 16))]]))
    async with running(owner.run()):
        await owner.tried.wait()
        await lock.start()


@virtual
async def test_same_orders_over_modbus_tcp() -> None:
    """The PDU stays the same behind the header."""
    line = ScriptedLine(echo)
    owner = Owner("bus-b", line, Mbap(), Pace())
    async with running(owner.run()):
        await owner.tried.wait()
        await Waveshare(owner, "lock-b", 1, LAYOUT).pulse(0, 700)
    assert line.frames == [bytes.fromhex("00 01 00 00 00 06 01 05 02 00 00 07")]


@virtual
async def test_nothing_said_crashes_the_driver() -> None:
    """Whatever a board answers is a value or a typed fault."""
    for said in (b"", b"\x00", b"\xff" * 300, rtu("01 02 00"), rtu("01 02 FF"), rtu("01 82"), rtu("01 82 00"), rtu("01 82 02 02")):
        lock, owner, _ = board(lambda _, said=said: [(0.001, said)])  # type: ignore[misc]
        async with running(owner.run()):
            await owner.tried.wait()
            with pytest.raises(DeviceFault):
                await lock.read_inputs()


def test_map_says_what_is_wrong_with_it() -> None:
    """An engineer's slip in a register map must not be found out at a lock."""
    with pytest.raises(ValueError, match="flash_on"):
        WaveshareMap.from_table({**TABLE, "flash_on": "0200"})
    with pytest.raises(ValueError, match="flash_off"):
        WaveshareMap.from_table({**TABLE, "flash_off": 0x0400})
    with pytest.raises(ValueError, match="inputs"):
        WaveshareMap.from_table({key: value for key, value in TABLE.items() if key != "inputs"})

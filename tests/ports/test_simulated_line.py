"""The ends of the simulator's lines: pace, silence, faults on the way, and the same boards behind every kind of end."""

import asyncio
import os
import tty
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.schema import Site
from firmware_sim.assembly import Bench, build
from firmware_sim.cable import Cable
from firmware_sim.fault import Fault
from firmware_sim.framing import mbap, rtu, rtu_parts
from firmware_sim.process import serve
from tests.simulated_site import small_site
from tests.virtual import virtual

READ_INPUTS = bytes((2, 0, 0, 0, 8))
PULSE = bytes((5, 2, 0, 0, 3))
CHAR_S = 10 / 19200
GAP_S = 3.5 * CHAR_S
LATENCY_S = 0.002


class Listener:
    """The other side of a cable: what came in, and when."""

    def __init__(self, cable: Cable) -> None:
        self.heard: list[tuple[float, bytes]] = []
        self.lost: list[str] = []
        cable.attach(lambda data: self.heard.append((asyncio.get_running_loop().time(), data)), self.lost.append)

    @property
    def bytes(self) -> bytes:
        """All that came in."""
        return b"".join(data for _, data in self.heard)


async def say(cable: Cable, data: bytes, wait_s: float = 1.0) -> None:
    """Put bytes on the line, and wait for whatever comes of them."""
    cable.write(data)
    await asyncio.sleep(wait_s)


async def plugged(bus: str = "locks", seed: int = 1, *, latency_s: float = LATENCY_S) -> tuple[Bench, Cable, Listener]:
    """A bench with one open cable."""
    bench = build(small_site(), seed, latency_s=latency_s)
    cable = bench.cables[bus]
    listener = Listener(cable)
    await cable.open()
    return bench, cable, listener


@virtual
async def test_an_exchange_takes_the_time_of_its_bytes() -> None:
    """Request, silence of t3.5, the board's latency, reply: to the microsecond in virtual time."""
    _, cable, listener = await plugged()
    await say(cable, rtu(2, READ_INPUTS))
    ((at_s, reply),) = listener.heard
    assert rtu_parts(reply) == (2, bytes((2, 1, 0b111)))
    assert at_s == pytest.approx(8 * CHAR_S + GAP_S + LATENCY_S + 6 * CHAR_S)
    assert cable.tally.requests == cable.tally.replies == 1


@virtual
async def test_bytes_that_come_in_pieces_are_one_frame_until_a_silence() -> None:
    """A gap shorter than t3.5 joins, a longer one cuts: that is all a board knows of frames."""
    _, cable, listener = await plugged()
    frame = rtu(2, READ_INPUTS)
    await say(cable, frame[:3], 3 * CHAR_S + GAP_S * 0.9)
    await say(cable, frame[3:])
    assert len(listener.heard) == 1
    await say(cable, frame[:3], 3 * CHAR_S + GAP_S * 1.1)
    await say(cable, frame[3:])
    assert len(listener.heard) == 1


@virtual
async def test_two_frames_without_a_silence_are_none() -> None:
    """A host that does not keep t3.5 is not understood; a simulator that forgave it would hide that."""
    bench, cable, listener = await plugged()
    cable.write(rtu(2, PULSE))
    await say(cable, rtu(2, READ_INPUTS))
    assert listener.heard == []
    assert bench.plant.pulses == []


@virtual
async def test_a_pulse_over_the_wire_opens_the_drawer() -> None:
    """From bytes to steel: the coil for 300 ms, the bolt, the spring, and the switch that says so."""
    bench, cable, listener = await plugged()
    await say(cable, rtu(2, PULSE), 0.5)
    (pulse,) = bench.plant.pulses
    assert pulse.channel == "a:0"
    assert pulse.length_s == pytest.approx(0.3)
    await say(cable, rtu(2, READ_INPUTS), 0.5)
    assert listener.bytes.endswith(rtu(2, bytes((2, 1, 0b110))))


@virtual
async def test_a_pulse_ends_although_the_cable_is_pulled() -> None:
    """The board times it alone: nobody speaks, looks or listens while it ends."""
    bench, cable, _ = await plugged()
    await say(cable, rtu(2, PULSE), 0.05)
    cable.close()
    await asyncio.sleep(60)
    assert bench.plant.energised() == frozenset()
    assert bench.plant.pulses[0].length_s == pytest.approx(0.3)


@virtual
async def test_a_balance_takes_its_time_and_tells_when_it_was_switched_on() -> None:
    """`S` waits for rest; the power-up line comes unasked, so a reset of the scale can be noticed."""
    bench, cable, listener = await plugged("bench")
    bench.faults.cause(Fault("scale_unsteady", "balance"))
    await say(cable, b"S\r\n")
    assert listener.heard == []
    bench.faults.mend()
    await asyncio.sleep(1)
    assert listener.bytes.startswith(b"S S ")
    bench.faults.cause(Fault("board_silent", "balance"))
    await say(cable, b"SI\r\n")
    assert len(listener.heard) == 1
    bench.faults.mend()
    await asyncio.sleep(1)
    assert listener.heard[1][1] == b'I4 A "1234567"\r\n'


RIGHT = rtu(2, bytes((2, 1, 0b111)))
"""What board `a` answers to READ_INPUTS while everything is shut."""


def bits_apart(one: bytes, other: bytes) -> int:
    """In how many bits two frames of one length differ."""
    return sum((a ^ b).bit_count() for a, b in zip(one, other, strict=True))


@pytest.mark.parametrize(
    ("fault", "is_so"),
    [
        (Fault("reply_lost", "a"), lambda heard: heard == []),
        (Fault("request_lost", "a"), lambda heard: heard == []),
        (Fault("board_silent", "a"), lambda heard: heard == []),
        (Fault("reply_doubled", "a"), lambda heard: [data for _, data in heard] == [RIGHT, RIGHT]),
        (Fault("reply_late", "a", delay_ms=700), lambda heard: [(at_s > 0.7, data) for at_s, data in heard] == [(True, RIGHT)]),
        (Fault("reply_truncated", "a"), lambda heard: [RIGHT.startswith(data) and len(data) < len(RIGHT) for _, data in heard] == [True]),
        (Fault("reply_garbled", "a"), lambda heard: [bits_apart(data, RIGHT) for _, data in heard] == [1]),
        (Fault("reply_wrong_unit", "a"), lambda heard: [rtu_parts(data) for _, data in heard] == [(3, bytes((2, 1, 0b111)))]),
    ],
    ids=lambda value: value.kind if isinstance(value, Fault) else "",
)
@virtual
async def test_replies_suffer_what_the_table_says(fault: Fault, is_so: Callable[[list[tuple[float, bytes]]], bool]) -> None:
    """Each fault of the wire looks on the wire as it is named."""
    bench, cable, listener = await plugged()
    bench.faults.cause(fault)
    start_s = asyncio.get_running_loop().time()
    await say(cable, rtu(2, READ_INPUTS), 5)
    heard = [(at_s - start_s, data) for at_s, data in listener.heard]
    assert is_so(heard), heard


@virtual
async def test_an_order_may_be_done_without_a_reply_and_answered_without_being_done() -> None:
    """The two halves of not knowing: a lost reply does not mean that nothing moved, an echo not that something did."""
    bench, cable, listener = await plugged()
    bench.faults.cause(Fault("reply_lost", "a"))
    await say(cable, rtu(2, PULSE))
    assert (listener.heard, bench.plant.is_open("m")) == ([], True)
    bench.faults.mend()
    bench.faults.cause(Fault("write_ignored", "a"))
    await say(cable, rtu(2, bytes((5, 2, 1, 0, 3))))
    assert (listener.bytes, bench.plant.is_open("n")) == (rtu(2, bytes((5, 2, 1, 0, 3))), False)


@virtual
async def test_a_board_without_supply_drops_its_relays() -> None:
    """A brown-out ends a pulse; the board comes back with everything off."""
    bench, cable, _ = await plugged()
    await say(cable, rtu(2, bytes((5, 0, 0, 0xFF, 0))))
    assert bench.plant.energised() == {"a:0"}
    bench.faults.cause(Fault("board_silent", "a"))
    assert bench.plant.energised() == frozenset()


@virtual
async def test_an_unplugged_cable_says_so_once_and_does_not_open() -> None:
    """Loss is noticed at once; opening again works when the cable is back."""
    bench, cable, listener = await plugged()
    bench.faults.cause(Fault("line_unplugged", "locks"))
    bench.faults.cause(Fault("drawer_jammed", "m"))
    assert len(listener.lost) == 1
    with pytest.raises(ConnectionError, match="unplugged"):
        await cable.open()
    bench.faults.mend("line_unplugged")
    await cable.open()
    await say(cable, rtu(2, READ_INPUTS))
    assert len(listener.heard) == 1


@settings(max_examples=50)
@given(st.lists(st.tuples(st.binary(min_size=1, max_size=40), st.floats(0, 0.01)), max_size=15))
def test_noise_on_any_line_breaks_nothing(noise: list[tuple[bytes, float]]) -> None:
    """After any bytes at any time, and a silence, a proper question is answered on every line and no lock has moved."""

    @virtual
    async def scene() -> None:
        bench = build(small_site(), 1)
        heard: dict[str, list[bytes]] = {bus: [] for bus in bench.cables}
        for bus, cable in bench.cables.items():
            cable.attach(heard[bus].append, lambda _why: None)
            await cable.open()
            for data, pause_s in noise:
                cable.write(data)
                await asyncio.sleep(pause_s)
        await asyncio.sleep(10)
        for replies in heard.values():
            replies.clear()
        bench.cables["net"].close()
        await bench.cables["net"].open()
        bench.cables["locks"].write(rtu(2, READ_INPUTS))
        bench.cables["net"].write(mbap(9, 2, READ_INPUTS))
        bench.cables["gate"].write(rtu(10, bytes((3, 0, 6, 0, 5))))
        bench.cables["bench"].write(b"\r\n@\r\n")
        await asyncio.sleep(10)
        assert all(heard.values())
        assert heard["net"][-1] == mbap(9, 2, bytes((2, 1, 0b11)))

    scene()


REQUESTS = (
    READ_INPUTS,
    PULSE,
    bytes((1, 0, 0, 0, 8)),
    bytes((5, 0, 9, 0xFF, 0)),
    bytes((3, 0x80, 0, 0, 1)),
    bytes((0x65, 1)),
    bytes((3, 0x10, 0, 0, 8)),
)


@asynccontextmanager
async def served(state: Path) -> AsyncIterator[tuple[Bench, dict[str, str]]]:
    """A bench served to other processes, all lines with the same relay board; where each bus is."""
    bench = build(_three_of_a_kind(), 1)
    async with serve(bench, _three_of_a_kind(), state) as ends:
        yield bench, {bus: str(getattr(end, "port", getattr(end, "link", ""))) for bus, end in ends.items()}


def _three_of_a_kind() -> Site:
    """One relay board, and one drawer on it, on each kind of line."""
    buses = [
        {"id": "pty", "kind": "serial", "framing": "rtu", "baud": 115200},
        {"id": "mbap", "kind": "tcp", "framing": "mbap", "port": 0},
        {"id": "gate", "kind": "tcp", "framing": "rtu", "port": 0},
    ]
    boards = [{"id": f"on-{bus['id']}", "bus": bus["id"], "address": 2, "model": "waveshare_relay_d8"} for bus in buses]
    drawers = [
        {"id": name, "name": name, "kind": "matrix", "lock": f"{name}:0", "closed": f"{name}:0", "pocket": [{"id": name}]}
        for name in (board["id"] for board in boards)
    ]
    return small_site(bus=buses, board=boards, drawer=drawers)


class PtyHost:
    """A program at the other side of a pseudo-terminal."""

    def __init__(self, link: str) -> None:
        self._fd = os.open(link, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
        tty.setraw(self._fd)

    async def ask(self, frame: bytes, length: int) -> bytes:
        """Send, and read until there are `length` bytes."""
        os.write(self._fd, frame)
        heard, loop, more = b"", asyncio.get_running_loop(), asyncio.Event()
        loop.add_reader(self._fd, more.set)
        while len(heard) < length:
            await more.wait()
            more.clear()
            heard += os.read(self._fd, 512)
        loop.remove_reader(self._fd)
        return heard

    def close(self) -> None:
        """Hang up."""
        os.close(self._fd)


@pytest.mark.real
async def test_the_same_board_says_the_same_over_every_kind_of_line(tmp_path: Path) -> None:
    """Cable, pseudo-terminal, Modbus TCP and RTU over TCP differ in wrapping only."""
    twin = build(_three_of_a_kind(), 1)
    said: asyncio.Queue[bytes] = asyncio.Queue()
    twin.cables["pty"].attach(said.put_nowait, lambda _why: None)
    await twin.cables["pty"].open()
    async with asyncio.timeout(20), served(tmp_path) as (_, places):
        host = PtyHost(places["pty"])
        over_mbap = await asyncio.open_connection("127.0.0.1", int(places["mbap"]))
        over_gate = await asyncio.open_connection("127.0.0.1", int(places["gate"]))
        for number, pdu in enumerate(REQUESTS):
            frame = rtu(2, pdu)
            twin.cables["pty"].write(frame)
            expected = await said.get()
            assert await host.ask(frame, len(expected)) == expected
            over_gate[1].write(frame)
            assert await over_gate[0].readexactly(len(expected)) == expected
            over_mbap[1].write(mbap(number, 2, pdu))
            message = mbap(number, 2, expected[1:-2])
            assert await over_mbap[0].readexactly(len(message)) == message
        host.close()
        for _, writer in (over_mbap, over_gate):
            writer.close()
            await writer.wait_closed()
    twin.cables["pty"].close()


@pytest.mark.real
async def test_a_pty_that_is_pulled_out_hangs_up_and_comes_back_anew(tmp_path: Path) -> None:
    """As a USB adapter does: the device vanishes, and returns under its link as another terminal."""
    async with served(tmp_path) as (bench, places):
        before = os.readlink(places["pty"])  # noqa: PTH115  # pathlib is not for coroutines
        host = os.open(places["pty"], os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
        bench.faults.cause(Fault("line_unplugged", "pty"))
        assert os.listdir(tmp_path / "lines") == []  # noqa: PTH208
        with pytest.raises(OSError, match="Input/output error"):
            os.write(host, b"x")
        bench.faults.mend()
        assert os.readlink(places["pty"]) != before  # noqa: PTH115
        os.close(host)


@pytest.mark.real
async def test_a_port_that_was_chosen_freely_is_kept(tmp_path: Path) -> None:
    """A controller that found the port once finds it there after a restart of the simulator."""
    async with served(tmp_path) as (_, first):
        pass
    async with served(tmp_path) as (_, second):
        assert second["mbap"] == first["mbap"]


@pytest.mark.real
async def test_nonsense_closes_a_modbus_tcp_connection(tmp_path: Path) -> None:
    """A server that lost its place in the stream hangs up; others stay connected."""
    async with asyncio.timeout(10), served(tmp_path) as (_, places):
        reader, writer = await asyncio.open_connection("127.0.0.1", int(places["mbap"]))
        writer.write(b"GET / HTTP/1.1\r\n\r\n")
        assert await reader.read() == b""
        writer.close()
        await writer.wait_closed()


@virtual
async def test_sagging_supply_ends_the_pulse_and_silences_the_board() -> None:
    """A lock's current pulls the board's own supply down: the relay drops long before its time."""
    bench, cable, listener = await plugged()
    bench.faults.cause(Fault("supply_sags"))
    await say(cable, rtu(2, PULSE), 0.1)
    await say(cable, rtu(2, READ_INPUTS))
    assert len(listener.heard) == 1
    assert [round(pulse.length_s or 9, 2) for pulse in bench.plant.pulses] == [0.02]
    await say(cable, rtu(2, READ_INPUTS))
    assert len(listener.heard) == 2


@virtual
async def test_renamed_adapter_is_lost_and_there_again() -> None:
    """The cable was never pulled: whoever opens it by its stable name finds it at once."""
    bench, cable, listener = await plugged()
    bench.faults.cause(Fault("adapter_renamed", "locks"))
    assert len(listener.lost) == 1
    await cable.open()
    await say(cable, rtu(2, READ_INPUTS))
    assert len(listener.heard) == 1


def number_of(reply: bytes) -> int | str:
    """Which question a Modbus TCP reply names as its own."""
    return int.from_bytes(reply[:2], "big")


def state_of(reply: bytes) -> int | str:
    """Whether an RTU frame came through as it was sent."""
    return "broken" if rtu_parts(reply) is None else "whole"


@pytest.mark.parametrize(
    ("fault", "bus", "said", "heard", "pulsed"),
    [
        pytest.param(Fault("line_dead", "locks"), "locks", [rtu(2, PULSE)], [], [], id="a cut pair: nothing is done that was not heard"),
        pytest.param(
            Fault("gateway_buffers", "net"), "net", [mbap(number, 2, READ_INPUTS) for number in (1, 2, 3)], [1, 2], [],
            id="a gateway that buffers: every answer belongs to the question before",
        ),
        pytest.param(
            Fault("line_disturbed", "locks"), "locks",
            [rtu(2, READ_INPUTS), rtu(2, PULSE), rtu(2, READ_INPUTS)], ["whole", "broken", "whole"], ["a:0"],
            id="a missing diode: it shows at pulses and at no other time",
        ),
        pytest.param(
            Fault("address_doubled", "b"), "locks", [rtu(2, PULSE)], ["whole"], ["a:0", "b:0"],
            id="another board's address: two drawers open at one order, and both reply at once",
        ),
    ],
)  # fmt: skip
@virtual
async def test_whole_lines_suffer_what_the_table_says(
    fault: Fault, bus: str, said: list[bytes], heard: list[int | str], pulsed: list[str]
) -> None:
    """The port is there all the while, and nobody is told of a loss."""
    bench, cable, listener = await plugged(bus)
    bench.faults.cause(fault)
    for frame in said:
        await say(cable, frame, 2)
    read = number_of if bus == "net" else state_of
    assert [read(data) for _, data in listener.heard] == heard
    assert sorted(pulse.channel for pulse in bench.plant.pulses) == pulsed
    assert not listener.lost

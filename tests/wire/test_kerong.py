"""Kerong lock boards on the wire: golden frames against driver and simulated board, public frames, and what must not be said."""

import json
import random
import tomllib
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from cabinet.ports import DeviceFault, GarbledReply, NoReply, WrongReply
from config.models import MODELS
from drivers.exchange import Pace, Question
from drivers.kerong import Kerong, KerongMap, KerongSettings
from drivers.kerong_frame import KerongFrames
from drivers.owner import Owner
from firmware_sim.agenda import Agenda
from firmware_sim.coil import Coil, Pulse
from firmware_sim.fault import Faults
from firmware_sim.kerong import Habits
from firmware_sim.kerong import Kerong as SimulatedKerong
from firmware_sim.kerong_frame import KerongSegment, bodies, wrap
from tests.scripted_line import ScriptedLine, in_turn
from tests.virtual import running, virtual

VECTORS = tomllib.loads((Path(__file__).parent / "vectors/kerong.toml").read_text())["frame"]
GOLDEN: dict[str, dict[str, Any]] = {frame["name"]: frame for frame in VECTORS}
PUBLIC = Path(__file__).parents[2].parent / "shared/data/device/kerong_cu16_frames.json"
UNLOCK, TIME = 0x31, 0x37
FORBIDDEN = {0x32, 0x33, 0x39, 0x40}


def settings(**chosen: bool | int) -> KerongSettings:
    """A board's settings: the model's defaults, and what differs."""
    return KerongSettings.from_settings(MODELS["kerong_cu16"].settled(chosen))


def driver(owner: Owner, unit: int = 1, **chosen: bool | int) -> Kerong:
    """A board's driver."""
    return Kerong(owner, "lock-a", unit, KerongMap.from_table(MODELS["kerong_cu16"].table), settings(**chosen))


class Board:
    """A simulated board alone on its line."""

    def __init__(self, unit: int = 1, closed: tuple[int, ...] = (), seen: tuple[int, ...] = (), **habits: bool | int) -> None:
        self.agenda, self.faults, self.pulses = Agenda(), Faults(random.Random(0)), list[Pulse]()
        self.coils = [Coil(f"a:{number}", self.faults, self.pulses) for number in range(16)]
        levels = [number in closed for number in range(16)] + [number in seen for number in range(16)]
        wired = Habits.of({"closed_bit": 1, "replies_to_unlock": False} | habits, {"step_ms": 10, "energise_ms": 550, "longest_ms": 24_000})
        readings = [lambda _at_s, is_on=is_on: is_on for is_on in levels]
        self.board = SimulatedKerong("a", unit, self.coils, readings, self.agenda, self.faults, wired)
        self.segment = KerongSegment("locks", [self.board], self.agenda, self.faults)

    @property
    def on(self) -> list[int]:
        """Which locks are energised."""
        return [number for number in range(16) if self.coils[number].is_energised]

    def hear(self, heard: bytes, at_s: float = 0.0) -> bytes:
        """What comes back for these bytes."""
        return b"".join(data for _, data in self.segment.hear_rtu(heard, at_s))


@pytest.mark.parametrize("frame", VECTORS, ids=list(GOLDEN))
def test_simulated_board_keeps_to_the_golden_frames(frame: dict[str, Any]) -> None:
    """The public drivers are the third witness."""
    made = Board(frame.get("unit", 1), **frame.get("given", {}))
    assert made.hear(bytes.fromhex(frame["request"])).hex(" ").upper() == frame["reply"]
    assert made.on == frame.get("then_on", [])
    if "then_off_after_ms" in frame:
        made.agenda.advance(frame["then_off_after_ms"] / 1000 - 0.001)
        assert made.on == frame["then_on"]
        made.agenda.advance(frame["then_off_after_ms"] / 1000 + 0.001)
        assert made.on == []
    if "then_on_after_ms" in frame:
        made.agenda.advance(frame["then_on_after_ms"] / 1000)
        assert made.on == [2]
    assert made.board.energise_ms == frame.get("then_energise_ms", 550)


async def exchanged(make: Callable[[Owner], Callable[[], Awaitable[object]]], *names: str) -> tuple[object, list[str]]:
    """Run one call of a driver on a line that knows these golden frames; returns what the call returned, and the frames that were said."""
    replies = {bytes.fromhex(GOLDEN[name]["request"]): bytes.fromhex(GOLDEN[name]["reply"]) for name in names}
    line = ScriptedLine(lambda frame: [(0.001, replies[frame])] if replies[frame] else [])
    owner = Owner("bus", line, KerongFrames(19200), Pace())
    async with running(owner.run()):
        await owner.tried.wait()
        result = await make(owner)()
    named = {GOLDEN[name]["request"]: name for name in names}
    return result, [named[frame.hex(" ").upper()] for frame in line.frames]


def answers_of(board: Board) -> Callable[[bytes], list[tuple[float, bytes]]]:
    """The script of a line with this board alone on it."""
    return lambda frame: [(0.001, reply)] if (reply := board.hear(frame)) else []


STATUSES = ("status of board 1", "status of board 1 where 0 is closed", "status of board 9")


@pytest.mark.parametrize("name", STATUSES)
@virtual
async def test_driver_reads_golden_status(name: str) -> None:
    """Which lock bit is closed is the site's to say; the same bytes mean the opposite."""
    given_ = GOLDEN[name]["given"]

    def make(owner: Owner) -> Callable[[], Awaitable[object]]:
        return driver(owner, GOLDEN[name].get("unit", 1), closed_bit=given_.get("closed_bit", 1)).read_inputs

    result, said = await exchanged(make, name)
    wanted = [number in given_["closed"] for number in range(16)] + [number in given_["seen"] for number in range(16)]
    assert (result, said) == (tuple(wanted), [name, name])


@virtual
async def test_driver_sends_golden_unlock() -> None:
    """With the energise time in place, an unlock is one frame, answered or not."""
    time, silent, answered = "ask for the energise time", "unlock lock 4", "unlock lock 15, answered"

    def quiet(owner: Owner) -> Callable[[], Awaitable[object]]:
        return lambda: driver(owner).pulse(4, 550)

    def loud(owner: Owner) -> Callable[[], Awaitable[object]]:
        return lambda: driver(owner, replies_to_unlock=True).pulse(15, 550)

    assert (await exchanged(quiet, time, silent))[1] == [time, silent]
    assert (await exchanged(loud, time, answered))[1] == [time, answered]


@virtual
async def test_start_sets_the_energise_time_reads_it_back_and_sees_the_board() -> None:
    """No lock is used before it is known how long it will be energised."""
    asked = bytes.fromhex(GOLDEN["ask for the energise time"]["request"])
    told = bytes.fromhex(GOLDEN["set the energise time to 300 ms"]["request"])
    status = bytes.fromhex(GOLDEN["status of board 1"]["request"])
    answer = bytes.fromhex(GOLDEN["status of board 1"]["reply"])
    old, new = bytes.fromhex(GOLDEN["ask for the energise time"]["reply"]), wrap(bytes.fromhex("1038001E"))
    line = ScriptedLine(in_turn([[(0.001, old)], [], [(0.001, new)], [(0.001, answer)], [(0.001, answer)]]))
    owner = Owner("bus", line, KerongFrames(19200), Pace())
    async with running(owner.run()):
        await owner.tried.wait()
        await driver(owner).start()
    assert line.frames == [asked, told, asked, status, status]


@virtual
async def test_board_that_keeps_its_own_energise_time_is_not_used() -> None:
    """A time that was told and did not take is found out before a coil burns."""
    line = ScriptedLine(lambda frame: [(0.001, wrap(bytes.fromhex("10380960")))] if len(frame) == 5 else [])
    owner = Owner("bus", line, KerongFrames(19200), Pace())
    async with running(owner.run()):
        await owner.tried.wait()
        with pytest.raises(WrongReply, match="24000 ms after 300 ms"):
            await driver(owner).start()
        with pytest.raises(WrongReply, match="24000 ms"):
            await driver(owner).all_off()
        with pytest.raises(WrongReply, match="24000 ms"):
            await driver(owner).pulse(0, 300)
    assert not [frame for frame in line.frames if frame[2] == UNLOCK]


def status(locks: int, sensors: int = 0) -> bytes:
    """A status frame of board 1."""
    return wrap(bytes((0x10, 0x35)) + locks.to_bytes(2, "little") + sensors.to_bytes(2, "little"))


async def readings(count: int, *answers: bytes, closed_bit: int = 1) -> tuple[list[tuple[bool, ...]], int]:
    """So many readings of a board that answers with these frames, and how many frames that took."""
    line = ScriptedLine(in_turn([[(0.001, answer)] for answer in answers]))
    owner = Owner("bus", line, KerongFrames(19200), Pace())
    async with running(owner.run()):
        await owner.tried.wait()
        board = driver(owner, closed_bit=closed_bit)
        return [await board.read_inputs() for _ in range(count)], len(line.frames)


@virtual
async def test_one_frame_alone_closes_nothing() -> None:
    """The sum is eight bits: a spoilt frame may pass. The first reading takes two frames, later ones one, a change two."""
    closed, opened = status(0xFFFF), status(0xFFFE)
    results, frames = await readings(3, closed, closed, closed, opened, opened)
    assert ([reading[0] for reading in results], frames) == ([True, True, False], 5)
    results, frames = await readings(2, opened, opened, closed, opened, opened)
    assert ([reading[0] for reading in results], frames) == ([False, False], 5)


@pytest.mark.parametrize("closed_bit", [0, 1])
@virtual
async def test_loose_contact_costs_its_own_drawer_and_no_other(closed_bit: int) -> None:
    """Where no two frames agree, what differs is open, whatever the polarity; fifteen drawers stay in use."""
    flip = (0xFFFF, 0xFFFB) if closed_bit else (0x0000, 0x0004)
    (reading,), frames = await readings(1, *[status(flip[n % 2]) for n in range(4)], closed_bit=closed_bit)
    assert frames == 4
    assert [number for number in range(16) if not reading[number]] == [2]


@virtual
async def test_wrong_polarity_never_keeps_an_unlock_from_being_sent() -> None:
    """A public driver reports 'opened' without a frame sent when its polarity is wrong; here no reading decides about an order."""
    for closed_bit in (0, 1):
        for locks in (0x0000, 0xFFFF):
            board = Board(closed=tuple(range(16)) if locks else ())
            line = ScriptedLine(answers_of(board))
            owner = Owner("bus", line, KerongFrames(19200), Pace())
            async with running(owner.run()):
                await owner.tried.wait()
                made = driver(owner, closed_bit=closed_bit)
                await made.start()
                await made.read_inputs()
                await made.pulse(3, 300)
            assert [frame for frame in line.frames if frame[2] == UNLOCK] == [bytes.fromhex("0213310349")]
            assert [pulse.channel for pulse in board.pulses] == ["a:3"]


@virtual
async def test_no_call_sends_a_forbidden_command() -> None:
    """Everything that the driver can say, on every lock, at every length: never all locks, never later, never the baud."""
    board = Board()
    line = ScriptedLine(answers_of(board))
    owner = Owner("bus", line, KerongFrames(19200), Pace())
    async with running(owner.run()):
        await owner.tried.wait()
        made = driver(owner)
        for number in range(16):
            for hold_ms in (10, 300, 1000, 99_999):
                await made.pulse(number, hold_ms)
        await made.start()
        await made.all_off()
        await made.identify()
        for number in (-1, 16, 31, 255):
            before = len(line.frames)
            with pytest.raises(ValueError, match="outputs 0 to 15"):
                await made.pulse(number, 300)
            assert len(line.frames) == before, "a number is judged before a frame is made of it"
        with pytest.raises(ValueError, match="light"):
            await made.switch(0, is_on=True)
    assert not {frame[2] for frame in line.frames} & FORBIDDEN
    assert max(int.from_bytes(frame[3:5], "big") for frame in line.frames if frame[2] == TIME and len(frame) == 7) == 100


@virtual
async def test_unlock_that_is_not_answered_is_not_sent_again() -> None:
    """A site that says 'answered' of a board that is silent: the lock moves once, and the fault says that it may have."""
    board = Board()
    line = ScriptedLine(answers_of(board))
    owner = Owner("bus", line, KerongFrames(19200), Pace())
    async with running(owner.run()):
        await owner.tried.wait()
        with pytest.raises(NoReply) as caught:
            await driver(owner, replies_to_unlock=True).pulse(0, 550)
    assert caught.value.moved
    assert len(board.pulses) == 1


@pytest.mark.parametrize(
    ("reply", "fault"),
    [
        ("02 20 35 FE FF 01 00 03 58", NoReply),  # another board
        ("02 10 38 00 37 03 84", WrongReply),  # another question's
        ("02 10 35 FE FF 01 00 03 49", GarbledReply),  # sum
        ("02 10 35 FE FF 01 00 04 49", GarbledReply),  # no ETX
        ("02 10 35 FE FF", GarbledReply),  # cut
        ("02 10 30 03 45", GarbledReply),  # our own voice
    ],
)
@virtual
async def test_what_is_no_answer_is_no_status(reply: str, fault: type[DeviceFault]) -> None:
    """Every check that the dialect makes, broken once."""
    line = ScriptedLine(lambda _: [(0.001, bytes.fromhex(reply))])
    owner = Owner("bus", line, KerongFrames(19200), Pace())
    async with running(owner.run()):
        await owner.tried.wait()
        with pytest.raises(fault):
            await driver(owner).read_inputs()


@given(st.binary(max_size=20), st.binary(max_size=20))
def test_answer_is_found_between_noise(before: bytes, after: bytes) -> None:
    """Whatever stands around it; noise with an STX may look like the beginning of a longer answer, and costs time."""
    assume(0x02 not in before)
    question = Question("lock-a", 1, b"\x10\x30", b"\x10\x35", 6)
    answer = status(0xA55A, 0x0FF0)
    heard = bytearray(before + answer + after)
    assert KerongFrames(19200).answer(question, heard) == answer[1:-2]
    assert bytes(heard) == after


def public_frames() -> list[Any]:
    """Frames of public drivers and tables, where the folder is there."""
    if not PUBLIC.exists():
        return []
    return [pytest.param(frame, id=f"{n}-{frame['frame']}") for n, frame in enumerate(json.loads(PUBLIC.read_text())["frames"])]


@pytest.mark.parametrize("frame", public_frames())
def test_public_frames_are_heard_but_for_two_that_are_wrong(frame: dict[str, Any]) -> None:
    """Two published constants have wrong sums: one is the sum of another address, one the next of a row whose address did not go on."""
    heard = list(bodies(bytes.fromhex(frame["frame"])))
    if frame["checksum_ok"]:
        assert heard == [bytes.fromhex(frame["frame"])[1:-2]]
    else:
        assert heard == []
        assert frame["frame"] in {"021030033e", "020f310349"}


def test_dialect_makes_the_public_unlock_frames() -> None:
    """Byte for byte what the tables say for each lock of board 0, where their sums are right."""
    for number in range(16):
        question = Question("lock-a", 0, bytes((number, UNLOCK)), b"")
        assert KerongFrames(19200).frame(question).hex() == f"02{number:02x}3103{0x36 + number:02x}"


@given(st.binary(max_size=60))
def test_noise_opens_nothing(noise: bytes) -> None:
    """No bytes crash a board, and only a whole frame with an unlock moves anything."""
    made = Board()
    made.hear(noise)
    made.agenda.advance(300.0)
    orders = {body[1] for body in bodies(noise) if body[0] >> 4 == 1}
    assert not made.pulses or orders & {0x31, 0x33, 0x39}


@pytest.mark.parametrize(
    ("table", "why"),
    [
        ({"locks": 16, "sensors": 16}, "has"),
        ({"locks": 17, "sensors": 16, "step_ms": 10}, "locks"),
        ({"locks": 16, "sensors": True, "step_ms": 10}, "sensors"),
        ({"locks": 16, "sensors": 16, "step_ms": 0}, "step_ms"),
    ],
)
def test_map_that_is_none_is_refused(table: dict[str, Any], why: str) -> None:
    """A lock number above fifteen would reach into the next board's address."""
    with pytest.raises(ValueError, match=why):
        KerongMap.from_table(table)


@pytest.mark.parametrize("chosen", [{"closed_bit": 2}, {"energise_ms": 24_000}, {"replies_to_unlock": 1}])
def test_settings_that_are_none_are_refused(chosen: dict[str, int]) -> None:
    """A driver does not rely on the site having been checked."""
    with pytest.raises(ValueError, match="closed_bit is 0 or 1"):
        settings(**chosen)

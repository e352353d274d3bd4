"""The owner of a line: who speaks next, how long the line is silent, and what becomes of an answer that comes too late."""

import asyncio
from collections.abc import Sequence

import pytest

from cabinet.ports import DeviceRefused, GarbledReply, LineLost, NoReply, WrongReply
from drivers.bus import reading_inputs, reading_registers, writing_coil
from drivers.exchange import Dialect, Pace, Question, Rank
from drivers.framing import Mbap, Rtu
from drivers.owner import Owner
from tests.scripted_line import Reply, Script, ScriptedLine, in_turn, rtu
from tests.virtual import running, virtual

BAUD = 19200
SILENCE_S = 3.5 * 10 / BAUD
PACE = Pace(reply_timeout_s=0.2, quiet_s=0.25)
INPUTS = reading_inputs("door-a", 1, 0, 8)
REGISTERS = reading_registers("scale-a", 1, 6, 1)
PULSE = writing_coil("lock-a", 1, 0x0200, 3, moves=True)
GOOD = rtu("01 02 01 0D")


def bus(script: Script, dialect: Dialect | None = None, pace: Pace = PACE) -> tuple[Owner, ScriptedLine]:
    """An owner on a scripted RTU line at 19200 8N1, whose questions take their time on the wire."""
    dialect = dialect or Rtu(BAUD)
    line = ScriptedLine(script, lambda frame: len(frame) * 10 / BAUD if isinstance(dialect, Rtu) else 0.0)
    return Owner("bus-a", line, dialect, pace), line


def ask(owner: Owner, question: Question, rank: Rank = Rank.DOOR, tries: int = 1) -> asyncio.Task[bytes]:
    """Ask beside the test."""
    return asyncio.ensure_future(owner.ask(question, rank, tries))


async def opened(owner: Owner) -> None:
    """Wait until the line is open and the quiet window of the opening is over."""
    await owner.tried.wait()
    await asyncio.sleep(PACE.quiet_s)


def now() -> float:
    """The loop's time."""
    return asyncio.get_running_loop().time()


@virtual
async def test_more_urgent_questions_overtake() -> None:
    """An unlock must not wait for a scan, nor anything for all-off."""
    owner, line = bus(lambda frame: [(0.001, rtu(frame[:2].hex() + "01 00"))])
    units = {Rank.REST: 6, Rank.SCALE: 5, Rank.DOOR: 4, Rank.VERIFY: 3, Rank.UNLOCK: 2, Rank.ALL_OFF: 1}
    async with running(owner.run()):
        await opened(owner)
        first = ask(owner, reading_inputs("first", 9, 0, 8))
        waiting = [ask(owner, reading_inputs(rank.name, unit, 0, 8), rank) for rank, unit in units.items()]
        await asyncio.gather(first, *waiting)
    assert [frame[0] for frame in line.frames] == [9, 1, 2, 3, 4, 5, 6]


@virtual
async def test_an_order_is_on_a_free_line_before_its_caller_goes_on() -> None:
    """No turn of the event loop lies between the unlock and the wire; and a line that is not there says so at once."""
    owner, line = bus(lambda frame: [(0.001, frame)])
    with pytest.raises(LineLost):
        owner.order(PULSE, Rank.UNLOCK)
    async with running(owner.run()):
        await opened(owner)
        pulse = owner.order(PULSE, Rank.UNLOCK)
        assert len(line.frames) == 1
        assert await pulse == PULSE.body
        await asyncio.sleep(5)
        assert len(line.frames) == 1


@virtual
async def test_no_rank_starves() -> None:
    """A scan that never pauses leaves every fourth turn to scales and the rest."""
    owner, line = bus(lambda frame: [(0.001, rtu(frame[:2].hex() + "01 00"))])
    async with running(owner.run()):
        await opened(owner)
        doors = [ask(owner, INPUTS) for _ in range(40)]
        rests = [ask(owner, reading_inputs("rest", 2, 0, 8), Rank.REST) for _ in range(3)]
        await asyncio.gather(*doors, *rests)
    last_rest = max(index for index, frame in enumerate(line.frames) if frame[0] == 2)
    assert last_rest < 16


@pytest.mark.parametrize("baud", [4800, 9600, 19200, 38400, 115200])
@virtual
async def test_silence_is_kept_before_every_frame(baud: int) -> None:
    """Frames are told apart by 3.5 characters of silence (1.75 ms above 19200): broken, boards glue frames together."""
    line = ScriptedLine(lambda _: [(0.001, GOOD)], lambda frame: len(frame) * 10 / baud)
    owner = Owner("bus-a", line, Rtu(baud), PACE)
    async with running(owner.run()):
        await asyncio.gather(*(ask(owner, INPUTS) for _ in range(20)))
    silence_s = 0.00175 if baud > 19200 else 35 / baud
    gaps = [sent - heard for (sent, _), heard in zip(line.sent[1:], line.heard, strict=False)]
    assert min(gaps) >= silence_s - 1e-9
    assert max(gaps) < silence_s + 1e-6


@virtual
async def test_late_answer_falls_into_quiet_window() -> None:
    """An RTU answer has no number: one that comes after its question was given up must answer nothing."""
    owner, line = bus(in_turn([[(0.3, rtu("01 02 01 FF"))], [(0.001, GOOD)]]))
    async with running(owner.run()):
        await opened(owner)
        late, next_one = ask(owner, INPUTS), ask(owner, INPUTS)
        with pytest.raises(NoReply):
            await late
        assert await next_one == GOOD[1:-2]
    assert line.sent[1][0] >= line.heard[0] + PACE.quiet_s - 1e-9


@virtual
async def test_quiet_window_starts_again_with_every_byte() -> None:
    """A board that dribbles is waited for until it has said all."""
    owner, line = bus(in_turn([[(0.25 + 0.1 * step, b"\x55") for step in range(8)], [(0.001, GOOD)]]))
    async with running(owner.run()):
        await opened(owner)
        with pytest.raises(NoReply):
            await ask(owner, INPUTS)
        await ask(owner, INPUTS)
    assert line.sent[1][0] >= line.heard[7] + PACE.quiet_s - 1e-9


@virtual
async def test_line_that_never_falls_silent_is_told_and_survived() -> None:
    """A babbling board must not make everybody wait for ever, nor be the end of the bus."""
    owner, line = bus(in_turn([(), [(0.001, GOOD)]]))
    async with running(owner.run()):
        await opened(owner)
        with pytest.raises(NoReply):
            await ask(owner, INPUTS)
        for step in range(100):
            asyncio.get_running_loop().call_later(0.1 * step, line.say, b"\xff")
        with pytest.raises(GarbledReply, match="never falls silent"):
            await ask(owner, INPUTS)
        await asyncio.sleep(10)
        assert await ask(owner, INPUTS) == GOOD[1:-2]


WRONG = {
    "another function": rtu("01 01 01 0D"),
    "another byte count": rtu("01 02 02 0D 00"),
    "another function's exception": rtu("01 81 02"),
    "an echo": rtu("01 05 00 00 FF 00"),
}


@pytest.mark.parametrize("reply", WRONG.values(), ids=WRONG.keys())
@virtual
async def test_wrong_reply_is_told_and_followed_by_quiet(reply: bytes) -> None:
    """Unit, function and byte count must match the question; after a wrong one the right one may still be on its way."""
    owner, line = bus(in_turn([[(0.001, reply), (0.1, GOOD)], [(0.001, GOOD)]]))
    async with running(owner.run()):
        await opened(owner)
        with pytest.raises(WrongReply) as caught:
            await ask(owner, INPUTS)
        assert not caught.value.moved
        assert await ask(owner, INPUTS) == GOOD[1:-2]
    assert line.sent[1][0] >= line.heard[1] + PACE.quiet_s - 1e-9


@pytest.mark.parametrize("echo", ["01 05 02 07 00 03", "01 05 02 00 00 04", "01 05 02 00 FF 00", "01 06 02 00 00 03"])
@virtual
async def test_wrong_echo_leaves_the_pulse_open(echo: str) -> None:
    """An echo of another coil or value is no success, and the order may have been carried out all the same; it is sent once."""
    owner, line = bus(in_turn([[(0.001, rtu(echo))]]))
    async with running(owner.run()):
        with pytest.raises(WrongReply) as caught:
            await ask(owner, PULSE, Rank.UNLOCK)
        assert caught.value.moved
        await asyncio.sleep(5)
    assert line.frames == [rtu("01 05 02 00 00 03")]


@pytest.mark.parametrize("replies", [[], [(0.001, rtu("01 05 02 00 00 03")[:-1] + b"\x00")], [(0.4, rtu("01 05 02 00 00 03"))]])
@virtual
async def test_pulse_is_never_sent_twice(replies: Sequence[Reply]) -> None:
    """Lost, garbled or late: a second pulse by itself would open a drawer nobody asked for."""
    owner, line = bus(in_turn([replies]))
    async with running(owner.run()):
        with pytest.raises((NoReply, GarbledReply)) as caught:
            await ask(owner, PULSE, Rank.UNLOCK)
        assert caught.value.moved
        await asyncio.sleep(5)
    assert len(line.frames) == 1
    with pytest.raises(AssertionError):
        await owner.ask(PULSE, Rank.UNLOCK, tries=2)


@virtual
async def test_bytes_before_the_question_has_left_are_not_its_answer() -> None:
    """The second copy of the answer before, still coming in: a whole right frame, and yet of another time."""
    owner, line = bus(in_turn([[(0.001, rtu("01 02 01 FF"))], [(0.001, GOOD)]]))
    async with running(owner.run()):
        await opened(owner)
        await ask(owner, INPUTS)
        asking = ask(owner, INPUTS)
        asyncio.get_running_loop().call_later(SILENCE_S + 0.002, line.say, rtu("01 02 01 FF"))
        assert await asking == GOOD[1:-2]


@virtual
async def test_line_faster_than_its_baud_costs_one_timeout() -> None:
    """A stand-in without a baud of its own answers at once: after one question that nothing else answered, it is believed."""
    owner, line = bus(lambda _: [(0.0, GOOD)])
    line.asking_s = lambda _: 0.0
    async with running(owner.run()):
        assert await ask(owner, INPUTS, tries=2) == GOOD[1:-2]
        assert await ask(owner, INPUTS) == GOOD[1:-2]
    assert len(line.frames) == 3


@virtual
async def test_reply_of_unexpected_unit_is_dropped_and_waiting_goes_on() -> None:
    """Modbus over Serial Line 2.4.1: the time-out keeps running."""
    owner, _ = bus(in_turn([[(0.001, rtu("02 02 01 FF")), (0.1, GOOD)]]))
    async with running(owner.run()):
        assert await ask(owner, INPUTS) == GOOD[1:-2]


NOISY = {
    "leading zeros": [(0.001, b"\x00\x00" + GOOD)],
    "leading FF": [(0.001, b"\xff" + GOOD)],
    "leading header of the same unit": [(0.001, b"\x01\x02" + GOOD)],
    "leading exception": [(0.001, b"\x01\x83" + GOOD)],
    "byte by byte": [(0.001 * step, GOOD[step - 1 : step]) for step in range(1, len(GOOD) + 1)],
    "glued to another unit's": [(0.001, rtu("02 02 01 FF") + GOOD)],
    "broken frame, then the answer": [(0.001, rtu("01 02 01 FF")[:-1] + b"\x00" + GOOD)],
    "a glitch behind": [(0.001, GOOD + b"\x00")],
    "said twice": [(0.001, GOOD + GOOD)],
}


@pytest.mark.parametrize("replies", NOISY.values(), ids=NOISY.keys())
@virtual
async def test_answer_is_found_by_its_check_sum(replies: Sequence[Reply]) -> None:
    """Noise of transceivers turning round must not cost the answer, and the next one must be the next one."""
    owner, _ = bus(in_turn([replies, [(0.001, rtu("01 02 01 42"))]]))
    async with running(owner.run()):
        assert await ask(owner, INPUTS) == GOOD[1:-2]
        assert await ask(owner, INPUTS) == b"\x02\x01\x42"


@virtual
async def test_line_that_repeats_what_we_say_is_found_out() -> None:
    """A two-wire adapter with its echo on confirms every order by itself; the readings at the start give it away."""
    owner, line = bus(in_turn([]))
    line.script = lambda frame: [(0.0, frame), (0.01, GOOD)]
    async with running(owner.run()):
        with pytest.raises(WrongReply, match="echo"):
            await ask(owner, INPUTS)


@pytest.mark.parametrize("reply", [GOOD[:-1], GOOD[:-1] + b"\x00", b"\x01", b"\x55" * 300])
@virtual
async def test_bytes_without_a_frame_are_garbled(reply: bytes) -> None:
    """Noise is told apart from silence: the one is a cable to mend, the other a board."""
    owner, _ = bus(in_turn([[(0.001, reply)]]))
    async with running(owner.run()):
        with pytest.raises(GarbledReply):
            await ask(owner, INPUTS)
        assert (owner.tally.garbled, owner.health.unit("door-a").misses) == (1, 1)


@virtual
async def test_reads_are_repeated_as_often_as_the_caller_says() -> None:
    """A read may be repeated, after the quiet window each time."""
    owner, line = bus(in_turn([[], [(0.001, GOOD[:-1])], [(0.001, GOOD)]]))
    async with running(owner.run()):
        assert await ask(owner, INPUTS, tries=3) == GOOD[1:-2]
    assert len(line.frames) == 3
    assert owner.health.unit("door-a").misses == 0


@pytest.mark.parametrize(("reason", "moved"), [(1, False), (2, False), (3, False), (4, True), (5, True), (6, False)])
@virtual
async def test_refusal_tells_its_reason_and_whether_anything_was_done(reason: int, moved: bool) -> None:
    """Exceptions 1, 2, 3 and 6 come before anything is done; after the others the order may be under way. No quiet window is due."""
    owner, line = bus(in_turn([[(0.001, rtu(f"01 85 {reason:02x}"))], [(0.001, GOOD)]]))
    async with running(owner.run()):
        with pytest.raises(DeviceRefused) as caught:
            await ask(owner, PULSE, Rank.UNLOCK)
        assert (caught.value.reason, caught.value.moved) == (reason, moved)
        await ask(owner, INPUTS)
    assert line.sent[1][0] - line.heard[0] < 2 * SILENCE_S


@virtual
async def test_cancelled_caller_never_cuts_an_exchange() -> None:
    """The answer to a question whose caller has gone must not become the answer to the next one."""
    owner, line = bus(in_turn([[(0.15, rtu("01 02 01 FF"))], [(0.001, GOOD)]]))
    async with running(owner.run()):
        await opened(owner)
        gone = ask(owner, INPUTS)
        await asyncio.sleep(0.05)
        gone.cancel()
        assert await ask(owner, INPUTS) == GOOD[1:-2]
    assert line.sent[1][0] >= line.heard[0] + SILENCE_S - 1e-9


@virtual
async def test_cancelled_question_that_waits_is_dropped() -> None:
    """Nobody wants the answer any more, and a pulse that was called off must not be sent."""
    owner, line = bus(in_turn([[(0.1, GOOD)]]))
    async with running(owner.run()):
        await opened(owner)
        first, pulse = ask(owner, INPUTS), ask(owner, PULSE, Rank.UNLOCK)
        await asyncio.sleep(0.05)
        pulse.cancel()
        await first
        await asyncio.sleep(1)
    assert len(line.frames) == 1


@virtual
async def test_lost_line_fails_all_and_is_opened_again_for_ever() -> None:
    """A cable pulled out: who was in flight may have been heard, who waits was not; from 0.25 s the tries slow down to 8 s."""
    owner, line = bus(lambda _: ())
    async with running(owner.run()):
        await opened(owner)
        start = now()
        flying, waiting = ask(owner, PULSE, Rank.UNLOCK), ask(owner, PULSE, Rank.UNLOCK)
        await asyncio.sleep(0.05)
        line.cut()
        for task, moved in ((flying, True), (waiting, False)):
            with pytest.raises(LineLost) as caught:
                await task
            assert caught.value.moved is moved
        with pytest.raises(LineLost):
            await owner.ask(INPUTS, Rank.DOOR)
        await asyncio.sleep(40)
        line.is_there = True
        line.script = lambda _: [(0.001, GOOD)]
        await asyncio.sleep(10)
        assert await ask(owner, INPUTS) == GOOD[1:-2]
    tries = [round(at - start - 0.05, 2) for at in line.opened_at[1:]]
    assert tries[:7] == [0.25, 0.75, 1.75, 3.75, 7.75, 15.75, 23.75]


@virtual
async def test_broadcast_waits_its_turnaround_and_no_answer() -> None:
    """Nobody answers a broadcast, and slower boards need time to carry it out."""
    owner, line = bus(lambda frame: [(0.001, GOOD)] if frame[0] else [])
    async with running(owner.run()):
        await opened(owner)
        assert await ask(owner, writing_coil("all", 0, 0x00FF, 0, moves=False)) == b""
        await ask(owner, INPUTS)
    assert line.sent[1][0] - line.sent[0][0] >= 0.1


@virtual
async def test_modbus_tcp_drops_late_answers_by_their_number() -> None:
    """A number makes the quiet window after a time-out needless, also when the late answer comes in two pieces."""
    late, good = bytes.fromhex("0001 0000 0004 01 02 01 FF"), bytes.fromhex("0002 0000 0004 01 02 01 0D")
    owner, line = bus(in_turn([[(0.23, late[:5])], [(0.05, late[5:]), (0.06, good)]]), Mbap())
    async with running(owner.run()):
        await owner.tried.wait()
        with pytest.raises(NoReply):
            await ask(owner, INPUTS)
        await asyncio.sleep(0.05)
        asked = now()
        assert await ask(owner, INPUTS) == good[7:]
    assert line.sent[1][0] == asked


@pytest.mark.parametrize(
    ("reply", "fault"),
    [
        ("0001 0000 0004 02 02 01 0D", WrongReply),
        ("0001 0000 0004 01 01 01 0D", WrongReply),
        ("0001 0000 0003 01 82 02", DeviceRefused),
        ("0001 0000 0003 01 82 0B", NoReply),
        ("0001 0001 0004 01 02 01 0D", GarbledReply),
        ("0001 0000 0000 01 02 01 0D", GarbledReply),
        ("0001 0000 FFFF 01 02 01 0D", GarbledReply),
    ],
)
@virtual
async def test_modbus_tcp_tells_what_is_wrong(reply: str, fault: type[Exception]) -> None:
    """Number, protocol, length, unit and function are all looked at."""
    good = bytes.fromhex("0002 0000 0004 01 02 01 0D")
    owner, _ = bus(in_turn([[(0.001, bytes.fromhex(reply))], [(0.001, good)]]), Mbap())
    async with running(owner.run()):
        with pytest.raises(fault):
            await ask(owner, INPUTS)
        assert await ask(owner, INPUTS) == good[7:]


@virtual
async def test_every_frame_can_be_traced() -> None:
    """A technician's recording shows both directions with the loop's time."""
    seen: list[tuple[float, bool, bytes]] = []
    line = ScriptedLine(lambda _: [(0.001, GOOD)])
    owner = Owner("bus-a", line, Rtu(BAUD), PACE, lambda *item: seen.append(item))
    async with running(owner.run()):
        await ask(owner, INPUTS)
    assert [(is_ours, frame) for _, is_ours, frame in seen] == [(True, rtu("01 02 00 00 00 08")), (False, GOOD)]


@virtual
async def test_registers_of_any_length_within_the_limits() -> None:
    """The protocol's limits are refused before a frame is made."""
    for count in (0, 126):
        with pytest.raises(ValueError, match="count"):
            reading_registers("scale-a", 1, 0, count)
    assert REGISTERS.answer_length == 4

"""The bus under fire: late, garbled and lost answers by the thousand, and never a wrong value or a second pulse."""

import asyncio
import random
from collections import Counter
from collections.abc import Callable, Sequence

import pytest

from cabinet.ports import DeviceFault
from drivers.bus import check_sum, reading_registers, registers, writing_coil
from drivers.exchange import Pace, Rank
from drivers.framing import Mbap, Rtu
from drivers.owner import Owner
from tests.scripted_line import Reply, ScriptedLine
from tests.virtual import running, virtual

EXCHANGES = 4000
PACE = Pace(reply_timeout_s=0.1, quiet_s=0.25)


class StormyBoard:
    """A board whose every register holds its own address, so that another question's answer shows; the line spoils its answers."""

    def __init__(self, seed: int, *, is_tcp: bool) -> None:
        self.chance = random.Random(seed)
        self.is_tcp = is_tcp
        self.pulses: Counter[int] = Counter()

    def __call__(self, frame: bytes) -> Sequence[Reply]:
        """Carry out what is asked, and answer through the storm."""
        head, body = (frame[:4], frame[7:]) if self.is_tcp else (b"", frame[1:-2])
        if body[0] == 5:
            self.pulses[body[2]] += 1
            said = body
        else:
            said = b"\x03\x02" + body[1:3]
        told = b"\x01" + said
        return self.spoil(head + len(told).to_bytes(2, "big") + told if self.is_tcp else told + check_sum(told))

    def spoil(self, answer: bytes) -> Sequence[Reply]:
        """What becomes of an answer on this line."""
        kind = self.chance.random()
        replies: Sequence[Reply] = [(0.002, answer)]
        if kind < 0.15:
            replies = [(self.chance.uniform(0.1, 0.34), answer)]
        elif kind < 0.20:
            replies = [(0.002, self.garble(answer))]
        elif kind < 0.25:
            replies = []
        elif kind < 0.35:
            cut = self.chance.randrange(len(answer) + 1)
            replies = [(0.002, answer[:cut]), (0.003, answer[cut:])]
        elif kind < 0.40 and not self.is_tcp:
            replies = [(0.002, self.chance.randbytes(self.chance.randint(1, 3)) + answer)]
        elif kind < 0.45 and not self.is_tcp:
            replies = [(0.002, answer + answer)]
        return replies

    def garble(self, answer: bytes) -> bytes:
        """Turn one to three bits; TCP's own check sum keeps such a frame from arriving at all."""
        if self.is_tcp:
            return b""
        spoilt = bytearray(answer)
        for _ in range(self.chance.randint(1, 3)):
            spoilt[self.chance.randrange(len(answer))] ^= 1 << self.chance.randrange(8)
        return bytes(spoilt)


@pytest.mark.parametrize("seed", [1, 2, 3])
@virtual
async def test_no_wrong_value_and_one_pulse_for_each_call(seed: int) -> None:
    """15 % late within the quiet window, 5 % garbled, 5 % lost, others in pieces, doubled or after noise: a right value or a fault."""
    await storm(seed, lambda: Rtu(19200), is_tcp=False)


@virtual
async def test_no_wrong_value_over_modbus_tcp() -> None:
    """The number tells late answers apart; what would be garbled does not arrive."""
    await storm(4, Mbap, is_tcp=True)


async def storm(seed: int, dialect: Callable[[], Rtu | Mbap], *, is_tcp: bool) -> None:
    """Ask and order all along, and count what came of it."""
    board = StormyBoard(seed, is_tcp=is_tcp)
    owner = Owner("bus-a", ScriptedLine(board, lambda frame: len(frame) * 10 / 19200), dialect(), PACE)
    told: Counter[str] = Counter()
    async with running(owner.run()):
        await owner.tried.wait()
        for step in range(EXCHANGES):
            address = step % 200
            try:
                if step % 5 == 0:
                    await owner.ask(writing_coil("lock-a", 1, 0x0200 + address, 3, moves=True), Rank.UNLOCK)
                else:
                    (value,) = registers(await owner.ask(reading_registers("lock-a", 1, address, 1), Rank.DOOR, 1 + step % 3))
                    assert value == address, f"seed {seed}, step {step}"
                told["good"] += 1
            except DeviceFault as fault:
                told[type(fault).__name__] += 1
    assert told["good"] > EXCHANGES * 0.7
    assert board.pulses == Counter(dict.fromkeys(range(0, 200, 5), EXCHANGES // 200))


@virtual
async def test_callers_that_give_up_leave_no_wrong_value_behind() -> None:
    """Many callers with time-outs of their own, all over one stormy line: still no answer goes to another's question."""
    board = StormyBoard(5, is_tcp=False)
    owner = Owner("bus-a", ScriptedLine(board, lambda frame: len(frame) * 10 / 19200), Rtu(19200), PACE)
    chance = random.Random(6)
    good = 0

    async def caller() -> None:
        nonlocal good
        for _ in range(100):
            address = chance.randrange(256)
            try:
                async with asyncio.timeout(chance.uniform(0.0, 1.0)):
                    (value,) = registers(await owner.ask(reading_registers("lock-a", 1, address, 1), chance.choice(list(Rank))))
            except (DeviceFault, TimeoutError):
                continue
            assert value == address
            good += 1

    async with running(owner.run()):
        await owner.tried.wait()
        await asyncio.gather(*(caller() for _ in range(8)))
    assert good > 100

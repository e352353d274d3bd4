"""Kerong CU16 lock boards: sixteen locks, each with a feedback bit and an infra-red bit.

Alone knows: the orders of these boards, what a site must say about them, and which of their orders are safe to send.
Must not know: what stands behind a lock, or why it is to be opened.

Not yet run against a real board: written from docs/wire/kerong.md, which rests on five public drivers that contradict one another.
What they contradict one another in is the site's to say (`KerongSettings`) and commissioning's to prove:

- whether a lock bit is 0 or 1 while the lock is closed. Nothing here ever decides by a lock bit whether to send an unlock.
- whether an unlock is answered. Where it is not, `pulse` returns when the order was sent; the feedback tells the rest.

Opening all locks, opening later and the board's baud cannot be reached from here. A pulse is ended by the board's own timer, its energise
time, which is read back before a lock is used; no crash of ours leaves a coil on. A board may hang after an unlock and keep silent until it
hears a time answer; so the first question after a silence is preceded by that.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from cabinet.ports import DeviceFault, Identity, NoReply, WrongReply
from drivers.exchange import Question, Rank
from drivers.kerong_frame import STATUS_ANSWER, TIME_ANSWER
from drivers.owner import Owner

MAX_HOLD_MS = 1000
"""A lock is never energised for longer, whatever was asked (its coil burns)."""
LOCKS = 16
"""Locks that an address can name: its low half. The status frame has as many lock bits, and as many infra-red bits."""
_STATUS, _UNLOCK, _TIME = 0x30, 0x31, 0x37
_STATUS_LENGTH, _TIME_LENGTH = 6, 4
_MOST_FRAMES = 4
"""How many status frames are asked for, so that two in a row agree."""
_TOP = 0xFFFF


@dataclass(frozen=True, slots=True)
class KerongMap:
    """What differs between models: how many locks and sensors are wired to the board (1-16), and one step of the energise time."""

    locks: int
    sensors: int
    step_ms: int

    @classmethod
    def from_table(cls, table: Mapping[str, Any]) -> "KerongMap":
        """Read a table of `config/boards`. Raises ValueError naming what is missing, unknown or out of range."""
        names = {field.name for field in fields(cls)}
        if names != set(table):
            raise ValueError(f"a kerong map has {sorted(names)}, not {sorted(table)}")
        limits = {"locks": range(1, LOCKS + 1), "sensors": range(LOCKS + 1), "step_ms": range(1, 101)}
        for name, value in table.items():
            if not isinstance(value, int) or isinstance(value, bool) or value not in limits[name]:
                raise ValueError(f"{name} must be from {limits[name][0]} to {limits[name][-1]}, got {value!r}")
        return cls(**table)


@dataclass(frozen=True, slots=True)
class KerongSettings:
    """What a site says about one board: the lock bit of a closed lock, whether an unlock is answered, and the energise time at rest."""

    closed_bit: int
    replies_to_unlock: bool
    energise_ms: int

    @classmethod
    def from_settings(cls, chosen: Mapping[str, bool | int | str]) -> "KerongSettings":
        """Read a board's settings. Raises ValueError for a bit that is none and a time that burns a coil."""
        bit, replies, energise_ms = chosen["closed_bit"], chosen["replies_to_unlock"], chosen["energise_ms"]
        if bit not in {0, 1} or not isinstance(replies, bool) or not isinstance(energise_ms, int) or not 0 < energise_ms <= MAX_HOLD_MS:
            raise ValueError(f"closed_bit is 0 or 1, replies_to_unlock a boolean and energise_ms at most {MAX_HOLD_MS}, got {dict(chosen)}")
        return cls(int(bit), replies, energise_ms)


class Kerong:
    """One board: cabinet.ports.OutputBoard and InputBoard. Outputs are the locks; inputs are first all locks (closed), then all sensors."""

    def __init__(self, owner: Owner, where: str, address: int, layout: KerongMap, settings: KerongSettings) -> None:
        """`address` is the board's number from 1 to 14: 0 is every new board's, and 15 is how all boards are called."""
        self._owner, self._where, self._map, self._settings = owner, where, layout, settings
        self._board = address
        self._status = self._asking(_STATUS, STATUS_ANSWER, _STATUS_LENGTH)
        self._time = self._asking(_TIME, TIME_ANSWER, _TIME_LENGTH)
        self._free = self._telling(TIME_ANSWER)
        self._before: bytes | None = None
        self._is_silent = False
        self._energise_ms: int | None = None

    async def start(self) -> None:
        """Set and read back the energise time, and see two status frames that agree. Raises DeviceFault; then use no lock."""
        await self._set_time(self._settings.energise_ms, Rank.REST)
        await self.read_inputs(Rank.REST)

    async def verify(self) -> None:
        """See that the board still energises for as long as it was told, changing nothing. Raises DeviceFault."""
        energise_ms = await self._read_time(Rank.REST)
        if energise_ms != self._energise_ms:
            raise WrongReply(self._where, f"the energise time is {energise_ms} ms, not {self._energise_ms} ms")

    async def identify(self) -> Identity:
        """See Device: the board tells no name; `detail` has its energise time and its status as it stands on the wire."""
        energise_ms = await self._read_time(Rank.REST)
        status = await self._ask(self._status, Rank.REST)
        locks, sensors = status[2:4].hex(" "), status[4:6].hex(" ")
        detail = f"energises for {energise_ms} ms; lock bits {locks}, of which {self._settings.closed_bit} is closed; sensor bits {sensors}"
        return Identity("Kerong", "CU16", detail=detail)

    async def pulse(self, number: int, hold_ms: int) -> None:
        """See OutputBoard. `hold_ms` is cut to the board's steps and to one second; shorter than a step is a ValueError.

        The board has one energise time for all its locks: another than it has is set and read back first, which moves nothing. Where
        the site says that an unlock is not answered, this returns when it was sent.
        """
        if not 0 <= number < self._map.locks:
            raise ValueError(f"{self._where} has outputs 0 to {self._map.locks - 1}, not {number}")
        hold_ms = min(hold_ms, MAX_HOLD_MS) // self._map.step_ms * self._map.step_ms
        if hold_ms < self._map.step_ms:
            raise ValueError(f"a pulse is at least {self._map.step_ms} ms long")
        if hold_ms != self._energise_ms:
            await self._set_time(hold_ms, Rank.UNLOCK)
        if self._settings.replies_to_unlock:
            await self._ask(self._asking(_UNLOCK, STATUS_ANSWER, _STATUS_LENGTH, number, moves=True), Rank.UNLOCK)
        else:
            await self._owner.ask(self._telling(_UNLOCK, number, moves=True), Rank.UNLOCK)

    async def switch(self, number: int, is_on: bool) -> None:  # noqa: ARG002 - the shape of an OutputBoard
        """See OutputBoard. Raises ValueError: every output is a lock, and none can be left on."""
        raise ValueError(f"output {number} of {self._where} is a lock, not a light")

    async def all_off(self) -> None:
        """See OutputBoard: no order ends a pulse, the board's timer does. Raises WrongReply where that lets a coil burn."""
        energise_ms = await self._read_time(Rank.ALL_OFF)
        if energise_ms > MAX_HOLD_MS:
            raise WrongReply(self._where, f"the board energises a lock for {energise_ms} ms", moved=True)

    async def read_inputs(self, rank: Rank = Rank.DOOR) -> tuple[bool, ...]:
        """See InputBoard. A frame counts when the one before it said the same; asked up to four times.

        What still differs between the last two is a loose contact: it reads off (open, nothing seen), and the rest counts.
        """
        before, self._before = self._before, None
        frame = await self._ask(self._status, rank)
        for _ in range(_MOST_FRAMES - 1):
            if frame == before:
                break
            before, frame = frame, await self._ask(self._status, rank)
        self._before = frame
        values = self._values(frame)
        return values if frame == before else tuple(map(min, values, self._values(before or frame)))

    def _values(self, status: bytes) -> tuple[bool, ...]:
        closed = int.from_bytes(status[2:4], "little") ^ (0 if self._settings.closed_bit else _TOP)
        seen = int.from_bytes(status[4:6], "little")
        locks = [bool(closed >> number & 1) for number in range(self._map.locks)]
        return (*locks, *(bool(seen >> number & 1) for number in range(self._map.sensors)))

    async def _ask(self, question: Question, rank: Rank) -> bytes:
        """Ask once; a board that was silent hears first what frees it if it hangs."""
        if self._is_silent:
            await self._owner.ask(self._free, rank)
        try:
            answer = await self._owner.ask(question, rank)
        except DeviceFault as fault:
            self._is_silent = isinstance(fault, NoReply)
            raise
        self._is_silent = False
        return answer

    async def _read_time(self, rank: Rank) -> int:
        answer = await self._ask(self._time, rank)
        return int.from_bytes(answer[2:4], "big") * self._map.step_ms

    async def _set_time(self, energise_ms: int, rank: Rank) -> None:
        """Nobody says whether a setting is answered, so it is told and then read back; a board that has it already is told nothing."""
        self._energise_ms = None
        if await self._read_time(rank) != energise_ms:
            steps = energise_ms // self._map.step_ms
            await self._owner.ask(self._telling(_TIME, data=steps.to_bytes(2, "big")), rank)
            energised_ms = await self._read_time(rank)
            if energised_ms != energise_ms:
                raise WrongReply(self._where, f"the energise time is {energised_ms} ms after {energise_ms} ms was set")
        self._energise_ms = energise_ms

    def _asking(self, command: int, answer: int, length: int, lock: int = 0, *, moves: bool = False) -> Question:
        here = self._board << 4
        return Question(self._where, self._board, bytes((here | lock, command)), bytes((here, answer)), length, moves)

    def _telling(self, command: int, lock: int = 0, *, data: bytes = b"", moves: bool = False) -> Question:
        """An order that is not answered: for the line's owner one to everybody, after which it only waits."""
        return Question(self._where, 0, bytes((self._board << 4 | lock, command)) + data, b"", 0, moves)

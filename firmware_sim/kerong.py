"""Kerong CU16 lock board, as docs/wire/kerong.md describes it.

Alone knows: this board's commands, its energise timer, and what its public drivers contradict one another in.
Must not know: what its locks keep shut, or how its frames are wrapped.

`closed_bit` and `replies_to_unlock` are the site's, so that by default both sides mean the same; the fault `polarity_reversed` is a board
that means the opposite. The fault `board_busy` is the hang after an unlock that one of the drivers clears with a time answer.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from firmware_sim.agenda import Agenda, Appointment
from firmware_sim.coil import Coil
from firmware_sim.fault import Faults

STATUS, UNLOCK, STATUS_OF_ALL, UNLOCK_ALL, TIME, LATER, BAUD = 0x30, 0x31, 0x32, 0x33, 0x37, 0x39, 0x40
STATUS_ANSWER, ALL_ANSWER, TIME_ANSWER = 0x35, 0x36, 0x38
EVERYBODY = 0xF
MS = 0.001
Reading = Callable[[float], bool]


@dataclass(frozen=True, slots=True)
class Habits:
    """What differs from board to board: what it means by a lock bit, whether it answers an unlock, and its energise time and limits."""

    closed_bit: bool
    replies_to_unlock: bool
    energise_ms: int
    step_ms: int
    longest_ms: int

    @classmethod
    def of(cls, settings: Mapping[str, bool | int | str], numbers: Mapping[str, Any]) -> "Habits":
        """From a site's settings and a data sheet's numbers."""
        return cls(bool(settings["closed_bit"]), bool(settings["replies_to_unlock"]), **numbers)


class Kerong:
    """One board: `coils` are the locks; `inputs` are first the locks' contacts (closed) and then the infra-red eyes (something there)."""

    def __init__(
        self, board: str, address: int, coils: Sequence[Coil], inputs: Sequence[Reading], agenda: Agenda, faults: Faults, habits: Habits
    ) -> None:
        self.id = board
        self.address = address
        self._coils, self._agenda, self._faults = coils, agenda, faults
        self._contacts, self._eyes = inputs[: len(coils)], inputs[len(coils) :]
        self._habits = habits
        self._energise_ms = habits.energise_ms
        self._timers: list[Appointment | None] = [None] * len(coils)
        self._is_busy = False

    @property
    def energise_ms(self) -> int:
        """How long it energises a lock."""
        return self._energise_ms

    def answer(self, body: bytes, at_s: float) -> bytes | None:
        """Carry out address, command and data that arrived whole at `at_s`; the answer's address, command and data, or None for silence."""
        address, command, data = body[0], body[1], body[2:]
        if self._is_busy:
            self._is_busy = command != TIME_ANSWER
            return None
        if command in {STATUS, STATUS_OF_ALL}:
            return self._status(STATUS_ANSWER if command == STATUS else ALL_ANSWER, at_s)
        if command == UNLOCK:
            return self._unlock(address & 0xF, at_s)
        if command == UNLOCK_ALL:
            for number in range(len(self._coils)):
                self._energise(number, at_s)
        elif command == LATER and len(data) == 1:
            self._agenda.at(at_s + data[0], partial(self._energise, address & 0xF))
        elif command == TIME:
            return self._time(data)
        return None

    def power_off(self, at_s: float) -> None:
        """Lose the supply: coils off, timers gone. The energise time is kept."""
        self._is_busy = False
        for number in range(len(self._coils)):
            self._release(number, at_s)

    def _status(self, command: int, at_s: float) -> bytes:
        means_closed = self._habits.closed_bit != self._faults.holds("polarity_reversed", self.id)
        closed = _packed([contact(at_s) == means_closed for contact in self._contacts])
        return bytes((self.address << 4, command)) + closed + _packed([eye(at_s) for eye in self._eyes])

    def _unlock(self, number: int, at_s: float) -> bytes | None:
        self._energise(number, at_s)
        self._is_busy = self._faults.holds("board_busy", self.id)
        return self._status(STATUS_ANSWER, at_s) if self._habits.replies_to_unlock and not self._is_busy else None

    def _time(self, data: bytes) -> bytes | None:
        if not data:
            return bytes((self.address << 4, TIME_ANSWER)) + (self._energise_ms // self._habits.step_ms).to_bytes(2, "big")
        energise_ms = int.from_bytes(data, "big") * self._habits.step_ms
        if len(data) == 2 and energise_ms <= self._habits.longest_ms and not self._faults.holds("write_ignored", self.id):  # noqa: PLR2004 - a word
            self._energise_ms = energise_ms
        return None

    def _energise(self, number: int, at_s: float) -> None:
        if number >= len(self._coils) or self._faults.holds("write_ignored", self.id):
            return
        self._release(number, at_s)
        self._coils[number].switch(True, at_s)
        self._timers[number] = self._agenda.at(at_s + self._energise_ms * MS, partial(self._release, number))

    def _release(self, number: int, at_s: float) -> None:
        timer, self._timers[number] = self._timers[number], None
        if timer is not None:
            timer.cancel()
        self._coils[number].switch(False, at_s)


def _packed(bits: list[bool]) -> bytes:
    return sum(bit << number for number, bit in enumerate(bits)).to_bytes(2, "little")

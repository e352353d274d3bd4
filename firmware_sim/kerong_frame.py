"""The line of Kerong lock boards: how their frames are wrapped, and which board hears one.

Alone knows: STX, ETX, the sum, and the two halves of an address.
Must not know: what a command does, or how bytes come and go.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from firmware_sim.agenda import Agenda
from firmware_sim.fault import Faults
from firmware_sim.kerong import EVERYBODY, STATUS_OF_ALL, Kerong
from firmware_sim.mishap import Arrival, befall, collide

LATENCY_S = 0.002
STX, ETX = 0x02, 0x03
SHORTEST, LONGEST = 5, 9
OTHER_BOARD = 0x10


def wrap(body: bytes) -> bytes:
    """Address, command and data between STX and ETX, and the low byte of the sum of it all."""
    frame = bytes((STX, *body, ETX))
    return bytes((*frame, sum(frame) & 0xFF))


def bodies(heard: bytes) -> Iterator[bytes]:
    """Address, command and data of every frame in these bytes; what is none is passed over."""
    start = 0
    while start <= len(heard) - SHORTEST:
        ends = range(start + SHORTEST, min(start + LONGEST, len(heard)) + 1)
        end = next((end for end in ends if wrap(heard[start + 1 : end - 2]) == heard[start:end]), 0)
        if end:
            yield heard[start + 1 : end - 2]
        start = end or start + 1


@dataclass(slots=True)
class KerongSegment:
    """Lock boards on one line or behind one converter."""

    bus: str
    boards: Sequence[Kerong]
    agenda: Agenda
    faults: Faults
    latency_s: float = LATENCY_S

    def hear_rtu(self, heard: bytes, at_s: float) -> list[Arrival]:
        """All that comes back for bytes that a silence ended at `at_s`, as RTU's are."""
        self.agenda.advance(at_s)
        return [arrival for body in bodies(heard) for arrival in self._hear(body, at_s)]

    def _hear(self, body: bytes, at_s: float) -> list[Arrival]:
        number, replies, speaker = body[0] >> 4, list[bytes](), self.bus
        for board in self.boards:
            is_asked = number == board.address or (number == EVERYBODY and body[1] == STATUS_OF_ALL)
            if not is_asked or self._is_deaf(board):
                continue
            reply = board.answer(body, at_s)
            if reply is not None:
                speaker = board.id
                replies.append(wrap(reply))
        if not replies:
            return []
        return befall(speaker, replies[0] if len(replies) == 1 else collide(replies), self.faults, _readdressed)

    def _is_deaf(self, board: Kerong) -> bool:
        return bool(self.faults) and (self.faults.holds("board_silent", board.id) or self.faults.holds("request_lost", board.id))


def _readdressed(frame: bytes) -> bytes:
    return wrap(bytes((frame[1] + OTHER_BOARD & 0xFF,)) + frame[2:-2])

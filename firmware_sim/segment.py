"""One line and the boards on it: who hears a request, who answers, and what becomes of the answer.

Alone knows: which boards share a line.
Must not know: how bytes come and go, or any board's insides.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from firmware_sim import framing
from firmware_sim.agenda import Agenda
from firmware_sim.fault import Faults
from firmware_sim.kerong_frame import KerongSegment
from firmware_sim.mishap import Arrival, befall, collide
from firmware_sim.modbus import BROADCAST, WRITE_COIL, WRITE_REGISTERS, ModbusBoard
from firmware_sim.osdp import OsdpSegment
from firmware_sim.scanner import ScannerSegment

LATENCY_S = 0.002
SAG_S, RESTART_S = 0.02, 0.5
"""How long after the order a board's supply sags under the coil, and how long it then takes to be there again."""
OFF = b"\x00\x00"
OTHER_UNIT = 1
"""How far off the address is that a reply with the wrong one carries."""


class Segment(Protocol):
    """A line's boards. `latency_s` is how long a board thinks before it answers."""

    bus: str
    latency_s: float
    faults: Faults


@dataclass(slots=True)
class ModbusSegment:
    """Modbus boards on one line."""

    bus: str
    boards: Sequence[ModbusBoard]
    agenda: Agenda
    faults: Faults
    latency_s: float = LATENCY_S
    _restarting: set[str] = field(default_factory=set)

    def hear_rtu(self, frame: bytes, at_s: float) -> list[Arrival]:
        """All that comes back for the bytes of one frame that ended at `at_s`."""
        parts = framing.rtu_parts(frame)
        if parts is None:
            return []
        unit, pdu = parts
        return self._hear(unit, pdu, at_s, lambda reply: framing.rtu(unit, reply), _rtu_readdressed)

    def hear_mbap(self, head: framing.MbapHead, pdu: bytes, at_s: float) -> list[Arrival]:
        """All that comes back for one Modbus TCP message; a unit that is not there stays silent."""

        def framed(reply: bytes) -> bytes:
            return framing.mbap(head.transaction, head.unit, reply)

        return self._hear(head.unit, pdu, at_s, framed, _mbap_readdressed)

    def _hear(
        self, unit: int, pdu: bytes, at_s: float, framed: Callable[[bytes], bytes], readdressed: Callable[[bytes], bytes]
    ) -> list[Arrival]:
        self.agenda.advance(at_s)
        replies: list[bytes] = []
        speaker = self.bus
        for board in self.boards:
            if unit not in {BROADCAST, self._address(board)}:
                continue
            reply = self._ask(board, unit, pdu, at_s)
            if reply is not None:
                speaker = board.id
                replies.append(framed(reply))
        if not replies:
            return []
        whole = replies[0] if len(replies) == 1 else collide(replies)
        return befall(speaker, whole, self.faults, readdressed)

    def _address(self, board: ModbusBoard) -> int:
        if self.faults and len(self.boards) > 1 and self.faults.holds("address_doubled", board.id):
            return next(other.address for other in self.boards if other is not board)
        return board.address

    def _restart(self, board: ModbusBoard) -> None:
        """Lose the supply under a coil, and have it back some time later."""
        self._restarting.add(board.id)
        board.power_off(self.agenda.now_s)
        self.agenda.at(self.agenda.now_s + RESTART_S, lambda _at_s: self._restarting.discard(board.id))

    def _ask(self, board: ModbusBoard, unit: int, pdu: bytes, at_s: float) -> bytes | None:
        faults = self.faults
        if board.id in self._restarting:
            return None
        if faults:
            if faults.holds("board_silent", board.id) or faults.holds("request_lost", board.id):
                return None
            if WRITE_COIL <= pdu[0] <= WRITE_REGISTERS and faults.holds("write_ignored", board.id):
                return pdu[:5] if unit != BROADCAST else None
        if faults and pdu[0] == WRITE_COIL and pdu[3:] != OFF and faults.holds("supply_sags", board.id):
            self.agenda.at(at_s + SAG_S, lambda _at_s: self._restart(board))
        return board.answer(pdu, at_s, is_broadcast=unit == BROADCAST)


class TextBoard(Protocol):
    """A board alone on a line of text."""

    id: str

    def answer(self, line: bytes, at_s: float, waited_s: float) -> bytes | None:
        """The reply to one line (without its end), b"" for none, or None: not yet, ask again; `waited_s` is since the line came."""
        ...

    def power_up(self, at_s: float) -> bytes:
        """Be switched on: what it says then, unasked."""
        ...


@dataclass(slots=True)
class TextSegment:
    """One board alone on its line."""

    bus: str
    balance: TextBoard
    agenda: Agenda
    faults: Faults
    latency_s: float = LATENCY_S
    has_supply: bool = True
    is_blinking: bool = False

    def hear_line(self, line: bytes, at_s: float, waited_s: float) -> list[Arrival] | None:
        """All that comes back for one line, or None: the balance waits for stability, ask again."""
        self.agenda.advance(at_s)
        board = self.balance.id
        if self.faults and (self.faults.holds("board_silent", board) or self.faults.holds("request_lost", board)):
            return []
        reply = self.balance.answer(line, at_s, waited_s)
        return None if reply is None else befall(board, reply, self.faults, lambda text: text) if reply else []

    def greeting(self) -> bytes | None:
        """What the board says unasked, once, when its supply has returned; else None."""
        had_supply, self.has_supply = self.has_supply, not self.faults.holds("board_silent", self.balance.id)
        was_blinking, self.is_blinking = self.is_blinking, self.faults.holds("scale_restarts", self.balance.id)
        has_returned = not had_supply or (self.is_blinking and not was_blinking)
        return self.balance.power_up(self.agenda.now_s) or None if self.has_supply and has_returned else None


def _text(bus: str, boards: list[Any], agenda: Agenda, faults: Faults, latency_s: float) -> Segment:
    return TextSegment(bus, boards[0], agenda, faults, latency_s)


SEGMENTS: dict[str, Callable[[str, list[Any], Agenda, Faults, float], Segment]] = {
    "rtu": ModbusSegment,
    "mbap": ModbusSegment,
    "mtsics": _text,
    "and": _text,
    "ohaus": _text,
    "sbi": _text,
    "nut": _text,
    "kerong": KerongSegment,
    "osdp": OsdpSegment,
    "scanner": ScannerSegment.of,
}
"""framing -> how a line with these boards is made: bus, boards, agenda, faults, how long boards think (s)."""


def _rtu_readdressed(frame: bytes) -> bytes:
    return framing.rtu(frame[0] + OTHER_UNIT & 0xFF, frame[1:-2])


def _mbap_readdressed(frame: bytes) -> bytes:
    return frame[:6] + bytes((frame[6] + OTHER_UNIT & 0xFF,)) + frame[7:]

"""How Modbus frames are cut out of a line: RTU by its check sum, TCP by its header.

Alone knows: the frames of Modbus over Serial Line V1.02 and of Modbus Messaging on TCP/IP V1.0b.
Must not know: whose turn it is, what a board means by its registers, or which library makes PDUs.

Both are Dialects of the owner of a line. A frame from another unit is dropped while the time-out keeps running
(Modbus over Serial Line V1.02, 2.4.1); noise before, between and after frames is passed over.
"""

import struct

from cabinet.ports import GarbledReply, WrongReply
from drivers.bus import check_sum, judge
from drivers.exchange import Question

_ENVELOPE = 3
"""Unit and check sum around a PDU."""
_SHORTEST = 5
"""The shortest answer: unit, function, reason, check sum."""
_LONGEST = 256
_ERROR = 0x80
_COUNTED = frozenset((1, 2, 3, 4, 0x17))
_ECHOING = frozenset((5, 6, 15, 16))
_ECHO_LENGTH = 8
_SILENCE_CHARACTERS = 3.5
_FAST_BAUD = 19200
_FAST_SILENCE_S = 0.001_75


class Rtu:
    """RTU frames; with a `baud` of 0 inside TCP, where silence means nothing."""

    numbers_answers = False

    def __init__(self, baud: int, character_bits: int = 10) -> None:
        """A serial line's speed, and the bits of one character: 1 start, 8 data, parity, stop bits."""
        self._character_s = character_bits / baud if baud else 0.0
        self.silence_s = _FAST_SILENCE_S if baud > _FAST_BAUD else _SILENCE_CHARACTERS * self._character_s

    def frame(self, question: Question) -> bytes:
        """Unit, PDU and check sum."""
        frame = bytes((question.unit,)) + question.body
        return frame + check_sum(frame)

    def asking_s(self, question: Question) -> float:
        """See Dialect."""
        return (len(question.body) + _ENVELOPE) * self._character_s

    def wire_s(self, question: Question) -> float:
        """See Dialect; the board keeps the line silent before its answer as well."""
        return (len(question.body) + question.answer_length + 2 * _ENVELOPE) * self._character_s + self.silence_s

    def answer(self, question: Question, heard: bytearray) -> bytes | None:
        """See Dialect."""
        while (span := _find(question, heard)) is not None:
            start, end = span
            if start and self.frame(question) in heard[:start]:
                detail = "the line repeats what we say, so an order would confirm itself: turn the adapter's echo off"
                raise WrongReply(question.where, detail, moved=question.moves)
            unit, body = heard[start], bytes(heard[start + 1 : end - 2])
            del heard[:end]
            if unit == question.unit:
                return judge(question, body)
        del heard[:-_LONGEST]
        return None


def _find(question: Question, heard: bytearray) -> tuple[int, int] | None:
    """Where the first whole frame stands in `heard`; None while there is none, or while the answer itself is still coming in."""
    total = len(heard)
    for start in range(total - _SHORTEST + 1):
        length = _length(heard, start)
        end = start + length
        if not length:
            continue
        if end <= total:
            if check_sum(bytes(heard[start : end - 2])) == heard[end - 2 : end]:
                return start, end
        elif heard[start] == question.unit and heard.startswith(question.echo[:2], start + 1):
            return None
    return None


def _length(heard: bytearray, start: int) -> int:
    """How long a frame that begins here says it is; 0 when no answer begins like this."""
    function = heard[start + 1]
    if function in _COUNTED:
        return _SHORTEST + heard[start + 2]
    if function in _ECHOING:
        return _ECHO_LENGTH
    return _SHORTEST if function & _ERROR else 0


_HEADER = struct.Struct(">HHHB")
_AFTER_LENGTH = 6
_MAX_LENGTH = 254


class Mbap:
    """Modbus TCP: every question has a number, and an answer to an older one is dropped by it."""

    numbers_answers = True
    silence_s = 0.0

    def __init__(self) -> None:
        self._number = 0

    def frame(self, question: Question) -> bytes:
        """Number, protocol 0, length, unit and PDU."""
        self._number = (self._number + 1) & 0xFFFF
        return _HEADER.pack(self._number, 0, len(question.body) + 1, question.unit) + question.body

    def asking_s(self, question: Question) -> float:  # noqa: ARG002 - a Dialect's question has its length; a network's time is not its own
        """See Dialect."""
        return 0.0

    wire_s = asking_s

    def answer(self, question: Question, heard: bytearray) -> bytes | None:
        """See Dialect; a header that cannot be one leaves only silence to find the next by."""
        while len(heard) > _HEADER.size:
            number, protocol, length, unit = _HEADER.unpack_from(heard)
            if protocol or not 2 < length <= _MAX_LENGTH:  # noqa: PLR2004 - unit, function and a byte at least
                detail = heard.hex()
                heard.clear()
                raise GarbledReply(question.where, f"no Modbus TCP header in {detail}", moved=question.moves)
            end = _AFTER_LENGTH + length
            if len(heard) < end:
                return None
            body = bytes(heard[_HEADER.size : end])
            del heard[:end]
            if number != self._number:
                continue
            if unit != question.unit:
                raise WrongReply(question.where, f"unit {unit} answered for unit {question.unit}", moved=question.moves)
            return judge(question, body)
        return None

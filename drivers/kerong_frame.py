"""The frames of Kerong lock boards, as they are cut out of a line or a connection: STX, address, command, data, ETX, sum.

Alone knows: that shape, and how long each kind of answer is.
Must not know: what a command does, which locks there are, or whose turn it is.

Source: docs/wire/kerong.md. The sum is eight bits wide and the frames are not numbered: whoever asks must not believe a single one.
An address byte is the board in its high and the lock in its low half; boards differ in what they put into the low half of an answer,
so only the high half says who speaks. A request is never an answer, so that a line which repeats what we say confirms nothing.
"""

from cabinet.ports import WrongReply
from drivers.exchange import Question

STATUS_ANSWER, TIME_ANSWER = 0x35, 0x38
_STX, _ETX = 0x02, 0x03
_ENVELOPE = 3
_LENGTHS = {STATUS_ANSWER: 9, TIME_ANSWER: 7}
_HEAD = 3
_LONGEST = 64


class KerongFrames:
    """A Dialect. `body` and answer are address, command and data; the question's unit is the board's number."""

    numbers_answers = False
    silence_s = 0.0

    def __init__(self, baud: int, character_bits: int = 10) -> None:
        self._character_s = character_bits / baud if baud else 0.0

    def frame(self, question: Question) -> bytes:
        """The body between STX and ETX, and the sum of it all."""
        frame = bytes((_STX, *question.body, _ETX))
        return bytes((*frame, _sum(frame)))

    def asking_s(self, question: Question) -> float:
        """See Dialect."""
        return (len(question.body) + _ENVELOPE) * self._character_s

    def wire_s(self, question: Question) -> float:
        """See Dialect."""
        return self.asking_s(question) + (question.answer_length + _ENVELOPE) * self._character_s

    def answer(self, question: Question, heard: bytearray) -> bytes | None:
        """See Dialect; the answer of another board is passed over."""
        if not question.unit:
            return None
        while (span := _find(question, heard)) is not None:
            start, end = span
            body = bytes(heard[start + 1 : end - 2])
            del heard[:end]
            if body[0] >> 4 != question.unit:
                continue
            if body[1] != question.echo[1]:
                detail = f"asked {question.body.hex()}, answered {body.hex()}"
                raise WrongReply(question.where, detail, moved=question.moves)
            return body
        del heard[:-_LONGEST]
        return None


def _sum(frame: bytes | bytearray) -> int:
    return sum(frame) & 0xFF


def _find(question: Question, heard: bytearray) -> tuple[int, int] | None:
    """Where the first whole answer stands; None while there is none, or while one of the board that was asked is still coming in."""
    for start in range(len(heard) - _HEAD + 1):
        length = _LENGTHS.get(heard[start + 2], 0) if heard[start] == _STX else 0
        end = start + length
        if not length:
            continue
        if end <= len(heard):
            if heard[end - 2] == _ETX and _sum(heard[start : end - 1]) == heard[end - 1]:
                return start, end
        elif heard[start + 1] >> 4 == question.unit:
            return None
    return None

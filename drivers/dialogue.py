"""A dialogue in lines of text, as balances speak it: one command, one line of answer.

Alone knows: where a line of text ends, and which lines a balance says without being asked.
Must not know: what a weight is, or whose turn it is.

Source: MT-SICS reference manual (Mettler-Toledo 11781363), level 0. There is no check sum and no number: what is read must be
qualified by who asked.
"""

from collections.abc import Callable

from cabinet.ports import GarbledReply, WrongReply
from drivers.exchange import Question

_END = b"\r\n"
_LONGEST = 256
_POWER_UP = (b"I4 A", b"IA A")
_NOT_UNDERSTOOD = {b"ES": "syntax error", b"ET": "transmission error", b"EL": "logical error"}


class Dialogue:
    """MT-SICS lines as a Dialect. `on_restart` hears the line that a balance says when it is switched on: its zero is gone."""

    numbers_answers = False
    silence_s = 0.0

    def __init__(self, baud: int, character_bits: int = 10, on_restart: Callable[[str], None] | None = None) -> None:
        self._character_s = character_bits / baud if baud else 0.0
        self._on_restart = on_restart

    def frame(self, question: Question) -> bytes:
        """The command and the end of its line."""
        return question.body + _END

    def asking_s(self, question: Question) -> float:
        """See Dialect."""
        return (len(question.body) + len(_END)) * self._character_s

    def wire_s(self, question: Question) -> float:
        """See Dialect; `answer_length` is not checked in text, it only says how much is to be expected."""
        return self.asking_s(question) + (question.answer_length + len(_END)) * self._character_s

    def answer(self, question: Question, heard: bytearray) -> bytes | None:
        """The first line that is no news of the balance's own, without its end."""
        while (end := heard.find(_END)) >= 0:
            line = bytes(heard[:end])
            del heard[: end + len(_END)]
            if line.startswith(_POWER_UP):
                if self._on_restart is not None:
                    self._on_restart(line.decode("ascii", "replace"))
                continue
            return _judge(question, line)
        del heard[:-_LONGEST]
        return None


def _judge(question: Question, line: bytes) -> bytes:
    """Return `line` if it answers `question`; raises GarbledReply for what is no text and WrongReply for another's answer."""
    if not all(0x20 <= byte < 0x7F for byte in line):  # noqa: PLR2004 - printable ASCII
        raise GarbledReply(question.where, f"no text: {line.hex()}", moved=question.moves)
    if line in _NOT_UNDERSTOOD:
        raise WrongReply(question.where, f"{question.body.decode()} was answered by {line.decode()}: {_NOT_UNDERSTOOD[line]}")
    if not line.startswith(question.echo):
        raise WrongReply(question.where, f"asked {question.body.decode()}, answered {line.decode()}", moved=question.moves)
    return line

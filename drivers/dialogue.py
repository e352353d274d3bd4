"""A dialogue in lines of text, as balances speak it: one command, one line of answer.

Alone knows: where a line of text ends, how each dialect says that it did not understand, and what a balance says without being asked.
Must not know: what a weight is, or whose turn it is.

Sources: docs/wire/mtsics.md, aandd.md, ohaus.md and sbi.md. There is no check sum and no number: what is read must be qualified by who
asked.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from cabinet.ports import GarbledReply, ScaleRestarted, WrongReply
from drivers.exchange import Question

END = b"\r\n"
_LONGEST = 256


@dataclass(frozen=True, slots=True)
class Manners:
    """What a dialect says besides answers: how lines begin that mean "not understood", and the one that comes when it is switched on."""

    refusals: Mapping[bytes, str] = field(default_factory=dict)
    power_up: tuple[bytes, ...] = ()


MTSICS = Manners({b"ES": "syntax error", b"ET": "transmission error", b"EL": "logical error"}, (b"I4 A", b"IA A"))
AANDD = Manners({b"EC,E": "error of the command"})
OHAUS = Manners({b"ES": "syntax error"})
SBI = Manners()


class Dialogue:
    """Lines of text as a Dialect."""

    numbers_answers = False
    silence_s = 0.0

    def __init__(self, baud: int, character_bits: int = 10, manners: Manners = MTSICS) -> None:
        self._character_s = character_bits / baud if baud else 0.0
        self._manners = manners

    def frame(self, question: Question) -> bytes:
        """The command and the end of its line."""
        return question.body + END

    def asking_s(self, question: Question) -> float:
        """See Dialect."""
        return (len(question.body) + len(END)) * self._character_s

    def wire_s(self, question: Question) -> float:
        """See Dialect; `answer_length` is not checked in text, it only says how much is to be expected."""
        return self.asking_s(question) + (question.answer_length + len(END)) * self._character_s

    def answer(self, question: Question, heard: bytearray) -> bytes | None:
        """The first line, without its end. Raises ScaleRestarted for the line of power-up, unless that is what was asked for."""
        end = heard.find(END)
        if end < 0:
            del heard[:-_LONGEST]
            return None
        line = bytes(heard[:end])
        del heard[: end + len(END)]
        return self._judge(question, line)

    def _judge(self, question: Question, line: bytes) -> bytes:
        """Return `line` if it answers; raises GarbledReply for what is no text and WrongReply for another question's answer."""
        where, asked = question.where, question.body.decode("ascii").replace("\x1b", "ESC ")
        if not all(0x20 <= byte < 0x7F for byte in line):  # noqa: PLR2004 - printable ASCII
            raise GarbledReply(where, f"no text: {line.hex()}", moved=question.moves)
        text = line.decode("ascii")
        for refusal, meaning in self._manners.refusals.items():
            if line.startswith(refusal):
                raise WrongReply(where, f"{asked} was answered by {text}: {meaning}")
        if is_power_up(self._manners, line) and not (question.echo and line.startswith(question.echo)):
            raise ScaleRestarted(where, f"it was switched on and says {text}")
        if not line.startswith(question.echo):
            raise WrongReply(where, f"asked {asked}, answered {text}", moved=question.moves)
        return line


def is_power_up(manners: Manners, line: bytes) -> bool:
    """Whether a line is what this dialect says when it is switched on."""
    return bool(manners.power_up) and line.startswith(manners.power_up)

"""A dialogue with upsd, the server of Network UPS Tools: one request in a line, one line of answer, or a list of them.

Alone knows: where an answer of upsd ends, and which answer belongs to which request.
Must not know: what a variable means, or whose turn it is.

Source: NUT Network Protocol 1.3 (NUT developer guide, chapter 9), and upsd 2.8.0 asked by hand. An answer names the variable that it is
about, but an error does not, so a late answer is not told from a new one: the line falls quiet after every failure.
"""

from cabinet.ports import GarbledReply, WrongReply
from drivers.exchange import Question

_END = b"\n"
_LIST = b"BEGIN LIST "
_LONGEST = 16_384
_SPACE = 0x20


class Upsd:
    """upsd's lines as a Dialect. The echo of a question is how its answer begins; that of a list begins with `BEGIN LIST `.

    An error of upsd's (`ERR ...`) is an answer to whatever was asked: the driver knows what each one means.
    """

    numbers_answers = False
    silence_s = 0.0

    def frame(self, question: Question) -> bytes:
        """See Dialect."""
        return question.body + _END

    def asking_s(self, question: Question) -> float:  # noqa: ARG002 - a Dialect's question has its length; a network's time is not its own
        """See Dialect."""
        return 0.0

    wire_s = asking_s

    def answer(self, question: Question, heard: bytearray) -> bytes | None:
        """See Dialect: the first line, or all lines of a list, without the last line's end."""
        end = heard.find(_END)
        if end < 0:
            _judge_length(question, heard)
            return None
        line = bytes(heard[:end])
        if any(byte < _SPACE for byte in line):
            raise GarbledReply(question.where, f"no text: {line.hex()}")
        if not line.startswith((question.echo, b"ERR ")):
            raise WrongReply(question.where, f"asked {question.body.decode()}, answered {line.decode('utf-8', 'replace')}")
        if line.startswith(_LIST):
            last = b"END LIST " + line[len(_LIST) :] + _END
            found = heard.find(_END + last)
            if found < 0:
                _judge_length(question, heard)
                return None
            end = found + len(last)
        answer = bytes(heard[:end])
        del heard[: end + 1]
        return answer


def _judge_length(question: Question, heard: bytearray) -> None:
    """Whoever never ends an answer is no upsd."""
    if len(heard) > _LONGEST:
        raise GarbledReply(question.where, f"{len(heard)} bytes and no end")

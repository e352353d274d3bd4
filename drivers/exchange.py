"""What one exchange on a line is: a question, how urgent it is, and what a dialect must say about it.

Alone knows: the order in which questions may overtake one another, and the shape at which owner and dialects meet.
Must not know: any dialect, board or port.
"""

from dataclasses import dataclass
from enum import IntEnum
from typing import Protocol


class Rank(IntEnum):
    """Who goes first. The first three always do; of the others the later ones get every fourth turn, so that none starves."""

    ALL_OFF = 0
    UNLOCK = 1
    VERIFY = 2
    DOOR = 3
    SCALE = 4
    REST = 5


@dataclass(frozen=True, slots=True)
class Question:
    """One request and how its answer is recognised.

    `body` is what is said (a Modbus PDU, a line of text); a right answer starts with `echo` and, where `answer_length` is not 0,
    is that many bytes long. `moves` says that it sets something in motion: it is then sent once, never again by itself.
    Unit 0 is everybody, and nobody answers.
    """

    where: str
    unit: int
    body: bytes
    echo: bytes
    answer_length: int = 0
    moves: bool = False


class Dialect(Protocol):
    """How questions and answers look on one line. It keeps no state of its own but the number of the question in flight."""

    silence_s: float
    """How long the line must be silent before a frame."""

    numbers_answers: bool
    """Whether an answer says which question it belongs to, so that a late one cannot be mistaken for another."""

    def frame(self, question: Question) -> bytes:
        """The bytes of a question on the wire."""
        ...

    def wire_s(self, question: Question) -> float:
        """How long the question and its answer take on the wire, the device's own time left out."""
        ...

    def asking_s(self, question: Question) -> float:
        """How long the question alone takes on the wire."""
        ...

    def answer(self, question: Question, heard: bytearray) -> bytes | None:
        """Take the answer's body out of `heard`, with everything before it; None while it may still come.

        Raises WrongReply, GarbledReply or DeviceRefused once what came cannot be the answer.
        """
        ...


@dataclass(frozen=True, slots=True)
class Pace:
    """How long is waited: for an answer beyond its wire time, and for silence after an exchange went wrong.

    With `adapts` an answer is waited for `reply_timeout_s` at most, and no longer than three times what this unit takes in 99 of 100
    exchanges, but for a tenth of a second at least. For boards that take as long for one question as for another.
    """

    reply_timeout_s: float = 0.2
    quiet_s: float = 0.25
    turnaround_s: float = 0.1
    reopen_s: tuple[float, float] = (0.25, 8.0)
    adapts: bool = False


@dataclass(slots=True)
class Tally:
    """What happened on a line since the start, for reports and benches; what it means for a unit is its health's (`health.py`)."""

    exchanges: int = 0
    no_reply: int = 0
    wrong: int = 0
    garbled: int = 0
    refused: int = 0
    lost: int = 0
    stray_bytes: int = 0

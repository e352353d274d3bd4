"""What is answered to a message: accepted, refused as it stands, or refused whatever it says, each with a reason.

Alone knows: the codes of HL7 tables 0008 (acknowledgement) and 0357 (error), and what each of our reasons is there.
Must not know: how a message is read, or how an answer is written.
"""

from dataclasses import dataclass
from enum import StrEnum


class Code(StrEnum):
    """MSA-1, in original mode and as an application's answer in enhanced mode."""

    ACCEPT = "AA"
    ERROR = "AE"
    """Its content is wrong: sent again, it is refused again, until somebody mends it."""
    REJECT = "AR"
    """It is no message for us: its header, its type, or we cannot take anything now."""


class Reason(StrEnum):
    """ERR-3 (HL7 table 0357)."""

    NONE = "0"
    SEQUENCE = "100"
    MISSING = "101"
    TYPE = "102"
    TABLE = "103"
    MESSAGE = "200"
    EVENT = "201"
    PROCESSING = "202"
    UNKNOWN_KEY = "204"
    INTERNAL = "207"


WORDS = {
    Reason.NONE: "Message accepted", Reason.SEQUENCE: "Segment sequence error", Reason.MISSING: "Required field missing",
    Reason.TYPE: "Data type error", Reason.TABLE: "Table value not found", Reason.MESSAGE: "Unsupported message type",
    Reason.EVENT: "Unsupported event code", Reason.PROCESSING: "Unsupported processing id", Reason.UNKNOWN_KEY: "Unknown key identifier",
    Reason.INTERNAL: "Application internal error",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Place:
    """Where in a message something is wrong; 0: the whole segment."""

    segment: str
    field: int = 0
    number: int = 1

    def __str__(self) -> str:
        return f"{self.segment}-{self.field}" if self.field else self.segment


class Refused(Exception):
    """A message that is not acted on, and why, in words that its sender can mend it by. Names no patient."""

    def __init__(self, code: Code, reason: Reason, words: str, place: Place | None = None) -> None:
        super().__init__(words)
        self.code = code
        self.reason = reason
        self.words = words
        self.place = place


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of a message. `words` say why in a line; `is_acted_on` is false where it was taken and changes nothing."""

    code: Code
    reason: Reason = Reason.NONE
    words: str = ""
    place: Place | None = None
    is_acted_on: bool = True


def missing(segment: str, field: int = 0, what: str = "") -> Refused:
    """Something that must be said is not."""
    place = Place(segment, field)
    return Refused(Code.ERROR, Reason.MISSING if field else Reason.SEQUENCE, f"{place} is missing{': ' + what if what else ''}", place)

"""Who sends a message, which one it is, and what answer its sender wants: MSH read once, without ever failing.

Alone knows: the fields of MSH. Must not know: what the rest of a message says.
"""

from dataclasses import dataclass
from enum import StrEnum

from central.hl7.grammar import Message


class When(StrEnum):
    """MSH-15 and MSH-16 (HL7 table 0155): when an answer is wanted."""

    ALWAYS = "AL"
    NEVER = "NE"
    ERROR = "ER"
    SUCCESS = "SU"

    def wants(self, is_good: bool) -> bool:
        """Whether an answer with this outcome is wanted."""
        return self is When.ALWAYS or self is (When.SUCCESS if is_good else When.ERROR)


@dataclass(frozen=True, slots=True)
class Envelope:
    """MSH in our words; what is not said is empty."""

    kind: str
    """MSH-9.1, such as ADT."""
    trigger: str
    """MSH-9.2, such as A01; where it is not said, EVN-1."""
    control: str
    application: str = ""
    facility: str = ""
    to_application: str = ""
    to_facility: str = ""
    at: str = ""
    processing: str = ""
    version: str = ""
    charset: str = ""
    accept: When | None = None
    """In enhanced mode: when the receipt is to be acknowledged; None in original mode."""
    apply: When | None = None

    @property
    def sender(self) -> str:
        """By whom control ids are unique."""
        return f"{self.application}|{self.facility}"

    @property
    def name(self) -> str:
        """Type and trigger, as people say them."""
        return "^".join(part for part in (self.kind, self.trigger) if part) or "message without a type"

    @property
    def is_enhanced(self) -> bool:
        """Whether its sender speaks of acknowledgements in enhanced mode (2.9.3): either of the two fields is filled."""
        return self.accept is not None

    @property
    def is_answer(self) -> bool:
        """Whether it answers one of ours: nobody answers an answer."""
        return self.kind in {"ACK", "MCF", "MFK", "RRE", "ORP", "RRD", "RRA", "ORS"}


def envelope_of(message: Message) -> Envelope:
    """The envelope of a message."""
    header = message.header
    event = message.first("EVN")
    accept, apply = header.text(15), header.text(16)
    is_enhanced = bool(accept or apply)
    return Envelope(
        header.text(9).upper(), (header.text(9, 2) or ("" if event is None else event.text(1))).upper(), header.text(10), header.text(3),
        header.text(4), header.text(5), header.text(6), header.text(7), header.text(11).upper(), header.text(12), header.text(18),
        _when(accept) if is_enhanced else None, _when(apply) if is_enhanced else None,
    )  # fmt: skip


def _when(said: str) -> When:
    """A field that is empty while the other one is filled means never; a word that is not in the table means always."""
    return When(said.upper()) if said.upper() in set(When) else When.ALWAYS if said else When.NEVER

"""Bytes of one block -> everything that follows from them: envelope, verdict, and what was heard. Total: any bytes make a reading.

Alone knows: which types of message are acted on, by whom they are read, and in what order a message is judged.
Must not know: sockets, what is kept, what is known already, how an answer is written.
"""

from collections.abc import Callable
from dataclasses import dataclass

from central.hl7 import administration, adt, master, order
from central.hl7.book import Book
from central.hl7.envelope import Envelope, envelope_of
from central.hl7.framing import Cut, Piece
from central.hl7.grammar import Message, NotHl7, parse
from central.hl7.heard import Heard, Told
from central.hl7.verdict import Code, Place, Reason, Refused, Verdict, missing

NOTHING = Told()


@dataclass(frozen=True, slots=True)
class Reading:
    """What one block came to. Without an envelope it was no HL7, and nobody can be answered by name."""

    verdict: Verdict
    envelope: Envelope | None = None
    told: Told = NOTHING
    message: Message | None = None

    @property
    def heard(self) -> tuple[Heard, ...]:
        """What was heard, in order."""
        return self.told.heard


Reader = Callable[[Message, Envelope, str, Book], Told]


def _adt(message: Message, envelope: Envelope, at: str, book: Book) -> Told:
    return adt.patients(message, envelope.trigger, at, book)


def _orders(message: Message, envelope: Envelope, at: str, book: Book) -> Told:
    return order.orders(message, envelope.kind, at, book)


def _doses(message: Message, envelope: Envelope, at: str, book: Book) -> Told:  # noqa: ARG001 - one shape for all
    return administration.doses(message, at, book)


def _records(message: Message, envelope: Envelope, at: str, book: Book) -> Told:  # noqa: ARG001 - one shape for all
    return master.records(message, at, book)


READERS: dict[str, Reader] = {
    **dict.fromkeys((f"ADT^{trigger}" for trigger in (*adt.STAYS, *adt.MERGES)), _adt),
    **dict.fromkeys(("RDE^O11", "RDE^O01", "RDE^O25", "OMP^O09", "ORM^O01"), _orders),
    **dict.fromkeys(("RAS^O17", "RAS^O01"), _doses),
    **dict.fromkeys((f"MFN^M{number:02}" for number in range(1, 18)), _records),
}
"""Type and trigger -> who reads it. O01 are the names of 2.1 to 2.3."""


def read(cut: Cut, book: Book, received_at: str) -> Reading:
    """Read one piece of a connection; `received_at` (UTC text) stands for moments that the sender does not say."""
    try:
        message = parse(cut.content)
    except NotHl7 as problem:
        return Reading(Verdict(Code.REJECT, Reason.MESSAGE, f"this is no HL7 message: {problem}", is_acted_on=False))
    envelope = envelope_of(message)
    try:
        told = _told(cut, message, envelope, book, received_at)
    except Refused as refused:
        return Reading(Verdict(refused.code, refused.reason, refused.words, refused.place, is_acted_on=False), envelope, message=message)
    if told is None:
        words = f"{envelope.name} is kept, and changes nothing here"
        return Reading(Verdict(Code.ACCEPT, Reason.NONE, words, is_acted_on=False), envelope, message=message)
    return Reading(Verdict(Code.ACCEPT, Reason.NONE, "; ".join(told.notes), is_acted_on=bool(told.heard)), envelope, told, message)


def _told(cut: Cut, message: Message, envelope: Envelope, book: Book, received_at: str) -> Told | None:
    """What the message says; None where nothing here acts on its type. Raises Refused."""
    if cut.piece is Piece.GIANT:
        raise Refused(Code.REJECT, Reason.INTERNAL, f"the message is longer than {len(cut.content)} bytes")
    if cut.piece is not Piece.BLOCK:
        raise Refused(Code.REJECT, Reason.SEQUENCE, "the message has no end" if cut.piece is Piece.HALF else "the message has no beginning")
    if envelope.is_answer:
        return None
    if not envelope.kind:
        raise Refused(Code.REJECT, Reason.MISSING, "MSH-9 is missing: which message it is", Place("MSH", 9))
    if not envelope.control:
        raise Refused(Code.REJECT, Reason.MISSING, "MSH-10 is missing: the answer could not name the message", Place("MSH", 10))
    if envelope.processing not in {"", *book.processing}:
        words = f"MSH-11 is {envelope.processing}; acted on here: {', '.join(book.processing)}"
        raise Refused(Code.REJECT, Reason.PROCESSING, words, Place("MSH", 11))
    reader = READERS.get(f"{envelope.kind}^{envelope.trigger}")
    if reader is None:
        if book.takes_unknown_types:
            return None
        raise Refused(Code.REJECT, Reason.EVENT, f"{envelope.name} is not acted on here", Place("MSH", 9))
    _judge_shape(message)
    return reader(message, envelope, _moment(message, envelope, book) or received_at, book)


def _judge_shape(message: Message) -> None:
    """One message, whole: a line that is no segment may be the rest of a drug's name, and a second MSH another patient's."""
    if message.strays:
        raise Refused(Code.ERROR, Reason.SEQUENCE, f"{len(message.strays)} of its lines are no segments")
    if any(segment.name in {"MSH", "FHS", "BHS"} for segment in message.segments[1:]):
        raise Refused(Code.ERROR, Reason.SEQUENCE, "two messages stand in one block", Place("MSH"))
    if len(message.segments) == 1:
        raise missing("PID" if message.header.text(9) != "MFN" else "MFI", what="everything after MSH")


def _moment(message: Message, envelope: Envelope, book: Book) -> str | None:
    """When it happened: EVN-6, EVN-2, else when the message was made."""
    event = message.first("EVN")
    said = () if event is None else (event.text(6), event.text(2))
    return next((found for text in (*said, envelope.at) if (found := book.moment(text)) is not None), None)

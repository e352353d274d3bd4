"""Administration messages (RAS) -> what was given at the bedside, and what was not.

Alone knows: RXA as far as a charge or a reconciliation needs it. Must not know: what was withdrawn for it.
"""

from central.hl7.adt import name_of, patient_of
from central.hl7.book import Book
from central.hl7.grammar import Message, Segment
from central.hl7.heard import DoseHeard, Told
from central.hl7.order import drugs_of, number, number_of
from central.hl7.verdict import missing

NOT_GIVEN = frozenset({"RE", "NA"})
"""RXA-20 (HL7 table 0322): refused, not administered. CP complete and PA partially are given, RXA-6 says how much."""

DELETED = "D"
"""RXA-21 (table 0323): the record was an error."""


def doses(message: Message, at: str, book: Book) -> Told:
    """Every administration of the message. Raises Refused."""
    person = message.first("PID")
    if person is None:
        raise missing("PID", what="who was given it")
    if message.first("RXA") is None:
        raise missing("RXA")
    patient = patient_of(person, book)
    heard = tuple(
        _dose(segment, number_of(group[0], book), patient, at, book)
        for group in message.groups("ORC")
        for segment in group
        if segment.name == "RXA"
    )
    if not heard:
        raise missing("ORC", what="the order that was followed")
    return Told(heard)


def _dose(given: Segment, order: str, patient: str, at: str, book: Book) -> DoseHeard:
    drug, item = book.first_item(drugs_of(given, 5))
    if not drug.code and not drug.text:
        raise missing("RXA", 5)
    status, action = given.text(20).upper(), given.text(21).upper()
    amount = number(given.text(6))
    is_given = status not in NOT_GIVEN and action != DELETED and amount not in {"", "0", "999"}  # 999: not known (HL7 2.5.1, 4.14.7.6)
    return DoseHeard(
        patient, order, drug, item, book.moment(given.text(3)) or at, amount, given.text(7) or given.text(7, 2), is_given,
        given.text(10) or name_of(given, 10) or "", given.text(15), given.text(18, 2) or given.text(18) or status,
    )  # fmt: skip

"""Master file messages (MFN) -> records of drugs and of people.

Alone knows: MFI, MFE, and of the records STF (people), IIM, ITM and RXE-like drug records their key and words.
Must not know: what a pharmacy grants a person, or how an item is counted.

Nothing of a master file changes a formulary or a right by itself: what is new waits for somebody at the pharmacy.
"""

from central.hl7.adt import name_of
from central.hl7.book import Book
from central.hl7.grammar import Message, Segment
from central.hl7.heard import Drug, Entry, ItemHeard, PersonHeard, Told
from central.hl7.verdict import Code, Place, Reason, Refused, missing

ENTRIES = {"MAD": Entry.ADD, "MUP": Entry.CHANGE, "MAC": Entry.CHANGE, "MDL": Entry.STOP, "MDC": Entry.STOP}
"""MFE-1 (HL7 table 0180)."""

DRUGS = {"IIM": (2, 2), "ITM": (1, 2), "OM1": (2, 2), "CDM": (1, 3)}
"""A segment of a drug record -> the fields of its code and of its description."""


def records(message: Message, at: str, book: Book) -> Told:
    """Every record of the message. Raises Refused."""
    if message.first("MFI") is None:
        raise missing("MFI")
    if message.first("MFE") is None:
        raise missing("MFE")
    heard, notes = [], []
    for group in message.groups("MFE"):
        entry = _entry(group[0])
        record = _record(group, entry, book.moment(group[0].text(3)) or at, book)
        if record is None:
            notes.append(f"record {group[0].text(4) or group[0].text(2)} of {message.segments[1].text(1)} is of no kind that is kept here")
        else:
            heard.append(record)
    return Told(tuple(heard), tuple(notes))


def _entry(head: Segment) -> Entry:
    word = head.text(1).upper()
    if word not in ENTRIES:
        raise Refused(Code.ERROR, Reason.TABLE, f"MFE-1 {word or 'empty'} is no record event", Place("MFE", 1))
    return ENTRIES[word]


def _record(group: tuple[Segment, ...], entry: Entry, at: str, book: Book) -> ItemHeard | PersonHeard | None:
    key = group[0].text(4)
    for segment in group[1:]:
        if segment.name == "STF":
            person = segment.text(2) or segment.text(1) or key
            is_active = segment.text(7).upper() != "I" and entry is not Entry.STOP
            return PersonHeard(person, name_of(segment, 3) or "", entry, at, is_active, key)
        if segment.name in DRUGS:
            code, words = DRUGS[segment.name]
            drug = Drug(segment.text(code) or key, segment.text(words, 2) or segment.text(words), segment.text(code, 3))
            return ItemHeard(drug, entry, at, book.item(drug), key)
    return None

"""ADT messages -> news of patients: who they are, where they lie, when they left, and who turned out to be whom.

Alone knows: the triggers, and the segments PID, PV1, MRG, AL1 and OBX as far as a cabinet needs them.
Must not know: what is already known of a patient, or what becomes of news.
"""

from collections.abc import Callable

from central.hl7.book import Book, ident
from central.hl7.grammar import Message, Segment
from central.hl7.heard import PatientHeard, PatientsMerged, Stay, Told
from central.hl7.moment import date_of
from central.hl7.verdict import missing

STAYS = {
    "A01": Stay.HERE, "A02": Stay.HERE, "A03": Stay.LEFT, "A04": Stay.HERE, "A05": Stay.EXPECTED, "A06": Stay.HERE, "A07": Stay.HERE,
    "A08": Stay.SAME, "A09": Stay.SAME, "A10": Stay.HERE, "A11": Stay.LEFT, "A12": Stay.HERE, "A13": Stay.HERE, "A14": Stay.EXPECTED,
    "A15": Stay.SAME, "A16": Stay.SAME, "A17": Stay.HERE, "A21": Stay.SAME, "A22": Stay.SAME, "A25": Stay.SAME, "A26": Stay.SAME,
    "A27": Stay.LEFT, "A28": Stay.SAME, "A31": Stay.SAME, "A38": Stay.LEFT, "A60": Stay.SAME,
}  # fmt: skip
"""What a trigger says of a patient's stay. A11, A12 and A13 cancel admission, transfer and discharge: PV1-3 says what holds."""

MERGES = frozenset({"A18", "A30", "A34", "A36", "A40"})
"""PID-3 stays, MRG-1 goes into it. Merges of accounts and visits (A35, A41, A42) change nothing that a cabinet shows."""

OUTPATIENT = frozenset({"O", "R", "P", "C"})
"""PV1-2 (table 0004): outpatient, recurring, preadmit, commercial account."""

WEIGHTS = frozenset({"29463-7", "3141-9", "8335-2", "75292-3", "WT", "WEIGHT", "BODY WEIGHT"})
"""OBX-3, by LOINC or as people write it."""

GRAMS = {"KG": 1000.0, "KILOGRAM": 1000.0, "G": 1.0, "GM": 1.0, "LB": 453.59237, "LBS": 453.59237, "[LB_AV]": 453.59237, "OZ": 28.349523125}
HEAVIEST_G = 700_000


def patients(message: Message, trigger: str, at: str, book: Book) -> Told:
    """News of every patient of the message. Raises Refused."""
    if message.first("PID") is None:
        raise missing("PID")
    notes: list[str] = []
    if trigger in MERGES:
        return Told(tuple(_merged(group, trigger, at, book) for group in message.groups("PID")))
    return Told(tuple(_news(group, trigger, at, book, notes.append) for group in message.groups("PID")), tuple(notes))


def patient_of(person: Segment, book: Book) -> str:
    """The identifier by which the interface names a patient (PID-3, else PID-2). Raises Refused."""
    found = identifier(person, 3, book) or person.text(2)
    if not found:
        raise missing("PID", 3, f"an identifier of type {', '.join(book.identifiers)}")
    return ident(found)


def identifier(segment: Segment, field: int, book: Book) -> str:
    """The best identifier of a list: of the wanted authority, the wanted type first, then one without a type."""
    said: dict[str, str] = {}
    for repetition in range(1, segment.repetitions(field) + 1):
        number, authority, kind = (segment.text(field, component, repetition=repetition) for component in (1, 4, 5))
        if number and (not book.authority or authority in {"", book.authority}):
            said.setdefault(kind.upper(), number)
    return next((said[kind] for kind in (*book.identifiers, "") if kind in said), "")


def _merged(group: tuple[Segment, ...], trigger: str, at: str, book: Book) -> PatientsMerged:
    gone = next((segment for segment in group if segment.name == "MRG"), None)
    if gone is None:
        raise missing("MRG")
    former = identifier(gone, 1, book) or gone.text(4)
    if not former:
        raise missing("MRG", 1)
    return PatientsMerged(ident(former), patient_of(group[0], book), at, trigger)


def _news(group: tuple[Segment, ...], trigger: str, at: str, book: Book, note: Callable[[str], None]) -> PatientHeard:
    person = group[0]
    visit = next((segment for segment in group if segment.name == "PV1"), None)
    stay = STAYS[trigger]
    if visit is None and stay is Stay.HERE:
        raise missing("PV1", what="where the patient is")
    weight_g, weight_at = _weight(group, book)
    born = person.raw(7)
    return PatientHeard(
        patient_of(person, book), at, trigger, stay,
        is_outpatient=visit is not None and visit.text(2).upper() in OUTPATIENT,
        visit=None if visit is None else visit.text(19) or None,
        name=name_of(person, 5),
        born=(date_of(person.text(7)) or "") if born else None,
        record=identifier(person, 3, book) or None,
        area=None if visit is None else _area(visit, book, note),
        place=None if visit is None else " ".join(part for part in (visit.text(3, n) for n in (1, 2, 3)) if part) or None,
        allergies=_allergies(group),
        weight_g=weight_g,
        weight_at=weight_at,
    )  # fmt: skip


def name_of(segment: Segment, field: int) -> str | None:
    """A name as wards write it: given names, then the family's. None where it is not said."""
    given = (segment.text(field, component) for component in (2, 3))
    family = segment.text(field) or segment.text(field, subcomponent=2)
    return " ".join(part for part in (*given, family) if part) or None


def _area(visit: Segment, book: Book, note: Callable[[str], None]) -> str | None:
    ward, room, bed, facility = (visit.text(3, component) for component in (1, 2, 3, 4))
    if not ward and not facility:
        return None
    area = book.area(f"{ward}^{room}^{bed}", f"{ward}^{room}", ward, facility)
    if not area:
        note(f"location {ward or facility!r} is no care area of ours")
    return area


def _allergies(group: tuple[Segment, ...]) -> tuple[str, ...] | None:
    """What the message lists: text, else code (AL1-3, IAM-3). A message without a list says nothing; one with an empty entry says none."""
    listed = [segment for segment in group if segment.name in {"AL1", "IAM"}]
    if not listed:
        return None
    words = (segment.text(3, 2) or segment.text(3) for segment in listed if not (segment.name == "IAM" and segment.text(6) == "D"))
    return tuple(dict.fromkeys(word for word in words if word))


def _weight(group: tuple[Segment, ...], book: Book) -> tuple[int | None, str | None]:
    for seen in group:
        if seen.name != "OBX" or not WEIGHTS & {seen.text(3).upper(), seen.text(3, 2).upper()}:
            continue
        try:
            grams = round(float(seen.text(5)) * GRAMS[seen.text(6).upper()])
        except (ValueError, KeyError, OverflowError):
            continue
        if 0 < grams < HEAVIEST_G:
            return grams, book.moment(seen.text(14))
    return None, None

"""Pharmacy order messages (RDE, OMP, ORM with RXO) -> news of orders.

Alone knows: order control codes, and the segments ORC, RXE, RXO, RXC, RXR and TQ1 as far as a cabinet needs them.
Must not know: what is already known of an order, which cabinet it goes to, or how words of a dose are read.
"""

from dataclasses import replace
from decimal import Decimal, InvalidOperation

from central.hl7.adt import patient_of
from central.hl7.book import Book, ident
from central.hl7.grammar import Message, Segment
from central.hl7.heard import MOST_PARTS, Doing, Drug, OrderHeard, Told, part_name
from central.hl7.timing import timing_of
from central.hl7.verdict import Code, Place, Reason, Refused, missing

DOINGS: dict[str, Doing | None] = {
    "NW": Doing.PUT, "XO": Doing.PUT, "XX": Doing.PUT, "XR": Doing.PUT, "RO": Doing.PUT, "RF": Doing.PUT, "AF": Doing.PUT, "OP": Doing.PUT,
    "PA": Doing.PUT, "CH": Doing.PUT, "RE": Doing.PUT, "OK": Doing.PUT, "SN": Doing.PUT,
    "HD": Doing.HOLD, "OH": Doing.HOLD, "HR": Doing.HOLD,
    "RL": Doing.RELEASE, "OE": Doing.RELEASE, "OR": Doing.RELEASE,
    "DC": Doing.STOP, "OD": Doing.STOP, "DR": Doing.STOP, "CA": Doing.STOP, "OC": Doing.STOP, "CR": Doing.STOP, "RP": Doing.STOP,
    "RU": Doing.STOP, "RQ": Doing.STOP, "OF": Doing.PUT,
    "UA": None, "UC": None, "UD": None, "UF": None, "UH": None, "UM": None, "UN": None, "UR": None, "UX": None, "DF": None,
    "NA": None,
    "DE": None, "SS": None, "SR": None, "IP": None, "LI": None, "MC": None, "PY": None,
}  # fmt: skip
"""ORC-1 (HL7 table 0119) -> what becomes of the order; None: it stays as it is."""

STATUSES = {
    "HD": Doing.HOLD, "CA": Doing.STOP, "DC": Doing.STOP, "CM": Doing.STOP, "RP": Doing.STOP, "IP": Doing.RELEASE, "A": Doing.RELEASE,
    "SC": Doing.RELEASE,
}  # fmt: skip
"""ORC-5 (table 0038) of a status that changed (SC) -> what becomes of the order."""

UNITS = {
    "PC": "each", "CC": "mL", "[IU]": "units", "IU": "units", "UG": "mcg", "{TBL}": "tablet", "{TABLET}": "tablet", "{CAPSULE}": "capsule",
    "[USP'U]": "units", "[DROP]": "drops", "[DRP]": "drops", "MEQ": "mEq", "{PUFF}": "puffs", "{SPRAY}": "sprays", "{DOSE}": "each",
}  # fmt: skip
"""Units as UCUM and older systems write them -> the word that cabinets know. Others stay as they are written."""

ROUTES = {
    "PO": "oral", "IV": "intravenous", "IM": "intramuscular", "SC": "subcutaneous", "SQ": "subcutaneous", "SL": "sublingual",
    "PR": "rectal", "TOP": "topical", "IH": "inhalation", "INH": "inhalation", "NG": "nasogastric", "OP": "ophthalmic", "OT": "otic",
    "NS": "nasal", "TD": "transdermal", "EP": "epidural", "VG": "vaginal", "IVPB": "intravenous piggyback",
}  # fmt: skip
"""RXR-1 (HL7 table 0162) -> the word on a screen, where the message has no words of its own."""


def orders(message: Message, kind: str, at: str, book: Book) -> Told:
    """News of every order of the message. Raises Refused: one order that cannot be read refuses them all, so that none is half told."""
    person = message.first("PID")
    if person is None:
        raise missing("PID", what="whose order it is")
    if message.first("ORC") is None:
        raise missing("ORC")
    patient, notes = patient_of(person, book), []
    heard: list[OrderHeard] = []
    for group in message.groups("ORC"):
        doing = _doing(group[0])
        if doing is None:
            notes.append(f"ORC-1 {group[0].text(1)} leaves the order as it is")
        else:
            heard.extend(_order(group, kind, patient, at, doing, book))
    return Told(tuple(heard), tuple(notes))


def number_of(common: Segment, book: Book, further: str = "") -> str:
    """The number that an order is known by, in all messages of the interface. Raises Refused."""
    placer, filler = common.text(2), common.text(3)
    first = (filler or placer) if book.is_filler_first else (placer or filler)
    if not first and not further:
        raise missing("ORC", 3 if book.is_filler_first else 2, "a number of the order")
    return ident(first or further)


def _doing(common: Segment) -> Doing | None:
    control = common.text(1).upper()
    if not control:
        raise missing("ORC", 1)
    if control == "SC":
        return STATUSES.get(common.text(5).upper())
    if control not in DOINGS:
        raise Refused(Code.ERROR, Reason.TABLE, f"ORC-1 {control} is no order control code that is known here", Place("ORC", 1))
    return DOINGS[control]


def _order(group: tuple[Segment, ...], kind: str, patient: str, at: str, doing: Doing, book: Book) -> list[OrderHeard]:
    common = group[0]
    encoded, asked = _first(group, "RXE"), _first(group, "RXO")
    number = number_of(common, book, "" if encoded is None else encoded.text(15))
    bare = OrderHeard(number, patient, doing, at, common.text(2), common.text(3))
    if doing is not Doing.PUT:
        return [bare]
    if encoded is None and asked is None:
        raise missing("RXE" if kind == "RDE" else "RXO", what="the drug")
    verifier = common.text(11) or ("" if encoded is None else encoded.text(14))
    is_verified = bool(verifier) or (kind == "RDE" and book.rde_is_verified)
    waiting_since = None if is_verified else book.moment(common.text(9)) or at
    timing = timing_of(group, book)
    whole = replace(
        bare, is_verified=is_verified, waiting_since=waiting_since, schedule=timing.words, is_prn=timing.is_prn,
        starts=timing.starts, stops=timing.stops, route=_route(group), note=_instructions(group),
    )  # fmt: skip
    whole = _from_encoded(whole, encoded, asked, book) if encoded is not None else _from_asked(whole, asked, book)
    if not whole.drug.code and not whole.drug.text:
        raise missing("RXE" if encoded is not None else "RXO", 2 if encoded is not None else 1, "the drug")
    return _parts(whole, group, book)


def _from_encoded(order: OrderHeard, encoded: Segment, asked: Segment | None, book: Book) -> OrderHeard:
    """As the pharmacy encoded it."""
    named = [*drugs_of(encoded, 2), *drugs_of(encoded, 31), *(drugs_of(asked, 1) if asked is not None else ())]
    drug, item = book.first_item(named)
    reason = encoded.text(27, 2) or encoded.text(27) or ("" if asked is None else asked.text(20, 2) or asked.text(20))
    dosed = _dosed(order, encoded.text(3), encoded.text(4), _unit(encoded, 5))
    return replace(dosed, drug=drug, item=item, indication=reason)


def _from_asked(order: OrderHeard, asked: Segment | None, book: Book) -> OrderHeard:
    """As the prescriber asked for it."""
    assert asked is not None
    drug, item = book.first_item([*drugs_of(asked, 1), *drugs_of(asked, 24)])
    dosed = _dosed(order, asked.text(2), asked.text(3), _unit(asked, 4))
    return replace(dosed, drug=drug, item=item, indication=asked.text(20, 2) or asked.text(20))


def drugs_of(segment: Segment, field: int) -> list[Drug]:
    """All the names that a field has for a drug: the code, and the alternative one (CE, CWE)."""
    both = (Drug(segment.text(field, n), segment.text(field, n + 1), segment.text(field, n + 2)) for n in (1, 4))
    return [drug for drug in both if drug.code or drug.text]


def _dosed(order: OrderHeard, least: str, most: str, unit: str) -> OrderHeard:
    low, high = number(least), number(most)
    high = high or low
    said = f"{low} to {high}" if high != low and low else high
    return replace(order, dose=f"{said} {unit}".strip() if said else "", low=low, high=high, unit=unit)


def number(text: str) -> str:
    """A number without zeros that somebody could read ten times too large (ISMP); words that are no number stay as they are."""
    try:
        value = Decimal(text.replace(",", ".") if text.count(",") == 1 and "." not in text else text)
    except InvalidOperation:
        return text
    if not value.is_finite() or abs(value.adjusted()) > 12:  # noqa: PLR2004 - no dose has more digits
        return text
    plain = f"{value:f}"
    return plain.rstrip("0").rstrip(".") if "." in plain else plain


def _unit(segment: Segment, field: int) -> str:
    code, words = segment.text(field), segment.text(field, 2)
    return UNITS.get(code.upper()) or code or words


def _route(group: tuple[Segment, ...]) -> str:
    route = _first(group, "RXR")
    return "" if route is None else route.text(1, 2) or ROUTES.get(route.text(1).upper(), route.text(1))


def _instructions(group: tuple[Segment, ...]) -> str:
    """What people wrote: administration instructions, then notes."""
    encoded, asked = _first(group, "RXE"), _first(group, "RXO")
    said = [
        *((encoded.text(7, 2) or encoded.text(7),) if encoded is not None else ()),
        *((asked.text(6, 2) or asked.text(6), asked.text(7, 2) or asked.text(7)) if asked is not None else ()),
        *(segment.text(3) for segment in group if segment.name == "NTE"),
    ]
    return "\n".join(dict.fromkeys(words for words in said if words))


def _parts(order: OrderHeard, group: tuple[Segment, ...], book: Book) -> list[OrderHeard]:
    """A mixture that is no item itself is an order for each of its components, numbered `<order>_<n>`; else the order."""
    components = [segment for segment in group if segment.name == "RXC"]
    if len(components) > MOST_PARTS:
        raise Refused(Code.ERROR, Reason.SEQUENCE, f"more than {MOST_PARTS} components in one order", Place("RXC"))
    if order.item is not None or not components:
        return [order]
    parts = []
    for place, component in enumerate(components, start=1):
        drug, item = book.first_item(drugs_of(component, 2))
        dosed = _dosed(order, component.text(3), "", _unit(component, 4))
        parts.append(replace(dosed, order=part_name(order.order, place), drug=drug, item=item, part_of=order.order))
    return parts


def _first(group: tuple[Segment, ...], name: str) -> Segment | None:
    return next((segment for segment in group if segment.name == name), None)

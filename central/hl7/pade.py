"""Transactions -> OMS^O05 with ZPM, as VistA accepts it from dispensing cabinets (PSJ*5*317: routines PSJPAD7I, PSJPAD7U).

Alone knows: ZPM, and how each of our kinds is said so that VistA's balance of the pocket ends where ours is.
Must not know: where it is queued, or what an access is.

VistA's own rules lead: a load replaces the pocket's balance (so we send what it holds afterwards), an unload deletes the drug from the
pocket whatever remains (so only a pocket that is given up is unloaded; the rest is an adjustment), a waste and a transaction without drawer
and pocket touch no balance, V and R need patient, visit and order segments, and V without an order number raises VistA's own alert.
"""

from cabinet.domain.vocabulary import parse_utc
from central.hl7.grammar import Segment
from central.hl7.outward import Names, Peer, Writer, content_of, control_of, person_name
from central.hl7.transaction import Kind, Transaction

LETTERS = {
    Kind.VEND: "V", Kind.RETURN: "R", Kind.WASTE: "W", Kind.LOAD: "L", Kind.UNLOAD: "A", Kind.COUNT: "C", Kind.ADJUST: "A",
    Kind.EXPIRE: "E", Kind.NULL: "N", Kind.ISSUE: "D", Kind.BIN_EMPTIED: "A",
}  # fmt: skip
"""Our kind -> ZPM-1. D is the older word for what leaves without a patient."""

GIVEN_UP = "U"
ADJUSTED = "A"
WITH_PATIENT = frozenset({"V", "R", "W"})
RETURN_BIN = "RETURN BIN"
LONGEST_LOT, LONGEST_TEXT = 11, 40
CLASSES = {"c2": "2", "c3": "3", "c4": "4", "c5": "5"}


def message_of(one: Transaction, names: Names, peer: Peer, link: str) -> bytes:
    """One transaction as OMS^O05."""
    write, letter = Writer(peer), letter_of(one)
    segments = [write.header("OMS", "O05", control_of(link, one.source), parse_utc(one.at))]
    if one.patient and letter in WITH_PATIENT | {"N"}:
        patient = names.patient(one.patient)
        segments += [write.person(patient), write.visit(patient)]
    elif letter in {"V", "R"}:
        segments += [write.segment("PID", {1: "1"}), write.segment("PV1", {1: "1"})]
    segments += [*_comments(one, write), *_order(one, names, write), _zpm(one, letter, names, write)]
    return content_of(segments)


def letter_of(one: Transaction) -> str:
    """ZPM-1."""
    return GIVEN_UP if one.kind is Kind.UNLOAD and one.is_given_up else LETTERS[one.kind]


def _comments(one: Transaction, write: Writer) -> list[Segment]:
    said = one.said or ("PARTIAL UNLOAD" if one.kind is Kind.UNLOAD and not one.is_given_up else "")
    if not said and not one.is_bin:
        return []
    return [write.segment("NTE", {1: "1", 3: said[:200].replace("CANCEL", "CNCL"), 4: RETURN_BIN if one.is_bin else ""})]


def _order(one: Transaction, names: Names, write: Writer) -> list[Segment]:
    order = names.roll().orders.get(one.order)
    placer, filler = ("", "") if order is None else (order.order.placer, order.order.filler)
    item = names.item(one.item)
    return [
        write.segment("ORC", {1: "RE", 2: filler or placer or one.order, 3: one.access, 9: write.moment(one.at)}),
        write.segment("RQD", {1: "1", 2: (item.code, item.name), 3: (one.item, item.name[:LONGEST_TEXT]), 5: one.quantity, 6: item.unit}),
    ]


def _zpm(one: Transaction, letter: str, names: Names, write: Writer) -> Segment:
    item, place = names.item(one.item), one.place
    expected, actual = _counts(one, letter)
    return write.segment(
        "ZPM",
        {
            1: letter, 2: write.peer.system, 3: one.cabinet, 4: one.drawer or one.place, 5: place, 6: (item.code, item.name[:LONGEST_TEXT]),
            7: CLASSES.get(item.control_class, "0"), 8: expected, 9: actual, 10: _amount(one, letter), 11: _person(one.staff, names),
            12: _person(one.witness, names) if one.witness else "", 13: str(one.total), 14: write.peer.our_facility.split("^")[0],
            15: names.areas.get(one.cabinet, ""), 17: str(one.par or ""), 18: str(one.min or ""), 19: write.moment(one.at),
            20: one.lot[:LONGEST_LOT], 34: item.unit,
        },
    )  # fmt: skip


def _counts(one: Transaction, letter: str) -> tuple[str, str]:
    """ZPM-8 and ZPM-9 so that VistA's pocket ends at `after`."""
    if not one.place:
        return "", ""
    if letter == "L":
        return str(one.after), str(one.after)
    if letter == ADJUSTED:
        return str(one.expected), str(one.after)
    if letter == "C":
        return str(one.expected), str(one.actual)
    return str(one.expected), str(one.expected if one.actual is None else one.actual)


def _amount(one: Transaction, letter: str) -> str:
    """ZPM-10: VistA sets the sign itself, save of an adjustment."""
    if letter == ADJUSTED:
        return f"{one.delta:+d}"
    return one.quantity


def _person(person: str, names: Names) -> tuple[str, ...]:
    """Id, family and given name; who is not known is named by their id."""
    family, given = person_name(names.staff.get(person, person.replace("-", " ")))
    return (person, family, given)

"""What a patient is charged or credited -> DFT^P03.

Alone knows: FT1, and which transactions are charged when. Must not know: prices, which are the billing system's.
"""

from dataclasses import dataclass

from cabinet.domain.vocabulary import parse_utc
from central.hl7.heard import DoseHeard
from central.hl7.outward import Charging, Names, Peer, Writer, content_of, control_of
from central.hl7.transaction import Kind, Transaction

CHARGE, CREDIT = "CG", "CR"
WAYS = {
    Charging.WITHDRAWAL: {Kind.VEND: CHARGE, Kind.RETURN: CREDIT},
    Charging.ADMINISTRATION: {},
}  # fmt: skip
"""What is charged when a patient pays for what was taken: a return is credited, a waste is not. Else the bedside's record charges."""


def message_of(one: Transaction, names: Names, peer: Peer, link: str, charging: Charging = Charging.WITHDRAWAL) -> bytes | None:
    """A transaction's charge or credit; None where it has none."""
    way = WAYS[charging].get(one.kind)
    if way is None or not one.patient:
        return None
    item = names.item(one.item)
    line = _Line(one.source, one.at, way, one.patient, one.order, item.code, item.name, one.quantity, one.staff)
    return _message(line, names, peer, link)


def message_of_dose(dose: DoseHeard, names: Names, peer: Peer, link: str) -> bytes | None:
    """The charge of a dose that was given at the bedside; None where it was not given."""
    if not dose.is_given:
        return None
    item = names.item(dose.item or dose.drug.code)
    name = item.name if dose.item else dose.drug.text
    line = _Line(source_of(dose), dose.at, CHARGE, dose.patient, dose.order, item.code, name, dose.amount, dose.by)
    return _message(line, names, peer, link)


def source_of(dose: DoseHeard) -> str:
    """What a dose's charge tells of: told twice, it is charged once."""
    return f"dose/{dose.patient}/{dose.order}/{dose.at}/{dose.drug.code}"


@dataclass(frozen=True, slots=True)
class _Line:
    """What one charge says."""

    source: str
    at: str
    way: str
    patient: str
    order: str
    code: str
    name: str
    quantity: str
    by: str


def _message(line: _Line, names: Names, peer: Peer, link: str) -> bytes:
    write, who, control = Writer(peer), names.patient(line.patient), control_of(link, line.source)
    known, at = names.roll().orders.get(line.order), write.moment(line.at)
    filler = line.order if known is None else known.order.filler or known.order.placer
    charge: dict[int, str | tuple[str, ...]] = {
        1: "1", 2: control, 4: at, 6: line.way, 7: (line.code, line.name), 8: line.name, 10: line.quantity, 20: (line.by,), 23: filler,
    }  # fmt: skip
    return content_of([
        write.header("DFT", "P03", control, parse_utc(line.at)),
        write.segment("EVN", {1: "P03", 2: at}),
        write.person(who),
        write.visit(who),
        write.segment("FT1", charge),
    ])  # fmt: skip

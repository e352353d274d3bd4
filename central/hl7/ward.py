"""The roll -> the document of patients and orders that each cabinet of a care area is sent: the hand-over to `down/orders`.

Alone knows: which of what is known a cabinet can use, and what must be put right first. Must not know: versions, keys, wires.
"""

from dataclasses import dataclass
from datetime import date

from pydantic import ValidationError

from cabinet.domain.vocabulary import parse_utc
from central.hl7.roll import Roll, Standing, StandingOrder
from config.document import PatientRecord
from config.schema import Order

UNKNOWN = "unknown"
NOT_SAID = "not said"
SOURCE = "hospital record"
AS_NOTED = "as noted"
LONGEST = 200


@dataclass(frozen=True, slots=True)
class Missing:
    """Something that no cabinet can be sent until a person puts it right, and why."""

    patient: str
    order: str
    why: str


@dataclass(frozen=True, slots=True)
class WardList:
    """Everything of one care area."""

    records: tuple[PatientRecord, ...]
    missing: tuple[Missing, ...]


def ward_list(roll: Roll, area: str, now: str) -> WardList:
    """What cabinets of an area show at `now` (UTC text)."""
    records, missing = [], []
    orders: dict[str, list[StandingOrder]] = {}
    for known in roll.orders.values():
        orders.setdefault(known.order.patient, []).append(known)
    for patient, left_at in sorted(roll.listed(area, now), key=lambda one: one[0].patient):
        theirs = [known for known in orders.get(patient.patient, ()) if known.status != "stopped"]
        unmapped = [known.order for known in theirs if known.is_unmapped]
        missing += [Missing(patient.patient, order.order, f"no item: {order.drug.said}") for order in unmapped]
        good = []
        for known in sorted(theirs, key=lambda one: one.order.order):
            try:
                good += [_order(known)] if known.order.item is not None else []
            except ValueError as problem:
                missing.append(Missing(patient.patient, known.order.order, _why(problem)))
        try:
            records.append(_record(patient, left_at, good))
        except ValueError as problem:
            missing.append(Missing(patient.patient, "", _why(problem)))
    return WardList(tuple(records), tuple(missing))


def _record(patient: Standing, left_at: str, orders: list[Order]) -> PatientRecord:
    if not patient.born and not patient.record:
        raise ValueError("neither date of birth nor record number: no second identifier")
    weighed = None if patient.weight_at is None else parse_utc(patient.weight_at).date()
    return PatientRecord.model_validate({
        "id": patient.patient,
        "name": patient.name[:LONGEST],
        "born": date.fromisoformat(patient.born) if patient.born else UNKNOWN,
        "record": patient.record or patient.patient,
        "bed": patient.place[:LONGEST] or NOT_SAID,
        "allergies": tuple(word[:LONGEST] for word in patient.allergies),
        "weight_g": patient.weight_g,
        "weighed": weighed,
        "weight_source": SOURCE if patient.weight_g else "",
        "discharged_at": _moment(left_at or None),
        "orders": tuple(orders),
    })  # fmt: skip


def _order(known: StandingOrder) -> Order:
    order = known.order
    return Order.model_validate({
        "id": order.order,
        "item": order.item,
        "dose": (order.dose or order.note or AS_NOTED)[:LONGEST],
        "route": order.route[:LONGEST] or NOT_SAID,
        "schedule": order.schedule[:LONGEST] or NOT_SAID,
        "verified": order.is_verified,
        "starts": _moment(order.starts),
        "stops": _moment(order.stops),
        "waiting_since": _moment(order.waiting_since),
        "status": known.status,
        "indication": order.indication[:LONGEST],
    })  # fmt: skip


def _moment(text: str | None) -> object:
    return None if text is None else parse_utc(text)


def _why(problem: ValueError) -> str:
    if isinstance(problem, ValidationError):
        flaw = problem.errors(include_url=False, include_input=False, include_context=False)[0]
        return f"{'.'.join(map(str, flaw['loc']))}: {flaw['msg']}"
    return str(problem)

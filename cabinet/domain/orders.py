"""Patients and their orders, as this cabinet last heard of them.

Alone knows: what an order says, and when a request follows it. Must not know: whether one is needed (`policy.py`), or where it came from.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from cabinet.domain.refusal import Refusal
from cabinet.domain.vocabulary import ItemId, OrderId, PatientId, Units


@dataclass(frozen=True, slots=True)
class Order:
    """A prescriber's instruction; `is_verified` once a pharmacist has looked at it. `units` is what one dose takes."""

    id: OrderId
    patient: PatientId
    item: ItemId
    dose: str
    units: Units
    route: str
    schedule: str
    is_verified: bool


@dataclass(frozen=True, slots=True)
class Patient:
    """A person treated on the ward, with two identifiers: `born` (YYYY-MM-DD) and the medical `record` number."""

    id: PatientId
    name: str
    born: str
    record: str
    bed: str
    allergies: tuple[str, ...]
    weight_g: int | None
    orders: tuple[Order, ...]


def find_order(patients: Mapping[PatientId, Patient], order_id: str) -> Order | None:
    """The order of this id, whosever it is."""
    return next((order for patient in patients.values() for order in patient.orders if order.id == order_id), None)


def judge_order(patients: Mapping[PatientId, Patient], order_id: str | None, patient: PatientId | None, item: ItemId) -> Refusal | None:
    """Whether a request for `item` for `patient` follows the order that it names."""
    order = find_order(patients, order_id or "")
    if order is None or order.patient != patient:
        return Refusal("order.unknown")
    if order.item != item:
        return Refusal("order.other_item")
    return None if order.is_verified else Refusal("order.unverified")

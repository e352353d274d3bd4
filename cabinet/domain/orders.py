"""Patients and their orders, as this cabinet last heard of them.

Alone knows: what an order says. Must not know: whether it may be followed (`policy.py`), or where it came from.
"""

from dataclasses import dataclass

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

"""What a person or the pharmacy just said about reference data: patients, orders, items and levels.

Alone knows: which of these events exist. Must not know: what the core does about them.

Where `session` is None it is the pharmacy's word, which the shell has checked.
"""

from dataclasses import dataclass

from cabinet.domain.events.event import Event
from cabinet.domain.formulary import Item
from cabinet.domain.orders import Order, Patient
from cabinet.domain.vocabulary import OrderId, PatientId, PocketId, SessionId, Units


@dataclass(frozen=True)
class PatientAddAsked(Event):
    """A person adds a patient who is not listed: a name, a date of birth or "unknown", a bed."""

    session: SessionId
    patient: PatientId
    name: str
    born: str
    bed: str


@dataclass(frozen=True)
class PatientMergeAsked(Event):
    """A patient who was added here turned out to be another one, who is listed now."""

    session: SessionId
    patient: PatientId
    into: PatientId


@dataclass(frozen=True)
class PatientReceived(Event):
    """The pharmacy's record of a patient, without orders: come, moved, discharged."""

    record: Patient


@dataclass(frozen=True)
class OrderChangeAsked(Event):
    """An order's whole record, entered or changed. `said` is what it names where that is no item of the formulary."""

    session: SessionId | None
    record: Order
    said: str = ""


@dataclass(frozen=True)
class OrderVerifyAsked(Event):
    """A pharmacist looked at an order."""

    session: SessionId | None
    order: OrderId


@dataclass(frozen=True)
class OrderStopAsked(Event):
    """An order holds no more."""

    session: SessionId | None
    order: OrderId


@dataclass(frozen=True)
class ItemChangeAsked(Event):
    """An item's whole record, new or changed."""

    session: SessionId | None
    record: Item


@dataclass(frozen=True)
class LevelsChangeAsked(Event):
    """How much a pocket should hold."""

    session: SessionId | None
    pocket: PocketId
    par: Units
    min: Units
    critical_low: Units

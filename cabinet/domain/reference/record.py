"""Records <-> the facts that hold them whole.

Alone knows: how a record is written into a fact and read out of it again. Must not know: who may change one, or what follows.
"""

from dataclasses import replace

from cabinet.domain import facts
from cabinet.domain.dose.amount import Amount, Dose
from cabinet.domain.dose.reading import parse
from cabinet.domain.formulary import ControlClass, CountMode, Item, Population
from cabinet.domain.orders import Order, Patient
from cabinet.domain.vocabulary import ItemId

MARKS = {
    "high_alert": "is_high_alert", "critical": "is_critical", "refrigerated": "is_refrigerated", "paralytic": "is_paralytic",
    "pinned": "is_pinned", "multi_dose": "is_multi_dose", "indication": "needs_indication",
}  # fmt: skip
"""The word in a fact -> the item's own claim."""

NUMBERS = ("room_minutes", "room_days", "overfill_permille", "variance_units", "open_days", "min_interval_min")
TIMES = " x "


def patient_fact(patient: Patient, origin: str) -> facts.PatientChanged:
    """A patient's record as a fact."""
    return facts.PatientChanged(
        patient.id, patient.name, patient.born, patient.record, patient.bed, list(patient.allergies), patient.weight_g, patient.weight_at,
        patient.weight_source, patient.area, patient.discharged_at, origin,
    )  # fmt: skip


def patient_of(fact: facts.PatientChanged) -> Patient:
    """The record, without orders."""
    return Patient(
        fact.patient, fact.name, fact.born, fact.record, fact.bed, tuple(fact.allergies), fact.weight_g, (), fact.weight_at,
        fact.weight_source, fact.area, fact.discharged_at,
    )  # fmt: skip


def order_fact(order: Order, origin: str) -> facts.OrderChanged:
    """An order's record as a fact."""
    return facts.OrderChanged(
        order.id, order.patient, order.item, order.dose, order.units, order.route, order.schedule, order.is_verified, order.interval_min,
        order.starts, order.stops, order.waiting_since, order.status, order.indication, origin,
    )  # fmt: skip


def order_of(fact: facts.OrderChanged) -> Order:
    """The record."""
    return Order(
        fact.order, fact.patient, fact.item, fact.dose, fact.units, fact.route, fact.schedule, fact.is_verified, fact.interval_min,
        fact.starts, fact.stops, fact.waiting_since, fact.status, fact.indication,
    )  # fmt: skip


def item_fact(item: Item, origin: str) -> facts.ItemChanged:
    """An item's record as a fact."""
    return facts.ItemChanged(
        item.id, item.name, item.generic, list(item.brands), item.strength, item.form, item.ndc, item.control_class, item.count_mode,
        item.count_unit, list(item.look_alikes), item.therapeutic_class, [f"{content}{TIMES}{units}" for content, units in item.kit],
        [word for word, claim in MARKS.items() if getattr(item, claim)], item.population, list(item.codes),
        [str(amount) for amount in item.unit_amount], item.ingredient, list(item.allergy_classes),
        None if item.max_daily is None else str(item.max_daily),
        [f"{name} {getattr(item, name)}" for name in NUMBERS if getattr(item, name)], origin,
    )  # fmt: skip


def item_of(fact: facts.ItemChanged) -> Item:
    """The record."""
    item = Item(
        fact.item, fact.name, fact.generic, tuple(fact.brands), fact.strength, fact.form, fact.ndc, ControlClass(fact.control_class),
        CountMode(fact.count_mode), fact.count_unit, False, tuple(map(ItemId, fact.look_alikes)), fact.therapeutic_class,
        tuple(map(_kit_line, fact.kit)), population=Population(fact.population), codes=tuple(fact.codes),
        unit_amount=tuple(map(_amount, fact.unit_amount)), ingredient=fact.ingredient, allergy_classes=tuple(fact.allergy_classes),
        max_daily=None if fact.max_daily is None else _amount(fact.max_daily),
    )  # fmt: skip
    claims = {MARKS[word]: True for word in fact.marks}
    numbers = {name: int(number) for name, _, number in (text.partition(" ") for text in fact.numbers)}
    return replace(item, **claims, **numbers)  # type: ignore[arg-type]  # booleans and whole numbers by their own names


def _kit_line(text: str) -> tuple[ItemId, int]:
    item, _, units = text.rpartition(TIMES)
    return ItemId(item), int(units)


def _amount(text: str) -> Amount:
    """What `str` wrote can be read: facts hold nothing else."""
    dose = parse(text)
    assert isinstance(dose, Dose), dose
    return dose.high

"""What is true for ever of reference data: patients, orders, items and levels as they were changed here or sent by the pharmacy.

Alone knows: which of these facts exist and what each one says. Must not know: what is done about them.

Each holds the whole new record and stands above what the site's files say. `origin`: cabinet or pharmacy, or site where a patient of
the site's file was only weighed here; the envelope names who.
"""

from dataclasses import dataclass

from cabinet.domain.facts.alphabet import Fact
from cabinet.domain.vocabulary import ItemId, OrderId, PatientId, PocketId, Units


@dataclass(frozen=True)
class PatientChanged(Fact):
    """A patient's whole record, without orders. `born` is a date, or "unknown"; `discharged_at` when they left, while they are gone."""

    patient: PatientId
    name: str
    born: str
    record: str
    bed: str
    allergies: list[str]
    weight_g: int | None
    weight_at: str | None
    weight_source: str
    area: str
    discharged_at: str | None
    origin: str


@dataclass(frozen=True)
class PatientMerged(Fact):
    """The patient of this id turned out to be patient `into`: withdrawals, orders and debts are theirs from now on."""

    patient: PatientId
    into: PatientId


@dataclass(frozen=True)
class OrderChanged(Fact):
    """An order's whole record: entered, verified, changed, held or stopped."""

    order: OrderId
    patient: PatientId
    item: ItemId
    dose: str
    units: Units
    route: str
    schedule: str
    is_verified: bool
    interval_min: int
    starts: str | None
    stops: str | None
    waiting_since: str | None
    status: str
    indication: str
    origin: str


@dataclass(frozen=True)
class OrderUnmapped(Fact):
    """An order came that names no item of the formulary: `said` is what it names. It waits on the pharmacy's unmapped list."""

    order: OrderId
    patient: PatientId
    said: str
    dose: str


@dataclass(frozen=True)
class ItemChanged(Fact):
    """An item's whole record. Amounts are in words ("5 mg"); `kit` holds lines such as "midazolam-5-vial x 2"."""

    item: ItemId
    name: str
    generic: str
    brands: list[str]
    strength: str
    form: str
    ndc: str
    control_class: str
    count_mode: str
    count_unit: str
    look_alikes: list[str]
    therapeutic_class: str
    kit: list[str]
    marks: list[str]
    """What is true of it, of `reference.record.MARKS`: high_alert, critical, refrigerated, paralytic, pinned, multi_dose, indication."""
    population: str
    codes: list[str]
    unit_amount: list[str]
    ingredient: str
    allergy_classes: list[str]
    max_daily: str | None
    numbers: list[str]
    """What is counted of it, of `reference.record.NUMBERS`, such as "open_days 28"; what is not named is 0."""
    origin: str


@dataclass(frozen=True)
class LevelsChanged(Fact):
    """How much a pocket should hold of its item, from now on and above what the site says."""

    pocket: PocketId
    item: ItemId
    par: Units
    min: Units
    critical_low: Units
    origin: str

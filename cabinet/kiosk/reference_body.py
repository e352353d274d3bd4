"""What callers may send about reference data: patients, orders, items and levels.

Alone knows: the bodies of these calls, and how one becomes a record. Must not know: who may change what.
"""

from typing import Annotated, Literal

from pydantic import AwareDatetime, Field, StringConstraints, ValidationInfo, field_validator

from cabinet.domain import facts
from cabinet.domain.dose.amount import Dose
from cabinet.domain.dose.reading import parse
from cabinet.domain.formulary import Item
from cabinet.domain.orders import Order
from cabinet.domain.reference import record
from cabinet.domain.vocabulary import ItemId, OrderId, PatientId, Units, utc_text
from cabinet.kiosk.body import Amount, Body, Id

Text = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)]
Some = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
Mark = Literal["high_alert", "critical", "refrigerated", "paralytic", "pinned", "multi_dose", "indication"]


class PatientBody(Body):
    """A patient who is not listed. `born` is a date (YYYY-MM-DD) or "unknown"; `id` is the caller's own."""

    id: Id
    name: Some
    born: Some
    bed: Some


class MergeBody(Body):
    """Who the patient turned out to be."""

    into: Id


class OrderBody(Body):
    """An order's whole record. `units`: what one dose takes, where the words do not tell; 0: they do."""

    patient: Id
    item: Id
    dose: Some
    route: Some
    schedule: Some
    units: Amount = 0
    is_verified: bool = False
    interval_min: Amount = 0
    starts: AwareDatetime | None = None
    stops: AwareDatetime | None = None
    status: Literal["active", "held", "stopped"] = "active"
    indication: Text = ""

    def record(self, order: str, now: str) -> Order:
        """The record; one that no pharmacist has looked at waits from now on."""
        return Order(
            OrderId(order), PatientId(self.patient), ItemId(self.item), self.dose, Units(self.units), self.route, self.schedule,
            self.is_verified, self.interval_min, None if self.starts is None else utc_text(self.starts),
            None if self.stops is None else utc_text(self.stops), None if self.is_verified else now, self.status, self.indication,
        )  # fmt: skip


class ItemBody(Body):
    """An item's whole record. Amounts in words ("5 mg"); `kit` holds lines such as "midazolam-2-vial x 2"."""

    name: Some
    generic: Some
    strength: Some
    form: Some
    ndc: Annotated[str, StringConstraints(pattern=r"^[0-9]{4,6}-[0-9]{3,4}-[0-9]{1,2}$")]
    count_unit: Some
    brands: tuple[Some, ...] = ()
    control_class: Literal["none", "c2", "c3", "c4", "c5"] = "none"
    count_mode: Literal["units", "containers", "volume", "bulk"] = "units"
    look_alikes: tuple[Id, ...] = ()
    therapeutic_class: Text = ""
    kit: tuple[Annotated[str, StringConstraints(pattern=r"^[a-z0-9_-]{1,64} x [0-9]{1,6}$")], ...] = ()
    marks: tuple[Mark, ...] = ()
    population: Literal["any", "adult", "paediatric"] = "any"
    codes: tuple[Some, ...] = ()
    unit_amount: tuple[Some, ...] = ()
    ingredient: Text = ""
    allergy_classes: tuple[Some, ...] = ()
    max_daily: Some | None = None
    room_minutes: Amount = 0
    room_days: Annotated[int, Field(strict=True, ge=0, le=365)] = 0
    overfill_permille: Annotated[int, Field(strict=True, ge=0, le=500)] = 0
    variance_units: Amount = 0
    open_days: Amount = 0
    min_interval_min: Amount = 0

    @field_validator("unit_amount", "max_daily")
    @classmethod
    def _are_amounts(cls, said: tuple[str, ...] | str | None, info: ValidationInfo) -> tuple[str, ...] | str | None:
        for text in (said,) if isinstance(said, str) else said or ():
            dose = parse(text)
            if not isinstance(dose, Dose) or dose.is_range or dose.is_per_kg or dose.per:
                raise ValueError(f"{info.field_name}: {text!r} is no amount such as 5 mg")
        return said

    def record(self, item: str) -> Item:
        """The record."""
        return record.item_of(
            facts.ItemChanged(
                ItemId(item), self.name, self.generic, list(self.brands), self.strength, self.form, self.ndc, self.control_class,
                self.count_mode, self.count_unit, list(self.look_alikes), self.therapeutic_class, list(self.kit), list(self.marks),
                self.population, list(self.codes), list(self.unit_amount), self.ingredient, list(self.allergy_classes), self.max_daily,
                [f"{name} {getattr(self, name)}" for name in record.NUMBERS], "cabinet",
            )
        )  # fmt: skip


class LevelsBody(Body):
    """How much a pocket should hold."""

    par: Amount
    min: Amount
    critical_low: Amount


class EndBody(Body):
    """What is left of a bag that ran in, in words: "30 mL"; "0" where nothing is."""

    amount: Some

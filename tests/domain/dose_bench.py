"""Items, orders and patients for the tests of doses: small, and said in the words that people write.

Alone knows: how to make one quickly. Must not know: what is asked of it.
"""

from cabinet.domain.dose.amount import Amount, Dose
from cabinet.domain.dose.plan import Plan, plan
from cabinet.domain.dose.reading import parse
from cabinet.domain.dose.rules import DosingRules
from cabinet.domain.dose.warning import Case
from cabinet.domain.formulary import ControlClass, CountMode, Item
from cabinet.domain.orders import Order, Patient
from cabinet.domain.vocabulary import ItemId, OrderId, PatientId, Units
from cabinet.domain.withdrawal.memory import Withdrawal

NOON = "2026-03-02T12:00:00.000000Z"
TODAY = NOON[:10]


def amount(text: str) -> Amount:
    """One amount."""
    dose = parse(text)
    assert isinstance(dose, Dose), dose
    return dose.high


def item(name: str = "oxycodone", *holds: str, unit: str = "tablet", form: str = "tablet", **marks: object) -> Item:
    """An item of which one `unit` holds so much."""
    plain = {
        "control_class": ControlClass.NONE, "count_mode": CountMode.UNITS, "is_high_alert": False, "therapeutic_class": "", "kit": (),
        "brands": (), "strength": "/".join(holds), **marks,
    }  # fmt: skip
    return Item(
        id=ItemId(name), name=name, generic=name, form=form, ndc="0-0-0", count_unit=unit, look_alikes=(),
        unit_amount=tuple(amount(text) for text in holds), **plain,  # type: ignore[arg-type]
    )  # fmt: skip


def order(dose: str, of: str = "oxycodone", *, units: int = 0, schedule: str = "every 4 hours as needed", **more: object) -> Order:
    """An order of the only patient."""
    is_verified = bool(more.pop("is_verified", True))
    return Order(OrderId("o1"), PatientId("pat"), ItemId(of), dose, Units(units), "", schedule, is_verified, **more)  # type: ignore[arg-type]


def patient(*orders: Order, allergies: tuple[str, ...] = (), weight_g: int | None = None, born: str = "1960-05-01") -> Patient:
    """The only patient."""
    return Patient(PatientId("pat"), "Pat", born, "r1", "1", allergies, weight_g, orders)


def planned(thing: Item, dose: str, *, chosen: str = "", units: int = 0, schedule: str = "", weight_g: int | None = None) -> Plan:
    """What one dose of `thing` takes."""
    return plan(thing, order(dose, thing.id, units=units, schedule=schedule), patient(weight_g=weight_g), chosen=chosen, today=TODAY)


def had(of: str, at: str, *, units: int = 1, by_order: str | None = "o1", wasted_m: int = 0, returned: int = 0) -> Withdrawal:
    """An earlier withdrawal for the patient."""
    return Withdrawal(
        f"w-{at}", "nina", "p1", of, "pat", None, by_order, "order", at, 1, units, returned=returned, wasted_m=wasted_m
    )  # fmt: skip


def case(
    thing: Item, dose: str | None, *, units: int | None = None, who: Patient | None = None, before: tuple[Withdrawal, ...] = (),
    schedule: str = "every 4 hours as needed", rules: DosingRules | None = None, others: tuple[Item, ...] = (), is_verified: bool = True,
    chosen: str = "", is_emergency: bool = False,
) -> Case:  # fmt: skip
    """A withdrawal of `thing` for a dose (None: no order), of as many units as the plan says unless `units` are asked for."""
    said = None if dose is None else order(dose, thing.id, schedule=schedule, is_verified=is_verified)
    person = who or patient()
    made = None if said is None else plan(thing, said, person, chosen=chosen, today=TODAY)
    taken = units if units is not None else (1 if made is None or made.units is None else made.units)
    formulary = {one.id: one for one in (thing, *others)}
    return Case(thing, taken, person, said, made, before, formulary, rules or DosingRules(), NOON, is_emergency)

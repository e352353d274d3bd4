"""Another strength for an order: accepted where the same dose can be given in it, planned anew, and never guessed."""

from dataclasses import replace

import pytest

from cabinet.domain.dose.amount import Amount, Measure
from cabinet.domain.dose.strength import serves
from cabinet.domain.formulary import CountMode, Item
from cabinet.domain.orders import Order, Patient
from cabinet.domain.vocabulary import ItemId, OrderId, PatientId, Units
from tests.domain.ward import ITEMS, POLICY, Ward, item, layout, world


def of(mg: int, name: str = "") -> Item:
    """A strength of oxycodone."""
    held = Amount(mg * 10**6, Measure.MASS, "mg")
    return replace(item(name or f"oxy{mg}", ITEMS[2].control_class), generic="oxycodone", strength=f"{mg} mg", unit_amount=(held,))


FIVE, TEN = of(5, "oxycodone"), of(10, "ketamine")
"""They stand in the ward's two lidded pockets of those names."""


def ordered(dose: str, units: int = 0) -> Order:
    """An order of the 5 mg tablet."""
    return Order(OrderId("o9"), PatientId("pat"), FIVE.id, dose, Units(units), "oral", "every 4 hours", True)


def ready(dose: str, units: int = 0) -> Ward:
    """A ward with both strengths and one order."""
    patient = Patient(PatientId("pat"), "Pat", "1950-01-01", "r1", "1", (), None, (ordered(dose, units),))
    things = {one.id: one for one in ITEMS} | {FIVE.id: FIVE, TEN.id: TEN}
    ward = Ward(world(formulary=things, patients={patient.id: patient}, layout=layout(), policy=POLICY))
    ward.signs_in("nina")
    return ward


def code(ward: Ward, pocket: str, units: int, access: str = "a") -> str:
    """Ask for it on the order."""
    refusal = ward.wants("withdraw", pocket, units, authority="order", order="o9", access=access).refusal
    return "" if refusal is None else refusal.code


def test_the_nurse_takes_another_strength_for_the_same_order() -> None:
    """Nobody is kept from a medicine because the order names the strength that is out."""
    ward = ready("10 mg")
    assert code(ward, "keta", 1) == ""
    assert ward.access().order == "o9"


def test_what_is_left_over_is_worked_out_for_the_strength_that_was_taken() -> None:
    """5 mg out of a tablet of 10 mg leaves half a tablet to be wasted; of 5 mg nothing."""
    ward = ready("5 mg", units=1)
    code(ward, "keta", 1)
    ward.opens("locks:1", "lids:0")
    ward.counts(20)
    ward.states(1)
    [debt] = ward.state.debts.values()
    assert (debt.kind, debt.units_m) == ("waste", 500)


def test_two_tablets_are_another_dose_of_another_strength() -> None:
    """An order in tablets, or in mL, is about its own item alone."""
    assert code(ready("2 tablets"), "keta", 2) == "order.other_item"
    assert code(ready("2 tablets"), "oxy", 2) == ""


@pytest.mark.parametrize(
    ("other", "dose"),
    [
        (replace(TEN, form="tablet, extended release"), "10 mg"),
        (replace(TEN, generic="oxycodone and paracetamol"), "10 mg"),
        (replace(TEN, kit=((ItemId("paracetamol"), 1),)), "10 mg"),
        (replace(TEN, is_multi_dose=True), "10 mg"),
        (replace(TEN, count_mode=CountMode.BULK), "10 mg"),
        (replace(TEN, unit_amount=()), "10 mg"),
        (TEN, "5 mL"),
        (TEN, "10 mg/h"),
        (TEN, "as directed"),
    ],
)
def test_what_is_no_other_strength_does_not_serve(other: Item, dose: str) -> None:
    """Another form, another substance, what runs in, and what is not known to hold so much."""
    assert not serves(other, ordered(dose), {FIVE.id: FIVE, other.id: other})
    assert serves(FIVE, ordered(dose), {FIVE.id: FIVE}), "what the order names always serves it"

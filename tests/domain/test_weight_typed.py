"""A weight that is typed for a dose: kept with its age and where it came from, by those who may say so, and where it can be somebody's."""

from dataclasses import replace

import pytest

from cabinet.domain import events
from cabinet.domain.dose.amount import Dose
from cabinet.domain.dose.reading import parse
from cabinet.domain.dose.rules import WARNINGS, DosingRules, Level
from cabinet.domain.facts import PatientChanged
from cabinet.domain.orders import Order, Patient
from cabinet.domain.people import Role
from cabinet.domain.reference.weight import SOURCE, kept
from cabinet.domain.vocabulary import ItemId, OrderId, PatientId, Units
from tests.domain.ward import ITEMS, WAY, Ward, granting, shut, world


def ready(*roles: Role) -> Ward:
    """A ward where people of these roles may say what a patient weighs."""
    ward = Ward(world(policy=granting(weigh=set(roles))))
    ward.signs_in("nina")
    return ward


def record(ward: Ward) -> Patient:
    """The only patient."""
    patient = ward.core.scene.patient("pat")
    assert patient is not None
    return patient


def test_a_weight_that_is_typed_for_a_dose_is_the_patients_from_then_on() -> None:
    """With its age and its source, and over a restart."""
    ward = ready(Role.NURSE)
    assert ward.wants("withdraw", "p1", 1, said="61.4 kg").refusal is None
    assert (record(ward).weight_g, record(ward).weight_source) == (61_400, SOURCE)
    assert (record(ward).weight_at or "").startswith("2026-03-02T")
    assert record(ward).orders, "the orders are still theirs"
    ward.restart()
    assert record(ward).weight_g == 61_400


def test_who_may_not_weigh_weighs_for_this_dose_alone() -> None:
    """The dose is given, the record stays as it was."""
    ward = ready()
    assert ward.wants("withdraw", "p1", 1, said="61.4 kg").refusal is None
    assert record(ward).weight_g is None


@pytest.mark.parametrize("said", ["6140 kg", "0.1 kg"])
def test_nobody_weighs_that(said: str) -> None:
    """A slip of the finger opens nothing and is written nowhere."""
    ward = ready(Role.NURSE)
    refusal = ward.wants("withdraw", "p1", 1, said=said).refusal
    assert refusal is not None
    assert refusal.code == "dose.weight_range"
    assert not ward.facts_of(PatientChanged)


@pytest.mark.parametrize("said", ["500 mg", "2 tablets", None])
def test_a_dose_is_no_weight(said: str | None) -> None:
    """Only kilograms are."""
    ward = ready(Role.NURSE)
    ward.wants("withdraw", "p1", 1, said=said)
    assert not ward.facts_of(PatientChanged)


def test_a_patient_of_the_list_is_not_one_who_was_added_here() -> None:
    """Weighing somebody makes nobody a stranger who may be merged away."""
    ward = ready(Role.NURSE)
    ward.wants("withdraw", "p1", 1, said="61.4 kg")
    assert ward.state.reference.origins == {"pat": "site"}


def test_the_pharmacys_older_record_does_not_unweigh_a_patient() -> None:
    """What was typed stays until somebody weighed them later."""
    ward = ready(Role.NURSE)
    ward.wants("withdraw", "p1", 1, said="61.4 kg")
    ward.opens("locks:0")
    ward.states(1)
    shut(ward, "p1")
    older = Patient(PatientId("pat"), "Pat", "1950-01-01", "r1", "2", (), None, ())
    ward.happen(events.PatientReceived(ward.tick(), older))
    assert (record(ward).bed, record(ward).weight_g) == ("2", 61_400)
    newer = replace(older, weight_g=60_000, weight_at="2026-03-03", weight_source="bed scale")
    assert kept(record(ward), newer) == newer


BY_WEIGHT = Order(OrderId("ow"), PatientId("pat"), ItemId("oxycodone"), "0.1 mg/kg", Units(0), "iv", "every 4 hours", is_verified=True)


def by_weight(weight_g: int | None) -> Ward:
    """A ward whose patient gets oxycodone, 5 mg in a unit, by the kilogram."""
    held = parse("5 mg")
    assert isinstance(held, Dose)
    items = {one.id: replace(one, unit_amount=(held.high,)) if one.id == "oxycodone" else one for one in ITEMS}
    weighed = Patient(PatientId("pat"), "Pat", "1950-01-01", "r1", "1", (), weight_g, (BY_WEIGHT,), "2026-03-01", "bed scale")
    policy = replace(granting(weigh={Role.NURSE}), dosing=DosingRules(warnings={**dict.fromkeys(WARNINGS, Level.OFF), "weight": Level.ACT}))
    ward = Ward(world(policy=policy, formulary=items, patients={weighed.id: weighed}))
    ward.signs_in("nina")
    return ward


def takes(ward: Ward, units: int, said: str, *acknowledged: str) -> str:
    """She takes so many for a dose by the weight that she typed; the code of what stops her."""
    refusal = ward.wants("withdraw", "oxy", units, order="ow", said=said, acknowledged=acknowledged).refusal
    if refusal is None:
        ward.opens(*WAY["oxy"])
        ward.counts(20)
        ward.states(units)
        shut(ward, "oxy")
    return "" if refusal is None else refusal.code


def owed(ward: Ward) -> list[tuple[str, int]]:
    """What is owed, and how much."""
    return [(debt.kind, debt.units_m) for debt in ward.state.debts.values()]


def test_a_weight_far_from_the_record_asks_why_and_changes_neither_record_nor_waste() -> None:
    """Twice the weight is twice the dose, and half of what was taken would leave the record: it is owed by the weight that is known."""
    ward = by_weight(50_000)
    assert takes(ward, 2, "100 kg") == "warning.weight"
    assert takes(ward, 2, "100 kg", "warning.weight=the bed scale was wrong") == ""
    assert sorted(owed(ward)) == [("review", 0), ("waste", 1000)]
    assert (record(ward).weight_g, record(ward).weight_source) == (50_000, "bed scale")


def test_a_weight_near_the_record_is_the_record_from_then_on() -> None:
    """People lose and gain; who weighs again says so."""
    ward = by_weight(50_000)
    assert takes(ward, 2, "55 kg") == ""
    assert (owed(ward), record(ward).weight_g) == ([("waste", 900)], 55_000)


def test_a_first_weight_is_looked_at_where_a_controlled_dose_went_by_it() -> None:
    """Nobody is kept waiting; somebody else looks at it."""
    ward = by_weight(None)
    assert takes(ward, 2, "90 kg") == ""
    assert sorted(owed(ward)) == [("review", 0), ("waste", 200)]

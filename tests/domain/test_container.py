"""A controlled container that gives many doses: what is drawn out of it is said, so that given, wasted and returned add up to it."""

from dataclasses import replace
from typing import cast

from cabinet.domain.dose.amount import Dose
from cabinet.domain.dose.reading import parse
from cabinet.domain.events import QuantityEntered
from cabinet.domain.facts import ContainerDiscarded, DoseDrawn
from cabinet.domain.orders import Order, Patient
from cabinet.domain.people import Role
from cabinet.domain.refusal import Refusal
from cabinet.domain.vocabulary import AccessId, ItemId, OrderId, PatientId, SessionId, Units
from cabinet.domain.withdrawal.rule import CustodyRules
from cabinet.domain.world import World
from tests.domain.kind_bench import SIGNED
from tests.domain.ward import ITEMS, WAY, Ward, granting, replayed, shut, world

VIAL = "ketamine"
ORDER = Order(OrderId("o2"), PatientId("pat"), ItemId(VIAL), "50 mg", Units(0), "iv", "every 4 hours", is_verified=True)
PATIENT = Patient(PatientId("pat"), "Pat", "1950-01-01", "r1", "1", (), None, (ORDER,))


def held(*amounts: str) -> tuple[object, ...]:
    """What one container holds."""
    return tuple(cast("Dose", parse(amount)).high for amount in amounts)


def setting() -> World:
    """A vial of 500 mg in 10 mL that is kept for 28 days once it is opened."""
    vial = replace(
        next(one for one in ITEMS if one.id == VIAL), is_multi_dose=True, open_days=28, overfill_permille=50,
        unit_amount=held("500 mg", "10 mL"), count_unit="vial",
    )  # fmt: skip
    nurses = {Role.NURSE}
    policy = granting(withdraw=nurses, emergency=nurses, waste=nurses, count=nurses, **{"return": nurses})
    policy = replace(policy, witness=SIGNED[:1], custody=CustodyRules(purposes=("discarded",)))
    return world(
        formulary={one.id: one for one in (*ITEMS[:3], vial, *ITEMS[4:])}, policy=policy, patients={PATIENT.id: PATIENT},
    )  # fmt: skip


def ready() -> Ward:
    """Nina and Noor are here."""
    ward = Ward(setting())
    for name in ("nina", "noor"):
        ward.signs_in(name)
    return ward


def states(ward: Ward, units: int, drawn: str | None, access: str) -> Refusal | None:
    """What she says at the open pocket."""
    said = QuantityEntered(ward.tick(), SessionId("nina"), AccessId(access), Units(units), drawn=drawn)
    return ward.happen(said).refusal


def draws(ward: Ward, drawn: str | None, *, access: str = "a", kind: str = "withdraw", **more: object) -> Refusal | None:
    """A dose is drawn, and the vial put back."""
    step = ward.wants(kind, "keta", 0, access=access, **more)  # type: ignore[arg-type]
    assert step.refusal is None, step.refusal
    ward.opens(*WAY["keta"])
    if "count_before" in ward.asks(access):
        ward.counts(ward.line("keta").units, access=access)
    refusal = states(ward, 0, drawn, access)
    if refusal is None:
        shut(ward, "keta")
    return refusal


def owed(ward: Ward) -> list[tuple[str, int]]:
    """What is owed, and how much."""
    return [(debt.kind, debt.units_m) for debt in ward.state.debts.values()]


def test_what_is_drawn_out_of_a_vial_that_is_put_back_is_said() -> None:
    """In mL or mg; the balance stays, and the withdrawal is that much."""
    ward = ready()
    refusal = draws(ward, None)
    assert refusal is not None
    assert refusal.code == "dose.drawn"
    assert states(ward, 0, "1 mL", "a") is None
    assert ward.facts_of(DoseDrawn) == [DoseDrawn("keta", "ketamine", "1 mL", 100)]  # type: ignore[arg-type]
    assert (ward.line("keta").units, ward.line("keta").drawn_m, ward.state.withdrawals["a"].left_m) == (20, 100, 100)
    assert replayed(setting(), ward.drafts).state == ward.state


def test_what_is_more_than_the_dose_is_owed_as_waste_and_no_more_of_it_is_wasted_than_was_drawn() -> None:
    """Given + wasted + returned = removed, in mg where units say nothing."""
    ward = ready()
    assert draws(ward, "75 mg", order="o2") is None
    assert owed(ward) == [("waste", 50)], "50 mg were ordered"
    more = ward.wants("waste", None, 0, access="x", withdrawal=AccessId("a"), part_m=200, reason="left over").refusal
    assert more is not None
    assert more.code == "withdrawal.more"
    ward.wants("waste", None, 0, access="x", withdrawal=AccessId("a"), part_m=50, reason="left over")
    ward.is_witnessed("noor", access="x")
    assert (owed(ward), ward.state.withdrawals["a"].left_m) == ([], 100)
    assert replayed(setting(), ward.drafts).state == ward.state


def test_nobody_draws_more_than_a_vial_holds_and_what_adds_up_to_more_is_looked_at() -> None:
    """A slip of the finger is refused; many small ones are somebody's to look at, and keep nobody from a dose."""
    ward = ready()
    refusal = draws(ward, "11 mL")
    assert refusal is not None
    assert refusal.code == "dose.drawn_more"
    assert states(ward, 0, "6 mL", "a") is None
    shut(ward, "keta")
    assert draws(ward, "6 mL", access="b") is None
    assert owed(ward) == [("review", 0)]


def test_the_rest_of_a_vial_that_is_discarded_is_owed_as_waste() -> None:
    """What the doses took is not wasted a second time."""
    ward = ready()
    draws(ward, "4 mL")
    ward.wants("withdraw", "keta", 1, access="d", patient=None, purpose="discarded")
    ward.opens(*WAY["keta"])
    ward.counts(20, access="d")
    assert states(ward, 1, None, "d") is None
    shut(ward, "keta")
    assert len(ward.facts_of(ContainerDiscarded)) == 1
    assert (owed(ward), ward.line("keta").drawn_m, ward.state.withdrawals["d"].left_m) == ([("waste", 600)], 0, 600)
    assert replayed(setting(), ward.drafts).state == ward.state


def test_in_an_emergency_nobody_is_asked_and_a_look_at_it_is_owed() -> None:
    """The drug comes first."""
    ward = ready()
    assert draws(ward, None, kind="emergency", authority="emergency") is None
    assert ("review", 0) in owed(ward)


def test_none_drawn_is_an_answer() -> None:
    """The vial was looked at, and put back as it was."""
    ward = ready()
    assert draws(ward, "0 mL") is None
    assert (owed(ward), "a" in ward.state.withdrawals) == ([], False)

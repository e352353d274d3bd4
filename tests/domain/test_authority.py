"""On whose word something is taken out: orders, overrides, the area's own rule and emergencies (ward.md; ISMP 3.a to 3.g; MM.05.01.01)."""

from dataclasses import replace
from typing import Any

import pytest

from cabinet.domain import events
from cabinet.domain.authority import AuthorityRules, Mode
from cabinet.domain.core import Step
from cabinet.domain.facts import DebtOwed, DebtSettled, OrderLinked
from cabinet.domain.people import Role
from cabinet.domain.vocabulary import AccessId, ItemId, OrderId, SessionId, Units
from tests.domain.ward import ITEMS, POLICY, Ward, granting, order, world

OXY, PARA, INSULIN = ItemId("oxycodone"), ItemId("paracetamol"), ItemId("insulin")
PROFILE = AuthorityRules(
    overrides={OXY: frozenset({Role.NURSE}), INSULIN: frozenset({Role.PHYSICIAN})},
    reasons=("severe pain",), no_order=frozenset({ItemId("cream")}), emergency=frozenset({PARA}),
)  # fmt: skip


def code(step: Step) -> str:
    """The code of a refusal, or nothing."""
    return "" if step.refusal is None else step.refusal.code


def ward_with(rules: AuthorityRules, **changes: Any) -> Ward:
    """A ward that goes by these rules, where nurses override and ask for emergencies."""
    table = granting(override={Role.NURSE, Role.TECHNICIAN}, emergency={Role.NURSE}, waste={Role.NURSE}, witness={Role.NURSE})
    ward = Ward(world(policy=replace(table, authority=rules), **changes))
    ward.signs_in()
    return ward


def took(ward: Ward, pocket: str, units: int = 1, **how: Any) -> None:
    """A whole withdrawal of an item that is not counted."""
    assert code(ward.wants("withdraw", pocket, units, **how)) == ""
    ward.opens("locks:0")
    ward.states(units)
    ward.closes("locks:0")


@pytest.mark.parametrize(
    ("mode", "orders", "is_needed"),
    [
        (Mode.PROFILE, True, True), (Mode.PROFILE, False, True), (Mode.NON_PROFILE, True, False),
        (Mode.MIXED, True, True), (Mode.MIXED, False, False),
    ],
)  # fmt: skip
def test_an_area_is_profile_non_profile_or_mixed(mode: Mode, orders: bool, is_needed: bool) -> None:
    """ISMP 3.a. Mixed goes by orders as soon as any is known of the patient: recovery before, and after, the chart has come."""
    plain = world()
    patients = plain.patients if orders else {key: replace(one, orders=()) for key, one in plain.patients.items()}
    ward = ward_with(replace(PROFILE, mode=mode), patients=patients)
    assert code(ward.wants("withdraw", "p1", 1)) == ("policy.needs_order" if is_needed else "")


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"pocket": "p1", "reason": "severe pain"}, "override.not_listed"),
        ({"pocket": "insulin", "reason": "severe pain"}, "override.not_listed"),
        ({"pocket": "oxy"}, "override.reason"),
        ({"pocket": "oxy", "reason": "I like it"}, "override.reason"),
        ({"pocket": "oxy", "reason": "severe pain", "patient": None, "purpose": "code_tray"}, "access.purpose"),
        ({"pocket": "oxy", "reason": "severe pain"}, ""),
    ],
)
def test_an_override_is_of_the_areas_list_for_the_persons_role_with_a_reason_of_the_list(asked: dict[str, Any], expected: str) -> None:
    """ISMP 3.b, 3.c."""
    ward = ward_with(PROFILE)
    assert code(ward.wants("withdraw", units=1, authority="override", **asked)) == expected


def test_a_role_that_may_not_override_does_not() -> None:
    """The right stands in the table of roles, like every other."""
    ward = Ward(world(policy=replace(POLICY, authority=PROFILE)))
    ward.signs_in()
    assert code(ward.wants("withdraw", "oxy", 1, authority="override", reason="severe pain")) == "policy.role"


def test_some_items_ask_for_an_indication_on_override() -> None:
    """ISMP's call to action of 2024."""
    items = {thing.id: replace(thing, needs_indication=thing.id == OXY) for thing in ITEMS}
    ward = ward_with(PROFILE, formulary=items)
    wish: dict[str, Any] = {"units": 1, "authority": "override", "reason": "severe pain"}
    assert code(ward.wants("withdraw", "oxy", **wish)) == "override.indication"
    assert code(ward.wants("withdraw", "oxy", **wish, indication="fracture of the hip")) == ""
    assert ward.access().indication == "fracture of the hip"


def test_an_override_is_chased_until_its_order_is_linked() -> None:
    """ISMP 3.d, 3.e; BP 16: an order is due even so, and the withdrawal stays listed until it is there."""
    ward = ward_with(replace(PROFILE, overrides={PARA: frozenset()}))
    took(ward, "p1", authority="override", reason="severe pain")
    assert [fact.kind for fact in ward.facts_of(DebtOwed)] == ["order"]  # type: ignore[attr-defined]
    wrong = ward.happen(events.OrderFound(ward.tick(), AccessId("a"), OrderId("o2")))
    assert code(wrong) == "order.other_item"
    assert code(ward.happen(events.OrderFound(ward.tick(), AccessId("a"), OrderId("o1")))) == ""
    assert ward.facts_of(OrderLinked)
    assert ward.facts_of(DebtSettled)
    assert not ward.state.debts
    assert ward.state.withdrawals["a"].order == "o1"


def test_what_needs_no_order_is_no_override() -> None:
    """Flushes, glucose gel, supplies: with or without a patient, and nothing is owed."""
    ward = ward_with(PROFILE)
    took(ward, "p3")
    assert not ward.state.debts
    assert ward.access().authority == "policy"


def test_a_purpose_without_a_patient_needs_no_order() -> None:
    """The code tray has no chart."""
    rules = replace(POLICY.custody, purposes=("code_tray",))
    ward = Ward(world(policy=replace(POLICY, authority=PROFILE, custody=rules)))
    ward.signs_in()
    assert code(ward.wants("withdraw", "p1", 1, patient=None, purpose="code_tray")) == ""


@pytest.mark.parametrize(("pocket", "expected"), [("p1", ""), ("oxy", ""), ("keta", "emergency.not_listed")])
def test_an_emergency_opens_the_areas_list_and_the_override_list_alone(pocket: str, expected: str) -> None:
    """Antidotes, crash drugs and what is on override; the whole cabinet is critical override, a mode of its own."""
    ward = ward_with(PROFILE)
    assert code(ward.wants("emergency", pocket, 1, authority="emergency")) == expected


def test_no_other_word_opens_an_emergency() -> None:
    """What is written down as the word must be the one that was judged."""
    ward = ward_with(PROFILE)
    assert code(ward.wants("emergency", "p1", 1, authority="policy")) == "access.authority"


def test_who_has_left_gets_nothing_by_order_but_is_not_kept_from_what_is_urgent() -> None:
    """Discharged in the records and still in the bed: override and emergency go on."""
    plain = world()
    gone = {key: replace(one, discharged_at="2026-03-02T05:00:00.000000Z") for key, one in plain.patients.items()}
    ward = ward_with(PROFILE, patients=gone)
    assert code(ward.wants("withdraw", "p1", 1, order="o1", authority="order")) == "patient.gone"
    assert code(ward.wants("withdraw", "oxy", 1, authority="override", reason="severe pain")) == ""


def test_a_part_that_is_left_over_is_owed_as_waste_and_settled_by_it() -> None:
    """Ward, "Witness, waste, return": of controlled items; half a paracetamol owes nothing."""
    half = replace(order("o4", "oxycodone"), dose="0.5 tablet")
    other = replace(order("o5", "paracetamol"), dose="0.5 tablet")
    plain = world()
    patients = {key: replace(one, orders=(half, other)) for key, one in plain.patients.items()}
    ward = ward_with(PROFILE, patients=patients)
    took(ward, "p1", order="o5", authority="order", access="b")
    assert not ward.state.debts
    assert code(ward.wants("withdraw", "oxy", 1, order="o4", authority="order")) == ""
    ward.opens("locks:1", "locks:2")
    ward.counts(ward.line("oxy").units)
    ward.states(1)
    ward.closes("locks:2", "locks:1")
    assert {debt.kind: debt.units_m for debt in ward.state.debts.values()} == {"waste": 500}
    waste = events.AccessAsked(
        ward.tick(), SessionId("nina"), AccessId("w"), "waste", "policy", Units(0), part_m=500,
        withdrawal=AccessId("a"), reason="left over",
    )  # fmt: skip
    assert code(ward.happen(waste)) == ""
    assert ward.state.debts, "not even where no row of the policy says who signs for a waste"
    assert code(ward.is_witnessed("tom", access="w")) == "witness.role"
    assert code(ward.is_witnessed("noor", access="w")) == ""
    assert not ward.state.debts


def test_what_is_left_of_a_bag_is_owed_when_it_ends() -> None:
    """For infusions due only when the bag ends."""
    ward = ward_with(replace(PROFILE, mode=Mode.NON_PROFILE))
    assert code(ward.wants("withdraw", "oxy", 1)) == ""
    ward.opens("locks:1", "locks:2")
    ward.counts(ward.line("oxy").units)
    ward.states(1)
    ward.closes("locks:2", "locks:1")
    session = SessionId("nina")
    assert code(ward.happen(events.BagEnded(ward.tick(), session, AccessId("a"), "2 bags", 2000))) == "withdrawal.more"
    assert code(ward.happen(events.BagEnded(ward.tick(), session, AccessId("a"), "0.3", 300))) == ""
    assert {debt.kind: debt.units_m for debt in ward.state.debts.values()} == {"waste": 300}

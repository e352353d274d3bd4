"""Patients' own medicine: a sealed bag with a number, counted by two, for that patient alone, given back or destroyed with a witness."""

from dataclasses import replace

import pytest

from cabinet.domain import events
from cabinet.domain.facts import Account, BagContent, BagHandedBack, DebtOwed, DebtSettled, UnitsMoved, WitnessSigned
from cabinet.domain.formulary import ControlClass
from cabinet.domain.orders import Patient
from cabinet.domain.people import Role
from cabinet.domain.stock import need
from cabinet.domain.vocabulary import AccessId, PatientId, PocketId, SessionId, Units
from cabinet.domain.withdrawal.rule import CustodyRules
from cabinet.domain.witness import WitnessRule
from tests.domain.ward import ITEMS, TODAY, Ward, drawer, granting, item, layout, pocket, shut, world

OWN = item("own")
WITH = (BagContent("metoprolol 50 mg tablets", Units(12)), BagContent("eye drops", Units(1)))
GONE = "2026-03-02T06:00:00.000000Z"


def ready(*, may_be_owed: bool = False, is_ruled: bool = True) -> Ward:
    """A ward with one pocket for bags; two nurses who may keep them, and a witness for putting in and destroying."""
    rule = WitnessRule(frozenset({"bag", "bag_waste"}), frozenset(ControlClass), frozenset({Role.NURSE}), may_be_owed=may_be_owed)
    policy = replace(
        granting(belongings={Role.NURSE}, count={Role.NURSE}), custody=CustodyRules(own_item=OWN.id), witness=(rule,) if is_ruled else ()
    )  # fmt: skip
    bags = pocket("p1", "matrix", "own", units=0)
    bags = replace(bags, levels=replace(bags.levels, par=Units(0), min=Units(0), critical_low=Units(0)))
    plain = pocket("p2", "matrix", "paracetamol")
    names = ("pat", "kim")
    people = {PatientId(one): Patient(PatientId(one), one.title(), "1950-01-01", f"r-{one}", "1", (), None, ()) for one in names}
    things = {one.id: one for one in (*ITEMS, OWN)}
    ward = Ward(world(policy=policy, layout=layout(drawer("matrix", "locks:0", bags, plain)), formulary=things, patients=people))
    ward.signs_in("nina")
    ward.signs_in("noor")
    return ward


def code(step: object) -> str:
    """The code of the refusal in a step; empty where there is none."""
    refusal = getattr(step, "refusal", None)
    return refusal.code if refusal else ""


def sealed(ward: Ward, bag: str = "b-17", patient: str = "pat", contents: tuple[BagContent, ...] = WITH, by: str = "nina") -> str:
    """A bag is counted and sealed."""
    return code(ward.happen(events.BagSealAsked(ward.tick(), SessionId(by), bag, PatientId(patient), contents)))


def asked(ward: Ward, kind: str, access: str = "a", bag: str = "b-17", **more: str) -> str:
    """An access with a bag."""
    units = 0 if kind == "inspect" else 1
    return code(ward.wants(kind, "p1", units, access=access, bag=bag, **more))


def done(ward: Ward, access: str = "a", units: int = 1) -> None:
    """The drawer opens, bags are counted, one is put in or taken out, the drawer is shut."""
    ward.opens("locks:0")
    if "count_before" in ward.asks(access):
        ward.counts(ward.line("p1").units, access=access)
    if "confirm" in ward.asks(access):
        ward.states(units, access=access)
    shut(ward, "p1")


def kept(*, may_be_owed: bool = False) -> Ward:
    """A ward where Pat's bag lies in its pocket."""
    ward = ready(may_be_owed=may_be_owed)
    sealed(ward)
    asked(ward, "load")
    ward.is_witnessed("noor")
    done(ward)
    return ward


def leaves(ward: Ward, at: str | None = GONE) -> None:
    """The pharmacy says that Pat was discharged (or is here again)."""
    patient = Patient(PatientId("pat"), "Pat", "1950-01-01", "r-pat", "1", (), None, (), discharged_at=at)
    ward.happen(events.PatientReceived(ward.tick(), patient))


def ways(ward: Ward) -> list[tuple[Account, Account]]:
    """Where bags went."""
    return [(fact.source, fact.target) for fact in ward.facts_of(UnitsMoved) if isinstance(fact, UnitsMoved) and fact.item == OWN.id]


def test_a_bag_goes_in_before_two_people_who_count_what_is_in_it() -> None:
    """Nothing opens before the second person signed, for the contents by name and number."""
    ward = ready()
    assert sealed(ward) == ""
    assert asked(ward, "load") == ""
    assert ward.asks() == ("witness",)
    assert code(ward.is_witnessed("nina")) == "witness.same_person"
    ward.is_witnessed("noor")
    done(ward)
    [signed] = ward.facts_of(WitnessSigned)
    assert isinstance(signed, WitnessSigned)
    assert signed.said == "bag b-17: 12 metoprolol 50 mg tablets, 1 eye drops"
    assert ways(ward) == [(Account.OWNER, Account.POCKET)]
    assert (ward.state.bags["b-17"].pocket, ward.line("p1").units) == ("p1", 1)


def test_without_a_rule_for_the_second_person_no_bag_is_taken() -> None:
    """A policy that forgot it is no way around it."""
    ward = ready(is_ruled=False)
    sealed(ward)
    assert asked(ward, "load") == "bag.no_witness_rule"


def test_it_is_opened_for_that_patient_alone() -> None:
    """A dose is given out of it, and it stays; nobody takes it by its item."""
    ward = kept()
    assert asked(ward, "inspect", "b", patient="pat") == ""
    done(ward, "b")
    assert ward.line("p1").units == 1
    other = events.AccessAsked(
        ward.tick(), SessionId("nina"), AccessId("d"), "inspect", "policy", Units(0), PocketId("p1"), patient=PatientId("kim"), bag="b-17"
    )  # fmt: skip
    assert code(ward.wants("withdraw", "p1", 1, access="c")) == "bag.number"
    assert code(ward.happen(other)) == "bag.other_patient"
    assert asked(ward, "load", "e", bag="b-99") == "bag.unknown"
    assert asked(ward, "load", "f") == "bag.taken"
    assert code(ward.wants("inspect", "p2", 0, access="g", bag="b-17")) == "bag.unknown"


def test_at_discharge_it_is_owed_and_given_back_with_a_signature() -> None:
    """It is on the list of who put it in until it is done; over a restart too."""
    ward = kept()
    leaves(ward)
    leaves(ward)
    [owed] = ward.facts_of(DebtOwed)
    assert isinstance(owed, DebtOwed)
    assert (owed.kind, owed.patient, ward.state.debts[owed.debt].staff) == ("bag", "pat", "nina")
    ward.restart()
    ward.signs_in("nina")
    assert asked(ward, "unload", "b") == "bag.signature"
    assert asked(ward, "unload", "b", said="Kate Pat, daughter") == ""
    done(ward, "b")
    assert ward.facts_of(BagHandedBack) == [BagHandedBack("b-17", PatientId("pat"), "Kate Pat, daughter")]
    assert ways(ward)[-1] == (Account.POCKET, Account.OWNER)
    assert not ward.state.debts
    assert not ward.state.bags
    assert ward.line("p1").item == "own", "the pocket stays the bags' own"


def test_what_is_left_behind_is_destroyed_with_a_witness_and_never_without() -> None:
    """Even where policy lets other signatures be owed."""
    ward = kept(may_be_owed=True)
    leaves(ward)
    assert asked(ward, "waste", "b") == "withdrawal.reason"
    assert asked(ward, "waste", "b", reason="left behind for 30 days") == ""
    assert code(ward.is_alone(access="b")) == "witness.needed"
    ward.is_witnessed("noor", access="b")
    done(ward, "b")
    assert ways(ward)[-1] == (Account.POCKET, Account.WASTE)
    assert not ward.state.bags
    assert [fact.how for fact in ward.facts_of(DebtSettled) if isinstance(fact, DebtSettled)] == ["done"]


def test_who_comes_back_has_it_kept() -> None:
    """The debt is over, the bag stays."""
    ward = kept()
    leaves(ward)
    leaves(ward, None)
    assert not ward.state.debts
    assert "b-17" in ward.state.bags


def test_a_bag_that_was_not_put_in_after_all_is_nobodys_pocket() -> None:
    """Zero is an ordinary answer; two bags are not one access."""
    ward = ready()
    sealed(ward)
    asked(ward, "load")
    ward.is_witnessed("noor")
    ward.opens("locks:0")
    ward.counts(0)
    assert code(ward.states(2)) == "access.units"
    ward.states(0)
    shut(ward, "p1")
    assert ward.state.bags["b-17"].pocket is None
    assert sealed(ward, contents=WITH[:1]) == "", "it may be counted again"


@pytest.mark.parametrize(
    ("bag", "patient", "contents", "by", "expected"),
    [
        ("B 17", "pat", WITH, "nina", "bag.form"),
        ("b-18", "pat", (), "nina", "bag.form"),
        ("b-18", "pat", (BagContent(" ", Units(1)),), "nina", "bag.form"),
        ("b-18", "pat", (BagContent("drops", Units(0)),), "nina", "bag.form"),
        ("b-18", "nobody", WITH, "nina", "access.patient_unknown"),
        ("b-18", "pat", WITH, "ghost", "session.unknown"),
        ("b-17", "kim", WITH, "nina", "bag.taken"),
    ],
)
def test_what_is_no_bag_is_not_sealed(bag: str, patient: str, contents: tuple[BagContent, ...], by: str, expected: str) -> None:
    """Number, patient, contents; and a number is one patient's."""
    assert sealed(kept(), bag, patient, contents, by) == expected


def test_a_technician_keeps_no_bags_and_an_empty_pocket_for_them_needs_no_refill() -> None:
    """The pharmacy does not stock what patients bring."""
    ward = ready()
    sealed(ward)
    ward.signs_in("tom")
    assert sealed(ward, by="tom") == "policy.role"
    assert code(ward.wants("load", "p1", 1, by="tom", access="t", bag="b-17")) == "policy.role"
    assert need(ward.line("p1"), TODAY, 24) is None


def test_a_bag_that_is_sealed_and_not_put_in_yet_is_in_no_pocket() -> None:
    """It stands on the counter, and the screen says so."""
    ward = ready()
    assert sealed(ward) == ""
    assert asked(ward, "inspect") == "bag.elsewhere"

"""A ward on which everything may be done: what the tests of the kinds of access begin with.

Alone knows: its rules, and how an access is played through. Must not know: what any test is about.
"""

from dataclasses import replace

from cabinet.domain.facts import Account, Fact, UnitsMoved
from cabinet.domain.formulary import ControlClass
from cabinet.domain.people import Role
from cabinet.domain.policy import Policy
from cabinet.domain.withdrawal.rule import CONTROLLED, CustodyRules
from cabinet.domain.witness import WitnessRule
from cabinet.domain.world import World
from tests.domain.ward import POLICY, WAY, Ward, granting, shut, world

NURSE = {Role.NURSE}

TECHNICIAN = {Role.TECHNICIAN}

SIGNED = (
    WitnessRule(frozenset({"waste"}), CONTROLLED, frozenset({Role.NURSE, Role.PHARMACIST})),
    WitnessRule(frozenset({"withdraw"}), frozenset({ControlClass.C3}), frozenset({Role.NURSE}), may_be_owed=True),
    WitnessRule(frozenset({"withdraw"}), frozenset({ControlClass.C4}), frozenset({Role.NURSE})),
    WitnessRule(frozenset({"return"}), CONTROLLED, frozenset({Role.NURSE}), may_be_owed=True),
)


def rules(**changes: object) -> World:
    """A ward where every kind is somebody's, and second persons are due."""
    table = granting(
        withdraw=NURSE, emergency=NURSE, waste=NURSE, close_debt={Role.PHARMACIST}, **{"return": NURSE},
        load=TECHNICIAN, unload=TECHNICIAN, expire=TECHNICIAN, transfer=TECHNICIAN, empty_bin=TECHNICIAN, inspect=TECHNICIAN,
    )  # fmt: skip
    custody = CustodyRules(
        purposes=("dropped",), pocket_return_classes=frozenset({ControlClass.NONE, ControlClass.C2}), return_places=("fridge-shelf",)
    )
    policy: Policy = replace(POLICY, may=table.may, witness=SIGNED, custody=custody)
    return world(policy=policy, **changes)


def ready(*people: str) -> Ward:
    """A ward with these people signed in."""
    ward = Ward(rules())
    for name in people or ("nina",):
        ward.signs_in(name)
    return ward


def code(step: object) -> str:
    """The code of the refusal in a step; empty where there is none."""
    refusal = getattr(step, "refusal", None)
    return refusal.code if refusal else ""


def moved(ward: Ward, item: str) -> list[tuple[int, int, Account, Account]]:
    """Every movement of an item since its opening stock: units, part, from, to."""
    found = [fact for fact in ward.facts_of(UnitsMoved) if isinstance(fact, UnitsMoved) and fact.item == item]
    return [(fact.units, fact.part_m, fact.source, fact.target) for fact in found if fact.lot != "lot-0"]


def last(ward: Ward, kind: type[Fact]) -> Fact:
    """The newest fact of a type."""
    return ward.facts_of(kind)[-1]


def through(ward: Ward, kind: str, pocket: str, units: int, *, by: str = "nina", access: str = "a", **more: object) -> None:
    """A whole access: opened, counted where that is asked, stated, shut."""
    step = ward.wants(kind, pocket, units, by=by, access=access, **more)  # type: ignore[arg-type]
    assert code(step) == "", step.refusal
    ward.opens(*WAY[pocket])
    if "count_before" in ward.asks(access):
        ward.counts(ward.line(pocket).units, by=by, access=access)
    if "confirm" in ward.asks(access):
        ward.states(units, by=by, access=access)
    shut(ward, pocket)


def withdrawn(pocket: str = "oxy", units: int = 2, *people: str) -> Ward:
    """A ward in which nina has withdrawn something as access `w`."""
    ward = ready("nina", *people)
    through(ward, "withdraw", pocket, units, access="w")
    return ward


def rules_without_pocket() -> World:
    """Nothing goes back to a pocket."""
    setting = rules()
    return replace(setting, policy=replace(setting.policy, custody=CustodyRules()))

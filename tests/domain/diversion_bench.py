"""A ward with people enough to divert something: what the tests of diversion begin with.

Alone knows: its rules and people. Must not know: any trick.
"""

from dataclasses import replace

from cabinet.domain.commands import StartTimer
from cabinet.domain.dose.amount import Dose
from cabinet.domain.dose.reading import parse
from cabinet.domain.dose.rules import WARNINGS, DosingRules, Level
from cabinet.domain.formulary import Item
from cabinet.domain.orders import Order, Patient
from cabinet.domain.people import Role, Staff
from cabinet.domain.vocabulary import ItemId, OrderId, PatientId, StaffId, Units
from cabinet.domain.withdrawal.rule import CustodyRules
from cabinet.domain.world import World
from tests.domain.kind_bench import SIGNED
from tests.domain.ward import ITEMS, PEOPLE, Ward, granting, world

NURSES = {Role.NURSE, Role.CHARGE_NURSE}


PROVEN = ("badge", "secret")


MAY_ENTER_LATE = frozenset({"withdraw", "late_entry", "count", "override"})


PHARMACY = {Role.TECHNICIAN, Role.PHARMACIST}


CHRIS = Staff(StaffId("chris"), "Chris", Role.CHARGE_NURSE)


def oxycodone() -> Item:
    """A tablet that is known to hold 5 mg."""
    plain, held = next(one for one in ITEMS if one.id == "oxycodone"), parse("5 mg")
    assert isinstance(held, Dose)
    return replace(plain, unit_amount=(held.high,))


def patient(dose: str = "5 mg", units: int = 0) -> Patient:
    """One patient with one verified order of oxycodone, one that waits and one that has ended."""
    order = Order(OrderId("o2"), PatientId("pat"), ItemId("oxycodone"), dose, Units(units), "oral", "every 4 hours", is_verified=True)
    waiting = replace(order, id=OrderId("o8"), is_verified=False)
    ended = replace(order, id=OrderId("o7"), stops="2026-03-01T00:00:00.000000Z")
    return Patient(PatientId("pat"), "Pat", "1950-01-01", "r1", "1", (), None, (order, waiting, ended))


def rules(dose: str = "5 mg", units: int = 0, *, custody: CustodyRules | None = None) -> World:
    """A ward with a charge nurse, second persons for wastes and returns, purposes and sheets."""
    table = granting(
        withdraw=NURSES, emergency=NURSES, waste=NURSES, override=NURSES, count=NURSES | PHARMACY, temporary={Role.CHARGE_NURSE},
        close_debt={Role.CHARGE_NURSE, Role.PHARMACIST}, resolve=NURSES | {Role.PHARMACIST}, load=PHARMACY, unload=PHARMACY,
        transfer=PHARMACY, empty_bin=PHARMACY, refill=PHARMACY, **{"return": NURSES},
    )  # fmt: skip
    signed = tuple(replace(rule, by=rule.by | {Role.CHARGE_NURSE, Role.AGENCY_NURSE}) for rule in SIGNED)
    policy = replace(
        table, witness=signed, custody=custody or CustodyRules(purposes=("dropped", "code_tray")),
        dosing=DosingRules(warnings={**dict.fromkeys(WARNINGS, Level.OFF), "more_than_order": Level.ACT}),
    )  # fmt: skip
    items = {**{one.id: one for one in ITEMS}, OXY: oxycodone()}
    return world(policy=policy, formulary=items, staff={**PEOPLE, CHRIS.id: CHRIS}, patients={PatientId("pat"): patient(dose, units)})


OXY = ItemId("oxycodone")


def ready(setting: World | None = None, people: tuple[str, ...] = ("nina", "noor", "chris", "pia", "tom")) -> Ward:
    """A ward with these people signed in."""
    ward = Ward(setting or rules())
    for name in people:
        ward.signs_in(name)
    return ward


def owed(ward: Ward) -> list[tuple[str, str, int]]:
    """What is owed: kind, by whom, how much."""
    return [(debt.kind, debt.staff, debt.units_m) for debt in ward.state.debts.values()]


def timers(ward: Ward) -> set[str]:
    """The timers that were started."""
    return {command.timer for command in ward.commands if isinstance(command, StartTimer)}

"""A request at the cabinet, looked at for its dose: what its order takes, which warnings are due, and whether their acts were done.

Alone knows: how a request and what the cabinet remembers become one case. Must not know: the rules (`plan.py`, `warning.py`).
"""

from cabinet.domain.dose import warning
from cabinet.domain.dose.amount import Unreadable
from cabinet.domain.dose.plan import Plan, left_over_m, owed_waste_m, plan, weight_of
from cabinet.domain.dose.portion import amount_of, units_m
from cabinet.domain.dose.strength import serves
from cabinet.domain.dose.warning import Case, Warning  # noqa: A004 - the ward's word
from cabinet.domain.events import AccessAsked
from cabinet.domain.formulary import Item
from cabinet.domain.kinds import row_of
from cabinet.domain.orders import Order, Patient
from cabinet.domain.phrase import Phrase
from cabinet.domain.refusal import Refusal
from cabinet.domain.scene import Scene
from cabinet.domain.state import Access
from cabinet.domain.vocabulary import Instant, utc_text

EMERGENCY = "emergency"


def plan_of(item: Item, order: Order, patient: Patient, at: Instant, chosen: str = "") -> Plan:
    """What one dose takes; `chosen` is the amount that a person named of a range, or instead of words that cannot be read."""
    return plan(item, order, patient, chosen=chosen, today=at.utc.date().isoformat())


def case_of(scene: Scene, event: AccessAsked, item: Item) -> Case | None:
    """The withdrawal as it is asked for; None where it is for no patient that this cabinet knows."""
    patient = scene.patient(event.patient)
    if patient is None:
        return None
    order = None if event.order is None else scene.order(event.order)
    if order is not None and (order.patient != patient.id or not serves(item, order, scene.world.formulary)):
        order = None
    made = None if order is None else plan_of(item, order, patient, event.at, event.said or "")
    return Case(
        item, event.units, patient, order, made, scene.state.withdrawals.values(), scene.world.formulary, scene.world.policy.dosing,
        utc_text(event.at.utc), is_emergency=event.authority == EMERGENCY, typed_g=weight_of(event.said or ""),
    )  # fmt: skip


def owed_m(scene: Scene, access: Access) -> int:
    """Thousandths of a unit that a withdrawal leaves over and that must be wasted before a witness."""
    item, order, dose = scene.item_of(access), scene.order(access.order), None
    patient = None if order is None else scene.patient(order.patient)
    if order is not None and patient is not None:
        dose = plan(item, order, patient, chosen=access.said or "", today=access.asked_at[:10]).dose
    elif access.said is not None:
        said_m = units_m(item, access.said, of_units=True)
        dose = None if isinstance(said_m, Unreadable) else amount_of(item, said_m)
    if item.is_multi_dose:
        return left_over_m(item, order, max(0, access.drawn_m), scene.world.policy.custody, dose, patient)
    return owed_waste_m(item, order, access.confirmed or 0, scene.world.policy.custody, dose, patient)


def shown(scene: Scene, access: Access) -> tuple[str, ...]:
    """What stands on the screen of an emergency without being asked: its warnings, and that what is given has expired."""
    if not row_of(access).is_urgent:
        return ()
    item, patient = scene.item_of(access), scene.patient(access.patient)
    line, at = scene.state.lines.get(access.pocket), access.asked_at
    expiry = None if line is None else line.earliest_expiry
    said: list[str] = []
    if expiry is not None and expiry < at[:10]:
        said.append(Phrase("EXPIRED on {day}. It is given because this is an emergency.", day=expiry))
    if patient is not None:
        case = Case(
            item, access.units, patient, None, None, scene.state.withdrawals.values(), scene.world.formulary, scene.world.policy.dosing, at,
            is_emergency=True,
        )  # fmt: skip
        said += [one.sentence for one in warning.warnings(case)]
    return tuple(said)


def warnings(scene: Scene, event: AccessAsked, item: Item) -> tuple[Warning, ...]:
    """What is due before this withdrawal, gravest first; those without an act are only shown."""
    case = case_of(scene, event, item)
    return () if case is None else warning.warnings(case)


def judge(scene: Scene, event: AccessAsked, item: Item) -> Refusal | None:
    """The first warning whose act is not done yet, as a refusal of the code `warning.<name>`; None where the withdrawal may go on."""
    case = case_of(scene, event, item)
    return None if case is None else warning.judge(warning.warnings(case), event.acknowledged, case)

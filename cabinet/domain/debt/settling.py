"""How a debt is closed by people: handed over, witnessed afterwards, linked to its order, or closed with a reason and a name.

Alone knows: who may close whose debt. Must not know: when something is owed (`owing.py`).
"""

from datetime import timedelta

from cabinet.domain import custody, events, witness
from cabinet.domain.debt import owing
from cabinet.domain.debt.memory import Debt
from cabinet.domain.dose.plan import owed_waste_m, plan
from cabinet.domain.dose.schedule import schedule_of
from cabinet.domain.dose.strength import serves
from cabinet.domain.facts import DebtHandedOver, DebtSettled, OrderLinked, PatientNamed, WitnessRefused, WitnessSigned
from cabinet.domain.orders import Order
from cabinet.domain.people import Session
from cabinet.domain.person import speaking, standing
from cabinet.domain.refusal import Refusal, not_of_role
from cabinet.domain.scene import Scene
from cabinet.domain.turn import Turn
from cabinet.domain.vocabulary import AccessId, DebtId, ItemId, OrderId, SessionId, StaffId, utc_text
from cabinet.domain.withdrawal.memory import WHOLE_M

WRITTEN_WITHIN = timedelta(hours=24)
"""An order that comes later than this is no word on what was given then."""


def hand_over(scene: Scene, turn: Turn, event: events.DebtHandedOver) -> Refusal | None:
    """Somebody who was recognised takes over what another person owes. Whose act it was stays: they neither close nor witness it."""
    found = _find(scene, turn, event.session, event.debt)
    if isinstance(found, Refusal):
        return found
    debt, session = found
    if debt.staff != session.staff:
        return Refusal("debt.not_yours")
    if debt.kind == owing.CONFIRM:
        return Refusal("debt.personal")
    refusal = (
        witness.judge(None, session.staff, scene.staff(event.to), event.factors)
        or standing.judge_arrival(scene, turn.at.utc, event.to, is_temporary=False)
        or _judge_taker(scene, debt, event.to)
    )
    if refusal is None:
        turn.record(DebtHandedOver(event.debt, event.to, list(event.factors)), about=debt.access, staff=session.staff)
    return refusal


TAKES = {"waste": "waste", "infusion": "waste", "kit": "count", "bag": "belongings", "order": "withdraw", "reason": "withdraw"}
"""What somebody must be allowed to do who takes over a debt of this kind; of a signature it is the act that was not signed."""


def _judge_taker(scene: Scene, debt: Debt, taker: StaffId) -> Refusal | None:
    """Nobody takes over what they could not settle: it would lie with them, and nobody would look for it there."""
    staff, may = scene.staff(taker), scene.world.policy.allows
    assert staff is not None, "who was recognised has a record"
    act = {"late": "late_entry", "bag": "belongings"}.get(debt.why, debt.why) if debt.kind == "witness" else TAKES.get(debt.kind)
    if act is None or may(staff.role, act) or (act != "waste" and may(staff.role, "close_debt")):
        return None
    return Refusal("debt.role", staff.role)


def confirm(scene: Scene, turn: Turn, event: events.TakingConfirmed) -> Refusal | None:
    """Whoever is named in a late entry says whether they took it. That they did not is for somebody else to look at."""
    found = _find(scene, turn, event.session, event.debt)
    if isinstance(found, Refusal):
        return found
    debt, session = found
    if debt.kind != owing.CONFIRM or debt.staff != session.staff:
        return Refusal("debt.not_yours" if debt.kind == owing.CONFIRM else "access.not_asked")
    turn.record(DebtSettled(event.debt, "confirmed" if event.is_true else "denied"), about=debt.access, staff=session.staff)
    if not event.is_true:
        owing.owe_denied(turn, debt)
    return None


def close(scene: Scene, turn: Turn, event: events.DebtCloseAsked) -> Refusal | None:
    """Their own reason that was owed; or anybody's debt, by somebody whose role may, for a person who has left."""
    found = _find(scene, turn, event.session, event.debt)
    if isinstance(found, Refusal):
        return found
    debt, session = found
    if not event.reason.strip():
        return Refusal("withdrawal.reason")
    is_own_reason = debt.kind == "reason" and debt.staff == session.staff
    staff = scene.staff(session.staff)
    assert staff is not None
    role = staff.role
    if not is_own_reason and not scene.world.policy.allows(role, "close_debt"):
        return not_of_role(role, "close_debt")
    if not is_own_reason and session.staff in {debt.staff, debt.of}:
        return Refusal("debt.own")
    turn.record(DebtSettled(event.debt, "done" if is_own_reason else "closed", event.reason), about=debt.access, staff=session.staff)
    return None


def sign(scene: Scene, turn: Turn, event: events.DebtWitnessed) -> Refusal | None:
    """A second person signs afterwards for what was done without one."""
    found = _find(scene, turn, event.session, event.debt)
    if isinstance(found, Refusal):
        return found
    debt, session = found
    item = scene.world.formulary.get(ItemId(debt.item))
    if debt.kind != "witness" or item is None:
        return Refusal("access.not_asked")
    person = scene.staff(debt.of or debt.staff)
    kind = debt.why
    rule = None if person is None else witness.rule_for(scene.world.policy.witness, kind, item, person.role)
    refusal = witness.judge(rule, debt.staff, scene.staff(event.witness), event.factors) or _judge_signer(scene, turn, debt, event.witness)
    if refusal is not None:
        turn.record(WitnessRefused(kind, item.id, event.witness, refusal.code), about=debt.access, staff=session.staff)
        return refusal
    access = scene.state.accesses.get(debt.access)  # of one that is forgotten the debt knows how much
    owed = f"{debt.units_m / WHOLE_M:g} {item.count_unit}" if debt.units_m else item.title
    said = owed if access is None else custody.signed_for(access, item)
    signed = WitnessSigned(kind, item.id, said, list(event.factors), "signed afterwards")
    turn.record(signed, about=debt.access, staff=session.staff, witness=event.witness)
    turn.record(DebtSettled(event.debt, "done"), about=debt.access, staff=session.staff, witness=event.witness)
    return None


def name(scene: Scene, turn: Turn, event: events.PatientNamed) -> Refusal | None:
    """For whom an emergency was: asked afterwards, so that a recall finds them and the order is looked for at the right bed."""
    found = _find(scene, turn, event.session, event.debt)
    if isinstance(found, Refusal):
        return found
    debt, session = found
    if debt.kind != "order" or debt.patient is not None:
        return Refusal("access.not_asked")
    staff = scene.staff(session.staff)
    assert staff is not None
    if debt.staff != staff.id and not scene.world.policy.allows(staff.role, "close_debt"):
        return Refusal("debt.not_yours")
    patient = scene.patient(event.patient)
    if patient is None:
        return Refusal("access.patient_unknown")
    turn.record(PatientNamed(AccessId(debt.access), patient.id), about=debt.access, staff=staff.id)
    return None


def _taken_at(scene: Scene, access: str, debt: Debt) -> str:
    """When it was taken. An order that had ended by then was not what it followed."""
    known, late = scene.state.withdrawals.get(access), scene.state.accesses.get(access)
    return (late.true_at if late is not None else "") or (debt.at if known is None else known.at)


def _judge_signer(scene: Scene, turn: Turn, debt: Debt, signer: StaffId) -> Refusal | None:
    """Whose act it was is no witness of it, whoever owes the signature now; nor is who may not be here."""
    if signer == debt.of:
        return Refusal("witness.same_person")
    arrival = standing.judge_arrival(scene, turn.at.utc, signer, is_temporary=False)
    return arrival or standing.judge_pair(scene, turn.at.utc, debt.of, signer)


def link(scene: Scene, turn: Turn, event: events.OrderFound) -> Refusal | None:
    """The order that a withdrawal without one followed is known now."""
    session = None if event.session is None else speaking.heard(scene, turn, event.session)
    if isinstance(session, Refusal):
        return session
    debt = scene.state.debts.get(f"order-{event.access}"[:64])
    if debt is None:
        return Refusal("debt.unknown")
    order = scene.order(event.order)
    if order is None or debt.patient not in {None, order.patient}:
        return Refusal("order.unknown")
    item = scene.world.formulary.get(ItemId(debt.item))
    if item is None or not serves(item, order, scene.world.formulary):
        return Refusal("order.other_item")
    if not order.is_verified:
        return Refusal("order.unverified")
    if order.stops is not None and order.stops < _taken_at(scene, event.access, debt):
        return Refusal("order.stopped", order.stops)
    _link(scene, turn, debt, order, None if session is None else session.staff)
    return None


def arrived(scene: Scene, turn: Turn, order_id: OrderId, staff: StaffId | None) -> None:
    """A verified order came: what this patient was given of its very item shortly before, without one, followed it.

    One for a single dose is linked to one withdrawal, the first. Other strengths are for a person to link.
    """
    order = scene.order(order_id)
    if order is None or not order.is_verified or order.status != "active":
        return
    waiting = [debt for debt in scene.state.debts.values() if debt.kind == "order" and _is_followed(scene, turn, debt, order)]
    waiting.sort(key=lambda debt: debt.at)
    for debt in waiting[:1] if schedule_of(order.schedule).is_once else waiting:
        _link(scene, turn, debt, order, staff)


def _is_followed(scene: Scene, turn: Turn, debt: Debt, order: Order) -> bool:
    is_same = debt.item == order.item and debt.patient is not None and scene.state.reference.who(debt.patient) == order.patient
    taken_at = _taken_at(scene, debt.access, debt)
    has_ended = order.stops is not None and order.stops < taken_at
    return is_same and not has_ended and taken_at >= utc_text(turn.at.utc - WRITTEN_WITHIN)


def _link(scene: Scene, turn: Turn, debt: Debt, order: Order, staff: str | None) -> None:
    """Close a debt by naming its order, and owe what that leaves over."""
    if debt.patient is None:
        turn.record(PatientNamed(AccessId(debt.access), order.patient), about=debt.access, staff=staff)
    turn.record(OrderLinked(AccessId(debt.access), order.id), about=debt.access, staff=staff)
    turn.record(DebtSettled(DebtId(debt.id), "linked", str(order.id)), about=debt.access, staff=staff)
    _owe_rest(scene, turn, order, debt.access, debt.staff)


def _owe_rest(scene: Scene, turn: Turn, order: Order, access: str, person: str) -> None:
    """The order tells the dose at last: what is left over of what was taken is owed from now on."""
    known = scene.state.withdrawals.get(access)
    patient = scene.patient(order.patient)
    if known is None or patient is None:
        return
    item, custody = scene.world.formulary[ItemId(known.item)], scene.world.policy.custody
    left_m = owed_waste_m(item, order, known.units - known.returned, custody, plan(item, order, patient).dose, patient) - known.wasted_m
    if left_m > 0:
        owing.owe_of(turn, known, person, "left over of the dose that was ordered", left_m)


def _find(scene: Scene, turn: Turn, session_id: SessionId, debt_id: DebtId) -> tuple[Debt, Session] | Refusal:
    session = speaking.heard(scene, turn, session_id)
    if isinstance(session, Refusal):
        return session
    debt = scene.state.debts.get(debt_id)
    return Refusal("debt.unknown") if debt is None else (debt, session)

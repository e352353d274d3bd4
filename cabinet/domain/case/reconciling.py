"""Case mode: pull many, and say once at the end what was given; what is over is owed as waste, or returned.

Alone knows: which withdrawals belong to a case, and when they are reconciled. Must not know: how a waste or a return is done.

A case that nobody ends is ended by policy after its hours, so that what it postponed is owed in the end. A withdrawal belongs to the case
that its patient has when it begins. Outside a case a dose says what is left over (`dose/`), and a bag
when it has ended (`withdrawal/ending.py`).
"""

from collections.abc import Iterator
from datetime import timedelta

from cabinet.domain import events
from cabinet.domain.case.memory import Case
from cabinet.domain.commands import StartTimer, StopTimer
from cabinet.domain.debt import owing
from cabinet.domain.dose.plan import owes_waste
from cabinet.domain.facts import CaseBegun, CaseEnded, GivenStated
from cabinet.domain.person import speaking
from cabinet.domain.refusal import Refusal
from cabinet.domain.scene import Scene
from cabinet.domain.turn import Turn
from cabinet.domain.vocabulary import AccessId, ItemId, StaffId, is_id, parse_utc
from cabinet.domain.withdrawal.memory import Withdrawal

TIMER = "case"


def begin(scene: Scene, turn: Turn, event: events.CaseBeginAsked) -> Refusal | None:
    """Begin a case; the same one again is the same one."""
    session = speaking.who_may(scene, turn, event.session, "withdraw")
    if isinstance(session, Refusal):
        return session
    known = scene.state.cases.get(event.case)
    if known is not None:
        return None if known.patient == event.patient else Refusal("case.taken")
    if not is_id(event.case) or scene.patient(event.patient) is None:
        return Refusal("access.patient_unknown")
    if case_of(scene, event.patient) is not None:
        return Refusal("case.open")
    turn.record(CaseBegun(event.case, event.patient), staff=session.staff)
    turn.order(StartTimer(f"{TIMER}:{event.case}", 3600.0 * scene.world.policy.custody.case_h))
    return None


def resume(scene: Scene, turn: Turn) -> None:
    """After a start the time of every open case runs on."""
    for case in scene.state.cases.values():
        ends = parse_utc(case.at) + timedelta(hours=scene.world.policy.custody.case_h)
        turn.order(StartTimer(f"{TIMER}:{case.id}", max(1.0, (ends - turn.at.utc).total_seconds())))


def due(scene: Scene, turn: Turn, name: str) -> None:
    """Nobody ended a case in its time."""
    case = scene.state.cases.get(name)
    if case is not None:
        _end(scene, turn, case, None)


def case_of(scene: Scene, patient: str | None) -> Case | None:
    """The case that a patient has now."""
    who = scene.state.reference.who
    return next((case for case in scene.state.cases.values() if patient and who(case.patient) == who(patient)), None)


def belonging(scene: Scene, case: Case) -> Iterator[Withdrawal]:
    """The withdrawals of a case so far."""
    who = scene.state.reference.who
    found = (one for one in scene.state.withdrawals.values() if one.patient and one.at >= case.at)
    return (one for one in found if who(one.patient or "") == who(case.patient))


def joins_case(scene: Scene, one: Withdrawal) -> bool:
    """Whether a withdrawal is accounted for in a case that is not over."""
    case = case_of(scene, one.patient)
    return case is not None and one.at >= case.at


def say_given(scene: Scene, turn: Turn, event: events.GivenSaid) -> Refusal | None:
    """How much of a withdrawal of a case was given."""
    session = speaking.who_may(scene, turn, event.session, "withdraw")
    if isinstance(session, Refusal):
        return session
    known = scene.state.withdrawals.get(event.withdrawal)
    if known is None:
        return Refusal("withdrawal.unknown")
    if case_of(scene, known.patient) is None:
        return Refusal("case.unknown")
    if not 0 <= event.units_m <= known.left_m:
        return Refusal("withdrawal.more", event.said)
    stated = GivenStated(AccessId(event.withdrawal), ItemId(known.item), event.units_m, event.said)
    turn.record(stated, about=event.withdrawal, staff=session.staff)
    return None


def end(scene: Scene, turn: Turn, event: events.CaseEndAsked) -> Refusal | None:
    """End a case: whatever nobody spoke for is owed by whoever took it. Nothing waits for it."""
    session = speaking.who_may(scene, turn, event.session, "withdraw")
    if isinstance(session, Refusal):
        return session
    case = scene.state.cases.get(event.case)
    if case is None:
        return Refusal("case.unknown", event.case)
    _end(scene, turn, case, session.staff)
    return None


def _end(scene: Scene, turn: Turn, case: Case, staff: StaffId | None) -> None:
    for one in list(belonging(scene, case)):
        _owe_rest(scene, turn, one)
    turn.record(CaseEnded(case.id), staff=staff)
    turn.order(StopTimer(f"{TIMER}:{case.id}"))


def _owe_rest(scene: Scene, turn: Turn, one: Withdrawal) -> None:
    """What was neither given, returned nor wasted, of what is wasted with a witness at all."""
    item = scene.world.formulary.get(ItemId(one.item))
    rest_m = one.left_m - (one.given_m or 0)
    if item is not None and rest_m > 0 and owes_waste(item, scene.world.policy.custody):
        owing.owe_of(turn, one, one.staff, "a part was left over", rest_m)

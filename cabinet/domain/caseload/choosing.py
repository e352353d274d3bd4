"""My patients: those whom a person chose for this shift, and those for whom they took something out in the last hours.

Alone knows: who may choose, whose a patient is, and that a choice ends with the shift. Must not know: in what order a list shows it.
It grants nothing: everybody may take for every patient of the ward, theirs only come first.
"""

from datetime import timedelta

from cabinet.domain import events
from cabinet.domain.caseload.memory import Caseload
from cabinet.domain.commands import StartTimer
from cabinet.domain.facts import PatientChosen, PatientLetGo
from cabinet.domain.person import speaking
from cabinet.domain.refusal import Refusal
from cabinet.domain.scene import Scene
from cabinet.domain.turn import Turn
from cabinet.domain.vocabulary import PatientId, parse_utc, utc_text

TIMER = "shift"
"""`shift:<staff>`: the first of their choices may be over."""


def choose(scene: Scene, turn: Turn, event: events.PatientChooseAsked) -> Refusal | None:
    """This patient is mine from now on. The same again changes nothing."""
    session = speaking.who_may(scene, turn, event.session, "withdraw")
    if isinstance(session, Refusal):
        return session
    patient = scene.patient(event.patient)
    if patient is None:
        return Refusal("access.patient_unknown")
    if patient.id not in _of(scene, session.staff).chosen:
        turn.record(PatientChosen(patient.id), staff=session.staff)
        _wait(scene, turn, session.staff)
    return None


def let_go(scene: Scene, turn: Turn, event: events.PatientLetGoAsked) -> Refusal | None:
    """Not mine any more, whether I chose them or only took something for them."""
    session = speaking.who_may(scene, turn, event.session, "withdraw")
    if isinstance(session, Refusal):
        return session
    patient = scene.patient(event.patient)
    if patient is None:
        return Refusal("access.patient_unknown")
    for one in _of(scene, session.staff).chosen.keys() | {patient.id}:
        if scene.state.reference.who(one) == patient.id and is_mine(scene, session.staff, patient.id, utc_text(turn.at.utc)):
            turn.record(PatientLetGo(PatientId(one), is_over=False), staff=session.staff)
    _wait(scene, turn, session.staff)
    return None


def is_mine(scene: Scene, staff: str, patient: str, now: str) -> bool:
    """Whether a patient is this person's now (a moment as records write it)."""
    return patient in mine(scene, staff, now)


def mine(scene: Scene, staff: str, now: str) -> set[str]:
    """The patients of one person, who were merged into another as that other."""
    theirs, who = _of(scene, staff), scene.state.reference.who
    rules = scene.world.policy.people
    begun = utc_text(parse_utc(now) - timedelta(seconds=rules.temporary_s))
    since = utc_text(parse_utc(now) - timedelta(seconds=rules.served_s))
    served = {
        one.patient
        for one in scene.state.withdrawals.values()
        if one.staff == staff and one.patient is not None and one.at > max(since, theirs.let_go.get(one.patient, ""))
    }
    return {who(patient) for patient, at in theirs.chosen.items() if at > begun} | {who(patient) for patient in served}


def due(scene: Scene, turn: Turn, staff: str) -> None:
    """What was said a whole shift ago is over."""
    begun = utc_text(turn.at.utc - timedelta(seconds=scene.world.policy.people.temporary_s))
    theirs = _of(scene, staff)
    for patient, at in [*theirs.chosen.items(), *theirs.let_go.items()]:
        if at <= begun:
            turn.record(PatientLetGo(PatientId(patient), is_over=True), staff=staff)
    _wait(scene, turn, staff)


def resume(scene: Scene, turn: Turn) -> None:
    """After a start every shift runs on."""
    for staff in list(scene.state.caseloads):
        _wait(scene, turn, staff)


def _wait(scene: Scene, turn: Turn, staff: str) -> None:
    theirs = _of(scene, staff)
    first = min([*theirs.chosen.values(), *theirs.let_go.values()], default=None)
    if first is not None:
        ends = parse_utc(first) + timedelta(seconds=scene.world.policy.people.temporary_s)
        turn.order(StartTimer(f"{TIMER}:{staff}", max(1.0, (ends - turn.at.utc).total_seconds())))


def _of(scene: Scene, staff: str) -> Caseload:
    return scene.state.caseloads.get(staff) or Caseload()

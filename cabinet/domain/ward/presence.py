"""Who looks in from another screen of the ward: their sessions begin, and end by idleness, by a limit, and with their account.

Alone knows: when such a session begins and ends. Must not know: any secret, any drawer: what is begun at the cabinet is begun in a session
there (`attendance.py`), and none of these is one.
"""

from cabinet.domain import events
from cabinet.domain.commands import StartTimer, StopTimer
from cabinet.domain.facts import SessionRefused, WardSessionClosed, WardSessionOpened
from cabinet.domain.person import lockout, standing
from cabinet.domain.person.memory import WARD
from cabinet.domain.refusal import Refusal, not_of_role
from cabinet.domain.scene import Scene
from cabinet.domain.turn import Turn
from cabinet.domain.vocabulary import SessionId, StaffId

IDLE, LIMIT = "ward", "ward_limit"


def arrived(scene: Scene, turn: Turn, event: events.WardArrived) -> Refusal | None:
    """Somebody is there, away from the cabinet. Only who takes medicines has anything to look for."""
    refusal = lockout.admit(scene, turn, event.staff, is_temporary=event.is_temporary, screen=WARD) or _judge_role(scene, turn, event.staff)
    if refusal is not None:
        return refusal
    turn.record(WardSessionOpened(event.session, list(event.factors)), staff=event.staff)
    left_s = standing.left_s(scene, turn.at.utc, event.staff, is_temporary=event.is_temporary)
    turn.order(StartTimer(f"{LIMIT}:{event.session}", max(1.0, min(scene.world.timing.ward_limit_s, left_s))))
    _touch(scene, turn, event.session)
    return None


def _judge_role(scene: Scene, turn: Turn, person: StaffId) -> Refusal | None:
    staff = scene.staff(person)
    if staff is None or scene.world.policy.allows(staff.role, "withdraw"):
        return None
    refusal = not_of_role(staff.role, "withdraw")
    turn.record(SessionRefused(person, refusal.sentence, refusal.code, WARD))
    return refusal


def active(scene: Scene, turn: Turn, event: events.WardActive) -> Refusal | None:
    """A person touched their screen."""
    session = scene.state.ward_sessions.get(event.session)
    if session is None:
        return Refusal("session.unknown")
    refusal = standing.judge(scene, turn.at.utc, scene.staff(session.staff))
    if refusal is None:
        _touch(scene, turn, event.session)
    return refusal


def _touch(scene: Scene, turn: Turn, session: SessionId) -> None:
    turn.order(StartTimer(f"{IDLE}:{session}", scene.world.timing.ward_idle_s))


def left(scene: Scene, turn: Turn, event: events.WardLeft) -> Refusal | None:
    """A person signed out; once more is the same."""
    if event.session in scene.state.ward_sessions:
        _end(turn, event.session, "signed out")
    return None


def due(scene: Scene, turn: Turn, session: str) -> None:
    """Nothing keeps such a session: nothing of it stands open anywhere."""
    if session in scene.state.ward_sessions:
        _end(turn, SessionId(session), "timed out")


def end_all(turn: Turn, person: str | None, why: str) -> None:
    """Every one of a person's ends, or everybody's."""
    for session in [one for one in turn.state.ward_sessions.values() if person in {None, one.staff}]:
        _end(turn, SessionId(session.id), why)


def _end(turn: Turn, session: SessionId, why: str) -> None:
    turn.record(WardSessionClosed(session, why), staff=turn.state.ward_sessions[session].staff)
    turn.order(StopTimer(f"{IDLE}:{session}"), StopTimer(f"{LIMIT}:{session}"))

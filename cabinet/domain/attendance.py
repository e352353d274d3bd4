"""Who is at the cabinet: sessions begin, are proven anew, and end.

Alone knows: when a session ends, and that none does while a drawer of it is open.
Must not know: any secret, what a person may do (`policy.py`), whose record counts (`person/standing.py`), or whose word (`speaking.py`).
"""

from cabinet.domain import access as access_machine
from cabinet.domain import events, sensing, service, walk
from cabinet.domain.commands import StartTimer, StopTimer
from cabinet.domain.facts import SessionClosed, SessionDismissed, SessionOpened, SessionProven, SessionResumed
from cabinet.domain.person import lockout, speaking, standing, yielding
from cabinet.domain.refusal import Refusal
from cabinet.domain.scale import weighing
from cabinet.domain.scene import Scene
from cabinet.domain.state import Access
from cabinet.domain.turn import Turn
from cabinet.domain.vocabulary import SessionId, StaffId
from cabinet.domain.ward import presence

DISMISSED_S = 1.0
"""A session that is to end is looked at so often until the drawer in its hands is closed."""


def recognised(scene: Scene, turn: Turn, event: events.StaffRecognised) -> Refusal | None:
    """A person is there, anew or back at their covered session; its clocks begin, and whoever only fills pockets makes way."""
    refusal = lockout.admit(scene, turn, event.staff, is_temporary=event.is_temporary)
    if refusal is not None:
        return refusal
    known = scene.state.sessions.get(event.session)
    if known is not None and known.is_covered and known.staff == event.staff:
        turn.record(SessionResumed(event.session, list(event.factors)), staff=event.staff)
    else:
        turn.record(SessionOpened(event.session, list(event.factors)), staff=event.staff)
    scene.proven_s[event.session] = turn.at.mono_s
    speaking.touch(scene, turn, event.session)
    turn.order(StartTimer(f"limit:{event.session}", _limit_s(scene, turn, event.staff, is_temporary=event.is_temporary)))
    yielding.make_way(scene, turn, event.session)
    weighing.freshen(scene, turn)
    sensing.call(scene, turn)
    return None


def _limit_s(scene: Scene, turn: Turn, person: StaffId, *, is_temporary: bool) -> float:
    """How long a session lasts at most: as the site says, and no longer than the account or the PIN it was opened with."""
    left_s = standing.left_s(scene, turn.at.utc, person, is_temporary=is_temporary)
    return max(DISMISSED_S, min(scene.world.timing.session_limit_s, left_s))


def prove(scene: Scene, turn: Turn, event: events.ProofGiven) -> Refusal | None:
    """A person who is signed in proved anew who they are."""
    session = speaking.touch(scene, turn, event.session)
    if session is None or session.staff != event.staff:
        return Refusal("session.unknown" if session is None else "session.not_recognised")
    refusal = lockout.admit(scene, turn, event.staff, is_temporary=event.is_temporary)
    if refusal is None:
        factors = list(dict.fromkeys([*session.factors, *event.factors]))
        turn.record(SessionProven(event.session, factors), staff=event.staff)
        scene.proven_s[event.session] = turn.at.mono_s
    return refusal


def active(scene: Scene, turn: Turn, event: events.SessionActive) -> Refusal | None:
    """A person touched the screen."""
    return None if speaking.touch(scene, turn, event.session) is not None else Refusal("session.unknown")


def due(scene: Scene, turn: Turn, timer: str, session_id: SessionId) -> None:
    """No session ends while its drawer is open or being released; the drawer calls out instead. Nor does a technician's at the bench.

    One that fills, loads or counts has no limit but its idle time, as long as its account lasts.
    """
    session = scene.state.sessions.get(session_id)
    if session is None:
        return
    is_over = standing.judge(scene, turn.at.utc, scene.staff(session.staff)) is not None
    if is_over and not session.is_dismissed:
        dismiss(scene, turn, session_id, "the account ended")
    elif is_held(scene, session_id):
        turn.order(StartTimer(timer, DISMISSED_S if session.is_dismissed else scene.world.timing.session_idle_s))
    elif not (session.is_dismissed or session.is_covered) and (left_s := reading_s(scene, session_id, turn.at.mono_s)) > 0:
        turn.order(StartTimer(timer, left_s))
    elif timer.startswith("limit:") and yielding.has_no_limit(scene, session_id) and not session.is_dismissed:
        turn.order(StartTimer(timer, _limit_s(scene, turn, StaffId(session.staff), is_temporary=False)))
    else:
        end(scene, turn, session_id, "timed out" if not session.is_dismissed else "ended with the account's change")


def reading_s(scene: Scene, session_id: str, now_s: float) -> float:
    """Seconds for which a session whose drawer was just shut still lasts, whatever its time: what was recorded is read, or asked, first.

    0 or less: none. Where something is still asked, it is an idle time; else so long as the policy says.
    """
    shut_s = scene.shut_s.get(session_id)
    if shut_s is None:
        return 0.0
    is_asked = any(access.phase == "closed" for access in _accesses_of(scene, SessionId(session_id)))
    return shut_s + (scene.world.timing.session_idle_s if is_asked else scene.world.policy.people.read_s) - now_s


def is_held(scene: Scene, session_id: SessionId) -> bool:
    """Whether something keeps a session from ending: an open drawer, or the bench while nobody switched its person off."""
    is_at_bench = scene.state.maintenance is not None and scene.state.maintenance.session == session_id
    session = scene.state.sessions.get(session_id)
    is_kept = is_at_bench and session is not None and not session.is_dismissed
    return is_kept or any(scene.holds_open(access) for access in _accesses_of(scene, session_id))


def _accesses_of(scene: Scene, session_id: SessionId) -> list[Access]:
    return [access for access in scene.state.active() if access.session == session_id]


def dismiss_all(scene: Scene, turn: Turn, person: StaffId, why: str) -> None:
    """Every session of a person ends, those at other screens among them: their record is another now."""
    presence.end_all(turn, person, why)
    for session in [one for one in scene.state.sessions.values() if one.staff == person]:
        dismiss(scene, turn, SessionId(session.id), why)


def dismiss(scene: Scene, turn: Turn, session_id: SessionId, why: str) -> None:
    """End a session at once; or, while a drawer is open in its hands, let it begin nothing and end when that is closed."""
    if any(scene.holds_open(access) for access in _accesses_of(scene, session_id)):
        turn.record(SessionDismissed(session_id, why), staff=scene.state.sessions[session_id].staff)
        turn.order(StartTimer(f"session:{session_id}", DISMISSED_S))
    else:
        end(scene, turn, session_id, why)


def end(scene: Scene, turn: Turn, session_id: SessionId, why: str) -> None:
    """End a session: what it had under way is cut short, and what was open owes a count. The bench goes back to the ward."""
    staff = scene.state.sessions[session_id].staff
    if scene.state.maintenance is not None and scene.state.maintenance.session == session_id:
        service.give_back(turn, why, staff)
    for access in _accesses_of(scene, session_id):
        access_machine.step(access, "abandon", turn, f"session {why}")
        walk.end(scene, turn, access)
    turn.record(SessionClosed(session_id, why), staff=staff)
    turn.order(StopTimer(f"session:{session_id}"), StopTimer(f"limit:{session_id}"))
    scene.touched_s.pop(session_id, None)
    scene.proven_s.pop(session_id, None)
    scene.shut_s.pop(session_id, None)


def sign_out(scene: Scene, turn: Turn, event: events.SignOutAsked) -> Refusal | None:
    """A person leaves, unless a drawer of theirs is open."""
    if event.session not in scene.state.sessions:
        return Refusal("session.unknown")
    if any(scene.holds_open(access) for access in _accesses_of(scene, event.session)):
        return Refusal("session.drawer_open")
    end(scene, turn, event.session, "signed out")
    return None

"""Who is at the cabinet: sessions begin, are kept awake, and end.

Alone knows: when a session ends, and that none does while a drawer of it is open.
Must not know: any secret, or what a person may do (`policy.py`).
"""

from cabinet.domain import access as access_machine
from cabinet.domain import events, sensing, service, walk
from cabinet.domain.commands import StartTimer, StopTimer
from cabinet.domain.facts import SessionClosed, SessionOpened, SessionRefused
from cabinet.domain.people import Session
from cabinet.domain.refusal import Refusal
from cabinet.domain.scale import weighing
from cabinet.domain.scene import Scene
from cabinet.domain.state import Access
from cabinet.domain.turn import Turn
from cabinet.domain.vocabulary import SessionId


def recognised(scene: Scene, turn: Turn, event: events.StaffRecognised) -> None:
    """A person is there; two clocks begin."""
    timing = scene.world.timing
    turn.record(SessionOpened(event.session, list(event.factors)), staff=event.staff)
    turn.order(StartTimer(f"session:{event.session}", timing.session_idle_s))
    turn.order(StartTimer(f"limit:{event.session}", timing.session_limit_s))
    weighing.freshen(scene, turn)
    sensing.call(scene, turn)


def not_recognised(_scene: Scene, turn: Turn, event: events.StaffNotRecognised) -> Refusal:
    """Somebody is not; it is kept, and holds up nobody else."""
    turn.record(SessionRefused(event.claimed, "badge or id and secret do not match"))
    return Refusal("session.not_recognised")


def active(scene: Scene, turn: Turn, event: events.SessionActive) -> Refusal | None:
    """A person touched the screen."""
    return None if touch(scene, turn, event.session) is not None else Refusal("session.unknown")


def touch(scene: Scene, turn: Turn, session_id: SessionId) -> Session | None:
    """The session of somebody who just did something: their idle time starts afresh."""
    session = scene.state.sessions.get(session_id)
    if session is not None:
        turn.order(StartTimer(f"session:{session_id}", scene.world.timing.session_idle_s))
    return session


def due(scene: Scene, turn: Turn, timer: str, session_id: SessionId) -> None:
    """No session ends while its drawer is open or being released; the drawer calls out instead. Nor does a technician's at the bench."""
    mine = [access for access in scene.state.active() if access.session == session_id]
    is_at_bench = scene.state.maintenance is not None and scene.state.maintenance.session == session_id
    if is_at_bench or any(scene.holds_open(access) for access in mine):
        turn.order(StartTimer(timer, scene.world.timing.session_idle_s))
    elif session_id in scene.state.sessions:
        _end(scene, turn, session_id, mine, "timed out")


def _end(scene: Scene, turn: Turn, session_id: SessionId, mine: list[Access], why: str) -> None:
    for access in mine:
        access_machine.step(access, "abandon", turn, f"session {why}")
        walk.end(scene, turn, access, scene.pocket_of(access))
    turn.record(SessionClosed(session_id, why), staff=scene.state.sessions[session_id].staff)
    turn.order(StopTimer(f"session:{session_id}"), StopTimer(f"limit:{session_id}"))


def sign_out(scene: Scene, turn: Turn, event: events.SignOutAsked) -> Refusal | None:
    """A person leaves, unless a drawer of theirs is open."""
    if event.session not in scene.state.sessions:
        return Refusal("session.unknown")
    mine = [access for access in scene.state.active() if access.session == event.session]
    if any(scene.holds_open(access) for access in mine):
        return Refusal("session.drawer_open")
    if scene.state.maintenance is not None and scene.state.maintenance.session == event.session:
        service.give_back(turn, "signed out", scene.state.sessions[event.session].staff)
    _end(scene, turn, event.session, mine, "signed out")
    return None

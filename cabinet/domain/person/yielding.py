"""A refill makes way: somebody who needs a medicine signs in, and whoever fills pockets waits, covered, until they prove who they are.

Alone knows: which sessions make way and have no limit, judged by what they opened last. Must not know: what a screen shows meanwhile.

Never with a pocket open: then the session makes way when it asks for the next one.
"""

from cabinet.domain.commands import StartTimer
from cabinet.domain.facts import RefillYielded
from cabinet.domain.refusal import Refusal
from cabinet.domain.scene import Scene
from cabinet.domain.state import Access
from cabinet.domain.turn import Turn
from cabinet.domain.vocabulary import SessionId


def last_access(scene: Scene, session_id: str) -> Access | None:
    """What a session asked for last."""
    return next((access for access in reversed(scene.state.accesses.values()) if access.session == session_id), None)


def has_no_limit(scene: Scene, session_id: str) -> bool:
    """Whether a session fills, loads or counts: it ends by idleness alone."""
    last = last_access(scene, session_id)
    return last is not None and last.kind in scene.world.policy.people.no_limit_for


def _yields(scene: Scene, session_id: str) -> bool:
    last = last_access(scene, session_id)
    return last is not None and last.bag is None and last.kind in scene.world.policy.people.yields


def _needs_medicine(scene: Scene, session_id: str) -> bool:
    staff = scene.staff(scene.state.sessions[session_id].staff)
    may = scene.world.policy.allows
    return staff is not None and (may(staff.role, "withdraw") or may(staff.role, "emergency"))


def make_way(scene: Scene, turn: Turn, comer: SessionId) -> None:
    """Somebody signed in: if they may take medicines, whoever only fills pockets makes way, unless a pocket is open in their hands."""
    if not _needs_medicine(scene, comer):
        return
    for session in list(scene.state.sessions.values()):
        others = [access for access in scene.state.active() if access.session == session.id]
        if session.id != comer and not session.is_covered and _yields(scene, session.id) and not others:
            _cover(scene, turn, SessionId(session.id), comer)


def judge_next(scene: Scene, turn: Turn, session_id: SessionId) -> Refusal | None:
    """Whether a session goes on to its next pocket, or makes way first for somebody who came while the last one was open."""
    if not _yields(scene, session_id) or _needs_medicine(scene, session_id):
        return None
    came = list(scene.state.sessions)
    later = came[came.index(session_id) + 1 :]
    comer = next((one for one in later if _needs_medicine(scene, one) and not scene.state.sessions[one].is_covered), None)
    if comer is None:
        return None
    _cover(scene, turn, session_id, SessionId(comer))
    return Refusal("session.covered")


def _cover(scene: Scene, turn: Turn, session_id: SessionId, comer: SessionId) -> None:
    session, wait_s = scene.state.sessions[session_id], scene.world.policy.people.covered_s
    turn.record(RefillYielded(session_id, comer), staff=session.staff)
    turn.order(StartTimer(f"session:{session_id}", wait_s), StartTimer(f"limit:{session_id}", wait_s))

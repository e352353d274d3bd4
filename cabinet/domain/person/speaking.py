"""Whose word is heard: the session that it came from stands, its person's account too, and their role allows what they ask.

Alone knows: what is looked at before anything is begun, and that whoever speaks is awake. Must not know: what is asked, or how a session
begins and ends (`attendance.py`).

One that ends or makes way begins nothing any more; what it has open already it may finish (`mine`).
"""

from cabinet.domain.commands import StartTimer
from cabinet.domain.people import Session, has_two_factors
from cabinet.domain.person import standing
from cabinet.domain.refusal import Refusal, not_of_role
from cabinet.domain.scene import Scene
from cabinet.domain.state import FINAL, Access
from cabinet.domain.turn import Turn
from cabinet.domain.vocabulary import AccessId, SessionId, StaffId


def touch(scene: Scene, turn: Turn, session_id: SessionId) -> Session | None:
    """The session of somebody who just did something: their idle time starts afresh. One that is covered hears nobody."""
    session = scene.state.sessions.get(session_id)
    if session is None or session.is_covered:
        return None
    scene.touched_s[session_id] = turn.at.mono_s
    if not session.is_dismissed:
        turn.order(StartTimer(f"session:{session_id}", scene.world.timing.session_idle_s))
    return session


def heard(scene: Scene, turn: Turn, session_id: SessionId) -> Session | Refusal:
    """The session of somebody who just asked for something that anybody may: their account stands."""
    refusal = standing.judge_session(scene, turn.at.utc, session_id)
    session = touch(scene, turn, session_id)
    if refusal is not None or session is None:
        return refusal or Refusal("session.unknown")
    return session


def who_may(scene: Scene, turn: Turn, session_id: SessionId, *acts: str, by_two: bool = False) -> Session | Refusal:
    """The session of somebody who just asked for what one of these acts allows; `by_two` factors, where that is due."""
    session = heard(scene, turn, session_id)
    if isinstance(session, Refusal):
        return session
    staff = scene.staff(session.staff)
    assert staff is not None, "an account that stands has its record"
    if not any(scene.world.policy.allows(staff.role, act) for act in acts):
        return not_of_role(staff.role, *acts)
    return session if has_two_factors(session.factors) or not by_two else Refusal("policy.factors")


def speaker(scene: Scene, turn: Turn, session_id: SessionId | None, act: str) -> StaffId | Refusal | None:
    """Who says something that the pharmacy may say as well: a person whose role may; None, where the pharmacy does."""
    if session_id is None:
        return None
    session = who_may(scene, turn, session_id, act)
    return session if isinstance(session, Refusal) else StaffId(session.staff)


def mine(scene: Scene, turn: Turn, session_id: SessionId, access_id: AccessId) -> Access | Refusal:
    """The access that somebody says something about: under way, their own, and by as many factors as its item asks for at every step."""
    session = touch(scene, turn, session_id)
    if session is None:
        return Refusal("session.unknown")
    access = scene.state.accesses.get(access_id)
    if access is None:
        return Refusal("access.unknown")
    if access.staff != session.staff:
        return Refusal("access.not_yours")
    if access.phase in FINAL:
        return Refusal("access.not_now")
    return scene.world.policy.judge_factors(session.factors, scene.item_of(access)) or access

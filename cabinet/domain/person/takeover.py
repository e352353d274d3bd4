"""An access that was left open is closed by the next person, who gets their medicine; nobody is blamed.

Alone knows: when an access counts as left, and what becomes of it and of its session.
Must not know: what a screen offers, or what a count that is owed leads to.
"""

from cabinet.domain import access as access_machine
from cabinet.domain import attendance, walk
from cabinet.domain.events import TakeOverAsked
from cabinet.domain.facts import AccessTakenOver
from cabinet.domain.person import speaking
from cabinet.domain.refusal import Refusal
from cabinet.domain.scene import Scene
from cabinet.domain.state import FINAL
from cabinet.domain.turn import Turn
from cabinet.domain.vocabulary import SessionId, StaffId

WHY = "found open by the next person"


def take(scene: Scene, turn: Turn, event: TakeOverAsked) -> Refusal | None:
    """Somebody else is here, and closes what was left open: its pocket owes a count, and the first person's session ends."""
    me, access = speaking.heard(scene, turn, event.session), scene.state.accesses.get(event.access)
    if isinstance(me, Refusal):
        return me
    if access is None or access.phase in FINAL:
        return Refusal("access.unknown" if access is None else "access.not_now")
    if access.staff == me.staff:
        return Refusal("access.own")
    if not is_left(scene, turn.at.mono_s, access.session):
        return Refusal("access.attended")
    turn.record(AccessTakenOver(StaffId(access.staff)), access=access, staff=me.staff)
    access_machine.step(access, "abandon", turn, WHY)
    walk.end(scene, turn, access)
    if access.session in scene.state.sessions and not attendance.is_held(scene, SessionId(access.session)):
        attendance.end(scene, turn, SessionId(access.session), WHY)
    return None


def is_left(scene: Scene, now_s: float, session: str) -> bool:
    """Whether a session's person has done nothing for so long that the next one may close what they left."""
    touched_s = scene.touched_s.get(session)
    return touched_s is None or now_s - touched_s >= scene.world.policy.people.take_over_s

"""People bring a drawer back, or say what no contact shows: freed, tried, did open, does not close.

Alone knows: whose word is heard about which drawer, and when. Must not know: what follows for accesses (`setback.py`).

The guided way: free what is in the way, push it home, have it tried: one pulse, one look, shut it; then what is behind it is counted.
"""

from cabinet.domain import events, service, walk
from cabinet.domain.facts import FaultRaised
from cabinet.domain.layout import Lock
from cabinet.domain.lock import drawer, setback, trouble, wear
from cabinet.domain.mode import serving
from cabinet.domain.people import Session
from cabinet.domain.person import speaking
from cabinet.domain.phrase import Phrase, coded
from cabinet.domain.refusal import Refusal
from cabinet.domain.scene import Scene
from cabinet.domain.state import Access
from cabinet.domain.surroundings import power
from cabinet.domain.turn import Turn
from cabinet.domain.vocabulary import ItemId, SessionId

MENDED = {trouble.FORCED: "looked at", wear.WORN: "the lock was changed or adjusted", trouble.HELP: "somebody came"}
"""What is over when a person says so, beside what keeps a drawer out of use."""


def recover(scene: Scene, turn: Turn, event: events.RecoveryAsked) -> Refusal | None:
    """Somebody freed a drawer and pushed it shut: it may be released again, and what it holds is counted."""
    code, _, name = event.lock.rpartition("@")
    judged = _judge(scene, turn, event.session, name)
    if isinstance(judged, Refusal):
        return judged
    lock, session = judged
    known = {fault.code for fault in scene.state.faults_at(lock.name)}
    if code in MENDED and code in known:
        refusal = _judge_person(scene, session, lock)
        if refusal is None:
            trouble.clear(turn, lock, MENDED[code], code, staff=session.staff)
        return refusal
    refusal = _judge_failed(scene, lock) or _judge_person(scene, session, lock)
    if refusal is None:
        trouble.clear(turn, lock, "freed and pushed shut", staff=session.staff)
        drawer.step(scene.drawer(lock), "recovered", turn, "recovered by hand")
        trouble.owe_within_reach(scene, turn, lock, "the drawer was recovered")
    return refusal


def attempt(scene: Scene, turn: Turn, event: events.TrialAsked) -> Refusal | None:
    """The same, and the drawer is pulsed once: it works again when it opens and is shut after that. A lid has no room under its drawer."""
    judged = _judge(scene, turn, event.session, event.lock.rpartition("@")[2])
    if isinstance(judged, Refusal):
        return judged
    lock, session = judged
    refusal = _judge_failed(scene, lock) or _judge_person(scene, session, lock) or _judge_factors(scene, session, lock)
    refusal = refusal or _judge_moment(scene, session, lock) or power.judge(scene.state.power)
    if refusal is None:
        timing = scene.world.timing
        drawer.attempt(scene.drawer(lock), lock, session.staff, turn, hold_ms=timing.pulse_ms, look_s=timing.look_s)
        walk.attend(scene, turn)
    return refusal


def _judge(scene: Scene, turn: Turn, session_id: SessionId, name: str) -> tuple[Lock, Session] | Refusal:
    session = speaking.touch(scene, turn, session_id)
    if session is None:
        return Refusal("session.unknown")
    lock = scene.world.layout.locks.get(name)
    return Refusal("drawer.not_failed") if lock is None else (lock, session)


def _judge_failed(scene: Scene, lock: Lock) -> Refusal | None:
    if lock.closed in scene.unseen or lock.closed.board in scene.state.failures:
        return Refusal("drawer.unknown")
    if scene.drawer(lock).state != "failed":
        return Refusal("drawer.not_failed")
    if lock.closed not in scene.contacts:  # its board is back, and was not read yet
        return Refusal("drawer.unknown")
    return None if scene.contacts[lock.closed] else Refusal("drawer.not_shut")


def _judge_person(scene: Scene, session: Session, lock: Lock) -> Refusal | None:
    """Policy says who may: for every drawer, or for one that failed under their own hands."""
    staff = scene.staff(session.staff)
    if staff is None:
        return Refusal("session.unknown")
    is_own = any(fault.staff == session.staff for fault in scene.state.faults_at(lock.name) if fault.is_failing)
    if scene.world.policy.may_recover(staff.role, is_own=is_own):
        return None
    return Refusal("policy.recovery", Phrase("role: {role}", role=coded(staff.role)))


def _judge_factors(scene: Scene, session: Session, lock: Lock) -> Refusal | None:
    """A pulse on the way to a controlled item takes the factors that the item takes."""
    layout, lines = scene.world.layout, scene.state.lines
    behind = (lines[pocket.id].item for pocket in layout.pockets.values() if pocket.id in lines and lock in layout.path(pocket))
    items = filter(None, (scene.world.formulary.get(ItemId(item)) for item in behind))
    return next(filter(None, (scene.world.policy.judge_factors(session.factors, item) for item in items)), None)


def _judge_moment(scene: Scene, session: Session, lock: Lock) -> Refusal | None:
    held = scene.state.maintenance
    if held is not None and held.session != session.id:
        return Refusal("cabinet.maintenance", service.in_words(scene, held))
    if held is None and (closed := serving.judge(scene.state)) is not None:
        return closed
    outer = scene.world.layout.outer_of(lock)
    if outer is not None and scene.drawer(outer).state != "open":
        return Refusal("drawer.lid_under_drawer")
    if scene.exposes_controlled(lock) and scene.is_controlled_under_way():
        return Refusal("cabinet.controlled_open")
    return None


def did_open(scene: Scene, turn: Turn, session: Session, lock: Lock) -> Refusal | None:
    """The drawer that their access waits for did open, says the person in front of it."""
    if scene.drawer(lock).state != "latched" or lock.name not in scene.missed_s:
        return Refusal("access.not_now")
    setback.opened_unseen(scene, turn, lock, f"{session.staff} saw it open, and its contact did not show it")
    return None


def did_not_open(scene: Scene, turn: Turn, access: Access, lock: Lock) -> None:
    """It did not open, says the person in front of it too: it is put out of use now, and their access goes on elsewhere or ends."""
    trouble.condemn(scene, turn, lock, trouble.JAMMED, f"said at the cabinet not to have opened, at pulse {access.misses}", access)
    setback.leave(scene, turn, access, scene.pocket_of(access), setback.NOT_OPENING)
    walk.attend(scene, turn)


def call_for_help(scene: Scene, turn: Turn, event: events.HelpAsked) -> Refusal | None:
    """Somebody comes: the technicians' list and the pharmacy have it until it is said to be seen to. Called once, by whomever."""
    session = speaking.heard(scene, turn, event.session)
    if isinstance(session, Refusal):
        return session
    lock = scene.world.layout.locks.get(event.lock)
    if lock is None:
        return Refusal("drawer.not_failed")
    if not any(fault.code == trouble.HELP for fault in scene.state.faults_at(lock.name)):
        turn.record(FaultRaised(lock.name, trouble.HELP, f"called by {session.staff}"), staff=session.staff)
    return None


def stuck(scene: Scene, turn: Turn, event: events.StuckSaid) -> Refusal | None:
    """An open drawer cannot be shut, or is shut and shown as open. Whoever stands there may say so, once it has been open for a while."""
    judged = _judge(scene, turn, event.session, event.lock.rpartition("@")[2])
    if isinstance(judged, Refusal):
        return judged
    lock, session = judged
    if scene.drawer(lock).state != "open":
        return Refusal("drawer.not_open")
    left_s = scene.stuck_in_s(lock, turn.at.mono_s)
    if left_s > 0:
        return Refusal("drawer.just_opened", Phrase("{seconds} s more", seconds=left_s))
    setback.stuck_open(scene, turn, lock, trouble.DEAD if event.is_shut else trouble.LATCH, session.staff)
    return None

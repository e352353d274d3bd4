"""What wrong secrets lead to: a wait that grows for that person alone, and an alarm at the screen that keeps nobody out.

Alone knows: when a person is locked, for how long, who lets them in again, and when the alarm begins and ends.
Must not know: any secret, or how slowly a screen answers.

Waits run on the monotonic clock. A stop writes down what is left of each, and a start begins it anew; after a power cut the whole wait
begins anew. So neither a set clock nor a restart lets anybody in. What is tried on the ward's network is counted there: whoever guesses
from afar locks nobody out at the cabinet.
"""

from math import ceil

from cabinet.domain.commands import StartTimer, StopTimer
from cabinet.domain.events import SecondShown, StaffNotRecognised, UnlockAsked
from cabinet.domain.facts import FaultCleared, FaultRaised, SessionRefused, StaffLocked, StaffUnlocked
from cabinet.domain.person import speaking, standing
from cabinet.domain.person.memory import KIOSK, WARD, lock_of, parted
from cabinet.domain.phrase import Phrase
from cabinet.domain.refusal import Refusal
from cabinet.domain.scene import Scene
from cabinet.domain.turn import Turn
from cabinet.domain.vocabulary import AccessId, StaffId

TIMER = "locked"
CALM = "failures"
ALARM = "session.many_failures"


def admit(
    scene: Scene, turn: Turn, person: StaffId, *, is_temporary: bool, screen: str = KIOSK, access: AccessId | None = None,
) -> Refusal | None:  # fmt: skip
    """Whether somebody who proved who they are is let in; that they were not is kept, and counts as no wrong secret."""
    refusal = standing.judge_arrival(scene, turn.at.utc, person, is_temporary=is_temporary, screen=screen)
    if refusal is not None and refusal.code == "session.locked":
        refusal = locked(scene, turn.at.mono_s, person, screen)
    if refusal is not None:
        turn.record(SessionRefused(person, refusal.sentence, refusal.code, screen), about=access)
    return refusal


def second(scene: Scene, turn: Turn, event: SecondShown) -> Refusal | None:
    """Whether a second person, who proved who they are, would be let in: who is locked or switched off signs nothing, and that is kept."""
    return admit(scene, turn, event.staff, is_temporary=event.is_temporary, access=event.access)


def failed(scene: Scene, turn: Turn, event: StaffNotRecognised) -> Refusal:
    """Somebody did not prove who they claim to be. It is kept, and holds up nobody else."""
    people, screen = scene.state.people, event.screen
    was_locked = event.claimed is not None and people.is_locked(event.claimed, screen)
    turn.record(SessionRefused(event.claimed, "badge or id and secret do not match", screen=screen), about=event.access)
    _alarm(scene, turn, screen)
    if event.claimed is None:
        return Refusal("session.not_recognised")
    if not was_locked:
        _lock_where_due(scene, turn, event.claimed, screen)
    if not people.is_locked(event.claimed, screen):
        return Refusal("session.not_recognised")
    return locked(scene, turn.at.mono_s, event.claimed, screen)


def locked(scene: Scene, now_s: float, person: str, screen: str = KIOSK) -> Refusal:
    """The answer to somebody who is locked, with the seconds where there are any."""
    lock = lock_of(person, screen if scene.state.people.is_locked(person, screen) else KIOSK)
    ends_s = scene.locked_until_s.get(lock)
    return Refusal("session.locked", "" if ends_s is None else Phrase("{seconds} s more", seconds=max(1, ceil(ends_s - now_s))))


def _lock_where_due(scene: Scene, turn: Turn, person: StaffId, screen: str) -> None:
    lock = lock_of(person, screen)
    failures = scene.state.people.lockouts[lock].failures
    reached = [step for step in scene.world.policy.people.locks if step.failures == failures]
    if reached:
        turn.record(StaffLocked(person, failures, reached[-1].wait_s, screen))
        _wait(scene, turn, lock, reached[-1].wait_s)


def _wait(scene: Scene, turn: Turn, lock: str, wait_s: int | None) -> None:
    scene.locked_until_s.pop(lock, None)
    if wait_s is not None:
        scene.locked_until_s[lock] = turn.at.mono_s + wait_s
        turn.order(StartTimer(f"{TIMER}:{lock}", wait_s))


def begin(scene: Scene, turn: Turn) -> None:
    """A start: every wait begins anew with what was written down of it."""
    for lock, held in scene.state.people.lockouts.items():
        if held.is_locked:
            _wait(scene, turn, lock, held.wait_s)


def stopping(scene: Scene, turn: Turn) -> None:
    """A stop: what is left of each wait is written down."""
    for lock, ends_s in scene.locked_until_s.items():
        held = scene.state.people.lockouts.get(lock)
        left_s = max(1, ceil(ends_s - turn.at.mono_s))
        if held is not None and held.is_locked and held.wait_s != left_s:
            person, screen = parted(lock)
            turn.record(StaffLocked(StaffId(person), held.failures, left_s, screen))


def due(scene: Scene, turn: Turn, lock: str) -> None:
    """A wait is over; the next wrong secrets go on counting."""
    person, screen = parted(lock)
    if scene.state.people.is_locked(person, screen):
        turn.record(StaffUnlocked(StaffId(person), "the wait is over", True, screen))
    scene.locked_until_s.pop(lock, None)


def unlock(scene: Scene, turn: Turn, event: UnlockAsked) -> Refusal | None:
    """Somebody who may lets a person in again, at every screen."""
    session = speaking.who_may(scene, turn, event.session, "unlock")
    if isinstance(session, Refusal):
        return session
    if event.person == session.staff:
        return Refusal("staff.own_record")
    if not scene.state.people.is_locked_somewhere(event.person):
        return Refusal("staff.not_locked")
    free(scene, turn, event.person, f"unlocked by {session.staff}", StaffId(session.staff))
    return None


def free(scene: Scene, turn: Turn, person: StaffId, why: str, by: StaffId | None) -> None:
    """Let a locked person try again, with nothing counted."""
    for screen in (KIOSK, WARD):
        lock = lock_of(person, screen)
        if lock in scene.state.people.lockouts:
            turn.record(StaffUnlocked(person, why, False, screen), staff=by)
            turn.order(StopTimer(f"{TIMER}:{lock}"))
            scene.locked_until_s.pop(lock, None)


def _alarm(scene: Scene, turn: Turn, screen: str) -> None:
    rules = scene.world.policy.people
    failures = scene.failed_sign_ins[screen] = scene.failed_sign_ins.get(screen, 0) + 1
    turn.order(StartTimer(f"{CALM}:{screen}", rules.alarm_s))
    if failures == rules.alarm_failures and not is_alarmed(scene, screen):
        turn.record(FaultRaised(screen, ALARM, f"{failures} in {rules.alarm_s // 60} minutes"))


def is_alarmed(scene: Scene, screen: str = KIOSK) -> bool:
    """Whether so many sign-ins failed at a screen that it answers more slowly."""
    return any(fault.code == ALARM for fault in scene.state.faults_at(screen))


def calm(scene: Scene, turn: Turn, screen: str) -> None:
    """Nobody has failed there for a while."""
    scene.failed_sign_ins.pop(screen, None)
    if is_alarmed(scene, screen):
        turn.record(FaultCleared(screen, ALARM, "nobody has failed for a while"))

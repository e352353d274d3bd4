"""What a lock that lets people down means for whoever is on the way through it: another try, another pocket, or an honest end.

Alone knows: when a lock has been tried often enough, and what becomes of the accesses behind one that is given up.
Must not know: what told of it (`sensing.py`, `recovery.py`), or which pocket is next (`moving.py`).
"""

from cabinet.domain import access as access_machine
from cabinet.domain import walk
from cabinet.domain.commands import StopTimer
from cabinet.domain.facts import RecoveryFailed
from cabinet.domain.layout import Lock, Pocket
from cabinet.domain.lock import drawer, moving, trouble
from cabinet.domain.scene import Scene
from cabinet.domain.state import Access
from cabinet.domain.turn import Turn

NOT_OPENING = "the drawer does not open"
"""Why an access is over whose lock was given up."""


def miss(scene: Scene, turn: Turn, lock: Lock, why: str, *, is_given: bool = True) -> None:
    """A lock that was pulsed did not open: its access waits to be asked again, until it has been tried often enough.

    `is_given`: the pulse may have been given. What a board surely did not do says nothing about the drawer, which is not condemned for it.
    """
    state = scene.drawer(lock)
    staff, is_trial = state.staff, state.is_on_trial
    if is_given:
        scene.missed_s[lock.name] = turn.at.mono_s
    drawer.step(state, "not_opened", turn, why, is_given=is_given)
    trouble.judge_wear(turn, lock)
    if is_trial:
        turn.record(RecoveryFailed(lock.name, why), staff=staff)
    for access, pocket in scene.accesses_behind(lock):
        if access_machine.step(access, "not_opened", turn, why) and access.misses >= scene.world.policy.max_pulses:
            if is_given and lock.coil.board not in scene.state.failures:
                trouble.condemn(scene, turn, lock, trouble.JAMMED, f"{access.misses} pulses and it did not open", access)
            leave(scene, turn, access, pocket, NOT_OPENING)
    walk.attend(scene, turn)


def leave(scene: Scene, turn: Turn, access: Access, pocket: Pocket, why: str) -> bool:
    """End an access that gets nowhere here; where another pocket serves, it goes on there at once. Tells whether it does."""
    found = moving.find(scene, turn, access, pocket)
    access_machine.step(access, "abandon", turn, why)
    walk.darken(turn, pocket)
    if found is not None:
        moving.go_on(scene, turn, access, found, why)
    return found is not None


def lose_sight(scene: Scene, turn: Turn, lost: list[Lock]) -> None:
    """These locks are out of sight: whoever waits for one of them waits no longer, and goes on elsewhere if they can."""
    cut: list[tuple[Access, Pocket]] = []
    for lock in lost:
        drawer.step(scene.drawer(lock), "blind", turn, "its board does not answer")
        scene.contacts.pop(lock.closed, None)
        for access, pocket in scene.accesses_behind(lock):
            if access_machine.step(access, "lost_sight", turn, "the cabinet cannot see whether the drawer opened"):
                walk.darken(turn, pocket)
                cut.append((access, pocket))
    for access, pocket in cut:
        found = moving.find(scene, turn, access, pocket)
        if found is not None:
            moving.go_on(scene, turn, access, found, "the drawer is out of sight")


def opened_unseen(scene: Scene, turn: Turn, lock: Lock, why: str) -> None:
    """It opened, and its contact never showed it: custody takes it as open, and whoever reached their pocket says what they took."""
    behind = scene.accesses_behind(lock)
    trouble.condemn(scene, turn, lock, trouble.DEAD, why, behind[0][0] if behind else None)
    trouble.owe_within_reach(scene, turn, lock, "it opened unseen")
    for access, pocket in behind:
        if scene.path(access)[-1] != lock:
            leave(scene, turn, access, pocket, "the drawer cannot be watched")
        elif access_machine.step(access, "said_open", turn, why):
            access_machine.step(access, "way_shut", turn, "nothing shows when it is shut")
            walk.finish_if_done(scene, turn, access)
    walk.attend(scene, turn)


def stuck_open(scene: Scene, turn: Turn, lock: Lock, code: str, said_by: str) -> None:
    """An open drawer or lid is not seen to close: it is given up as it is, and holds nobody and nothing else up any longer.

    Whoever has an access behind it and says so goes on to what is still asked; anybody else's access is cut short.
    """
    behind = scene.accesses_behind(lock)
    mine = next((access for access, _ in behind if access.staff == said_by), None)
    detail = "said to be shut, and shown as open" if code == trouble.DEAD else "said not to close"
    trouble.condemn(scene, turn, lock, code, detail if mine else f"{detail}, by {said_by}", mine)
    drawer.step(scene.drawer(lock), "gave_up", turn, detail)
    turn.order(StopTimer(f"call:{lock.name}"), StopTimer(f"home:{lock.name}"))
    trouble.owe_within_reach(scene, turn, lock, f"it was {detail}")
    for access, pocket in behind:
        if access.staff == said_by:
            walk.advance(scene, turn, access, pocket)
        elif access_machine.step(access, "abandon", turn, f"its drawer was {detail}"):
            walk.end(scene, turn, access)
    walk.attend(scene, turn)

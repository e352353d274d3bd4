"""What is wrong with a lock, read from its contacts: forced, not holding, dead, welded.

Alone knows: which edges mean which fault, and when one is over. Must not know: whose access meets it (`setback.py`), or how a drawer is
brought back (`recovery.py`).

What opens without a pulse was forced, or opened by key; within LATCH_S of closing its bolt did not hold; and when that comes again within
AGAIN_S, and the cabinet itself did not open it meanwhile, a contact that sticks keeps opening it. (Who works by key, when the
battery is empty, puts no drawer out of use, nor does who works at the bench.) A pulse may be late: what opens within LATE_S of a pulse
that was looked for in vain is no riddle. A lid that opens under a drawer that is seen shut proves the drawer's contact wrong, and so does
a drawer that left its home while its contact shows it latched.
"""

from cabinet.domain.commands import StartTimer, StopTimer
from cabinet.domain.debt import owing
from cabinet.domain.facts import FaultCleared, FaultRaised
from cabinet.domain.layout import Lock
from cabinet.domain.lock import drawer, wear
from cabinet.domain.scene import Scene
from cabinet.domain.state import Access
from cabinet.domain.turn import Turn

JAMMED, LATCH, FORCED = "drawer.jammed", "drawer.latch", "drawer.forced"
DEAD, WELDED = "sensor.dead", "relay.welded"
HELP = "help.called"

LATCH_S = 3.0
LATE_S = 10.0
AGAIN_S = 60.0
SURELY_SHUT_S = 1.0

NEVER = float("-inf")


def owe_within_reach(scene: Scene, turn: Turn, lock: Lock, why: str) -> None:
    """Somebody may have reached in and nobody is named: everything behind this lock owes a count."""
    for pocket in scene.world.layout.exposed_by(lock):
        owing.owe_count(turn, pocket.id, why)


def condemn(scene: Scene, turn: Turn, lock: Lock, code: str, detail: str, access: Access | None = None) -> None:
    """Put a drawer or lid out of use. One that is open or being looked for stays so, and has failed once that is over."""
    turn.record(FaultRaised(lock.name, code, detail, is_failing=True), access=access)
    if scene.drawer(lock).state == "latched":
        drawer.step(scene.drawer(lock), "gave_up", turn, detail)


def clear(turn: Turn, lock: Lock, why: str, *codes: str, staff: str | None = None) -> None:
    """Some faults of a lock are over; none named: all that keep it out of use, and the call for help. `staff` is who says so."""
    for fault in turn.state.faults_at(lock.name):
        if fault.code in codes or (not codes and (fault.is_failing or fault.code == HELP)):
            turn.record(FaultCleared(lock.name, fault.code, why), staff=staff)


def opened(scene: Scene, turn: Turn, lock: Lock, before: str) -> None:
    """A drawer or lid was seen to open; `before` is the state in which that happened."""
    now_s = turn.at.mono_s
    if before == "releasing":
        clear(turn, lock, "opened by the cabinet", FORCED)
        judge_wear(turn, lock)
    elif before == "failed":
        turn.record(FaultRaised(lock.name, FORCED, "opened by hand or key while it was out of use"))
    elif before == "latched" and now_s - scene.missed_s.get(lock.name, NEVER) > LATE_S:
        _opened_by_itself(scene, turn, lock, now_s - scene.moved_s.get(lock.name, NEVER))
    if before in {"latched", "releasing"}:
        _contradict(scene, turn, lock)


def _opened_by_itself(scene: Scene, turn: Turn, lock: Lock, shut_for_s: float) -> None:
    known = {fault.code for fault in turn.state.faults_at(lock.name)}
    is_again = turn.at.mono_s - scene.unbidden_s.get(lock.name, NEVER) <= AGAIN_S
    scene.unbidden_s[lock.name] = turn.at.mono_s
    is_worked_by_hand = turn.state.maintenance is not None or turn.state.power.state == "low"
    if is_again and known & {FORCED, LATCH} and not is_worked_by_hand:
        condemn(scene, turn, lock, WELDED, "opened twice without a pulse")
    elif shut_for_s <= LATCH_S:
        turn.record(FaultRaised(lock.name, LATCH, "opened by itself just after it was shut"))
    else:
        turn.record(FaultRaised(lock.name, FORCED, "opened without a pulse"))


def judge_wear(turn: Turn, lock: Lock) -> None:
    """A pulse was settled: does the lock still work as it did? It is told once, and over when somebody says that they saw to it."""
    worn = wear.trend(turn.state.wear[lock.name]).why
    if worn and all(fault.code != wear.WORN for fault in turn.state.faults_at(lock.name)):
        turn.record(FaultRaised(lock.name, wear.WORN, worn))


def _contradict(scene: Scene, turn: Turn, lid: Lock) -> None:
    """A lid has no room to open under a drawer that is shut."""
    outer = scene.world.layout.outer_of(lid)
    if outer is None or scene.drawer(outer).state != "latched":
        return
    if turn.at.mono_s - scene.moved_s.get(outer.name, NEVER) > SURELY_SHUT_S:
        condemn(scene, turn, outer, DEAD, f"{lid.name} opened under it while it was seen shut")


def closed(turn: Turn, lock: Lock) -> None:
    """A drawer or lid was seen to close; one whose bolt slipped before is watched for a while."""
    turn.order(StopTimer(f"home:{lock.name}"))
    if any(fault.code == LATCH and not fault.is_failing for fault in turn.state.faults_at(lock.name)):
        turn.order(StartTimer(f"held:{lock.name}", LATCH_S))


def held(scene: Scene, turn: Turn, lock: Lock) -> None:
    """LATCH_S have passed since it closed."""
    if scene.drawer(lock).state == "latched":
        clear(turn, lock, "it closed and stayed closed", LATCH)


def home_changed(scene: Scene, turn: Turn, lock: Lock) -> None:
    """A drawer came home or left it: its latch follows within LATCH_S, or one of the two does not work."""
    if _disagrees(scene, lock):
        turn.order(StartTimer(f"home:{lock.name}", LATCH_S))
    else:
        turn.order(StopTimer(f"home:{lock.name}"))


def does_not_hold(turn: Turn, lock: Lock) -> None:
    """It is home and nothing holds it."""
    turn.record(FaultRaised(lock.name, LATCH, "it is pushed home, and the bolt does not hold it"))


def is_open_unseen(scene: Scene, lock: Lock) -> bool | None:
    """Whether home and latch still disagree, and how: open behind a contact that shows it shut (True), or shut and not held (False)."""
    if not _disagrees(scene, lock) or scene.drawer(lock).state in {"unknown", "failed"}:
        return None
    return scene.contacts[lock.closed]


def _disagrees(scene: Scene, lock: Lock) -> bool:
    if lock.home is None or lock.home not in scene.contacts or lock.closed not in scene.contacts:
        return False
    return scene.contacts[lock.home] is not scene.contacts[lock.closed]

"""What sensors and boards tell: edges, photo-eyes, weights, losses, and time that ran out on a lock.

Alone knows: how a drawer's edge becomes an access's step, and when an opening is nobody's.
Must not know: what people ask (`desk.py`), or what a session is.
"""

from cabinet.domain import cabinet_mode, drawer, events, evidence, service, setback, trouble, walk
from cabinet.domain.commands import CallBoards, StartTimer, StopTimer
from cabinet.domain.facts import DeviceFailed, DeviceRecovered, DrawerLeftOpen, HealthChanged
from cabinet.domain.layout import Lock, Pocket
from cabinet.domain.scene import Scene
from cabinet.domain.state import Access
from cabinet.domain.turn import Turn
from cabinet.domain.vocabulary import Channel


def input_changed(scene: Scene, turn: Turn, event: events.InputChanged) -> None:
    """A contact or a photo-eye took a value. A photo-eye speaks for a shut pocket that nobody is at."""
    lock = scene.world.layout.lock_by_input.get(event.channel)
    if lock is not None:
        _edge(scene, turn, lock, "closed" if event.is_on else "opened")
        _seen(scene, turn, {event.channel})
    pocket = scene.world.layout.pocket_by_bin.get(event.channel)
    if pocket is not None:
        scene.bins[pocket.id] = not event.is_on
        is_shut = scene.drawer(scene.world.layout.drawer_of(pocket).lock).state == "latched"
        if is_shut and not scene.is_visited(pocket):
            evidence.take_bin(turn, pocket, is_empty=not event.is_on)


def _edge(scene: Scene, turn: Turn, lock: Lock, trigger: str) -> None:
    """A latch opened or closed: first the drawer's own machine, then whoever has an access behind it."""
    state = scene.drawer(lock)
    before = state.state
    if not drawer.step(state, trigger, turn, _why(before, trigger)):
        return
    if trigger == "opened":
        turn.order(StartTimer(f"call:{lock.name}", scene.world.timing.drawer_open_call_s))
        is_seen_again = before == "unknown" and any(access.phase == "open" for access, _ in scene.accesses_behind(lock))
        if before == "releasing" and state.access is None:
            service.owe(scene, turn, lock)
        elif before != "releasing" and not is_seen_again:
            owe_within_reach(scene, turn, lock, _why(before, trigger))
    else:
        turn.order(StopTimer(f"call:{lock.name}"))
        walk.look_into(scene, turn, lock, scene.world.layout.exposed_by(lock))
    for access, pocket in scene.accesses_behind(lock):
        walk.advance(scene, turn, access, pocket)
    walk.attend(scene, turn)


def owe_within_reach(scene: Scene, turn: Turn, lock: Lock, why: str) -> None:
    """Somebody may have reached in and nobody is named: everything behind this lock owes a count."""
    for pocket in scene.world.layout.exposed_by(lock):
        custody.owe_count(turn, pocket.id, why)


def board_lost(scene: Scene, turn: Turn, event: events.BoardLost) -> None:
    """Everything behind a board is out of sight; whoever waits for one of its locks waits no longer."""
    if event.board not in scene.state.failures:
        turn.record(DeviceFailed(event.board, event.code, event.detail))
    lost = [lock for lock in scene.world.layout.locks.values() if lock.closed.board == event.board]
    for lock in lost:
        drawer.step(scene.drawer(lock), "blind", turn, "its board does not answer")
        for access, pocket in scene.accesses_behind(lock):
            if access_machine.step(access, "lost_sight", turn, "the cabinet cannot see whether the drawer opened"):
                walk.darken(turn, pocket)
    for pocket in scene.world.layout.pockets.values():
        if pocket.bin is not None and pocket.bin.board == event.board:
            scene.bins.pop(pocket.id, None)
    _seen(scene, turn, {lock.closed for lock in lost})
    walk.attend(scene, turn)


def board_back(scene: Scene, turn: Turn, event: events.BoardBack) -> None:
    """A board answers again; what its inputs hold follows."""
    if event.board in scene.state.failures:
        turn.record(DeviceRecovered(event.board))


def pulse_failed(scene: Scene, turn: Turn, event: events.PulseFailed) -> None:
    """A lost reply decides nothing; an order that surely was not carried out needs no looking."""
    for state in scene.state.drawers.values():
        if state.intent == event.intent and not event.moved:
            walk.miss(scene, turn, scene.world.layout.locks[state.lock], f"{event.code}: {event.detail}")
            return

def health_changed(_scene: Scene, turn: Turn, event: events.HealthChanged) -> None:
    """A board or a line is trusted less, or more. What follows for its drawers is told by its loss and its return."""
    turn.record(HealthChanged(event.part, event.before, event.after, event.why))


def call(scene: Scene, turn: Turn) -> None:
    """Somebody is at the cabinet: boards of drawers that are out of trust are tried at once, so that nobody waits for a slow probe."""
    wanted = {board for lock in scene.world.layout.locks.values() for board in (lock.coil.board, lock.closed.board)}
    boards = tuple(sorted(wanted & scene.state.failures.keys()))
    if boards:
        turn.order(CallBoards(boards))



def weight_read(scene: Scene, turn: Turn, event: events.WeightRead) -> None:
    """A scale answered for an access that is still remembered."""
    access = scene.state.accesses.get(event.access)
    if access is not None:
        evidence.take_weight(turn, access, scene.world.layout.pockets[event.pocket], event)


def pockets_seen(scene: Scene, turn: Turn, event: events.PocketsSeen) -> None:
    """A drawer or lid was shut and its photo-eyes were read: do they agree with the journal? If it is open again, nothing is said."""
    if scene.drawer(scene.world.layout.locks[event.lock]).state != "latched":
        return
    for channel, is_on in event.bins:
        pocket = scene.world.layout.pocket_by_bin[channel]
        scene.bins[pocket.id] = not is_on
        if not scene.is_visited(pocket):
            evidence.take_bin(turn, pocket, is_empty=not is_on, access=_last_access(scene, pocket))


def _last_access(scene: Scene, pocket: Pocket) -> Access | None:
    """The access after which this pocket is looked into: the newest one, if it is over and was not looked at yet."""
    for access in reversed(scene.state.accesses.values()):
        if access.pocket == pocket.id:
            return access if access.was_open and not access.seen_after else None
    return None


def _seen(scene: Scene, turn: Turn, channels: set[Channel]) -> None:
    if scene.unseen:
        scene.unseen -= channels
        if not scene.unseen:
            cabinet_mode.step("looked", turn, "every door has been looked at")


def lock_due(scene: Scene, turn: Turn, what: str, name: str) -> None:
    """Looking for an opening is over (`look`), or a drawer has stood open for too long (`call`)."""
    lock = scene.world.layout.locks[name]
    if what == "look" and scene.drawer(lock).state == "releasing":
        walk.miss(scene, turn, lock, "it was looked for and did not open")
    elif what == "call" and scene.drawer(lock).state == "open":
        turn.record(DrawerLeftOpen(lock.name, scene.world.timing.drawer_open_call_s))


def _why(before: str, trigger: str) -> str:
    """What an edge means, in words, by the state it was seen in."""
    return {
        ("latched", "opened"): "opened without a release",
        ("failed", "opened"): "opened without a release",
        ("unknown", "opened"): "found open",
        ("unknown", "closed"): "found closed",
    }.get((before, trigger), trigger)

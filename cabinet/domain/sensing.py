"""What sensors and boards tell: edges, photo-eyes, weights, losses, and time that ran out on a lock.

Alone knows: how a drawer's edge becomes an access's step, and when an opening is nobody's.
Must not know: what people ask (`desk.py`), or what a session is.
"""

from cabinet.domain import cabinet_mode, events, evidence, service, walk
from cabinet.domain.commands import CallBoards, StartTimer, StopTimer, SwitchLight
from cabinet.domain.facts import DeviceFailed, DeviceRecovered, DrawerLeftOpen, FaultRaised, HealthChanged
from cabinet.domain.layout import Lock, Pocket
from cabinet.domain.lock import drawer, setback, trouble
from cabinet.domain.scale import warmth, weighing
from cabinet.domain.scene import Scene
from cabinet.domain.state import Access
from cabinet.domain.surroundings import climate, power
from cabinet.domain.turn import Turn
from cabinet.domain.vocabulary import Channel


def input_changed(scene: Scene, turn: Turn, event: events.InputChanged) -> None:
    """A contact or a photo-eye took a value. A photo-eye speaks for a shut pocket that nobody is at."""
    layout = scene.world.layout
    lock = layout.lock_by_input.get(event.channel)
    if lock is not None or event.channel in layout.lock_by_home:
        scene.contacts[event.channel] = event.is_on
    if event.channel in layout.lock_by_home:
        trouble.home_changed(scene, turn, layout.lock_by_home[event.channel])
    if lock is not None:
        _edge(scene, turn, lock, "closed" if event.is_on else "opened")
        _seen(scene, turn, {event.channel})
    pocket = layout.pocket_by_bin.get(event.channel)
    if pocket is not None:
        scene.bins[pocket.id] = not event.is_on
        is_shut = scene.drawer(layout.drawer_of(pocket).lock).state == "latched"
        if is_shut and not scene.is_visited(pocket):
            evidence.take_bin(turn, pocket, is_empty=not event.is_on)


def _edge(scene: Scene, turn: Turn, lock: Lock, trigger: str) -> None:
    """A latch opened or closed: first the drawer's own machine, then whoever has an access behind it."""
    state = scene.drawer(lock)
    before, was_on_trial = state.state, state.is_on_trial
    is_moved = drawer.step(state, trigger, turn, _why(before, trigger))
    if lock.home is not None:
        trouble.home_changed(scene, turn, lock)
    if not is_moved:
        return
    weighing.stir(scene, turn, lock)
    if trigger == "opened":
        trouble.opened(scene, turn, lock, before)
        turn.order(StartTimer(f"call:{lock.name}", scene.world.timing.drawer_open_call_s))
        is_seen_again = before == "unknown" and any(access.phase == "open" for access, _ in scene.accesses_behind(lock))
        if was_on_trial:
            trouble.owe_within_reach(scene, turn, lock, "the drawer was recovered")
        elif before == "releasing" and state.access is None:
            service.owe(scene, turn, lock)
        elif before != "releasing" and not is_seen_again:
            trouble.owe_within_reach(scene, turn, lock, _why(before, trigger))
    else:
        turn.order(StopTimer(f"call:{lock.name}"))
        trouble.closed(turn, lock)
        climate.door_closed(scene, turn, lock, was_open=before == "open")
        if was_on_trial:
            trouble.clear(turn, lock, "tried: it opens and closes")
        walk.look_into(scene, turn, lock, scene.world.layout.exposed_by(lock))
    scene.moved_s[lock.name] = turn.at.mono_s
    for access, pocket in scene.accesses_behind(lock):
        walk.advance(scene, turn, access, pocket)
    weighing.settle(scene, turn)
    walk.attend(scene, turn)


def board_lost(scene: Scene, turn: Turn, event: events.BoardLost) -> None:
    """Everything behind a board is out of sight; whoever waits for one of its locks waits no longer."""
    if event.board not in scene.state.failures:
        turn.record(DeviceFailed(event.board, event.code, event.detail))
    lost = [lock for lock in scene.world.layout.locks.values() if lock.closed.board == event.board]
    for channel in [channel for channel in scene.contacts if channel.board == event.board]:
        del scene.contacts[channel]
    setback.lose_sight(scene, turn, lost)
    for pocket in scene.world.layout.pockets.values():
        if pocket.bin is not None and pocket.bin.board == event.board:
            scene.bins.pop(pocket.id, None)
    climate.board_lost(scene, turn, event.board)
    warmth.board_lost(scene, event.board)
    power.board_lost(scene, turn, event.board)
    _seen(scene, turn, {lock.closed for lock in lost})
    walk.attend(scene, turn)


def board_back(scene: Scene, turn: Turn, event: events.BoardBack) -> None:
    """A board answers again; what its inputs hold follows. Lights that lead somebody burn again: the board was switched off."""
    if event.board in scene.state.failures:
        turn.record(DeviceRecovered(event.board))
    for access in scene.at_drawers():
        light = scene.pocket_of(access).light
        if light is not None and light.board == event.board and access.phase in {"released", "open"}:
            turn.order(SwitchLight(light, True))


def health_changed(_scene: Scene, turn: Turn, event: events.HealthChanged) -> None:
    """A board or a line is trusted less, or more. What follows for its drawers is told by its loss and its return."""
    turn.record(HealthChanged(event.part, event.before, event.after, event.why))


def call(scene: Scene, turn: Turn) -> None:
    """Somebody is at the cabinet: boards of drawers that are out of trust are tried at once, so that nobody waits for a slow probe."""
    wanted = {board for lock in scene.world.layout.locks.values() for board in (lock.coil.board, lock.closed.board)}
    boards = tuple(sorted(wanted & scene.state.failures.keys()))
    if boards:
        turn.order(CallBoards(boards))


def pulse_failed(scene: Scene, turn: Turn, event: events.PulseFailed) -> None:
    """A lost reply decides nothing; an order that surely was not carried out needs no looking."""
    for state in scene.state.drawers.values():
        if state.intent == event.intent and not event.moved:
            setback.miss(scene, turn, scene.world.layout.locks[state.lock], f"{event.code}: {event.detail}", is_given=False)
            return


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
    """Looking for an opening is over (`look` and its intent), a drawer has stood open for too long (`call`), or a latch is to be judged."""
    if what == "look":
        for state in list(scene.state.drawers.values()):
            if state.state == "releasing" and state.intent == name:
                setback.miss(scene, turn, scene.world.layout.locks[state.lock], "it was looked for and did not open")
        return
    lock = scene.world.layout.locks[name]
    if what == "call" and scene.drawer(lock).state == "open":
        after_s = scene.world.timing.drawer_open_call_s
        is_cooled = climate.is_cooled(scene, lock)
        turn.record(FaultRaised(lock.name, climate.AJAR, f"open for {after_s} s") if is_cooled else DrawerLeftOpen(lock.name, after_s))
    elif what == "held":
        trouble.held(scene, turn, lock)
    elif what == "home":
        _home_due(scene, turn, lock)


def _home_due(scene: Scene, turn: Turn, lock: Lock) -> None:
    """Home and latch have not agreed for long enough."""
    is_unseen = trouble.is_open_unseen(scene, lock)
    if is_unseen:
        setback.opened_unseen(scene, turn, lock, "it left its home, and its contact shows it shut")
    elif is_unseen is not None:
        trouble.does_not_hold(turn, lock)


def _why(before: str, trigger: str) -> str:
    """What an edge means, in words, by the state it was seen in."""
    return {
        ("latched", "opened"): "opened without a release",
        ("failed", "opened"): "opened without a release",
        ("unknown", "opened"): "found open",
        ("unknown", "closed"): "found closed",
    }.get((before, trigger), trigger)

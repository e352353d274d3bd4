"""The walk of an access along its locks: pulse by pulse to the pocket, and shut by shut to its end.

Alone knows: which lock comes next, when a way is open or shut, and what follows an end.
Must not know: what told of an opening (`sensing.py`), or who asked (`desk.py`).
"""

from cabinet.domain import access as access_machine
from cabinet.domain.commands import LookIntoPockets, SwitchLight, WatchClosely
from cabinet.domain.debt import closing
from cabinet.domain.layout import Lock, Pocket
from cabinet.domain.lock import drawer
from cabinet.domain.scale import weighing
from cabinet.domain.scene import Scene
from cabinet.domain.state import Access
from cabinet.domain.turn import Turn


def advance(scene: Scene, turn: Turn, access: Access, pocket: Pocket) -> None:
    """Take an access as far as the state of the locks on its way allows."""
    path = scene.world.layout.path(pocket)
    states = [scene.drawer(lock).state for lock in path]
    if access.phase == "released":
        if all(state == "open" for state in states):
            access_machine.step(access, "way_open", turn, "the way is open")
        elif "releasing" not in states:
            _release_next(scene, turn, access, pocket)
    elif access.phase == "open" and all(state in {"latched", "failed"} for state in states):
        access_machine.step(access, "way_shut", turn, "everything on the way is closed")
        scene.shut_s[access.session] = turn.at.mono_s
    finish_if_done(scene, turn, access)


def _release_next(scene: Scene, turn: Turn, access: Access, pocket: Pocket) -> None:
    """Release the outermost lock on the way that is not open; where none can be, the access waits to be asked again."""
    timing = scene.world.timing
    for lock in scene.world.layout.path(pocket):
        state = scene.drawer(lock)
        if state.state == "open":
            continue
        if state.state == "latched" and not scene.is_barred(lock):
            weighing.stir(scene, turn, lock)
            drawer.release(state, lock, access, turn, hold_ms=timing.pulse_ms, look_s=timing.look_s)
        else:
            access_machine.step(access, "not_opened", turn, f"{lock.name} is {state.state}, and cannot be released")
        return


def release(scene: Scene, turn: Turn, access: Access, pocket: Pocket) -> None:
    """Release the locks on the way of an access, one after the other as they open."""
    access_machine.step(access, "released", turn, "asked for")
    advance(scene, turn, access, pocket)
    attend(scene, turn)


def finish_if_done(scene: Scene, turn: Turn, access: Access) -> None:
    """Bring an access to its end once everything is shut and nothing is asked any more."""
    if access.phase == "closed" and not scene.asks(access):
        closing.close(scene, turn, access)
        access_machine.step(access, "completed", turn, "everything asked was answered")
        end(scene, turn, access)


def end(scene: Scene, turn: Turn, access: Access) -> None:
    """What follows every end: the light goes out, and scale and photo-eye are read once more where a hand was inside."""
    if not scene.path(access):
        return
    pocket = scene.pocket_of(access)
    darken(turn, pocket)
    weighing.end(scene, turn, access, pocket)
    if access.was_open:
        look_into(scene, turn, scene.world.layout.path(pocket)[-1], (pocket,))
    attend(scene, turn)


def darken(turn: Turn, pocket: Pocket) -> None:
    """Switch the guide light of a pocket off."""
    if pocket.light is not None:
        turn.order(SwitchLight(pocket.light, False))


def attend(scene: Scene, turn: Turn) -> None:
    """Watch the locks that can move now: those on the way of an access that is released or open, and what was pulsed at the bench."""
    attended = [lock.closed for access in scene.state.active() if access.phase in {"released", "open"} for lock in scene.path(access)]
    if scene.state.maintenance is not None:
        attended += [lock.closed for lock in scene.world.layout.locks.values() if scene.drawer(lock).staff is not None]
    turn.order(WatchClosely(tuple(attended)))


def look_into(scene: Scene, turn: Turn, lock: Lock, pockets: tuple[Pocket, ...]) -> None:
    """Have photo-eyes read. A pocket whose access still waits for a quantity is looked into when that access is over."""
    bins = tuple(pocket.bin for pocket in pockets if pocket.bin is not None and not scene.is_visited(pocket))
    if bins:
        turn.order(LookIntoPockets(lock.name, bins))

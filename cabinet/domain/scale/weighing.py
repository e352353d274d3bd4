"""When scales are read, and which readings are weights: only those taken while nothing in the cabinet moves.

Alone knows: that every weight is one at rest. The weight before an access is the newest at rest from before its drawer was released, so
no unlock ever waits for a scale and no pulse ever shakes the weight it is compared with; the weight after it is the first at rest after
everything was shut. After each closing all scales are read, so that a change that shows on another pocket is seen.
Must not know: what a weight or a change means (`weight.py`), or how a scale is read.
"""

from cabinet.domain import events
from cabinet.domain.commands import StartTimer, WeighPocket
from cabinet.domain.facts import FaultCleared, FaultRaised
from cabinet.domain.layout import Lock, Pocket
from cabinet.domain.scale import calibration, warmth, weight
from cabinet.domain.scale.counting import Doubt
from cabinet.domain.scale.memory import Rest
from cabinet.domain.scale.weight import Shift
from cabinet.domain.scene import Scene
from cabinet.domain.state import Access
from cabinet.domain.turn import Turn
from cabinet.domain.vocabulary import AccessId, PocketId

STILL_S = 0.4
"""A weight that was read sooner than this after something moved may be that of a shaking frame (hardware reference 8: 300 ms)."""

FRESH_S = 60.0
"""A person who comes finds weights that are younger than this, or all scales are read again."""

TIMER = "rest"
"""Runs while a weight that was dropped waits to be read again."""

RETRY_S = 300.0
"""A scale that gave no weight is not asked again when somebody comes: on a line that it shares with locks it would be waited for."""

PATIENCE_S = 10.0
"""A scale that has not answered by then keeps the others' weights from being judged no longer."""

NO_WEIGHT = "scale.bad_reading"

RESTARTED = "scale.restarted"


def is_still(scene: Scene) -> bool:
    """Whether no drawer or lid is open or being released. One that is out of sight may be anything, and the scale's own word decides."""
    return all(drawer.state not in {"open", "releasing"} for drawer in scene.state.drawers.values())


def stir(scene: Scene, turn: Turn, lock: Lock) -> None:
    """A lock is pulsed, or a drawer or lid moves: the frame shakes, and what lies behind it can be reached from now on."""
    bench = scene.bench
    bench.stirred_s = turn.at.mono_s
    if scene.drawer(lock).state == "open":
        bench.reached.update(pocket.id for pocket in scene.world.layout.exposed_by(lock) if pocket.weighed is not None)


def settle(scene: Scene, turn: Turn) -> None:
    """Everything may have come to rest: then every scale is read."""
    if is_still(scene):
        for pocket in _weighed(scene):
            _ask(scene, turn, pocket, is_after=True)


def freshen(scene: Scene, turn: Turn) -> None:
    """Somebody comes: whatever was not weighed lately is weighed now, while nothing moves and long before a drawer is asked for."""
    if not is_still(scene):
        return
    is_after = turn.at.mono_s - scene.bench.stirred_s < STILL_S
    bench, now_s = scene.bench, turn.at.mono_s
    for pocket in _weighed(scene):
        rest = bench.rests.get(pocket.id)
        is_sick = now_s - bench.failed_s.get(pocket.id, float("-inf")) < RETRY_S
        if not is_sick and (rest is None or now_s - rest.at.mono_s > FRESH_S):
            _ask(scene, turn, pocket, is_after=is_after)


def _weighed(scene: Scene) -> list[Pocket]:
    return [pocket for pocket in scene.world.layout.pockets.values() if pocket.weighed is not None]


def _ask(scene: Scene, turn: Turn, pocket: Pocket, *, is_after: bool) -> None:
    if turn.at.mono_s - scene.bench.asked.get(pocket.id, float("-inf")) > PATIENCE_S:
        assert pocket.weighed is not None
        scene.bench.asked[pocket.id] = turn.at.mono_s
        turn.order(WeighPocket(pocket.id, pocket.weighed.scale, is_after))


def begin(scene: Scene, turn: Turn, access: Access, pocket: Pocket) -> None:
    """Keep the weight at rest of a pocket that is about to be opened."""
    if pocket.weighed is None:
        return
    _judge(scene, turn)
    former = scene.state.accesses.get(scene.bench.due.pop(pocket.id, AccessId("")))
    if former is not None:
        weight.keep_refusal(turn, former, pocket, Doubt.REOPENED)
    rest = None if pocket.id in scene.bench.reached else scene.bench.rests.get(pocket.id)
    weight.keep_before(turn, access, pocket, rest)


def end(scene: Scene, turn: Turn, access: Access, pocket: Pocket) -> None:
    """An access is over: what its pocket weighs now is held against what was said."""
    bench = scene.bench
    if pocket.weighed is None or not access.was_open:
        return
    if access.kind == "count" and access.counted is not None:
        weight.note_label_read(turn, pocket)
    bench.due[pocket.id] = AccessId(access.id)
    if pocket.id in bench.batch and not _is_awaiting(scene, turn):
        _judge(scene, turn)
    elif pocket.id not in bench.batch and is_still(scene):
        _ask(scene, turn, pocket, is_after=True)


def read(scene: Scene, turn: Turn, event: events.WeightRead) -> None:
    """A scale answered. What was read of a shaking frame is dropped, and read again once everything is at rest."""
    bench, pocket = scene.bench, scene.world.layout.pockets.get(event.pocket)
    bench.asked.pop(event.pocket, None)
    if pocket is None or pocket.weighed is None:
        return
    if event.fault == RESTARTED:  # said once, perhaps while a drawer is open: in doubt until checked, for its zero may be what lay on it
        calibration.raise_once(scene, turn, pocket.weighed.scale, RESTARTED)
    if event.weighing is None:
        bench.failed_s[event.pocket] = turn.at.mono_s
    else:
        bench.failed_s.pop(event.pocket, None)
    if event.weighing is not None and turn.at.mono_s - bench.stirred_s < STILL_S:
        turn.order(StartTimer(TIMER, STILL_S))
    elif is_still(scene):
        bench.batch[event.pocket] = (event.at, event.weighing, event.fault)
    is_awaited = any(access.phase == "closed" for access in scene.state.active())
    if not _is_awaiting(scene, turn) and not is_awaited:
        _judge(scene, turn)


def _is_awaiting(scene: Scene, turn: Turn) -> bool:
    return any(turn.at.mono_s - asked_s <= PATIENCE_S for asked_s in scene.bench.asked.values())


def _judge(scene: Scene, turn: Turn) -> None:
    """Judge all that was read since everything came to rest, together: a change may show on the wrong scale."""
    bench, layout = scene.bench, scene.world.layout
    batch, bench.batch = bench.batch, {}
    shifts = []
    for name, (at, weighing, fault) in batch.items():
        pocket = layout.pockets[name]
        _note_health(scene, turn, pocket, fault)
        access = scene.state.accesses.get(bench.due.pop(name, AccessId("")))
        old = bench.rests.pop(name, None) or weight.remembered(scene, pocket, turn.at)
        if weighing is None or not weighing.is_steady:
            if access is not None:
                weight.keep_refusal(turn, access, pocket, fault or Doubt.UNSTEADY)
            continue
        bench.rests[name] = Rest(weighing.mass_mg, weighing.division_mg, at, warmth.beside(scene, pocket, at))
        shifts.append(Shift(pocket, access, old, bench.rests[name], name in bench.reached))
        bench.reached.discard(name)
    weight.judge(scene, turn, [shift for shift in shifts if not _is_under_way(scene, shift.pocket.id, shift.access)])


def _is_under_way(scene: Scene, pocket: PocketId, access: Access | None) -> bool:
    """Whether somebody has an access to the pocket that is not over: then nothing can be said of it yet."""
    return access is None and scene.is_visited(scene.world.layout.pockets[pocket])


def _note_health(scene: Scene, turn: Turn, pocket: Pocket, fault: str) -> None:
    """A scale that gives no weight is a technician's matter, told once and told when it is over; one that was switched on weighs again.

    Of one whose board is lost that is told already.
    """
    assert pocket.weighed is not None
    scale = pocket.weighed.scale
    if fault == RESTARTED or scale in scene.state.failures:
        return
    is_known = any(one.code == NO_WEIGHT for one in scene.state.faults_at(scale))
    if fault and not is_known:
        turn.record(FaultRaised(scale, NO_WEIGHT, fault))
    elif not fault and is_known:
        turn.record(FaultCleared(scale, NO_WEIGHT, "it gives a weight again"))

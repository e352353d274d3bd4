"""A sensor speaks against what was stated while the pocket is still open: the person is asked once more, and may say the same again.

Alone knows: when a scale or an eye is heard before the drawer closes. A weight that is read beside an open lid is good for a question and
for nothing else: it is no evidence, and the weight at rest after closing is judged as ever (`scale/weighing.py`).
Must not know: what the second answer means for the stock (`correcting.py`).

The hand that states a number is at the screen, so a scale is read at once; where it still swings, a moment later. Asked once in an access,
never before a number was stated, never in an emergency, nor of what travels on a sheet, which is compared there; closing the drawer is an
answer, too.
"""

from cabinet.domain import events
from cabinet.domain.commands import WeighPocket
from cabinet.domain.facts import Basis, QuantityDoubted
from cabinet.domain.kinds import row_of
from cabinet.domain.layout import Pocket
from cabinet.domain.scale import counting, teaching, warmth, weight
from cabinet.domain.scale.counting import Verdict
from cabinet.domain.scale.memory import Rest
from cabinet.domain.scale.weight import Shift
from cabinet.domain.scene import Scene
from cabinet.domain.state import Access
from cabinet.domain.turn import Turn
from cabinet.domain.vocabulary import PocketId


def ask(scene: Scene, turn: Turn, access: Access) -> None:
    """A quantity was stated: look at the eyes within reach, and have the scales within reach read."""
    if not _may_ask(scene, access):
        return
    own = scene.pocket_of(access)
    reach = {own.id: own} | {pocket.id: pocket for pocket in scene.world.layout.exposed_by(scene.path(access)[-1])}
    for pocket in reach.values():
        if _eye_denies(scene, pocket):
            _doubt(turn, access, pocket, Basis.BIN_SENSOR)
            return
    for pocket in reach.values():
        if pocket.weighed is not None:
            turn.order(WeighPocket(pocket.id, pocket.weighed.scale, False))


def heard(scene: Scene, turn: Turn, event: events.WeightRead) -> None:
    """A scale answered while somebody stands at an open pocket: hold it against what they said."""
    pocket = scene.world.layout.pockets.get(event.pocket)
    if pocket is None or pocket.weighed is None or event.weighing is None:
        return
    if not event.weighing.is_steady:
        if any(access.confirmed is not None and _may_ask(scene, access) for access in scene.at_drawers()):
            turn.order(WeighPocket(pocket.id, pocket.weighed.scale, True))
        return
    new = Rest(event.weighing.mass_mg, event.weighing.division_mg, event.at, warmth.beside(scene, pocket, event.at))
    for access in scene.at_drawers():
        if access.confirmed is None or not _may_ask(scene, access):
            continue
        own = scene.pocket_of(access)
        if pocket.id == own.id:
            said = access.confirmed * (-1 if row_of(access).takes else 1)
            if _scale_denies(scene, turn, Shift(pocket, access, None, new, False), said):
                _doubt(turn, access, pocket, Basis.SCALE)
        elif pocket in scene.world.layout.exposed_by(scene.path(access)[-1]):
            shift = Shift(pocket, None, scene.bench.rests.get(pocket.id), new, True)
            if _scale_denies(scene, turn, shift, 0):
                _doubt(turn, access, pocket, Basis.SCALE)


def _may_ask(scene: Scene, access: Access) -> bool:
    line = scene.state.lines.get(access.pocket)
    is_counted = line is not None and line.count_mode in {"units", "containers"}
    is_free = access.sheet is None and not row_of(access).is_urgent
    return access.phase == "open" and not access.doubts and is_counted and is_free


def _eye_denies(scene: Scene, pocket: Pocket) -> bool:
    line, is_empty = scene.state.lines.get(pocket.id), scene.bins.get(pocket.id)
    if line is None or is_empty is None or line.count_mode == "bulk" or line.owes:
        return False
    is_known = any(one.pocket == pocket.id and one.is_open for one in scene.state.discrepancies.values())
    return not is_known and is_empty != (line.units == 0)


def _scale_denies(scene: Scene, turn: Turn, shift: Shift, said: int) -> bool:
    """Whether a scale that can be believed surely counts another number than `said` (negative: taken)."""
    change = shift.net()
    if change is None:
        return False
    net_mg, scatter = change
    known = teaching.of_pocket(scene, shift.pocket) if shift.access is None else teaching.of_access(scene, shift.access)
    if weight.advisory(scene, turn, shift.pocket, known) is not None:
        return False
    sensed = counting.count_mixed(net_mg, known, scatter, scene.world.policy.allowed_miscount)
    if sensed.verdict is not Verdict.CONFIDENT or sensed.units is None:
        return False
    return (sensed.units if net_mg >= 0 else -sensed.units) != said


def _doubt(turn: Turn, access: Access, pocket: Pocket, basis: Basis) -> None:
    beside = None if pocket.id == access.pocket else pocket.id
    turn.record(QuantityDoubted(PocketId(access.pocket), basis, beside), access=access)

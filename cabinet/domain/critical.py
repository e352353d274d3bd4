"""Critical items stand in two places: whether they still do, whenever a pocket is assigned or given up.

Alone knows: what counts as two ways to an item. Must not know: what happens when one of them fails (`moving.py`).
"""

from itertools import combinations

from cabinet.domain.facts import FaultCleared, FaultRaised
from cabinet.domain.layout import Layout, Pocket
from cabinet.domain.scene import Scene
from cabinet.domain.turn import Turn

ONE_PLACE = "stock.one_place"


def judge(scene: Scene, turn: Turn) -> None:
    """Warn of every critical item here that has one way only, and take the warning back where there are two again."""
    held: dict[str, list[Pocket]] = {}
    for line in scene.state.lines.values():
        pocket = next((one for one in scene.world.layout.pockets.values() if one.id == line.pocket), None)
        if pocket is not None:
            held.setdefault(line.item, []).append(pocket)
    for item in scene.world.formulary.values():
        pockets = held.get(item.id, [])
        is_known = any(fault.code == ONE_PLACE for fault in scene.state.faults_at(item.id))
        is_single = item.is_critical and bool(pockets) and not _has_two_ways(scene.world.layout, pockets)
        if is_single and not is_known:
            turn.record(FaultRaised(item.id, ONE_PLACE, ", ".join(pocket.id for pocket in pockets)))
        elif is_known and not is_single:
            turn.record(FaultCleared(item.id, ONE_PLACE, "it stands in two places" if pockets else "it is not kept here"))


def _has_two_ways(layout: Layout, pockets: list[Pocket]) -> bool:
    return any(are_two_ways(layout, one, two) for one, two in combinations(pockets, 2))


def are_two_ways(layout: Layout, one: Pocket, two: Pocket) -> bool:
    """Whether no lock and no line is on the way to both pockets."""
    return set(layout.path(one)).isdisjoint(layout.path(two)) and layout.lines_to(one).isdisjoint(layout.lines_to(two))

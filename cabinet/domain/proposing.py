"""Which free pocket an item would best be loaded into.

Alone knows: what makes one fit pocket better than another. Must not know: what may stand where at all (`placing.py`), or how a load goes.
"""

from cabinet.domain import placing
from cabinet.domain.critical import are_two_ways
from cabinet.domain.formulary import Item
from cabinet.domain.layout import Pocket
from cabinet.domain.place import Level, PlacingRules
from cabinet.domain.scene import Scene


def propose(scene: Scene, item: Item, *, today: str, units: int = 0) -> tuple[Pocket, ...]:
    """The pockets that hold no item yet, may hold this one and can be opened: the best first.

    Best is where least is cautioned against; for a critical item, what works on where its other pocket fails; then what spends no lid on
    an item that needs none; then the way through the cabinet. What needs no fridge takes none of its room.
    """
    layout, lines = scene.world.layout, scene.state.lines
    others = [layout.pockets[pocket] for pocket in layout.pockets if pocket in lines and lines[pocket].item == item.id]
    ranked = []
    for pocket in layout.pockets.values():
        is_spent = layout.drawer_of(pocket).is_fridge and not item.is_refrigerated
        if pocket.id in lines or is_spent or scene.is_failed(pocket):
            continue
        verdicts = placing.judge_load(scene, pocket, item, today=today, units=units)
        if placing.first_refusal(verdicts) is None:
            is_second_way = not item.is_critical or not others or any(are_two_ways(layout, pocket, other) for other in others)
            has_idle_lid = pocket.lid is not None and not _needs_lid(item, scene.world.policy.placing)
            ranked.append(((len(verdicts), not is_second_way, has_idle_lid), pocket))
    return tuple(pocket for _, pocket in sorted(ranked, key=lambda row: row[0]))


def _needs_lid(item: Item, rules: PlacingRules) -> bool:
    return item.is_controlled or item.is_paralytic or (item.is_high_alert and rules.high_alert is not Level.ALLOW)

"""Which pocket serves a request, and whether it may.

Alone knows: the order in which a request is judged, and that controlled items are opened one at a time.
Must not know: what is done with a request that was granted (`desk.py`). Nothing here changes anything.
"""

from cabinet.domain import custody, events, service
from cabinet.domain.formulary import Item
from cabinet.domain.kinds import KINDS
from cabinet.domain.layout import Pocket
from cabinet.domain.orders import judge_order
from cabinet.domain.people import Session
from cabinet.domain.policy import CountStyle
from cabinet.domain.refusal import Refusal
from cabinet.domain.scene import Scene
from cabinet.domain.state import Access
from cabinet.domain.surroundings import climate, power
from cabinet.domain.turn import Turn
from cabinet.domain.vocabulary import ItemId, StaffId

AUTHORITIES = ("policy", "order")
"""On whose word a pocket is opened: the area's rules, or a patient's order."""


def choose(scene: Scene, event: events.AccessAsked) -> Pocket | Refusal:
    """The pocket that was named, or the best one with the item: one that works, holds enough and is used up first."""
    layout, lines = scene.world.layout, scene.state.lines
    if event.pocket is not None:
        pocket = layout.pockets.get(event.pocket)
        if pocket is None:
            return Refusal("pocket.unknown", event.pocket)
        if pocket.id not in lines:
            return Refusal("pocket.unassigned")
        return pocket if event.item in {None, lines[pocket.id].item} else Refusal("pocket.other_item", lines[pocket.id].item)
    holding = [pocket for pocket in layout.pockets.values() if pocket.id in lines and lines[pocket.id].item == event.item]
    if not holding:
        return Refusal("stock.not_here", event.item or "no item was named")
    today = event.at.utc.date().isoformat()
    item = scene.world.formulary.get(ItemId(event.item or ""))

    def rank(pocket: Pocket) -> tuple[bool, bool, bool, str]:
        line = lines[pocket.id]
        expiry = line.earliest_expiry or "9999"
        is_held = item is not None and climate.judge(scene, event.at, layout.drawer_of(pocket), item) is not None
        return scene.is_failed(pocket), expiry < today or is_held, line.units < event.units, expiry

    return min(holding, key=rank)


def judge(
    scene: Scene, turn: Turn, event: events.AccessAsked, session: Session, pocket: Pocket, leaving: Access | None = None
) -> Refusal | None:
    """Whether this person may have this access to this pocket now, as if the access that they are `leaving` were over."""
    kind = KINDS.get(event.kind)
    if kind is None:
        return Refusal("access.kind_unknown", event.kind)
    if scene.state.maintenance is not None:
        return Refusal("cabinet.maintenance", service.in_words(scene, scene.state.maintenance))
    if scene.state.mode != "ready":
        return Refusal("cabinet.not_ready")
    line, staff = scene.state.lines[pocket.id], scene.world.staff.get(StaffId(session.staff))
    item = scene.world.formulary.get(ItemId(line.item))
    if staff is None:
        return Refusal("session.unknown")
    if item is None:
        return Refusal("item.unknown", line.item)
    if event.authority not in AUTHORITIES:
        return Refusal("access.authority", event.authority)
    follows = kind.needs_purpose and (event.authority == "order" or event.order is not None)
    is_blind = scene.world.policy.count_style(kind, item) is CountStyle.BLIND
    return (
        custody.judge_purpose(event, kind, scene.world.patients)
        or (judge_order(scene.world.patients, event.order, event.patient, item.id) if follows else None)
        or scene.world.policy.judge(staff.role, session.factors, kind, item, event.authority)
        or power.judge(scene.state.power)
        or judge_way(scene, pocket)
        or (climate.judge(scene, turn.at, scene.world.layout.drawer_of(pocket), item) if kind.takes else None)
        or _judge_others(scene, pocket, item, leaving)
        or custody.judge_stock(event, kind, line, turn.at.utc.date().isoformat(), is_blind=is_blind)
    )


def judge_way(scene: Scene, pocket: Pocket) -> Refusal | None:
    """Whether every lock on the way can be released and watched."""
    path = scene.world.layout.path(pocket)
    states = {scene.drawer(lock).state for lock in path}
    if "failed" in states or any(scene.state.is_condemned(lock.name) for lock in path):
        return Refusal("drawer.failed")
    if "unknown" in states:
        return Refusal("drawer.unknown")
    return Refusal("drawer.failed") if any(scene.is_barred(lock) for lock in path if scene.drawer(lock).state != "open") else None


def _judge_others(scene: Scene, pocket: Pocket, item: Item, leaving: Access | None) -> Refusal | None:
    """One person at a drawer, and one controlled item at a time in the whole cabinet."""
    drawers = {scene.pocket_of(access).drawer for access in scene.state.active() if access is not leaving}
    if pocket.drawer in drawers:
        return Refusal("drawer.in_use")
    if item.is_controlled and scene.is_controlled_under_way(leaving):
        return Refusal("cabinet.controlled_open")
    return None

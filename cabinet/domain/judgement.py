"""Which pocket serves a request, and whether it may.

Alone knows: the order in which a request is judged, and that controlled items are opened one at a time.
Must not know: what is done with a request that was granted (`desk.py`). Nothing here changes anything.
"""

from cabinet.domain import authority, custody, events, placing, proposing, service
from cabinet.domain.belonging import keeping
from cabinet.domain.delivery import working
from cabinet.domain.dose import request
from cabinet.domain.dose.strength import serves
from cabinet.domain.formulary import Item
from cabinet.domain.kinds import LATE_ENTRY, Kind, row_of
from cabinet.domain.layout import Pocket
from cabinet.domain.mode import freshness, late, serving
from cabinet.domain.people import Session, Staff
from cabinet.domain.person import standing
from cabinet.domain.policy import CountStyle
from cabinet.domain.quarantine import judging as quarantine
from cabinet.domain.reference import roll, weight
from cabinet.domain.refusal import Refusal
from cabinet.domain.scene import Scene
from cabinet.domain.sheet import carrying
from cabinet.domain.state import Access
from cabinet.domain.surroundings import climate, power, room
from cabinet.domain.turn import Turn
from cabinet.domain.vocabulary import ItemId, utc_text
from cabinet.domain.withdrawal import returning


def choose(scene: Scene, event: events.AccessAsked) -> Pocket | Refusal:
    """The pocket that was named, or the best one with the item: one that works, holds enough and is used up first."""
    layout, lines = scene.world.layout, scene.state.lines
    if event.pocket is not None:
        pocket = layout.pockets.get(event.pocket)
        if pocket is None:
            return Refusal("pocket.unknown", event.pocket)
        if pocket.id not in lines:
            return pocket if row_of(event).assigns and event.item is not None else Refusal("pocket.unassigned")
        return pocket if event.item in {None, lines[pocket.id].item} else Refusal("pocket.other_item", lines[pocket.id].item)
    holding = [pocket for pocket in layout.pockets.values() if pocket.id in lines and lines[pocket.id].item == event.item]
    today = event.at.utc.date().isoformat()
    item = scene.world.formulary.get(ItemId(event.item or ""))
    if not holding and item is not None and row_of(event).assigns:
        fit = proposing.propose(scene, item, today=today, units=event.units)
        return fit[0] if fit else Refusal("place.nowhere", item.title)
    if not holding:
        return Refusal("stock.not_here", event.item or "no item was named")

    is_urgent = row_of(event).is_urgent

    def rank(pocket: Pocket) -> tuple[bool, bool, bool, bool, str]:
        line, drawer = lines[pocket.id], layout.drawer_of(pocket)
        expiry = line.earliest_expiry or "9999"
        is_old = expiry < today
        is_held = item is not None and climate.judge(scene, event.at, drawer, item, is_emergency=is_urgent) is not None
        is_blocked = item is not None and quarantine.find(scene.state.quarantines.values(), line, item) is not None
        is_stopped = is_held or is_blocked or (is_old and not is_urgent)
        return scene.is_failed(pocket), is_stopped, line.units < event.units, is_old, expiry

    return min(holding, key=rank)


def judge(
    scene: Scene, turn: Turn, event: events.AccessAsked, session: Session, pocket: Pocket, leaving: Access | None = None
) -> Refusal | None:
    """Whether this person may have this access to this pocket now, as if the access that they are `leaving` were over."""
    kind = row_of(event)
    line = scene.state.lines.get(pocket.id)
    known = _judge_setting(scene, session, kind) or _find_item(scene, event.item if line is None else line.item)
    if isinstance(known, Refusal):
        return known
    item, staff, policy = known, scene.staff(session.staff), scene.world.policy
    assert staff is not None
    is_blind = policy.count_style(kind, item) is CountStyle.BLIND
    today = turn.at.utc.date().isoformat()
    kept = room.as_kept(scene, pocket, item)
    may_be_none = item.is_multi_dose or event.kind == "expire"
    return (
        custody.judge_purpose(event, kind, scene.patient(event.patient), policy.custody)
        or policy.judge(staff.role, session.factors, kind, item)
        or keeping.judge(scene, event, item, pocket.id)
        or authority.judge(policy.authority, event, kind, item, _standing(scene, event, item, staff))
        or standing.judge_kind(scene, turn.at, session, staff, kind, item)
        or freshness.judge(scene, turn.at, event, item)
        or (returning.judge(scene.state, policy.custody, event, kept, pocket) if kind.undoes_withdrawal else None)
        or power.judge(scene.state.power)
        or (None if line is None else quarantine.judge(scene.state, kind, line, item))
        or working.judge(scene, kind, event, item, pocket.id)
        or judge_way(scene, pocket)
        or (climate.judge(scene, turn.at, scene.world.layout.drawer_of(pocket), item, is_emergency=kind.is_urgent) if kind.takes else None)
        or (_judge_place(scene, pocket, item, event, today) if kind.assigns else None)
        or _judge_others(scene, kind, pocket, item, leaving)
        or _judge_patient(scene, event, kind, staff, leaving)
        or (None if line is None else custody.judge_stock(event, kind, line, today, is_blind=is_blind, may_be_none=may_be_none))
        or (weight.judge(event) or request.judge(scene, event, item) if kind.takes and event.patient is not None else None)
        or carrying.judge(scene, kind, event, item)  # last: nobody types a sheet's number for what is refused anyhow
    )


def _standing(scene: Scene, event: events.AccessAsked, item: Item, staff: Staff) -> authority.Standing:
    """How things stand for whoever asks for an item."""
    now, patient, order = utc_text(event.at.utc), scene.patient(event.patient), scene.order(event.order)
    return authority.Standing(
        staff.role, scene.world.policy.allows(staff.role, "override"), patient, order,
        patient is not None and roll.left(scene, patient, now) is not None, scene.is_in_critical_override, now,
        order is not None and serves(item, order, scene.world.formulary),
    )  # fmt: skip


def judge_on_paper(scene: Scene, event: events.AccessAsked, session: Session) -> ItemId | Refusal:
    """Whether this person may do what opens nothing: the item that it is about."""
    kind, policy = row_of(event), scene.world.policy
    named = _judge_setting(scene, session, kind) or _named_on_paper(scene, event)
    known = named if isinstance(named, Refusal) else _find_item(scene, named)
    if isinstance(known, Refusal):
        return known
    staff = scene.staff(session.staff)
    assert staff is not None
    if kind is LATE_ENTRY:
        return late.judge(scene, event, session, staff, known) or known.id
    refusal = policy.judge(staff.role, session.factors, kind, known) or standing.judge_kind(scene, event.at, session, staff, kind, known)
    if refusal is None:
        refusal = returning.judge(scene.state, policy.custody, event, known, None) or carrying.judge(scene, kind, event, known)
    return refusal or known.id


def _named_on_paper(scene: Scene, event: events.AccessAsked) -> str | Refusal:
    """The item of what opens nothing: of the withdrawal that comes back, or of the pocket that was opened long ago."""
    if row_of(event) is not LATE_ENTRY:
        return returning.item_of(scene.state, event)
    pocket = late.pocket_of(scene, event)
    return pocket if isinstance(pocket, Refusal) else scene.state.lines[pocket.id].item


def _judge_setting(scene: Scene, session: Session, kind: Kind) -> Refusal | None:
    """Whether the cabinet serves anybody now, and knows who asks."""
    if scene.state.maintenance is not None:
        return Refusal("cabinet.maintenance", service.in_words(scene, scene.state.maintenance))
    closed = serving.judge(scene.state, kind)
    return closed if closed is not None or scene.staff(session.staff) is not None else Refusal("session.unknown")


def _find_item(scene: Scene, item: str | None) -> Item | Refusal:
    return scene.world.formulary.get(ItemId(item or "")) or Refusal("item.unknown", item or "none was named")


def _judge_place(scene: Scene, pocket: Pocket, item: Item, event: events.AccessAsked, today: str) -> Refusal | None:
    """Whether an item may be loaded there: apart from its look-alikes, behind a lid, in the cold."""
    return placing.first_refusal(placing.judge_load(scene, pocket, item, today=today, units=event.units, expiry=None))


def judge_way(scene: Scene, pocket: Pocket) -> Refusal | None:
    """Whether every lock on the way can be released and watched."""
    path = scene.world.layout.path(pocket)
    states = {scene.drawer(lock).state for lock in path}
    if "failed" in states or any(scene.state.is_condemned(lock.name) for lock in path):
        return Refusal("drawer.failed")
    if "unknown" in states:
        return Refusal("drawer.unknown")
    return Refusal("drawer.failed") if any(scene.is_barred(lock) for lock in path if scene.drawer(lock).state != "open") else None


def _judge_others(scene: Scene, kind: Kind, pocket: Pocket, item: Item, leaving: Access | None) -> Refusal | None:
    """One person at a drawer, and one controlled item at a time in the whole cabinet.

    An emergency waits for neither, nor for anybody's count: only for a pocket that is open in somebody's hands already.
    """
    others = [access for access in scene.at_drawers() if access is not leaving]
    if kind.is_urgent:
        is_open_already = any(access.pocket == pocket.id and access.phase in {"released", "open"} for access in others)
        return Refusal("drawer.in_use") if is_open_already else None
    if pocket.drawer in {scene.pocket_of(access).drawer for access in others}:
        return Refusal("drawer.in_use")
    if item.is_controlled and scene.is_controlled_under_way(leaving):
        return Refusal("cabinet.controlled_open")
    return None


def _judge_patient(scene: Scene, event: events.AccessAsked, kind: Kind, staff: Staff, leaving: Access | None) -> Refusal | None:
    """One patient at a time in a person's hands (ISMP 2019, 8); an emergency waits for nobody's other drawer."""
    if kind.is_urgent or event.patient is None:
        return None
    mine = (access for access in scene.at_drawers() if access.staff == staff.id and access is not leaving)
    is_other = any(access.patient not in {None, event.patient} for access in mine)
    return Refusal("access.other_patient") if is_other else None

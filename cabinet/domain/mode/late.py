"""Late entries: what was taken by key or on paper while the cabinet could not record it, entered afterwards with its true time.

Alone knows: what a late entry must say, and that it hides nothing: it opens no pocket, explains no count that was made since, and owes one.
Must not know: who signs for it (`granting.py`), or how a count that follows decides (`custody.py`).

The balance falls by what is entered. Whoever enters what nobody took makes the next count find too many; who took what nobody enters
makes it find too few; and a pocket that was counted after the true time has its discrepancy already, which is not settled here. Whoever
took too many and enters them late makes it agree: so somebody else looks at what is controlled.
"""

from datetime import timedelta

from cabinet.domain import custody
from cabinet.domain.authority import needs_no_order
from cabinet.domain.debt import closing, owing
from cabinet.domain.discrepancy import finding
from cabinet.domain.dose.strength import serves
from cabinet.domain.events import AccessAsked
from cabinet.domain.facts import Account, Basis, LateEntered, QuantityConfirmed, UnitsMoved
from cabinet.domain.formulary import Item
from cabinet.domain.kinds import LATE_ENTRY
from cabinet.domain.layout import Pocket
from cabinet.domain.people import Session, Staff
from cabinet.domain.refusal import Refusal, not_of_role
from cabinet.domain.scene import Scene
from cabinet.domain.state import Access
from cabinet.domain.turn import Turn
from cabinet.domain.vocabulary import ItemId, PocketId, StaffId, Units, parse_utc

OWED = "taken while the cabinet could not record it, and entered late"
NO_ORDER = "entered late without an order"


def pocket_of(scene: Scene, event: AccessAsked) -> Pocket | Refusal:
    """The pocket that was opened then."""
    pocket = None if event.pocket is None else scene.world.layout.pockets.get(event.pocket)
    if pocket is None or pocket.id not in scene.state.lines:
        return Refusal("late.pocket", event.pocket or "")
    held = scene.state.lines[pocket.id].item
    return pocket if event.item in {None, held} else Refusal("pocket.other_item", held)


def judge(scene: Scene, event: AccessAsked, session: Session, staff: Staff, item: Item) -> Refusal | None:
    """Whether this person may enter this afterwards."""
    policy = scene.world.policy
    if not policy.allows(staff.role, "late_entry"):
        return not_of_role(staff.role, "late_entry")
    if event.taken_by is not None and scene.staff(event.taken_by) is None:
        return Refusal("late.taken_by", event.taken_by)
    if not 1 <= event.units <= custody.MOST_UNITS:
        return Refusal("access.units")
    return (
        policy.judge_factors(session.factors, item)
        or custody.judge_purpose(event, LATE_ENTRY, scene.patient(event.patient), policy.custody)
        or _judge_order(scene, event, item)
        or _judge_moment(scene, event)
    )


def _judge_order(scene: Scene, event: AccessAsked, item: Item) -> Refusal | None:
    """An order may have been stopped since; it must be this patient's, and about this item."""
    if event.order is None:
        return None
    order = scene.order(event.order)
    if order is None or order.patient != event.patient:
        return Refusal("order.unknown")
    return None if serves(item, order, scene.world.formulary) else Refusal("order.other_item")


def _judge_moment(scene: Scene, event: AccessAsked) -> Refusal | None:
    try:
        true_at = parse_utc(event.true_at or "")
    except ValueError:
        return Refusal("late.moment", event.true_at or "")
    reach = timedelta(hours=scene.world.policy.downtime.late_h)
    if not event.at.utc - reach <= true_at <= event.at.utc:
        return Refusal("late.moment", event.true_at or "")
    line = scene.state.lines[event.pocket or ""]
    is_counted = line.last_counted_at is not None and parse_utc(line.last_counted_at) > true_at
    return Refusal("late.counted_since", line.last_counted_at or "") if is_counted else None


def note(turn: Turn, access: Access, event: AccessAsked) -> None:
    """Write down that it is late, and when it really was."""
    taken_by = None if event.taken_by is None else StaffId(event.taken_by)
    turn.record(LateEntered(PocketId(access.pocket), event.true_at or "", taken_by), access=access)


def enter(scene: Scene, turn: Turn, access: Access) -> None:
    """Move the units. More than the record holds is a discrepancy at once; what the pocket really holds is for the count that is owed."""
    line, item, pocket = turn.state.lines[access.pocket], ItemId(access.item), PocketId(access.pocket)
    more = access.units - line.units
    if more > 0:
        if line.count_mode != "bulk":
            finding.find(turn, access, pocket, item, Units(line.units), Units(access.units), Basis.PERSON, line.last_counted_seq)
        turn.record(UnitsMoved(pocket, item, Units(more), Account.VARIANCE, Account.POCKET), access=access)
    turn.record(QuantityConfirmed(Units(access.units), None, None), access=access)
    target = Account.PATIENT if access.patient is not None else Account.PURPOSE
    turn.record(UnitsMoved(pocket, item, Units(access.units), Account.POCKET, target), access=access)
    closing.taken(scene, turn, access)
    patient = scene.patient(access.patient)
    if access.order is None and not needs_no_order(scene.world.policy.authority, scene.item_of(access), patient):
        owing.owe(turn, access, "order", NO_ORDER)
    if scene.item_of(access).is_controlled:
        owing.owe(turn, access, "review", OWED)
    if access.taken_by not in {None, access.staff, access.witness}:  # who signed for it gave their word
        owing.owe_word(turn, access, access.taken_by or "", f"did you take this? It was entered for you, as of {access.true_at[:16]} UTC")
    owing.owe_count(turn, access.pocket, OWED, access)

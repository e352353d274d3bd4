"""What follows when an access is granted: it begins, its weight at rest is kept, its locks are released, its light burns.

Alone knows: the order of these, and that a witness who is due comes before all of them.
Must not know: why it was granted (`judgement.py`).
"""

from cabinet.domain import access as access_machine
from cabinet.domain import custody, walk, witness
from cabinet.domain.belonging import keeping
from cabinet.domain.commands import SwitchLight
from cabinet.domain.delivery import working
from cabinet.domain.dose.plan import owes_waste
from cabinet.domain.events import AccessAsked
from cabinet.domain.facts import AccessRequested
from cabinet.domain.formulary import Item
from cabinet.domain.kinds import LATE_ENTRY, row_of, subject_of
from cabinet.domain.kit import out
from cabinet.domain.layout import Pocket
from cabinet.domain.mode import late
from cabinet.domain.people import Session, Staff
from cabinet.domain.reference import weight
from cabinet.domain.scale import weighing
from cabinet.domain.scene import Scene
from cabinet.domain.sheet import carrying
from cabinet.domain.state import Access
from cabinet.domain.turn import Turn
from cabinet.domain.vocabulary import AccessId, ItemId, PocketId


def grant(
    scene: Scene, turn: Turn, event: AccessAsked, session: Session, pocket: Pocket | None,
    *, moved_from: AccessId | None = None, instead_of: PocketId | None = None,
) -> None:  # fmt: skip
    """Begin an access about the item that `event` names, to a pocket where it opens one. `instead_of` and `moved_from` as in the fact."""
    item = ItemId(event.item or "")
    staff, formulary = scene.staff(session.staff), scene.world.formulary
    assert staff is not None
    second = _second(scene, event, staff, formulary[item])
    turn.record(
        AccessRequested(
            event.kind, None if pocket is None else pocket.id, item, event.units, event.authority, event.session, event.patient,
            event.order, event.reason, moved_from, instead_of, event.purpose, event.withdrawal, event.place, event.sheet, event.part_m,
            keeping.said(scene, event), second, list(event.acknowledged),
            event.indication, event.delivery, event.bag, working.checked_by(scene, event, None if pocket is None else pocket.id),
        ),
        access=_named(event.access, session),
    )  # fmt: skip
    access = scene.state.accesses[event.access]
    if row_of(access) is LATE_ENTRY:
        late.note(turn, access, event)
    former = scene.state.accesses.get(moved_from or "")
    if former is not None and former.witness is not None:
        custody.sign_again(turn, access, former)
    access_machine.step(access, "granted", turn, "policy" if moved_from is None else f"goes on with {moved_from}")
    if pocket is not None and row_of(access).assigns:
        custody.assign(turn, access, pocket, scene.item_of(access), event.levels)
    weight.note(scene, turn, event, session)
    out.note_opened(turn, access, event)
    go(scene, turn, access)


def _second(scene: Scene, event: AccessAsked, staff: Staff, item: Item) -> str | None:
    """Whether a second person signs first. An emergency stops for nobody; what is owed as waste is never wasted alone, row or no row."""
    subject, policy = subject_of(event), scene.world.policy
    if row_of(event).is_urgent:
        return None
    if carrying.wants_second(scene, event, staff) or (subject == "waste" and owes_waste(item, policy.custody)):
        return witness.REQUIRED
    return witness.in_a_word(witness.rule_for(policy.witness, subject, item, staff.role), subject)


def go(scene: Scene, turn: Turn, access: Access) -> None:
    """Let a granted access begin, unless somebody must sign first: its locks are released, or it is done where it opens nothing."""
    if "witness" in scene.asks(access):
        return
    if not row_of(access).opens:
        if row_of(access) is LATE_ENTRY:
            late.enter(scene, turn, access)
        else:
            custody.move_on_paper(turn, access)
            carrying.note(scene, turn, access, access.units)
        access_machine.step(access, "completed", turn, "everything asked was answered")
        return
    pocket = scene.pocket_of(access)
    weighing.begin(scene, turn, access, pocket)
    walk.release(scene, turn, access, pocket)
    if pocket.light is not None:
        turn.order(SwitchLight(pocket.light, True))


def _named(access_id: AccessId, session: Session) -> Access:
    """The envelope of a request: its access does not exist before the fact is applied."""
    return Access(access_id, "", "", "", 0, "", session.id, session.staff, None, "")

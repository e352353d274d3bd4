"""A patient's own medicine: sealed in a bag with a number, counted by two, for that patient alone, given back or destroyed with a witness.

Alone knows: which request about a bag is a good one, and what is owed when its patient leaves.
Must not know: how an access goes, who may sign as second person (policy), or what a pocket is.

One bag is one unit of the item that policy names (`own_item`); the pockets that hold this item are where bags lie. Nobody takes that item
by anything but a bag's number.
"""

from cabinet.domain import events
from cabinet.domain.belonging.memory import Bag
from cabinet.domain.events import AccessAsked
from cabinet.domain.facts import BagHandedBack, BagSealed, DebtOwed, DebtSettled
from cabinet.domain.formulary import Item
from cabinet.domain.kinds import BAG_ROWS, subject_of
from cabinet.domain.person import speaking
from cabinet.domain.reference import roll
from cabinet.domain.refusal import Refusal
from cabinet.domain.scene import Scene
from cabinet.domain.state import Access
from cabinet.domain.turn import Turn
from cabinet.domain.vocabulary import AccessId, DebtId, ItemId, PatientId, PocketId, is_id, utc_text
from cabinet.domain.witness import rule_for

ACT = "belongings"
LONGEST, MOST_LINES, MOST_UNITS = 120, 50, 100_000
LEFT = "the patient has left: give the bag back, or destroy it with a witness"
KEPT_FREELY = {"count", "inspect"}
"""What may be done to the pocket of bags without a bag's number."""


def seal(scene: Scene, turn: Turn, event: events.BagSealAsked) -> Refusal | None:
    """What was counted into a bag, in words; the same again changes nothing."""
    session = speaking.who_may(scene, turn, event.session, ACT)
    if isinstance(session, Refusal):
        return session
    if scene.patient(event.patient) is None:
        return Refusal("access.patient_unknown")
    lines = [one for one in event.contents if one.what.strip() and one.what.isprintable() and len(one.what) <= LONGEST]
    is_good = all(0 < one.units <= MOST_UNITS for one in lines) and 0 < len(lines) == len(event.contents) <= MOST_LINES
    if not is_id(event.bag) or not is_good:
        return Refusal("bag.form", event.bag)
    known = scene.state.bags.get(event.bag)
    if known is not None and (known.pocket is not None or known.patient != event.patient):
        return Refusal("bag.taken", event.bag)
    if known is None or [(one.what, one.units) for one in known.contents] != [(one.what, one.units) for one in event.contents]:
        turn.record(BagSealed(event.bag, event.patient, list(event.contents)), staff=session.staff)
    return None


def judge(scene: Scene, event: AccessAsked, item: Item, pocket: PocketId) -> Refusal | None:
    """Whether a request is about a bag exactly where it is about the item that bags are, and about the right one."""
    is_own = item.id == scene.world.policy.custody.own_item
    if event.bag is None:
        return Refusal("bag.number") if is_own and event.kind not in KEPT_FREELY else None
    bag = scene.state.bags.get(event.bag)
    if bag is None or not is_own or event.kind not in BAG_ROWS:
        return Refusal("bag.unknown", event.bag)
    if event.patient not in {None, bag.patient}:
        return Refusal("bag.other_patient", event.bag)
    if event.kind in {"load", "waste"} and not _has_witness_rule(scene, event, item):
        return Refusal("bag.no_witness_rule")
    if event.units != 1 and event.kind != "inspect":
        return Refusal("access.units")
    if event.kind == "load":
        return Refusal("bag.taken", event.bag) if bag.pocket is not None else None
    return _judge_kept(event, bag, pocket)


def _judge_kept(event: AccessAsked, bag: Bag, pocket: PocketId) -> Refusal | None:
    """Whether a bag that is in the cabinet may be opened, given back or destroyed so."""
    if bag.pocket != pocket:
        return Refusal("bag.elsewhere", bag.pocket or "not in the cabinet")
    if event.kind == "unload" and not (event.said or "").strip():
        return Refusal("bag.signature")
    return Refusal("withdrawal.reason") if event.kind == "waste" and not event.reason else None


def _has_witness_rule(scene: Scene, event: AccessAsked, item: Item) -> bool:
    session = scene.state.sessions.get(event.session)
    staff = None if session is None else scene.staff(session.staff)
    return staff is not None and rule_for(scene.world.policy.witness, subject_of(event), item, staff.role) is not None


def judge_quantity(access: Access, units: int) -> Refusal | None:
    """One bag, or none where the person thought better of it."""
    return Refusal("access.units") if access.bag is not None and units > 1 else None


def said(scene: Scene, event: AccessAsked) -> str | None:
    """What the record and a second person's screen say of it: of a bag what is in it, but who signed where it is given back."""
    bag = scene.state.bags.get(event.bag or "")
    return event.said if bag is None or event.kind == "unload" else bag.in_words


def note(turn: Turn, access: Access, bag: Bag | None) -> None:
    """A quantity was stated: the bag went in, or back to its patient, and what was owed of it is settled."""
    if bag is None or not access.confirmed:
        return
    if access.kind == "unload":
        turn.record(BagHandedBack(bag.id, PatientId(bag.patient), access.said or ""), access=access)
    debt = turn.state.debts.get(_debt(bag))
    if debt is not None and access.kind in {"unload", "waste"}:
        turn.record(DebtSettled(DebtId(debt.id), "done", access.reason), access=access)


def patient_changed(scene: Scene, turn: Turn, patient: PatientId) -> None:
    """Whoever leaves is given back what is theirs: it is owed by who put it in, until it is done. Who comes back has it kept."""
    known = scene.patient(patient)
    gone = known is None or roll.left(scene, known, utc_text(turn.at.utc)) is not None
    for bag in [one for one in scene.state.bags.values() if one.patient == patient and one.pocket is not None]:
        is_owed = _debt(bag) in scene.state.debts
        if gone and not is_owed:
            owed = DebtOwed(
                DebtId(_debt(bag)), "bag", AccessId(bag.access), PocketId(bag.pocket or ""),
                ItemId(scene.world.policy.custody.own_item or ""), patient, 1000, f"{bag.in_words}; {LEFT}",
            )  # fmt: skip
            turn.record(owed, about=bag.access, staff=bag.staff)
        elif is_owed and not gone:
            turn.record(DebtSettled(DebtId(_debt(bag)), "closed", "the patient is here again"), about=bag.access)


def _debt(bag: Bag) -> str:
    return f"bag-{bag.id}"[:64]

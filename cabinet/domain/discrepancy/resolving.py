"""How a discrepancy is settled: a reason of the policy's list, words, and a second person where the item is controlled.

Alone knows: who may settle which, alone or with whom, and which are settled together. A controlled one is never closed without people;
what is not controlled may be by policy after a later count that agrees, and the fact says so.
Must not know: what explains a difference (`cause.py`), or how a person is recognised.
"""

from cabinet.domain import events
from cabinet.domain.discrepancy.memory import Discrepancy
from cabinet.domain.discrepancy.rule import RECOUNTED, WRITTEN
from cabinet.domain.facts import DiscrepancyResolved, WitnessRefused, WitnessSigned
from cabinet.domain.formulary import Item
from cabinet.domain.people import Role, Session, Staff
from cabinet.domain.person import speaking, standing
from cabinet.domain.refusal import Refusal
from cabinet.domain.scene import Scene
from cabinet.domain.state import Access
from cabinet.domain.turn import Turn
from cabinet.domain.vocabulary import AccessId, DiscrepancyId, ItemId
from cabinet.domain.witness import WitnessRule
from cabinet.domain.witness import judge as judge_witness

LATER_COUNT = "later_count"
"""The reason where policy settles it."""

LONGEST_NOTE = 400


def resolve(scene: Scene, turn: Turn, event: events.ResolutionEntered) -> Refusal | None:
    """A person settles a discrepancy, and perhaps its neighbours' with it: all of them or none."""
    session = speaking.who_may(scene, turn, event.session, "resolve")
    if isinstance(session, Refusal):
        return session
    staff = scene.staff(session.staff)
    assert staff is not None
    names = list(dict.fromkeys([event.discrepancy, *event.together]))
    found = _all_open(scene, names)
    if isinstance(found, Refusal):
        return found
    refusal = (
        _judge_words(scene, event)
        or _judge_pair(found)
        or _judge_people(scene, turn, event, session, staff, found)
        or _judge_recount(event, staff, found)
    )
    if refusal is not None:
        if event.witness is not None and refusal.code.startswith("witness."):
            turn.record(WitnessRefused("resolve", ItemId(found[0].item), event.witness, refusal.code), staff=staff.id)
        return refusal
    for one in found:
        _settle(turn, event, staff, one, [DiscrepancyId(name) for name in names if name != one.id])
    return None


def _all_open(scene: Scene, names: list[DiscrepancyId]) -> list[Discrepancy] | Refusal:
    found = []
    for name in names:
        one = scene.state.discrepancies.get(name)
        if one is None:
            return Refusal("discrepancy.unknown", name)
        if not one.is_open:
            return Refusal("discrepancy.settled", name)
        found.append(one)
    return found


def _judge_words(scene: Scene, event: events.ResolutionEntered) -> Refusal | None:
    if event.reason not in scene.world.policy.discrepancy.reasons:
        return Refusal("discrepancy.reason", event.reason)
    is_short = event.reason in WRITTEN and not event.note.strip()
    return Refusal("discrepancy.note") if is_short or len(event.note) > LONGEST_NOTE else None


def _judge_pair(found: list[Discrepancy]) -> Refusal | None:
    """What is settled together makes up for each other."""
    if len(found) == 1:
        return None
    differences = [one.difference for one in found]
    return None if None not in differences and sum(each or 0 for each in differences) == 0 else Refusal("discrepancy.pair")


def _judge_people(
    scene: Scene, turn: Turn, event: events.ResolutionEntered, session: Session, staff: Staff, found: list[Discrepancy]
) -> Refusal | None:
    """Whether this person may, alone or with this witness. Having been in the interval proves nothing, and nobody closes it alone."""
    policy, rules = scene.world.policy, scene.world.policy.discrepancy
    items = [item for item in (scene.world.formulary.get(ItemId(one.item)) for one in found) if item is not None]
    for item in items:
        refusal = policy.judge_factors(session.factors, item)
        if refusal is not None:
            return refusal
    is_inside = any(staff.id in one.people for one in found)
    if is_inside and rules.resolver_not_in_interval:
        return Refusal("discrepancy.in_interval")
    if event.witness is not None:
        rule = WitnessRule(frozenset({"resolve"}), rules.witness_classes, frozenset(_signers(scene)))
        refusal = judge_witness(rule, staff.id, scene.staff(event.witness), event.factors)
        arrival = standing.judge_arrival(scene, turn.at.utc, event.witness, is_temporary=False)
        return refusal or arrival or standing.judge_pair(scene, turn.at.utc, staff.id, event.witness)
    if any(one.people == {staff.id} for one in found):
        return Refusal("discrepancy.alone")
    return Refusal("witness.needed") if any(needs_witness(scene, item) for item in items) else None


def _judge_recount(event: events.ResolutionEntered, staff: Staff, found: list[Discrepancy]) -> Refusal | None:
    """Whether a pocket of which it is said that it was counted again was, by one of those who settle it; or each was found by the other."""
    if event.reason not in RECOUNTED:
        return None
    people, pockets = {staff.id, event.witness}, [one.pocket for one in found]
    is_counted = all(people.intersection(one.counted_by) or pockets.count(one.pocket) > 1 for one in found)
    return None if is_counted else Refusal("discrepancy.recount")


def offered(scene: Scene, found: Discrepancy, viewer: Staff) -> tuple[str, ...]:
    """The reasons that this person may give: none that says what did not happen. A colleague who signs may have counted instead."""
    signer = any(name != viewer.id for name in found.counted_by) and is_signed(scene, found)
    others = (one for one in scene.state.discrepancies.values() if one.is_open and one.id != found.id and one.pocket == found.pocket)
    is_undone = any(one.difference == -(found.difference or 0) != 0 for one in others)
    is_counted = viewer.id in found.counted_by or signer or is_undone
    return tuple(code for code in scene.world.policy.discrepancy.reasons if is_counted or code not in RECOUNTED)


def is_signed(scene: Scene, found: Discrepancy) -> bool:
    """Whether a second person signs when it is settled, by its item."""
    item = scene.world.formulary.get(ItemId(found.item))
    return item is not None and needs_witness(scene, item)


def _signers(scene: Scene) -> set[Role]:
    return {role for role in Role if scene.world.policy.allows(role, "witness")}


def needs_witness(scene: Scene, item: Item) -> bool:
    """Whether a second person signs when a discrepancy of this item is settled."""
    return item.control_class in scene.world.policy.discrepancy.witness_classes


def _settle(turn: Turn, event: events.ResolutionEntered, staff: Staff, one: Discrepancy, others: list[DiscrepancyId]) -> None:
    access = None if one.access is None else AccessId(one.access)
    if event.witness is not None:
        said = f"settled: {event.reason}"
        signed = WitnessSigned("resolve", ItemId(one.item), said, list(event.factors), event.note.strip() or None)
        turn.record(signed, about=access, staff=staff.id, witness=event.witness)
    linked = [one.seq, *([one.since_seq] if one.since_seq else [])]
    turn.record(
        DiscrepancyResolved(DiscrepancyId(one.id), event.reason, event.note.strip(), event.cause, others, linked),
        about=access, staff=staff.id, witness=event.witness,
    )  # fmt: skip


def after_count(scene: Scene, turn: Turn, access: Access) -> None:
    """A count agreed: where policy says so, what is not controlled and differed before is settled by it."""
    rules, item = scene.world.policy.discrepancy, scene.item_of(access)
    line = scene.state.lines.get(access.pocket)
    is_good = access.counted is not None and not access.is_disputed and line is not None
    if not (rules.auto_resolve and is_good and not item.is_controlled):
        return
    assert line is not None
    for one in list(scene.state.discrepancies.values()):
        if one.pocket == access.pocket and one.is_open and one.item == access.item and one.seq < line.last_counted_seq:
            linked = [one.seq, line.last_counted_seq]
            fact = DiscrepancyResolved(DiscrepancyId(one.id), LATER_COUNT, linked=linked, by_policy=True)
            turn.record(fact, about=None if one.access is None else AccessId(one.access))

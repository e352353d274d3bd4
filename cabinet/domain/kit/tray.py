"""Sealed kits: the tag that is read, the seal that is looked at, what is inside.

Alone knows: what an access of a sealed kit asks, and what is refused. Must not know: how an access goes, or who is asked for a tag.

The seal is counted and not the contents: one kit is one unit of its pocket. It expires with the first thing in it. A broken seal serves
nobody and goes back to the pharmacy; what is controlled inside is counted then.
"""

from cabinet.domain import events
from cabinet.domain.discrepancy import finding
from cabinet.domain.facts import (
    Account,
    Basis,
    KitBroken,
    KitContent,
    KitContentsCounted,
    KitRead,
    KitSealed,
    WitnessRefused,
    WitnessSigned,
)
from cabinet.domain.formulary import Formulary, Item
from cabinet.domain.kinds import row_of
from cabinet.domain.kit import out
from cabinet.domain.kit.due import is_due
from cabinet.domain.kit.memory import Content, Tray
from cabinet.domain.people import Session
from cabinet.domain.person import speaking, standing
from cabinet.domain.refusal import Refusal
from cabinet.domain.scene import Scene
from cabinet.domain.state import Access
from cabinet.domain.turn import Turn
from cabinet.domain.vocabulary import AccessId, ItemId, PocketId, Units
from cabinet.domain.witness import judge as judge_witness
from cabinet.domain.witness import rule_for

SUBJECT = "kit"
"""What a second person signs for who counts what is controlled in an opened kit with the first."""

LONGEST_TAG = 32


def trays(scene: Scene) -> dict[str, Tray]:
    """Every kit that is known by its tag: as recorded here, else as it stood in a pocket at the first start."""
    known: dict[str, Tray] = {}
    for pocket in scene.world.layout.pockets.values():
        item = None if pocket.item is None else scene.world.formulary.get(pocket.item)
        if pocket.opening is None or item is None:
            continue
        lot, expiry = pocket.opening.lot, pocket.opening.expiry
        for tag in pocket.opening.tags:
            contents = [Content(one, units, lot, expiry) for one, units in item.kit]
            known[tag] = Tray(tag, item.id, contents, pocket.id, str(Account.POCKET), last_pocket=pocket.id)
    return known | scene.state.trays


def judge_tag(scene: Scene, access: Access, item: Item, tag: str, today: str, *, is_intact: bool) -> Refusal | None:
    """Whether the kit with this tag may be taken or put in this access. What goes back to the pharmacy may be broken or expired."""
    tray = trays(scene).get(tag)
    if tray is None:
        return Refusal("kit.tag_unknown", tag)
    if tray.item != item.id:
        return Refusal("kit.other_item", tag)
    row = row_of(access)
    if (row.takes and tray.pocket != access.pocket) or (not row.takes and tray.pocket not in {None, access.pocket}):
        return Refusal("kit.elsewhere", tray.pocket or tray.where)
    if Account.PATIENT not in {row.source, row.target} and row.takes:
        return None
    if not (is_intact and tray.is_sealed):
        return Refusal("kit.broken", tag)
    is_past = tray.expiry is not None and tray.expiry < today
    return Refusal("kit.expired", str(tray.expiry)) if is_past and not row.is_urgent else None


def shown(scene: Scene, turn: Turn, event: events.KitShown) -> Refusal | None:
    """A tag was read in an access. A seal that is found broken is kept, whatever becomes of the access."""
    access = speaking.mine(scene, turn, event.session, event.access)
    if isinstance(access, Refusal):
        return access
    item = scene.item_of(access)
    if access.phase != "open" or not is_due(scene.state, access, item):
        return Refusal("access.not_asked")
    if not event.tag:
        return Refusal("kit.no_tag")
    refusal = judge_tag(scene, access, item, event.tag, turn.at.utc.date().isoformat(), is_intact=event.is_intact)
    if refusal is None or refusal.code == "kit.broken":
        _know(scene, turn, event.tag)
    pocket = PocketId(access.pocket)
    if not event.is_intact and event.tag in scene.state.trays and scene.state.trays[event.tag].is_sealed:
        turn.record(KitBroken(event.tag, item.id, pocket), access=access)
    if refusal is None:
        turn.record(KitRead(event.tag, item.id, pocket, event.is_intact), access=access)
    return refusal


def _know(scene: Scene, turn: Turn, tag: str) -> None:
    """Take a kit that the site's file tells of into the journal, before anything is said of it."""
    tray = trays(scene)[tag]
    if tag not in scene.state.trays:
        turn.record(KitSealed(tag, ItemId(tray.item), [_told(one) for one in tray.contents], PocketId(tray.pocket or "")))


def _told(one: Content) -> KitContent:
    return KitContent(ItemId(one.item), Units(one.units), one.lot, one.expiry)


def seal(scene: Scene, turn: Turn, event: events.KitSealEntered) -> Refusal | None:
    """A kit was filled and sealed: it holds what the formulary says, with every expiry, under a tag that no other sealed kit bears."""
    session = speaking.who_may(scene, turn, event.session, "items")
    if isinstance(session, Refusal):
        return session
    item = scene.world.formulary.get(event.item)
    if item is None or not item.kit:
        return Refusal("item.unknown", event.item)
    if not (event.tag.isprintable() and 0 < len(event.tag) <= LONGEST_TAG):
        return Refusal("kit.no_tag", event.tag)
    former = trays(scene).get(event.tag)
    if former is not None and former.is_sealed and former.where in {Account.POCKET, Account.PHARMACY}:
        return Refusal("kit.tag_taken", event.tag)
    held: dict[ItemId, int] = {}
    for one in event.contents:
        held[one.item] = held.get(one.item, 0) + one.units
    if held != dict(item.kit) or any(one.expiry is None for one in event.contents):
        return Refusal("kit.contents", item.name)
    turn.record(KitSealed(event.tag, item.id, list(event.contents)), staff=session.staff)
    return None


def controlled(tray: Tray, formulary: Formulary) -> tuple[Content, ...]:
    """What is controlled inside a kit."""
    held = ((one, formulary.get(ItemId(one.item))) for one in tray.contents)
    return tuple(one for one, item in held if item is not None and item.is_controlled)


def owes_count(tray: Tray, formulary: Formulary) -> bool:
    """Whether the controlled contents of a kit are to be counted: its seal is broken, and nobody has."""
    return not tray.is_sealed and not tray.is_counted and bool(controlled(tray, formulary))


def is_out(tray: Tray, formulary: Formulary) -> bool:
    """Whether a kit with something controlled in it was handed out, and nobody has said yet what became of that."""
    return tray.out_in is not None and not tray.is_counted and bool(controlled(tray, formulary))


def to_take_back(scene: Scene, today: str) -> list[Tray]:
    """The kits in this cabinet that serve nobody any more: broken, or expired with something in them."""
    return [
        tray
        for tray in trays(scene).values()
        if tray.pocket is not None and (not tray.is_sealed or (tray.expiry is not None and tray.expiry < today))
    ]


def count(scene: Scene, turn: Turn, event: events.KitContentsEntered) -> Refusal | None:
    """The controlled items of an opened kit were counted, all of them. What differs is a discrepancy of the pocket it stood in.

    Of one that was handed out somebody says what was given of it, too: given and left are what it held.
    """
    session = speaking.who_may(scene, turn, event.session, "count")
    if isinstance(session, Refusal):
        return session
    tray = scene.state.trays.get(event.tag)
    if tray is None:
        return Refusal("kit.tag_unknown", event.tag)
    if not (owes_count(tray, scene.world.formulary) or is_out(tray, scene.world.formulary)):
        return Refusal("access.not_asked")
    expected: dict[str, int] = {}
    for one in controlled(tray, scene.world.formulary):
        expected[one.item] = expected.get(one.item, 0) + one.units
    counted, given = dict(event.counts), dict(event.given)
    is_whole = counted.keys() == expected.keys() and given.keys() <= (expected.keys() if tray.out_in is not None else set())
    if not is_whole or any(units < 0 for units in (*counted.values(), *given.values())):
        return Refusal("kit.contents", ", ".join(expected))
    refusal = _judge_witness(scene, turn, event, session, [ItemId(item) for item in expected])
    if refusal is not None:
        return refusal
    out_in = tray.out_in
    for item, units in counted.items():
        used = given.get(item, 0)
        about = None if out_in is None else AccessId(out_in)
        if event.witness is not None:
            said = f"{units} left, {used} given"
            signed = WitnessSigned(SUBJECT, item, said, list(event.factors), f"kit {tray.tag}")
            turn.record(signed, about=about, staff=session.staff, witness=event.witness)
        turn.record(
            KitContentsCounted(tray.tag, item, Units(units), Units(expected[item]), used), staff=session.staff, witness=event.witness
        )
        if units + used != expected[item] and tray.last_pocket is not None:
            finding.find(
                turn, None, PocketId(tray.last_pocket), item, Units(expected[item]), Units(units + used), Basis.PERSON, tray.sealed_seq,
                staff=session.staff,
            )  # fmt: skip
    out.settle(turn, out_in, session.staff)
    return None


def _judge_witness(
    scene: Scene, turn: Turn, event: events.KitContentsEntered, session: Session, items: list[ItemId]
) -> Refusal | None:  # fmt: skip
    """Whether the second person counted with them, where one is due: the kit stays owed until there is one."""
    staff = scene.staff(session.staff)
    assert staff is not None, "whose word is heard has a record"
    found = (rule_for(scene.world.policy.witness, SUBJECT, scene.world.formulary[item], staff.role) for item in items)
    rule = next(filter(None, found), None)
    if event.witness is None:
        return None if rule is None else Refusal("witness.needed")
    refusal = (
        judge_witness(rule, staff.id, scene.staff(event.witness), event.factors)
        or standing.judge_arrival(scene, turn.at.utc, event.witness, is_temporary=False)
        or standing.judge_pair(scene, turn.at.utc, staff.id, event.witness)
    )
    if refusal is not None:
        turn.record(WitnessRefused(SUBJECT, items[0], event.witness, refusal.code), staff=staff.id)
    return refusal

"""Another pocket with the same item: which one serves where the first cannot be opened, and how an access goes on there.

Alone knows: which pocket is next best, and that an access which goes on is judged anew and linked to the first.
Must not know: why the first pocket cannot be opened (`setback.py`).

Only what takes units for a patient moves over: a refill or a count is about one pocket. Nor does an access move whose pocket was open
once: what was taken from there is to be stated there.
"""

from collections.abc import Iterator

from cabinet.domain import granting, judgement
from cabinet.domain.events import AccessAsked
from cabinet.domain.facts import AccessMovedOver
from cabinet.domain.kinds import row_of
from cabinet.domain.layout import Pocket
from cabinet.domain.people import Session
from cabinet.domain.refusal import Refusal
from cabinet.domain.scene import Scene
from cabinet.domain.state import Access
from cabinet.domain.turn import Turn
from cabinet.domain.vocabulary import AccessId, ItemId, OrderId, PatientId, PocketId, SessionId, Units

IN_THE_WAY = {"drawer.failed", "drawer.unknown", "drawer.in_use", "fridge.undecided", "fridge.discarded", "stock.quarantined"}
"""What stands in the way of one pocket and not of another."""

LONGEST_STEM = 56


def others(scene: Scene, item: str, away_from: Pocket, units: int, today: str) -> Iterator[Pocket]:
    """The other pockets with an item, the best first: on another line, not expired, with enough, used up first."""
    layout, lines = scene.world.layout, scene.state.lines
    lost = layout.lines_to(away_from)

    def rank(pocket: Pocket) -> tuple[bool, bool, bool, bool, str]:
        line = lines[pocket.id]
        expiry = line.earliest_expiry or "9999"
        return scene.is_failed(pocket), bool(lost & layout.lines_to(pocket)), expiry < today, line.units < units, expiry

    holding = (pocket for pocket in layout.pockets.values() if pocket.id in lines and lines[pocket.id].item == item)
    yield from sorted((pocket for pocket in holding if pocket.id != away_from.id), key=rank)


def choose(scene: Scene, turn: Turn, event: AccessAsked, session: Session, first: Pocket) -> Pocket | Refusal:
    """The pocket that was asked for or, where it cannot be opened now, the best other one that can."""
    refusal = judgement.judge(scene, turn, event, session, first)
    if refusal is None or refusal.code not in IN_THE_WAY or not row_of(event).takes:
        return refusal or first
    return _judged(scene, turn, event, session, first, None) or refusal


def find(scene: Scene, turn: Turn, access: Access, pocket: Pocket) -> tuple[AccessAsked, Session, Pocket] | None:
    """Where an access can go on, if it may: the request that it makes there, its session and the pocket. Nothing changes."""
    session = scene.state.sessions.get(SessionId(access.session))
    if session is None or not row_of(access).takes or access.was_open:
        return None
    event = AccessAsked(
        turn.at, session.id, _next_id(scene, access), access.kind, access.authority, Units(access.units), None, ItemId(access.item),
        None if access.patient is None else PatientId(access.patient), None if access.order is None else OrderId(access.order),
        access.reason, access.purpose, acknowledged=tuple(access.acknowledged),
        said=access.said, indication=access.indication,
    )  # fmt: skip
    other = _judged(scene, turn, event, session, pocket, access)
    return None if other is None else (event, session, other)


def _judged(scene: Scene, turn: Turn, event: AccessAsked, session: Session, first: Pocket, leaving: Access | None) -> Pocket | None:
    item, today = scene.state.lines[first.id].item, turn.at.utc.date().isoformat()
    for pocket in others(scene, item, first, event.units, today):
        if judgement.judge(scene, turn, event, session, pocket, leaving) is None:
            return pocket
    return None


def go_on(scene: Scene, turn: Turn, access: Access, found: tuple[AccessAsked, Session, Pocket], why: str) -> None:
    """Let an access that is over go on at another pocket."""
    event, session, pocket = found
    turn.record(AccessMovedOver(event.access, pocket.id, why), access=access)
    granting.grant(scene, turn, event, session, pocket, moved_from=AccessId(access.id), instead_of=PocketId(access.pocket))


def _next_id(scene: Scene, access: Access) -> AccessId:
    """An id made of the first one's, so that a restart or a second look names it alike; never one that is taken."""
    stem, number = access.id[:LONGEST_STEM], 2
    while f"{stem}-m{number}" in scene.state.accesses:
        number += 1
    return AccessId(f"{stem}-m{number}")

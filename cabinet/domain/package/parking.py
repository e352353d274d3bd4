"""Refill lines that cannot be filled as they stand: an unknown code goes to the pharmacy and comes back known; the rest has a reason.

Alone knows: how a code is parked, linked and dismissed, and the four reasons. Must not know: how a code is matched (`check.py`).

A refusal at refill must not cause a stock-out: the technician touches once and goes on, the pocket stays as it was, and once a pharmacist
has compared and linked the code the line is there again and scanning it works.
"""

from cabinet.domain import access as access_machine
from cabinet.domain import events, walk
from cabinet.domain.facts import CodeDismissed, CodeLinked, CodeParked, LineNotFilled
from cabinet.domain.package.check import UNKNOWN, known_keys
from cabinet.domain.package.code import keys_of
from cabinet.domain.person import speaking
from cabinet.domain.phrase import message
from cabinet.domain.refusal import Refusal
from cabinet.domain.scene import Scene
from cabinet.domain.state import FINAL
from cabinet.domain.turn import Turn
from cabinet.domain.vocabulary import ItemId, PocketId

REASONS = {"not_in_bag": message("not in the bag"), "jammed": message("jammed"), "full": message("full"), "short": message("short")}
"""Why a pocket was not filled, in words."""


def park(scene: Scene, turn: Turn, event: events.CodeParkAsked) -> Refusal | None:
    """Park the code that was scanned last and is known to nobody; the access ends without anything put in."""
    access = speaking.mine(scene, turn, event.session, event.access)
    if isinstance(access, Refusal):
        return access
    scan = access.scan
    if access.confirmed is not None or scan is None or scan.code != UNKNOWN or scan.key is None:
        return Refusal("code.unparked")
    turn.record(CodeParked(scan.key, PocketId(access.pocket), ItemId(access.item)), access=access)
    if access_machine.step(access, "cancel", turn, "its code is parked"):
        if access.phase in FINAL:
            walk.end(scene, turn, access)
        walk.finish_if_done(scene, turn, access)
    return None


def link(scene: Scene, turn: Turn, event: events.CodeLinkAsked) -> Refusal | None:
    """Make a code known as one item's. A code that another item bears already is not taken from it."""
    refusal = _judge_pharmacist(scene, turn, event)
    if refusal is not None:
        return refusal
    if event.item not in scene.world.formulary:
        return Refusal("item.unknown", event.item)
    keys = keys_of(event.code)
    if not keys:
        return Refusal("code.form", event.code)
    known = known_keys(scene.world.formulary, scene.state.codes)
    for key in sorted(keys):
        others = known.get(key, set()) - {event.item}
        if others:
            return Refusal("code.linked", ", ".join(sorted(others)))
    for key in sorted(keys):
        if event.item not in known.get(key, set()) or key in scene.state.parked:
            turn.record(CodeLinked(key, event.item), staff=scene.state.sessions[event.session].staff)
    return None


def dismiss(scene: Scene, turn: Turn, event: events.CodeDismissAsked) -> Refusal | None:
    """Say that what bears a parked code is not to be put in."""
    refusal = _judge_pharmacist(scene, turn, event)
    if refusal is not None:
        return refusal
    parked = scene.state.parked.get(event.key)
    if parked is None or not parked.is_waiting:
        return Refusal("code.unknown", event.key)
    turn.record(CodeDismissed(event.key, event.reason or "another item"), staff=scene.state.sessions[event.session].staff)
    return None


def judge_sent(scene: Scene, said: events.SentCode) -> Refusal | None:
    """Whether what the pharmacy says of a code may hold here: an item that bears it by the formulary keeps it."""
    others = known_keys(scene.world.formulary).get(said.id, set()) - {said.item}
    return Refusal("code.linked", ", ".join(sorted(others))) if others and said.item is not None else None


def receive(scene: Scene, turn: Turn, said: events.SentCode) -> None:
    """What a pharmacist said of a code, at the pharmacy: it holds at every cabinet that knows the item, parked there or not."""
    held, parked = scene.state.codes.get(said.id), scene.state.parked.get(said.id)
    if said.item is None:
        if held is not None or (parked is not None and parked.is_waiting):
            turn.record(CodeDismissed(said.id, said.why))
    elif said.item in scene.world.formulary and held != said.item:
        turn.record(CodeLinked(said.id, said.item))


def _judge_pharmacist(scene: Scene, turn: Turn, event: events.CodeLinkAsked | events.CodeDismissAsked) -> Refusal | None:
    session = speaking.who_may(scene, turn, event.session, "items")
    return session if isinstance(session, Refusal) else None


def not_filled(scene: Scene, turn: Turn, event: events.NotFilledSaid) -> Refusal | None:
    """Keep why a pocket was not filled; the need stays, and the pharmacy hears the reason."""
    session = speaking.who_may(scene, turn, event.session, "refill")
    if isinstance(session, Refusal):
        return session
    line = scene.state.lines.get(event.pocket)
    if line is None:
        return Refusal("pocket.unassigned", event.pocket)
    if event.reason not in REASONS:
        return Refusal("refill.reason", event.reason)
    delivery = scene.state.deliveries.get(event.delivery or "")
    if event.delivery is not None and (delivery is None or delivery.line(event.pocket, line.item) is None):
        return Refusal("delivery.no_line", event.delivery)
    turn.record(LineNotFilled(event.pocket, ItemId(line.item), event.reason, event.note, event.delivery), staff=session.staff)
    return None

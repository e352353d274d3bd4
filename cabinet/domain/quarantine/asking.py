"""How a quarantine begins and ends.

Alone knows: who may say so, and what is a sensible block. Must not know: what it blocks (`judging.py`).
"""

from cabinet.domain import events
from cabinet.domain.facts import QuarantineBegun, QuarantineLifted
from cabinet.domain.person import speaking
from cabinet.domain.refusal import Refusal
from cabinet.domain.scene import Scene
from cabinet.domain.turn import Turn
from cabinet.domain.vocabulary import ItemId, PocketId

SCOPES = ("pocket", "item", "ndc", "lot")


def begin(scene: Scene, turn: Turn, event: events.QuarantineAsked) -> Refusal | None:
    """Block something from now on; the same id again changes nothing."""
    who = speaking.speaker(scene, turn, event.session, "quarantine")
    if isinstance(who, Refusal):
        return who
    if event.quarantine in scene.state.quarantines:
        return None
    if not is_sensible(scene, event):
        return Refusal("quarantine.unknown", f"{event.scope} {event.value}")
    turn.record(
        QuarantineBegun(event.quarantine, event.scope, event.value, event.why, event.item, event.recall), staff=who
    )  # fmt: skip
    return None


def lift(scene: Scene, turn: Turn, event: events.QuarantineLiftAsked) -> Refusal | None:
    """Let something be used again."""
    who = speaking.speaker(scene, turn, event.session, "quarantine")
    if isinstance(who, Refusal):
        return who
    if event.quarantine not in scene.state.quarantines:
        return Refusal("quarantine.unknown", event.quarantine)
    if not event.why.strip():
        return Refusal("withdrawal.reason")
    turn.record(QuarantineLifted(event.quarantine, event.why), staff=who)
    return None


def is_sensible(scene: Scene, event: events.QuarantineAsked) -> bool:
    """Whether there is something to block. A recall may name what is not kept here; then it blocks nothing."""
    if event.scope not in SCOPES or not event.why.strip():
        return False
    if event.session is None:
        return event.scope != "pocket" and bool(event.value) and (event.scope != "lot" or event.item is not None)
    formulary = scene.world.formulary
    if event.scope == "pocket":
        return PocketId(event.value) in scene.world.layout.pockets
    if event.scope == "item":
        return ItemId(event.value) in formulary
    if event.scope == "ndc":
        return bool(event.value)
    return event.item in formulary and bool(event.value)

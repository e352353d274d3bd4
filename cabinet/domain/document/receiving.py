"""A document of the pharmacy is applied in order, once, and whole or not at all; and what it refuses is said, with the reason.

Alone knows: when a version follows on the one that is here, and that every record is judged before the first is applied.
Must not know: signatures, clocks and wires (the shell looked at them); what a record of one kind means (`content.py`).
"""

from cabinet.domain import events
from cabinet.domain.document import content
from cabinet.domain.document.memory import Received
from cabinet.domain.facts import DocumentApplied, DocumentRefused
from cabinet.domain.refusal import Refusal
from cabinet.domain.scene import Scene
from cabinet.domain.turn import Turn


def receive(scene: Scene, turn: Turn, event: events.DocumentReceived) -> Refusal | None:
    """Apply a version, or say why not. The version that is here already changes nothing, and is no refusal."""
    known = scene.state.documents.get(event.document, Received())
    if event.version == known.version and event.sha256 == known.sha256:
        return None
    refusal = _judge_order(known, event) or content.judge(scene, turn, event)
    if refusal is not None:
        _refuse(turn, known, event.document, event.version, refusal.code, refusal.sentence)
        return refusal
    was_named = [] if event.from_version is None else known.names
    gone = event.gone if event.from_version is not None else tuple(_missing(known.names, event))
    content.apply(scene, turn, event, frozenset(known.names), gone)
    named = [one.id for one in event.records]
    left = [name for name in event.gone if name in was_named]
    turn.record(DocumentApplied(event.document, event.version, event.from_version, event.sha256, named, left))
    return None


def turn_away(scene: Scene, turn: Turn, event: events.DocumentTurnedAway) -> Refusal:
    """Write down, once, that something came which is not to be applied."""
    known, refusal = scene.state.documents.get(event.document, Received()), Refusal(event.code, event.detail)
    _refuse(turn, known, event.document, event.version, refusal.code, refusal.sentence)
    return refusal


def _judge_order(known: Received, event: events.DocumentReceived) -> Refusal | None:
    if event.version <= known.version:
        return Refusal("document.old", f"{event.version}, and {known.version} is here")
    if event.from_version is not None and event.from_version != known.version:
        return Refusal("document.gap", f"from {event.from_version}, and {known.version} is here")
    return None


def _missing(names: list[str], event: events.DocumentReceived) -> list[str]:
    named = {str(one.id) for one in event.records}
    return [name for name in names if name not in named]


def _refuse(turn: Turn, known: Received, document: str, version: int, code: str, why: str) -> None:
    """The same refusal again is no news: who repeats themselves does not fill the journal."""
    if (known.refused_version, known.code, known.why) != (version, code, why):
        turn.record(DocumentRefused(document, version, code, why))

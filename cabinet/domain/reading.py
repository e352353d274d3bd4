"""The record was read: that somebody drew up a report with names in it is itself on record.

Alone knows: who may say so. Must not know: any report, or how one is drawn.
"""

from cabinet.domain import events
from cabinet.domain.facts import ReportDrawn
from cabinet.domain.person import speaking
from cabinet.domain.refusal import Refusal
from cabinet.domain.scene import Scene
from cabinet.domain.turn import Turn

ACTS = ("report", "audit")


def drawn(scene: Scene, turn: Turn, event: events.ReportDrawn) -> Refusal | None:
    """Keep who drew which report, of what span and narrowed by what."""
    session = speaking.who_may(scene, turn, event.session, *ACTS)
    if isinstance(session, Refusal):
        return session
    turn.record(ReportDrawn(event.report, list(event.asked), event.form), staff=session.staff)
    return None

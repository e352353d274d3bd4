"""What a person or the pharmacy just said must not be used, or may be used again.

Alone knows: which of these events exist. Must not know: what the core does about them.
"""

from dataclasses import dataclass

from cabinet.domain.events.event import Event
from cabinet.domain.vocabulary import ItemId, SessionId


@dataclass(frozen=True)
class QuarantineAsked(Event):
    """Somebody blocks a pocket, an item, an NDC or a lot (`scope`); `session` is None where the pharmacy's recall says it."""

    session: SessionId | None
    quarantine: str
    scope: str
    value: str
    why: str
    item: ItemId | None = None
    recall: str | None = None


@dataclass(frozen=True)
class QuarantineLiftAsked(Event):
    """Somebody lifts one."""

    session: SessionId | None
    quarantine: str
    why: str

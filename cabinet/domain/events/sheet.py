"""What a person or the pharmacy just said of a numbered sheet.

Alone knows: which of these events exist. Must not know: what the core does about them.
"""

from dataclasses import dataclass

from cabinet.domain.events.event import Event
from cabinet.domain.vocabulary import ItemId, SessionId, Units


@dataclass(frozen=True)
class SheetAnnounced(Event):
    """Units left the vault for this cabinet. `session` is None where the pharmacy says it, else whose hand typed the sheet."""

    session: SessionId | None
    sheet: str
    item: ItemId
    units: Units
    issued_by: str
    carried_by: str
    issued_at: str | None = None
    """When it left the vault, as records write moments; None: now."""


@dataclass(frozen=True)
class SheetCloseAsked(Event):
    """Somebody closes a sheet of which not all, or too much, arrived; or the pharmacy received what went back to it."""

    session: SessionId | None
    sheet: str
    reason: str
    received: Units | None = None

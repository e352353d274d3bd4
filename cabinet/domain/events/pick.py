"""What a person just chose to take later.

Alone knows: which of these events exist. Must not know: what the core does about them.
"""

from dataclasses import dataclass

from cabinet.domain.events.event import Event
from cabinet.domain.vocabulary import AccessId, ItemId, OrderId, SessionId, StaffId


@dataclass(frozen=True)
class PickAsked(Event):
    """A person chose an order: in a session at the cabinet, or (`session` None) recognised somewhere else on the ward."""

    session: SessionId | None
    staff: StaffId
    pick: AccessId
    order: OrderId
    item: ItemId | None = None
    said: str | None = None


@dataclass(frozen=True)
class PickDropAsked(Event):
    """A person thought better of it."""

    session: SessionId | None
    staff: StaffId
    pick: AccessId

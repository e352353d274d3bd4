"""What a person or the pharmacy just said of a delivery.

Alone knows: which of these events exist. Must not know: what the core does about them.
"""

from dataclasses import dataclass

from cabinet.domain.events.event import Event
from cabinet.domain.facts import DeliveryLine
from cabinet.domain.vocabulary import SessionId


@dataclass(frozen=True)
class DeliveryAnnounceAsked(Event):
    """A pick list. `session` is None where the pharmacy sends it, else whose hand typed it."""

    session: SessionId | None
    delivery: str
    lines: tuple[DeliveryLine, ...]
    place: str | None = None


@dataclass(frozen=True)
class DeliveryCloseAsked(Event):
    """A person is through with a delivery."""

    session: SessionId
    delivery: str

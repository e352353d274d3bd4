"""What a person says of a line of a refill that cannot be filled as it stands, and of a code that nobody knew.

Alone knows: which of these events exist. Must not know: what the core does about them.
"""

from dataclasses import dataclass

from cabinet.domain.events.event import Event
from cabinet.domain.vocabulary import AccessId, ItemId, PocketId, SessionId


@dataclass(frozen=True)
class CodeParkAsked(Event):
    """One touch: the code that was just scanned and that nobody knows goes to the pharmacy, and the line waits."""

    session: SessionId
    access: AccessId


@dataclass(frozen=True)
class CodeLinkAsked(Event):
    """Packages with this code are this item. `code` as printed, or the key under which it was parked."""

    session: SessionId
    code: str
    item: ItemId


@dataclass(frozen=True)
class CodeDismissAsked(Event):
    """What bears this parked code is not to be put in."""

    session: SessionId
    key: str
    reason: str


@dataclass(frozen=True)
class NotFilledSaid(Event):
    """A pocket could not be filled, or not wholly."""

    session: SessionId
    pocket: PocketId
    reason: str
    note: str | None = None
    delivery: str | None = None


@dataclass(frozen=True)
class RefillWanted(Event):
    """One touch: the pharmacy is asked to fill this pocket."""

    session: SessionId
    pocket: PocketId

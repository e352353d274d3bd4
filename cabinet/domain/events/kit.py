"""What a person says of a sealed kit: its tag, its seal, what went into it, what is left inside.

Alone knows: which of these events exist. Must not know: what the core does about them.
"""

from dataclasses import dataclass

from cabinet.domain.events.event import Event
from cabinet.domain.facts.kit import KitContent
from cabinet.domain.vocabulary import AccessId, ItemId, SessionId, StaffId


@dataclass(frozen=True)
class KitSealEntered(Event):
    """A kit was filled and sealed with a numbered tag."""

    session: SessionId
    tag: str
    item: ItemId
    contents: tuple[KitContent, ...]


@dataclass(frozen=True)
class KitShown(Event):
    """The tag of a kit was read at an open pocket, and its seal was looked at."""

    session: SessionId
    access: AccessId
    tag: str
    is_intact: bool


@dataclass(frozen=True)
class KitContentsEntered(Event):
    """The controlled items inside an opened kit were counted: (item, units). `given`: what of a kit that was handed out was used.

    `witness` counted with them, where policy asks for two.
    """

    session: SessionId
    tag: str
    counts: tuple[tuple[ItemId, int], ...]
    given: tuple[tuple[ItemId, int], ...] = ()
    witness: StaffId | None = None
    factors: tuple[str, ...] = ()

"""Who just came, went or touched a screen somewhere else on the ward.

Alone knows: which of these events exist. Must not know: what the core does about them.
"""

from dataclasses import dataclass

from cabinet.domain.events.event import Event
from cabinet.domain.vocabulary import SessionId, StaffId


@dataclass(frozen=True)
class WardArrived(Event):
    """A person proved who they are, away from the cabinet. `session` is a new name."""

    session: SessionId
    staff: StaffId
    factors: tuple[str, ...]
    is_temporary: bool = False


@dataclass(frozen=True)
class WardActive(Event):
    """They touched their screen."""

    session: SessionId


@dataclass(frozen=True)
class WardLeft(Event):
    """They signed out."""

    session: SessionId

"""What happens to the whole cabinet: the pharmacy is heard or not, and people declare a mode or lift it.

Alone knows: which of these events exist. Must not know: what the core does about them.
"""

from dataclasses import dataclass

from cabinet.domain.events.event import Event
from cabinet.domain.vocabulary import SessionId, StaffId


@dataclass(frozen=True)
class PharmacyHeard(Event):
    """The pharmacy said that it holds what it was sent."""


@dataclass(frozen=True)
class PharmacyLost(Event):
    """The pharmacy is not heard; `until` it was, as records write moments ("": it never was)."""

    until: str


@dataclass(frozen=True)
class ModeAsked(Event):
    """A person declares critical_override, locked_down or training."""

    session: SessionId
    mode: str
    reason: str


@dataclass(frozen=True)
class ModeEndAsked(Event):
    """A person lifts it again."""

    session: SessionId
    mode: str
    reason: str


@dataclass(frozen=True)
class TrainingEndAsked(Event):
    """Training ends by one touch of anybody (`staff`, where they are signed in), or because it cannot go on."""

    reason: str
    staff: StaffId | None = None

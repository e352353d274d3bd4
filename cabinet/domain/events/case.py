"""What a person just said of a case.

Alone knows: which of these events exist. Must not know: what the core does about them.
"""

from dataclasses import dataclass

from cabinet.domain.events.event import Event
from cabinet.domain.vocabulary import AccessId, PatientId, SessionId


@dataclass(frozen=True)
class CaseBeginAsked(Event):
    """A person begins a case."""

    session: SessionId
    case: str
    patient: PatientId


@dataclass(frozen=True)
class GivenSaid(Event):
    """A person says how much of a withdrawal was given: in thousandths of a unit, and in their words."""

    session: SessionId
    withdrawal: AccessId
    units_m: int
    said: str


@dataclass(frozen=True)
class CaseEndAsked(Event):
    """A person ends a case."""

    session: SessionId
    case: str

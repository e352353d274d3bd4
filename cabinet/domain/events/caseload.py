"""Whom a person just said to have in their shift, or to have no more.

Alone knows: which of these events exist. Must not know: what the core does about them.
"""

from dataclasses import dataclass

from cabinet.domain.events.event import Event
from cabinet.domain.vocabulary import PatientId, SessionId


@dataclass(frozen=True)
class PatientChooseAsked(Event):
    """One touch: this patient is mine in this shift."""

    session: SessionId
    patient: PatientId


@dataclass(frozen=True)
class PatientLetGoAsked(Event):
    """One touch: no more."""

    session: SessionId
    patient: PatientId

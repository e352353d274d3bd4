"""What a person just said of a patient's own medicine.

Alone knows: which of these events exist. Must not know: what the core does about them.
"""

from dataclasses import dataclass

from cabinet.domain.events.event import Event
from cabinet.domain.facts import BagContent
from cabinet.domain.vocabulary import PatientId, SessionId


@dataclass(frozen=True)
class BagSealAsked(Event):
    """A person counted a patient's own medicine into a bag and sealed it."""

    session: SessionId
    bag: str
    patient: PatientId
    contents: tuple[BagContent, ...]

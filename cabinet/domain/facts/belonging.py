"""What is true for ever of a patient's own medicine: what was counted into a sealed bag, and who was given it back.

Alone knows: which of these facts exist and what each one says. Must not know: what is done about them.
"""

from dataclasses import dataclass

from cabinet.domain.facts.alphabet import Fact
from cabinet.domain.vocabulary import PatientId, Units


@dataclass(frozen=True)
class BagContent:
    """One line of what is in a bag, in words: it need not be in the formulary. No fact by itself."""

    what: str
    units: Units


@dataclass(frozen=True)
class BagSealed(Fact):
    """A patient's own medicine was counted and sealed under this number. It moves nothing: two people put it in by an access."""

    bag: str
    patient: PatientId
    contents: list[BagContent]


@dataclass(frozen=True)
class BagHandedBack(Fact):
    """A bag went back to its patient, or to whom `signed_by` names, who signed for it."""

    bag: str
    patient: PatientId
    signed_by: str

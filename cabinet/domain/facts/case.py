"""What is true for ever of cases.

Alone knows: which of these facts exist and what each one says. Must not know: what is done about them.
"""

from dataclasses import dataclass

from cabinet.domain.facts.alphabet import Fact
from cabinet.domain.vocabulary import AccessId, ItemId, PatientId


@dataclass(frozen=True)
class CaseBegun(Fact):
    """What is withdrawn for this patient from now on is reconciled when the case ends."""

    case: str
    patient: PatientId


@dataclass(frozen=True)
class GivenStated(Fact):
    """A person said how much of a withdrawal was given, in thousandths of the item's counted unit."""

    withdrawal: AccessId
    item: ItemId
    units_m: int
    said: str


@dataclass(frozen=True)
class CaseEnded(Fact):
    """The case is over: what was neither given, returned nor wasted is owed."""

    case: str

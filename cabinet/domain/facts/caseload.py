"""What is true for ever of whose patients are whose.

Alone knows: which of these facts exist and what each one says. Must not know: what is done about them.
"""

from dataclasses import dataclass

from cabinet.domain.facts.alphabet import Fact
from cabinet.domain.vocabulary import PatientId


@dataclass(frozen=True)
class PatientChosen(Fact):
    """A person has this patient in their shift: theirs come first on the list. It grants nothing and reserves nothing."""

    patient: PatientId


@dataclass(frozen=True)
class PatientLetGo(Fact):
    """They have them no more: `is_over`, because the shift is; else by a touch, and what they took for them before counts no more."""

    patient: PatientId
    is_over: bool

"""What is true for ever of the cabinet's modes: a downtime began and ended, a mode was declared and lifted, something was entered late.

Alone knows: which of these facts exist and what each one says. Must not know: what is done about them.

Who did it stands in the envelope; nobody there: the cabinet did, by a threshold. `ModeChanged` (house.py) says what came of each.
"""

from dataclasses import dataclass

from cabinet.domain.facts.alphabet import Fact
from cabinet.domain.vocabulary import PocketId, StaffId


@dataclass(frozen=True)
class DowntimeBegan(Fact):
    """The pharmacy was not heard for the policy's time; `since` is its last durable word (as records write moments)."""

    since: str


@dataclass(frozen=True)
class DowntimeEnded(Fact):
    """The pharmacy has been heard again for the policy's time. `minutes` it was not, from its last word on."""

    minutes: int


@dataclass(frozen=True)
class ModeDeclared(Fact):
    """critical_override, locked_down or training stands from now on."""

    mode: str
    reason: str


@dataclass(frozen=True)
class ModeLifted(Fact):
    """It does not any more."""

    mode: str
    reason: str


@dataclass(frozen=True)
class LateEntered(Fact):
    """An access is entered afterwards: units left the pocket at `true_at`, by the hand of `taken_by` where that is another person."""

    pocket: PocketId
    true_at: str
    taken_by: StaffId | None = None

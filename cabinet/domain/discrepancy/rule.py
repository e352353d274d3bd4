"""What a hospital decides about discrepancies: reasons, signatures, and how long one may stay open.

Alone knows: these choices and their defaults. Must not know: how a resolution is judged by them (`resolving.py`).
"""

from dataclasses import dataclass, field

from cabinet.domain.formulary import ControlClass
from cabinet.domain.phrase import message
from cabinet.domain.withdrawal.rule import CONTROLLED

REASONS = {
    "miscounted": message("Counted wrong; counted again and right now"),
    "more_or_fewer": message("More or fewer were taken than stated"),
    "wrong_pocket": message("Taken from, or put into, the pocket beside it"),
    "refill": message("Refilled or loaded with another number than stated"),
    "return": message("A return was not recorded"),
    "waste": message("Wasted or broken, and not recorded"),
    "package": message("Units and packages were mixed up"),
    "unexplained": message("Looked into, and not explained"),
    "other": message("Something else"),
}
"""code -> how it stands on the screen."""

RECOUNTED = frozenset({"miscounted"})
"""What says that the pocket was counted again, and needs that count."""

WRITTEN = frozenset({"unexplained", "other"})
"""What is always said in words, too."""


@dataclass(frozen=True, slots=True)
class DiscrepancyRules:
    """Who settles what, and when somebody else hears of it."""

    reasons: tuple[str, ...] = tuple(REASONS)
    witness_classes: frozenset[ControlClass] = field(default=CONTROLLED)
    """Of which classes a second person signs."""
    resolver_not_in_interval: bool = False
    """Whether only those resolve who had no access in the interval; else it is just not the only one in it, alone."""
    auto_resolve: bool = False
    """Whether what is not controlled is settled by a later count that agrees."""
    charge_nurse_s: int = 8 * 3600
    """After so long it is put before the charge nurse (0: never): a shift."""
    pharmacy_s: int = 24 * 3600
    """After so long it is put before the pharmacy (0: never)."""
    count_days: int = 0
    """A controlled pocket that nobody counted for so many days owes a count (0: never)."""

"""What a hospital chooses about doses and warnings, for one care area.

Alone knows: the choices and their defaults (ward.md's, else ISMP's). Must not know: how they are applied (`plan.py`, `warning.py`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Level(StrEnum):
    """What a warning does: nothing, stand on the screen, or force its act before anything opens."""

    OFF = "off"
    SHOW = "show"
    ACT = "act"


WARNINGS = {
    "paralytic": Level.ACT,
    "tenfold": Level.ACT,
    "weight": Level.ACT,
    "allergy": Level.ACT,
    "max_daily": Level.ACT,
    "already_taken": Level.ACT,
    "too_soon": Level.ACT,
    "more_than_order": Level.ACT,
    "population": Level.ACT,
    "high_alert": Level.ACT,
}
"""Every warning in the order in which it is put, gravest first, and what it does where a site says nothing."""


@dataclass(frozen=True)
class DosingRules:
    """The choices. Amounts of packages are in thousandths of one."""

    most_packages_m: int = 3_000
    least_package_m: int = 100
    """A dose of an injectable beyond these two asks for strength and dose: the tenfold check."""
    paediatric_under_years: int = 18
    early_min: int = 30
    """So many minutes before its time a dose is not too soon, but never more than a quarter of its interval."""
    duplicate_min: int = 30
    """A second withdrawal on one order within so many minutes is asked about as taken already."""
    weight_percent: int = 20
    """A typed weight that differs by more than this from the recorded one is asked about, and does not take its place."""
    warnings: Mapping[str, Level] = field(default_factory=lambda: dict(WARNINGS))

    def is_other_weight(self, typed_g: int, recorded_g: int) -> bool:
        """Whether two weights are too far apart to be one person's."""
        return abs(typed_g - recorded_g) * 100 > recorded_g * self.weight_percent

    def level(self, warning: str) -> Level:
        """What this warning does here."""
        return self.warnings.get(warning, WARNINGS[warning])

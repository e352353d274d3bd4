"""What a hospital says about its pars: what things cost it, and what it insists on whatever they cost.

Alone knows: which numbers a hospital may choose, and what they are where it has not. Must not know: any item, any formula.
"""

from dataclasses import dataclass
from enum import StrEnum


class Criticality(StrEnum):
    """How much hangs on an item. Advice never lowers what an emergency item has."""

    ORDINARY = "ordinary"
    CRITICAL = "critical"
    EMERGENCY = "emergency"


@dataclass(frozen=True, slots=True)
class Levels:
    """critical low <= min <= par, in units: filled up to par, at min on the refill list, at critical low urgent."""

    par: int
    min: int
    critical_low: int = 0

    def __post_init__(self) -> None:
        """Raises ValueError where they are out of order."""
        if not 0 <= self.critical_low <= self.min <= self.par:
            raise ValueError(f"expected 0 <= critical low <= min <= par, got {self.critical_low}, {self.min}, {self.par}")


@dataclass(frozen=True, slots=True)
class Hold:
    """A pharmacist's word that levels stand: pinned where it has no end, frozen where it ends at `until_min`."""

    by: str
    reason: str
    until_min: int | None = None

    def stands(self, now_min: int) -> bool:
        """Whether it still holds."""
        return self.until_min is None or now_min < self.until_min


@dataclass(frozen=True, slots=True)
class Pocket:
    """Where an item lies: what fits, how long it keeps from its arrival on (None: longer than matters), what one unit is worth."""

    capacity: int
    shelf_life_days: int | None = None
    unit_value: float = 1.0
    criticality: Criticality = Criticality.ORDINARY
    levels: Levels | None = None
    hold: Hold | None = None


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """What the same item sees at the hospital's other cabinets: units a day at a cabinet like this one."""

    units_per_day: float


@dataclass(frozen=True, slots=True)
class Rules:
    """Costs in minutes of somebody's work, so that they can be argued about on a ward.

    `shelf_price`: minutes a day that each unit of value on the shelf must save. `most_out`: the chance with which an item may run out from
    one list to the next, whatever it costs. `prior_patients`: the patients whose weight the hospital's other cabinets have.
    `calm_before_call`: how often what is left at critical low is to last until a call is answered. Unused for `unused_days`: to be removed;
    sent from the pharmacy on `sent_times` different days within `sent_days`: to be added.
    """

    call_cost_min: float = 30.0
    refusal_cost_min: float = 10.0
    line_cost_min: float = 0.5
    outdate_cost_min: float = 5.0
    shelf_price: float = 0.01
    most_out: tuple[tuple[Criticality, float], ...] = (
        (Criticality.ORDINARY, 0.25),
        (Criticality.CRITICAL, 0.001),
        (Criticality.EMERGENCY, 0.0001),
    )
    prior_patients: float = 2.0
    calm_before_call: float = 0.95
    unused_days: int = 90
    sent_times: int = 6
    sent_days: int = 14

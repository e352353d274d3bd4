"""What a balance shows of its cell: the weight since its zero, rounded, in its unit, or why there is none.

Alone knows: zero, range and rounding, what happens to the zero when the balance is switched on, and what another unit makes of a number.
Must not know: in which words or columns a maker's line says it.
"""

from dataclasses import dataclass
from typing import Literal

from firmware_sim.cell import Cell, Sample

ZERO_RANGE = 0.02
POWER_UP_RANGE = 0.10
"""What lies on the pan when it is switched on becomes its zero, up to so much of its capacity."""
_GRAM_MG = 1000
_OUNCE_MG = 28_349.523125
_OUNCE_PLACES = 4

State = Literal["weight", "over", "under", "broken", "off"]


@dataclass(frozen=True, slots=True)
class Shown:
    """One look at the display: digits with `-` below zero, and their unit; they mean nothing unless `state` is weight."""

    state: State
    digits: str
    unit: str
    is_steady: bool
    trouble: int = 0


OFF = Shown("off", "", "", is_steady=False)


class Display:
    """The display of one balance. `division_mg` is a power of ten up to one gram."""

    def __init__(self, cell: Cell, division_mg: int, capacity_mg: int) -> None:
        self._cell = cell
        self._division_mg = division_mg
        self.places = 4 - len(str(division_mg))
        self._capacity_mg = capacity_mg
        self._zero_mg = 0.0
        self._is_off = False

    def power_off(self) -> None:
        """Lose the supply."""
        self._is_off = True

    def power_up(self, at_s: float) -> None:
        """Have it again, if it was gone: zero is what lies there now."""
        if self._is_off:
            self._is_off = False
            lying_mg = self._cell.read(at_s).mass_mg
            self._zero_mg = lying_mg if abs(lying_mg) <= POWER_UP_RANGE * self._capacity_mg else 0.0

    def zero(self, at_s: float) -> None:
        """Make what lies there the zero, within the zero range."""
        lying_mg = self._cell.read(at_s).mass_mg
        if abs(lying_mg) <= ZERO_RANGE * self._capacity_mg:
            self._zero_mg = lying_mg

    def read(self, at_s: float) -> Shown:
        """What it shows at `at_s`."""
        self.power_up(at_s)
        return self._shown(self._cell.read(at_s))

    def face(self, at_s: float) -> Shown:
        """The same for an onlooker."""
        return OFF if self._is_off else self._shown(self._cell.look(at_s))

    def _shown(self, sample: Sample) -> Shown:
        net_mg = sample.mass_mg - self._zero_mg
        state: State = "weight"
        if sample.is_broken:
            state = "broken"
        elif sample.is_overloaded or net_mg > self._capacity_mg:
            state = "over"
        elif net_mg < -ZERO_RANGE * self._capacity_mg:
            state = "under"
        rounded_mg = round(net_mg / self._division_mg) * self._division_mg
        digits, unit = in_unit(rounded_mg, self.places, is_ounces=sample.is_other_unit)
        return Shown(state, digits, unit, sample.is_steady, sample.trouble)


def in_unit(mass_mg: int, places: int, *, is_ounces: bool) -> tuple[str, str]:
    """A mass as digits and unit: grams, or ounces once somebody has pressed the unit key."""
    if is_ounces:
        return f"{mass_mg / _OUNCE_MG:.{_OUNCE_PLACES}f}", "oz"
    return f"{mass_mg / _GRAM_MG:.{places}f}", "g"

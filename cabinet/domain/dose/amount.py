"""Amounts of medicine as whole numbers, and how they are written so that nobody reads them ten times too large.

Alone knows: the measures that doses are given in, their smallest steps, and the written form that ISMP asks for (a zero before the
point, none after it, "units" in full, commas in thousands). Must not know: how typed words are read (`reading.py`), or any item.

A value counts the smallest step of its measure: ng of mass, uL of volume, thousandths of everything else.
"""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class Measure(StrEnum):
    """What an amount is an amount of. Two amounts can be compared where their measures are the same."""

    MASS = "mass"
    VOLUME = "volume"
    ACTIVITY = "activity"
    CHARGE = "charge"
    SUBSTANCE = "substance"
    PIECES = "pieces"


@dataclass(frozen=True, slots=True)
class Amount:
    """So much of one measure. `unit` is the word that it is written with; of pieces it is also what kind of piece."""

    value: int
    measure: Measure
    unit: str

    def __str__(self) -> str:
        return f"{number(Decimal(self.value) / step(self.unit))} {plural(self.unit, self.value)}".strip()

    def is_same(self, other: "Amount") -> bool:
        """Whether both say the same, in whatever words: 400 mcg and 0.4 mg."""
        is_piece = self.measure is Measure.PIECES
        return (self.value, self.measure) == (other.value, other.measure) and not (is_piece and self.unit != other.unit)

    def times(self, count: int, of: int = 1) -> "Amount":
        """`count` / `of` of this, to the nearest step."""
        return Amount((2 * self.value * count + of) // (2 * of), self.measure, self.unit)


@dataclass(frozen=True, slots=True)
class Dose:
    """What is to be given: from `low` to `high` (the same, where one amount was said), perhaps for each kg and perhaps for each `per`."""

    low: Amount
    high: Amount
    is_per_kg: bool = False
    per: str = ""
    """"min", "h" or "day", where a rate is meant and no single dose."""

    @property
    def is_range(self) -> bool:
        """Whether somebody has to choose."""
        return self.low.value != self.high.value

    def __str__(self) -> str:
        low, high = str(self.low), str(self.high)
        if self.low.unit == self.high.unit:
            low = number(Decimal(self.low.value) / step(self.low.unit))
        return (f"{low} to {high}" if self.is_range else high) + ("/kg" if self.is_per_kg else "") + (f"/{self.per}" if self.per else "")


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Words that stand for no amount that one could be sure of, and why."""

    text: str
    why: str

    def __str__(self) -> str:
        return f'"{self.text}" cannot be read: {self.why}'


STEPS: dict[str, tuple[Measure, int]] = {
    "ng": (Measure.MASS, 1),
    "mcg": (Measure.MASS, 10**3),
    "mg": (Measure.MASS, 10**6),
    "g": (Measure.MASS, 10**9),
    "kg": (Measure.MASS, 10**12),
    "mL": (Measure.VOLUME, 10**3),
    "L": (Measure.VOLUME, 10**6),
    "unit": (Measure.ACTIVITY, 10**3),
    "million units": (Measure.ACTIVITY, 10**9),
    "mEq": (Measure.CHARGE, 10**3),
    "mmol": (Measure.SUBSTANCE, 10**3),
}
"""written unit -> its measure, and how many smallest steps one of it is. Every other word is a piece, in thousandths."""

PIECE_STEPS = 1000


def step(unit: str) -> int:
    """How many smallest steps one of this unit is."""
    return STEPS.get(unit, (Measure.PIECES, PIECE_STEPS))[1]


def measure(unit: str) -> Measure:
    """What this unit measures."""
    return STEPS.get(unit, (Measure.PIECES, PIECE_STEPS))[0]


def number(value: Decimal) -> str:
    """A number as ISMP wants it written: 0.5, never .5; 5, never 5.0; 5,000."""
    text = f"{value:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def plural(unit: str, value: int) -> str:
    """The unit's word beside its number: 1 unit, 5 units; abbreviations stay as they are."""
    if (unit in STEPS and unit != "unit") or not unit:
        return unit
    if 0 < value <= PIECE_STEPS:
        return unit
    return f"{unit}es" if unit.endswith("ch") else f"{unit[:-1]}ies" if unit.endswith("y") and unit != "spray" else f"{unit}s"


def units_text(units_m: int, unit: str) -> str:
    """Thousandths of a counted unit, written: 1,500 of a tablet is "1.5 tablets"."""
    return str(Amount(units_m * step(unit) // PIECE_STEPS, measure(unit), unit))

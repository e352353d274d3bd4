"""What is remembered and what is seen of scales: masses that were learned, checks that were made, weights at rest.

Alone knows: the shape of it. `Lesson`, `Sample`, `Check` and `ScaleState` are remembered; `Bench` is sight and not remembered.
Must not know: how any of it changes (`fold.py`, `weighing.py`), or what a weight means (`weight.py`).
"""

from dataclasses import dataclass, field

from cabinet.domain.scale.counting import Teaching
from cabinet.domain.vocabulary import AccessId, Channel, Instant, MilliC, PocketId, Weighing

REMEMBERED = 50
"""How many checks of a scale and portions of a lesson are remembered (the journal has them all)."""


@dataclass
class Lesson:
    """What pieces of one item and lot weigh, from all portions that were weighed. `portions` are (units, mass_mg), the newest last.

    `is_whole`: it began with a count of all that lay in a pocket, so that `sample` would tell what is counted blind.
    """

    item: str
    lot: str
    scale: str
    sample: int = 0
    mass_mg: int = 0
    spread_permille: int = 0
    division_mg: int = 0
    count: int = 0
    portions: list[tuple[int, int]] = field(default_factory=list)
    is_whole: bool = False

    @property
    def teaching(self) -> Teaching:
        """In the form that counts."""
        return Teaching(self.sample, self.mass_mg, self.spread_permille, self.count, self.division_mg)


@dataclass
class Sample:
    """Pieces that a person counted, put in or all that lay there (`is_whole`); remembered while a technician's word is waited for."""

    pocket: str
    item: str
    lot: str
    scale: str
    units: int
    mass_mg: int
    division_mg: int
    at: str
    is_whole: bool = False


@dataclass
class Check:
    """One check of a scale with a test mass."""

    at: str
    staff: str
    test_mass_mg: int
    reading_mg: int
    tolerance_mg: int
    has_passed: bool

    @property
    def error_mg(self) -> int:
        """How much too much the scale showed."""
        return self.reading_mg - self.test_mass_mg


@dataclass
class ScaleState:
    """One scale, known since `since`; `mass_mg` is the newest good weight. What is wrong with it stands among the faults."""

    scale: str
    since: str
    pocket: str = ""
    checks: list[Check] = field(default_factory=list)
    mass_mg: int | None = None
    mass_at: str = ""
    milli_c: int | None = None


@dataclass(frozen=True, slots=True)
class Rest:
    """A steady weight of a pocket while nothing moved, and how warm it was beside its scale, where that is known."""

    mass_mg: int
    division_mg: int
    at: Instant
    milli_c: MilliC | None = None


@dataclass(frozen=True, slots=True)
class Felt:
    """What a probe beside a scale showed last, when (mono_s), and since when it has shown exactly that."""

    milli_c: MilliC
    at_s: float
    since_s: float


@dataclass
class Bench:
    """What is seen of the scales at this moment."""

    rests: dict[PocketId, Rest] = field(default_factory=dict)
    reached: set[PocketId] = field(default_factory=set)
    """The pockets that could be reached since they were last weighed."""
    asked: dict[PocketId, float] = field(default_factory=dict)
    """The scales that were asked and have not answered, and when they were asked (mono_s)."""
    batch: dict[PocketId, tuple[Instant, Weighing | None, str]] = field(default_factory=dict)
    """What was read since everything came to rest, not judged yet: when, the weight, and the fault where there is none."""
    due: dict[PocketId, AccessId] = field(default_factory=dict)
    """The accesses that are over and wait for the weight after them."""
    failed_s: dict[PocketId, float] = field(default_factory=dict)
    """When a scale that gave no weight was asked in vain (mono_s)."""
    felt: dict[Channel, Felt] = field(default_factory=dict)
    """What the probes beside the scales showed last; nothing of those that are not believed."""
    stirred_s: float = float("-inf")


def lesson_key(item: str, lot: str | None) -> str:
    """Under which name the mass of an item's lot is remembered; a lot that nobody named is one of its own."""
    return f"{item}|{lot or ''}"

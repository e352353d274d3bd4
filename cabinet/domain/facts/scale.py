"""What is true for ever of scales: weights beside counts, what was learned of a piece, and how a scale was checked.

Alone knows: which of these facts exist and what each one says. Must not know: what is done about them.
"""

from dataclasses import dataclass

from cabinet.domain.facts.alphabet import Fact, Moment
from cabinet.domain.vocabulary import BoardId, ItemId, MassMg, MilliC, PocketId, Units


@dataclass(frozen=True)
class PocketWeighed(Fact):
    """Evidence beside a count: what the scale read, and what it makes of the change since the weight before. Changes no balance.

    `age_s`: how long before this fact the weight was read, in whole seconds. `milli_c`: how warm it was beside the scale then, where known.
    """

    pocket: PocketId
    moment: Moment
    mass_mg: MassMg | None
    verdict: str
    units: Units | None
    why: str
    scale: BoardId | None = None
    age_s: int = 0
    milli_c: MilliC | None = None


@dataclass(frozen=True)
class MassTaught(Fact):
    """`units` pieces that a person counted weigh `mass_mg` together: what is known of the item's lot grows, or (`is_fresh`) begins anew.

    `spread_permille` is the standard deviation of one piece as it is now thought to be, in thousandths of its mass. `is_whole`: they
    are not what was put in, but all that lay in the pocket when it was counted.
    """

    pocket: PocketId
    item: ItemId
    ndc: str
    lot: str
    scale: BoardId
    units: Units
    mass_mg: MassMg
    division_mg: MassMg
    spread_permille: int
    is_fresh: bool
    is_whole: bool = False


@dataclass(frozen=True)
class SampleDoubted(Fact):
    """`units` pieces that a person counted do not weigh what is known of this item: nothing is learned without a technician's word."""

    pocket: PocketId
    item: ItemId
    lot: str
    scale: BoardId
    units: Units
    mass_mg: MassMg
    division_mg: MassMg
    is_whole: bool = False


@dataclass(frozen=True)
class ScaleChecked(Fact):
    """A person put a test mass on a scale: what it showed, and whether that is within the tolerance."""

    scale: BoardId
    test_mass_mg: MassMg
    reading_mg: MassMg
    tolerance_mg: MassMg
    has_passed: bool

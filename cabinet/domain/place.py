"""What a hospital chooses about where things may stand, and a word of caution as a value.

Alone knows: these choices and their defaults. Must not know: when a rule is not kept (`placing.py`).
"""

from dataclasses import dataclass
from enum import StrEnum

from cabinet.domain.catalogue import CATALOGUE
from cabinet.domain.phrase import Phrase


class Level(StrEnum):
    """What a rule does when it is not kept."""

    REFUSE = "refuse"
    WARN = "warn"
    ALLOW = "allow"


@dataclass(frozen=True, slots=True)
class Caution:
    """Better otherwise, and no reason to stop: a code of the catalogue, and what makes its sentence particular."""

    code: str
    detail: str = ""

    @property
    def sentence(self) -> Phrase:
        """What is not as it should be."""
        said = Phrase(CATALOGUE[self.code].sentence)
        return Phrase("{sentence} ({detail})", sentence=said, detail=self.detail) if self.detail else said


@dataclass(frozen=True, slots=True)
class PlacingRules:
    """What a hospital chooses. Between pockets that each have a lid a look-alike is only cautioned against: one lid opens at a time."""

    high_alert: Level = Level.REFUSE
    """A high-alert item in a pocket without a lid."""
    look_alikes: Level = Level.REFUSE
    """Look-alikes side by side where one of the two pockets has no lid."""
    short_dated_days: int = 30
    is_scan_needed: bool = False
    """Whether nothing is put in before its package was scanned: from the pharmacy, or back into its pocket."""

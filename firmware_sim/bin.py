"""The photo-eye of a pocket.

Alone knows: when its beam is broken.
Must not know: how many pieces break it; it sees something or nothing, whether a lid is open or not.
"""

from firmware_sim.fault import Faults
from firmware_sim.pile import Pile


class PhotoEye:
    """On while something lies in the pocket."""

    def __init__(self, pocket: str, pile: Pile, faults: Faults) -> None:
        self._pocket = pocket
        self._pile = pile
        self._faults = faults

    def read(self, _at_s: float) -> bool:
        """What the input carries."""
        if self._faults:
            if self._faults.holds("bin_covered", self._pocket):
                return True
            if self._faults.holds("bin_blind", self._pocket):
                return False
            if self._faults.holds("foreign_object", self._pocket):
                return True
        return len(self._pile) > 0

"""The room in which the cabinet stands: warmer by day than by night, and much colder while its heating is off.

Alone knows: how warm it is at a moment.
Must not know: who minds.

The night falls by RATE_K_PER_H until it is COLD_K colder than it would be, and goes as it came once the heating is back.
"""

import math
from collections.abc import Sequence

from firmware_sim.agenda import Agenda
from firmware_sim.fault import Faults

MEAN_MC = 22_000.0
SWING_K = 3.0
DAY_S = 86_400.0
COLD_K, RATE_K_PER_H = 8.0, 2.0
_HOUR_S = 3600.0


class Room:
    """The one room around all `scales` (their boards' ids): cold at one is cold at all. Call `settle` at every change of fault."""

    def __init__(self, agenda: Agenda, faults: Faults, scales: Sequence[str]) -> None:
        self._agenda, self._faults, self._scales = agenda, faults, scales
        self._is_cooling = False
        self._colder_k = 0.0
        self._since_s = agenda.now_s

    def settle(self) -> None:
        """Something changed, now: what was so until now has had its effect."""
        self._pass(self._agenda.now_s)
        self._is_cooling = any(self._faults.holds("room_cold", scale) for scale in self._scales)

    def milli_c(self, at_s: float) -> float:
        """How warm it is at `at_s`, in thousandths of a degree Celsius."""
        self._pass(at_s)
        return MEAN_MC + 1000 * (SWING_K * math.sin(math.tau * at_s / DAY_S) - self._colder_k)

    def _pass(self, to_s: float) -> None:
        if to_s > self._since_s:
            moved_k = RATE_K_PER_H * (to_s - self._since_s) / _HOUR_S
            self._colder_k = min(COLD_K, self._colder_k + moved_k) if self._is_cooling else max(0.0, self._colder_k - moved_k)
            self._since_s = to_s

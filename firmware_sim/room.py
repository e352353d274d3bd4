"""The room in which the cabinet stands: warmer by day than by night.

Alone knows: how the temperature of a day goes.
Must not know: who minds.
"""

import math

MEAN_C = 22.0
SWING_K = 3.0
DAY_S = 86_400.0


def warmth_k(at_s: float) -> float:
    """How much warmer than its mean the room is at `at_s` (kelvin)."""
    return SWING_K * math.sin(math.tau * at_s / DAY_S)

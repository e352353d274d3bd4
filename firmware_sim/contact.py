"""A feedback switch: it follows what it senses, and bounces while it does.

Alone knows: how long and how often a contact bounces.
Must not know: what it senses, or who reads it.
"""

import random

from firmware_sim.fault import Faults

BOUNCE_S = 0.008
MOST_BOUNCES = 3


class Contact:
    """One switch on one input channel. Its value between two edges depends on the seed and the time only, not on who looks."""

    def __init__(self, channel: str, rng: random.Random, faults: Faults, *, is_on: bool) -> None:
        self.channel = channel
        self.is_on = is_on
        self._rng = rng
        self._faults = faults
        self._edges: list[float] = []

    def follow(self, is_on: bool, at_s: float) -> None:
        """What it senses is now so; an even number of extra edges follows within BOUNCE_S."""
        if is_on == self.is_on:
            return
        self.is_on = is_on
        extra = 2 * self._rng.randint(0, MOST_BOUNCES)
        self._edges = sorted(at_s + self._rng.random() * BOUNCE_S for _ in range(extra))

    def read(self, at_s: float) -> bool:
        """What the wire carries at `at_s`."""
        if self._faults:
            if self._faults.holds("input_stuck_on", self.channel):
                return True
            if self._faults.holds("input_stuck_off", self.channel):
                return False
            if self._faults.holds("input_bouncing", self.channel):
                return self._rng.random() < 0.5  # noqa: PLR2004  # a fair coin
        if not self._edges:
            return self.is_on
        left = sum(edge > at_s for edge in self._edges)
        if not left:
            self._edges.clear()
        return self.is_on ^ (left % 2 == 1)

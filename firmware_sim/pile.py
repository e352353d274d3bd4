"""The pieces that lie in one pocket, each with a mass of its own.

Alone knows: how many there are and what each weighs (mg; 0 where nobody knows a mass).
Must not know: whether anyone can reach them, or who counts them.
"""

import random
from collections.abc import Sequence


class Pile:
    """Pieces of one kind. A piece's mass is drawn from a normal distribution when it is put in and stays with it."""

    def __init__(self, rng: random.Random, unit_mass_mg: int = 0, spread_permille: int = 0) -> None:
        self._rng = rng
        self._unit_mass_mg = unit_mass_mg
        self._deviation_mg = unit_mass_mg * spread_permille / 1000
        self._masses_mg: list[int] = []

    def __len__(self) -> int:
        return len(self._masses_mg)

    @property
    def mass_mg(self) -> int:
        """What all pieces weigh together."""
        return sum(self._masses_mg)

    @property
    def masses_mg(self) -> tuple[int, ...]:
        """What each piece weighs, in the order in which they were put in."""
        return tuple(self._masses_mg)

    def put(self, units: int) -> None:
        """Lay in `units` new pieces."""
        self._masses_mg.extend(self._draw() for _ in range(units))

    def take(self, units: int) -> int:
        """Take out up to `units` pieces, any of them; returns how many there were to take."""
        taken = min(units, len(self._masses_mg))
        for _ in range(taken):
            self._masses_mg.pop(self._rng.randrange(len(self._masses_mg)))
        return taken

    def restore(self, masses_mg: Sequence[int]) -> None:
        """Hold exactly these pieces."""
        self._masses_mg = list(masses_mg)

    def _draw(self) -> int:
        if not self._unit_mass_mg:
            return 0
        return max(1, round(self._rng.gauss(self._unit_mass_mg, self._deviation_mg)))

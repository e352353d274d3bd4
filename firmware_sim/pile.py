"""The pieces that lie in one pocket, each with a mass of its own.

Alone knows: how many there are, what each weighs (mg; 0 where nobody knows a mass), and which of them belong elsewhere.
Must not know: whether anyone can reach them, or who counts them.
"""

import random
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple


class Piece(NamedTuple):
    """One piece. `item` and `lot` are empty where it is what the pocket is for, as it was first filled."""

    mass_mg: int
    item: str = ""
    lot: str = ""


class Pile:
    """Pieces, mostly of one kind. A mass is drawn from a normal distribution when a piece is put in and stays with it."""

    def __init__(self, rng: random.Random, unit_mass_mg: int = 0, spread_permille: int = 0) -> None:
        self._rng = rng
        self._unit_mass_mg = unit_mass_mg
        self._spread_permille = spread_permille
        self._pieces: list[Piece] = []

    def __len__(self) -> int:
        return len(self._pieces)

    @property
    def mass_mg(self) -> int:
        """What all pieces weigh together."""
        return sum(piece.mass_mg for piece in self._pieces)

    @property
    def pieces(self) -> tuple[Piece, ...]:
        """All of them, in the order in which they were put in."""
        return tuple(self._pieces)

    @property
    def strangers(self) -> Mapping[str, int]:
        """What does not belong here: item -> pieces."""
        return Counter(piece.item for piece in self._pieces if piece.item)

    def put(self, units: int, item: str = "", lot: str = "", unit_mass_mg: int | None = None) -> None:
        """Lay in `units` new pieces; of another item and mass where they are told."""
        mass_mg = self._unit_mass_mg if unit_mass_mg is None else unit_mass_mg
        self._pieces.extend(Piece(self._draw(mass_mg), item, lot) for _ in range(units))

    def take(self, units: int, item: str | None = None) -> int:
        """Take out up to `units` pieces, any of them, or of one item only; returns how many there were to take."""
        there = [place for place, piece in enumerate(self._pieces) if item is None or piece.item == item]
        taken = min(units, len(there))
        for _ in range(taken):
            place = there.pop(self._rng.randrange(len(there)))
            self._pieces.pop(place)
            there = [other - (other > place) for other in there]
        return taken

    def restore(self, pieces: Sequence[Piece]) -> None:
        """Hold exactly these pieces."""
        self._pieces = list(pieces)

    def _draw(self, mass_mg: int) -> int:
        return max(1, round(self._rng.gauss(mass_mg, mass_mg * self._spread_permille / 1000))) if mass_mg else 0

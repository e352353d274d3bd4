"""How people stand beside their peers: every signal with its interval, and whether one asks to be looked at.

Alone knows: from when on a number asks to be looked at, and in which order people are listed. Must not know: tables, HTTP, names.

It is a question, never an answer: whoever asks to be looked at may have the sickest patients of the house.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from math import log

from central.surveillance.peer import Compared
from central.surveillance.shrink import Ratio, shrink

ASKS_ABOVE = 1.5
"""A signal asks to be looked at where even the low end of its interval is more than this many times what is usual."""


@dataclass(frozen=True, slots=True)
class Mark:
    """One signal of one person."""

    compared: Compared
    ratio: Ratio

    @property
    def asks(self) -> bool:
        """Whether it asks to be looked at."""
        return self.ratio.low > ASKS_ABOVE


@dataclass(frozen=True, slots=True)
class Standing:
    """One person: their signals, and by how much they ask to be looked at (0: not at all)."""

    person: str
    marks: tuple[Mark, ...]
    weight: float

    @property
    def asks(self) -> bool:
        """Whether any signal asks to be looked at."""
        return any(mark.asks for mark in self.marks)


def standings(compared: Sequence[Compared]) -> list[Standing]:
    """Everybody, those first who ask to be looked at the most."""
    marks: dict[str, list[Mark]] = defaultdict(list)
    for signal in sorted({one.signal for one in compared}):
        mine = [one for one in compared if one.signal == signal]
        for one, ratio in zip(mine, shrink([one.observed for one in mine], [one.expected for one in mine]), strict=True):
            marks[one.person].append(Mark(one, ratio))
    found = [Standing(person, tuple(own), sum(max(0.0, log(mark.ratio.low)) for mark in own)) for person, own in marks.items()]
    return sorted(found, key=lambda one: (-one.weight, one.person))

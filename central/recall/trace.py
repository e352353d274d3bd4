"""Where a lot may lie and who may have received it, from the movements of one cabinet's units alone.

Alone knows: which lots may be in a pocket, and how sure a handing-out is. Must not know: rows, names, documents.

Units whose lot nobody noted may be of any lot; a pocket that was empty forgets what was in it before. So nothing that may be meant is
left out, and what is certain is told from what is possible.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from central.recall.movement import Movement

UNKNOWN = ""
"""A lot that nobody noted."""


@dataclass(frozen=True, slots=True)
class Handed:
    """Units that left a pocket for a patient or a purpose, and are or may be meant."""

    access: str
    at: str
    pocket: str
    units: int
    lot: str
    is_certain: bool


@dataclass(slots=True)
class Pile:
    """What is in one pocket."""

    units: int = 0
    lots: dict[str, None] = field(default_factory=dict)

    def may_hold(self, lot: str | None) -> bool:
        """Whether some of it is, or may be, of that lot; any lot where none is named."""
        return self.units > 0 and (lot is None or lot in self.lots or UNKNOWN in self.lots)


@dataclass(frozen=True, slots=True)
class Traced:
    """Of one cabinet: what is in each pocket by now, and what was handed out."""

    piles: dict[str, Pile]
    handed: list[Handed]


def trace(movements: Iterable[Movement], lot: str | None) -> Traced:
    """Follow movements, in order; `lot`: the one that is meant, None: all of it."""
    piles: dict[str, Pile] = {}
    handed: list[Handed] = []
    for one in movements:
        pile = piles.setdefault(one.pocket, Pile())
        if one.target == "pocket":
            if pile.units <= 0:
                pile.lots.clear()
            pile.units += one.units
            pile.lots[one.lot] = None
        if one.source == "pocket":
            if one.target in {"patient", "purpose"} and _is_meant(one, pile, lot):
                handed.append(_handed(one, pile, lot))
            pile.units -= one.units
    return Traced(piles, handed)


def _is_meant(one: Movement, pile: Pile, lot: str | None) -> bool:
    return lot is None or one.lot == lot or (one.lot == UNKNOWN and (lot in pile.lots or UNKNOWN in pile.lots))


def _handed(one: Movement, pile: Pile, lot: str | None) -> Handed:
    is_certain = lot is None or one.lot == lot or list(pile.lots) == [lot]
    return Handed(one.access, one.at, one.pocket, one.units, one.lot, is_certain)

"""Where else an item stands, as far as anybody told this cabinet: its neighbours by the site's file, or by the pharmacy's last word.

Alone knows: how what is known of other cabinets becomes "nearest: ...", and that an old word is told with its age.
Must not know: how the pharmacy sends it, or anything of this cabinet's own pockets.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from cabinet.domain.phrase import Phrase
from cabinet.domain.vocabulary import CabinetId, ItemId


@dataclass(frozen=True, slots=True)
class Neighbour:
    """Another cabinet, in the order of the way to it, and the items that the site's file says it stocks."""

    id: CabinetId
    name: str
    where: str
    items: frozenset[ItemId] = frozenset()


@dataclass(frozen=True, slots=True)
class Sighting:
    """What the pharmacy last said of one item at one cabinet: whether there was any, and when (as records write moments)."""

    is_there: bool
    at: str


@dataclass(frozen=True)
class Whereabouts:
    """All that is known. `neighbours` stand nearest first; what the pharmacy `said` of (cabinet, item) goes before the file."""

    neighbours: Sequence[Neighbour] = ()
    said: Mapping[tuple[CabinetId, ItemId], Sighting] = field(default_factory=dict)

    def nearest(self, item: ItemId) -> tuple[Neighbour, Sighting | None] | None:
        """The nearest cabinet that is thought to have an item, and the pharmacy's word where that is why."""
        for neighbour in self.neighbours:
            sighting = self.said.get((neighbour.id, item))
            if sighting.is_there if sighting is not None else item in neighbour.items:
                return neighbour, sighting
        return None

    def sentence(self, item: ItemId) -> str:
        """In words: nearest, and where; or that nobody told."""
        found = self.nearest(item)
        if found is None:
            return Phrase("nearest: not known here, ask the pharmacy")
        neighbour, sighting = found
        return Phrase("nearest: {cabinet}, {place} ({told})", cabinet=neighbour.name, place=neighbour.where, told=told(sighting))


def told(sighting: Sighting | None) -> Phrase:
    """On whose word something is thought to be there, and how old it is."""
    return Phrase("by its list") if sighting is None else Phrase("last known at {time}", time=f"{sighting.at[11:16]} UTC")

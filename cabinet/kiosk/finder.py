"""The safe search as the kiosk asks for it, and its answer in words.

Alone knows: that the index of names is kept for as long as the formulary is the same one, and which sentence goes with what was found.
Must not know: HTTP, HTML, clocks; when letters are enough (`cabinet/domain/search`).
"""

from dataclasses import dataclass, field

from cabinet.domain import search
from cabinet.domain.core import Core
from cabinet.domain.formulary import Formulary, Item
from cabinet.domain.neighbour import Whereabouts
from cabinet.domain.phrase import Phrase, sentences
from cabinet.domain.vocabulary import Instant
from cabinet.kiosk.view import ItemView, item_view, stocked


@dataclass
class Finder:
    """Searches one cabinet's formulary. A formulary that changed is read anew, once."""

    _formulary: Formulary = field(default_factory=dict)
    _index: search.Index = field(default_factory=lambda: search.Index({}))

    def find(self, core: Core, letters: str, purpose: str) -> search.Found:
        """What the letters may show for one of `search.PURPOSES`."""
        formulary = core.world.formulary
        if formulary is not self._formulary and formulary != self._formulary:
            self._index = search.Index(formulary)
        self._formulary = formulary
        return search.find(self._index, stocked(core), letters, purpose)


@dataclass(frozen=True)
class AbsentView:
    """An item that is known and not in this cabinet. `sentence` says so, and where the nearest one is as far as anybody told."""

    id: str
    name: str
    strength: str
    form: str
    therapeutic_class: str
    sentence: str


@dataclass(frozen=True)
class InsideView:
    """An item that was asked for and is here in a sealed kit."""

    item: str
    kit: str
    sentence: str


@dataclass(frozen=True)
class ItemsView:
    """What the typed letters may show. `message` says why there is nothing, or that more letters are needed.

    `groups` are the same items by class; nothing of them is chosen. `likely` are names that were perhaps meant: text, to be typed.
    """

    items: tuple[ItemView, ...]
    needs_more_letters: bool
    message: str
    groups: tuple[tuple[str, tuple[ItemView, ...]], ...] = ()
    absent: tuple[AbsentView, ...] = ()
    inside: tuple[InsideView, ...] = ()
    likely: tuple[str, ...] = ()
    pinned: tuple[ItemView, ...] = ()


def items_view(core: Core, found: search.Found, whereabouts: Whereabouts, now: Instant) -> ItemsView:
    """What was found, as callers see it."""
    items = tuple(item_view(core, item, now) for item in found.items)
    groups: dict[str, tuple[ItemView, ...]] = {}
    for item in items:
        groups[item.therapeutic_class] = (*groups.get(item.therapeutic_class, ()), item)
    absent = tuple(
        AbsentView(one.id, one.name, one.strength, one.form, one.therapeutic_class, _absent(one, whereabouts)) for one in found.absent
    )
    inside = tuple(InsideView(item.id, kit.id, _inside(item, kit)) for item, kit in found.inside)
    return ItemsView(
        items,
        found.needs_more,
        message(found, whereabouts),
        tuple(groups.items()),
        absent,
        inside,
        found.likely,
        tuple(item_view(core, item, now) for item in found.pinned),
    )


def message(found: search.Found, whereabouts: Whereabouts) -> str:
    """A sentence where the search shows nothing, or something else than was typed."""
    if found.inside:
        return sentences(*dict.fromkeys(_inside(item, kit) for item, kit in found.inside))
    if found.items:
        return ""
    if found.absent:
        first = found.absent[0]
        return Phrase("{item} is not in this cabinet; {where}.", item=known_as(first), where=whereabouts.sentence(first.id))
    if found.needs_more:
        return Phrase("Type more letters.")
    if found.likely:
        return Phrase("No item has this name. Did you mean {names}? Type it.", names=_or(found.likely))
    return Phrase("No item has this name.")


def _absent(item: Item, whereabouts: Whereabouts) -> Phrase:
    return Phrase("Not in this cabinet; {where}.", where=whereabouts.sentence(item.id))


def _inside(item: Item, kit: Item) -> Phrase:
    return Phrase("{item} is here in the {kit}.", item=known_as(item), kit=kit.name)


def known_as(item: Item) -> str:
    """A name with the brand that people know it by."""
    return f"{item.name} ({item.brands[0]})" if item.brands else item.name


def _or(names: tuple[str, ...]) -> str:
    return names[0] if len(names) == 1 else Phrase("{first} or {last}", first=", ".join(names[:-1]), last=names[-1])

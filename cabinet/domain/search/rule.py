"""Which items the typed letters may show: no two that are mistaken for each other before the letters tell them apart.

Alone knows: when letters are enough, and what is said instead of a neighbour in the alphabet.
Must not know: pockets, patients or screens.

The letters are judged over the hospital's whole formulary with all brand names and the contents of kits, never over one cabinet's stock:
where midazolam (Versed) is not stocked, "ve" would be unique to vecuronium, and that is how a patient died (ISMP). So:

- the list is shut, or holds all that the letters fit: never some of it, for what is missing would be sought among what is there;
- it stays shut while the letters fit two look-alikes of different classes, whether they are stocked or not;
- an override asks for five letters, or for fewer that fit one name only; while a high-alert item fits, nothing shortens the five;
- a whole name opens the list whatever else matches (heparin, heparin flush), grouped by class;
- a name that is known and not stocked is answered by that name, and by the sealed kit here that holds it;
- a paralytic that stands in a sealed kit here is shown as that kit;
- a name that nobody has is answered by the names that were perhaps meant, in words: they still have to be typed.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from cabinet.domain.formulary import Item
from cabinet.domain.search.index import Fit, Index, words_of
from cabinet.domain.vocabulary import ItemId

ENOUGH = 5
"""Letters that an override and a high-alert item ask for."""

LEAST = {"withdraw": 2, "override": ENOUGH}
"""Letters that must be typed to take something."""

UNIQUE = 2
"""Fewer letters are never taken for a name, however few names there are."""

LONGEST = 40
"""A list of more than this is no list to choose from: it asks for more letters, unless a whole name was typed."""

LISTED = frozenset({"refill", "count", "unload", "expire", "transfer", "inspect", "return"})
"""Purposes that go through the stock of this cabinet, pocket by pocket."""

LOAD = "load"
"""Something new is to stand here: found among all the hospital has."""

PURPOSES = frozenset({*LEAST, *LISTED, LOAD})


@dataclass(frozen=True, slots=True)
class Found:
    """What may be shown. Nothing of it is chosen: a person touches a name with its strength and form.

    `items` may be touched; `absent` is known by these letters and not in this cabinet; `inside` says of items that were typed and are here
    in a sealed kit in which (the kit is among `items`); `likely` are names that were perhaps meant; `pinned` is offered until letters say
    what is wanted, and for nothing that was.
    """

    items: tuple[Item, ...]
    needs_more: bool
    absent: tuple[Item, ...] = ()
    inside: tuple[tuple[Item, Item], ...] = ()
    likely: tuple[str, ...] = ()
    pinned: tuple[Item, ...] = ()


def find(index: Index, stocked: Collection[ItemId], letters: str, purpose: str) -> Found:
    """What `letters` may show for one of PURPOSES, where this cabinet stocks `stocked`."""
    words = words_of(letters)
    if purpose in LISTED:
        fitting = index.items.values() if not words else (fit.item for fit in index.fits(words).values())
        return Found(_sorted(item for item in fitting if item.id in stocked), needs_more=False)
    pinned = tuple(item for item in index.pinned if item.id in stocked) if purpose in LEAST else ()
    if not words:
        return Found((), needs_more=True, pinned=pinned)
    if index.is_crowd(words, LONGEST):
        return Found((), needs_more=True, pinned=pinned)
    fits = list(index.fits(words).values())
    if not fits:
        return Found((), needs_more=False, likely=index.likely(words))
    if purpose == LOAD:
        is_enough = any(fit.is_whole for fit in fits) or min(fit.typed for fit in fits) >= UNIQUE
        return Found(_sorted(fit.item for fit in fits) if is_enough else (), needs_more=not is_enough)
    whole = [fit for fit in fits if fit.is_whole]
    if not whole and not _is_enough(index, fits, purpose):
        return Found((), needs_more=True, pinned=pinned)
    return _open(index, stocked, fits, whole)


def _is_enough(index: Index, fits: list[Fit], purpose: str) -> bool:
    typed = min(fit.typed for fit in fits)
    if typed < ENOUGH and any(fit.item.is_high_alert or fit.item.is_paralytic for fit in fits):
        return False
    if typed < LEAST[purpose] and (typed < UNIQUE or len({fit.item.generic for fit in fits}) > 1):
        return False
    return len(fits) <= LONGEST and index.mistaken(fits) is None


def _open(index: Index, stocked: Collection[ItemId], fits: list[Fit], whole: list[Fit]) -> Found:
    """The open list. Where a whole name was typed and nothing of that name is here, what merely begins like it is not offered for it."""
    if whole and not any(fit.item.id in stocked or _kits_here(index, stocked, fit.item) for fit in whole):
        return Found((), needs_more=False, absent=_sorted(fit.item for fit in whole))
    shown: dict[ItemId, Item] = {}
    absent: list[Item] = []
    inside: list[tuple[Item, Item]] = []
    for item in (fit.item for fit in fits):
        kits = _kits_here(index, stocked, item) if item.is_paralytic or item.id not in stocked else ()
        inside += [(item, kit) for kit in kits]
        shown |= {kit.id: kit for kit in kits}
        if item.id in stocked:
            shown[item.id] = item
        elif not kits:
            absent.append(item)
    return Found(_sorted(shown.values()), needs_more=False, absent=_sorted(absent), inside=tuple(inside))


def _kits_here(index: Index, stocked: Collection[ItemId], item: Item) -> tuple[Item, ...]:
    """The sealed kits of this cabinet that hold an item."""
    return tuple(kit for kit in index.kits.get(item.id, ()) if kit.id in stocked)


def _sorted(items: Iterable[Item]) -> tuple[Item, ...]:
    return tuple(sorted(items, key=lambda item: (item.therapeutic_class, item.generic, item.strength, item.form)))

"""Which items the typed letters may show: no two that are mistaken for each other before the letters tell them apart.

Alone knows: when letters are enough. Must not know: pockets, patients or screens.

The letters are judged over the hospital's whole formulary with all brand names, never over one cabinet's stock: where midazolam
(Versed) is not stocked, "ve" would be unique to vecuronium, and that is how a patient died (ISMP). So:

- the list stays shut while the letters still fit two look-alikes of different classes, whether they are stocked or not;
- a high-alert item shows only from five letters on, or with its whole name;
- an override asks for five letters, or for fewer that fit one name only, of an item that is not high-alert;
- a whole name opens the list whatever else matches (heparin, heparin flush), grouped by class;
- a name that is known and not stocked is answered by that name, never by a neighbour in the alphabet.
"""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from cabinet.domain.formulary import Formulary, Item
from cabinet.domain.vocabulary import ItemId

ENOUGH = 5
"""Letters that an override and a high-alert item ask for."""

LEAST = {"withdraw": 2, "override": ENOUGH}
"""Letters that must be typed for a purpose; every other purpose (refill, count) starts from the stock list itself."""


@dataclass(frozen=True, slots=True)
class Found:
    """What may be shown. `needs_more` asks for further letters; `absent` names what is known and not in this cabinet."""

    items: tuple[Item, ...]
    needs_more: bool
    absent: tuple[Item, ...] = ()


def find(formulary: Formulary, stocked: Collection[ItemId], letters: str, purpose: str) -> Found:
    """The stocked items that `letters` may show for `purpose` (withdraw, override, refill, count)."""
    words = _words(letters)
    if purpose not in LEAST:
        return Found(_sorted(item for item in formulary.values() if item.id in stocked and _fits(item, words)), needs_more=False)
    if not words:
        return Found((), needs_more=True)
    matching = [item for item in formulary.values() if _fits(item, words)]
    whole = [item for item in matching if _is_whole_name(item, words)]
    typed = sum(len(word) for word in words if all(_begins_name(item, word) for item in matching))
    if not whole and not _is_enough(matching, typed, purpose):
        return Found((), needs_more=bool(matching))
    shown = [item for item in matching if typed >= ENOUGH or whole or not item.is_high_alert]
    items = _sorted(item for item in shown if item.id in stocked)
    needs_more = len(shown) < len(matching)
    return Found(items, needs_more, () if items or needs_more else _sorted(whole or shown))


def _is_enough(matching: list[Item], typed: int, purpose: str) -> bool:
    if typed < LEAST[purpose]:
        is_one = len({item.generic for item in matching}) == 1
        if not is_one or any(item.is_high_alert for item in matching):
            return False
    return not _has_look_alikes(matching)


def _has_look_alikes(matching: list[Item]) -> bool:
    """Whether two of these are mistaken for each other and belong to different classes."""
    by_id = {item.id: item for item in matching}
    return any(
        other in by_id and by_id[other].therapeutic_class != item.therapeutic_class for item in matching for other in item.look_alikes
    )


def _words(text: str) -> list[str]:
    return re.findall(r"[a-z0-9]+", text.casefold())


def _names(item: Item) -> list[list[str]]:
    return [_words(name) for name in (item.generic, item.name, *item.brands)]


def _is_whole_name(item: Item, words: list[str]) -> bool:
    """Whether the words are all of a name, or begin with all of one (strength and form may follow)."""
    return any(words[: len(name)] == name for name in _names(item))


def _begins_name(item: Item, word: str) -> bool:
    return any(part.startswith(word) for name in _names(item) for part in name)


def _fits(item: Item, words: list[str]) -> bool:
    """Whether the first word begins a name, and every further one begins a word of its name, strength or form."""
    if not words:
        return True
    rest = [*_words(item.strength), *_words(item.form)]
    return any(
        name and name[0].startswith(words[0]) and all(any(own.startswith(word) for own in [*name[1:], *rest]) for word in words[1:])
        for name in _names(item)
    )


def _sorted(items: Iterable[Item]) -> tuple[Item, ...]:
    return tuple(sorted(items, key=lambda item: (item.therapeutic_class, item.generic, item.strength, item.form)))

"""Every name of the formulary, in the order of the alphabet, so that a letter is answered without reading them all.

Alone knows: how typed words fit a name, and which items are mistaken for each other. Must not know: what may be shown (`rule.py`).
"""

import re
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from cabinet.domain.formulary import Formulary, Item
from cabinet.domain.search.likeness import is_alike, nearest, pairs_of
from cabinet.domain.vocabulary import ItemId

AFTER_ALL = "\uffff"
GUESSED = 12
"""So many names that share most pairs with what was typed are compared letter by letter."""


def words_of(text: str) -> tuple[str, ...]:
    """What is typed or written, as words of lower-case letters and figures."""
    return tuple(re.findall(r"[a-z0-9]+", text.casefold()))


@dataclass(frozen=True, slots=True)
class Name:
    """One name of one item: as people read it, its words, and the words of strength and form that may follow."""

    item: Item
    text: str
    words: tuple[str, ...]
    rest: tuple[str, ...]

    def typed(self, words: tuple[str, ...]) -> int | None:
        """How many letters of this name the words are; None where they do not fit it.

        The first word begins the name; every further one begins another word of it, or of strength or form, whose letters do not count.
        """
        if not self.words[0].startswith(words[0]):
            return None
        letters, own, rest = len(words[0]), list(self.words[1:]), list(self.rest)
        for word in words[1:]:
            begun = next((other for other in own if other.startswith(word)), None)
            if begun is not None:
                own.remove(begun)
                letters += len(word)
                continue
            begun = next((other for other in rest if other.startswith(word)), None)
            if begun is None:
                return None
            rest.remove(begun)
        return letters

    def is_whole(self, words: tuple[str, ...]) -> bool:
        """Whether all of this name is typed; strength and form may follow."""
        return words[: len(self.words)] == self.words


@dataclass(frozen=True, slots=True)
class Fit:
    """An item that the typed words fit: by which of its names, how many letters of them were typed, and whether all of one was."""

    item: Item
    names: tuple[str, ...]
    typed: int
    is_whole: bool


class Index:
    """The names of one formulary. Built once for it; a changed formulary has another."""

    def __init__(self, formulary: Formulary) -> None:
        names = [name for item in formulary.values() for name in _names(item)]
        self._names = sorted(names, key=lambda name: name.words[0])
        self._firsts = [name.words[0] for name in self._names]
        self._texts = {"".join(name.words): name.text for name in names}
        self._by_pair: dict[str, list[str]] = defaultdict(list)
        for text in self._texts:
            for pair in pairs_of(text):
                self._by_pair[pair].append(text)
        self.items: Mapping[ItemId, Item] = dict(formulary)
        self._listed = _listed(formulary)
        self.pinned = tuple(item for item in formulary.values() if item.is_pinned and not item.is_paralytic)
        self.kits = _kits(formulary.values())

    def candidates(self, first: str) -> list[Name]:
        """The names that begin with a word; no other is looked at."""
        start = bisect_left(self._firsts, first)
        return self._names[start : bisect_left(self._firsts, first + AFTER_ALL)]

    def is_crowd(self, words: tuple[str, ...], most: int) -> bool:
        """Whether one word begins names of more than `most` items and is all of none: known without reading them word by word."""
        names = self.candidates(words[0]) if len(words) == 1 else []
        return len(names) > most and len({name.item.id for name in names}) > most and all(name.words != words for name in names)

    def fits(self, words: tuple[str, ...]) -> dict[ItemId, Fit]:
        """Every item that the words fit, by whichever of its names is typed furthest."""
        found: dict[ItemId, Fit] = {}
        for name in self.candidates(words[0]):
            typed = name.typed(words)
            if typed is None:
                continue
            known = found.get(name.item.id) or Fit(name.item, (), 0, is_whole=False)
            is_whole = known.is_whole or name.is_whole(words)
            found[name.item.id] = Fit(name.item, (*known.names, "".join(name.words)), max(typed, known.typed), is_whole)
        return found

    def mistaken(self, fits: Iterable[Fit]) -> tuple[ItemId, ItemId] | None:
        """Two of these that are mistaken for each other and do harm then: by the hospital's list, or by names that are alike in writing."""
        seen: list[tuple[Item, frozenset[str]]] = []
        ids: set[ItemId] = set()
        for fit in fits:
            for other in self._listed.get(fit.item.id, frozenset()) & ids:
                return other, fit.item.id
            ids.add(fit.item.id)
            for letters in map(pairs_of, fit.names):
                for item, others in seen:
                    if is_alike(letters, others) and is_other(item, fit.item):
                        return item.id, fit.item.id
                seen.append((fit.item, letters))
        return None

    def likely(self, words: tuple[str, ...]) -> tuple[str, ...]:
        """The names that were perhaps meant by words that fit none, as people read them."""
        typed = "".join(words)
        shared = Counter(text for pair in pairs_of(typed) for text in self._by_pair.get(pair, ()))
        return tuple(self._texts[text] for text in nearest(typed, (text for text, _ in shared.most_common(GUESSED))))


def _names(item: Item) -> Iterable[Name]:
    rest = (*words_of(item.strength), *words_of(item.form))
    texts = dict.fromkeys((item.name, *item.brands))
    if words_of(item.generic) != words_of(item.name):
        texts[item.generic] = None
    return [Name(item, text, words, rest) for text in texts if (words := words_of(text))]


def _kits(items: Iterable[Item]) -> dict[ItemId, tuple[Item, ...]]:
    """Which kits hold an item."""
    found: dict[ItemId, tuple[Item, ...]] = {}
    for kit in items:
        for item_id, _ in kit.kit:
            found[item_id] = (*found.get(item_id, ()), kit)
    return found


def is_other(one: Item, other: Item) -> bool:
    """Whether two items are of different kinds, so that one for the other does harm. Items without a class are each of their own."""
    return one.generic != other.generic and (one.therapeutic_class != other.therapeutic_class or not one.therapeutic_class)


def _listed(formulary: Formulary) -> dict[ItemId, frozenset[ItemId]]:
    """Which items of another class each is mistaken for, as the hospital lists them; both ways, whichever entry says so."""
    found: dict[ItemId, set[ItemId]] = defaultdict(set)
    for item in formulary.values():
        for other in item.look_alikes:
            if other in formulary and is_other(item, formulary[other]):
                found[item.id].add(other)
                found[other].add(item.id)
    return {item: frozenset(others) for item, others in found.items()}

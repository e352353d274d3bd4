"""The formulary as rooms read it: always what counts now, whenever it was put together.

Alone knows: how something of each item is told without being copied. Must not know: where items come from.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Generic, TypeVar

from config.schema import Item

Items = Callable[[], Mapping[str, Item]]
"""All items by id; the same mapping until another version counts (`FormularyShelf.items`)."""
T = TypeVar("T")


class View(Mapping[str, T], Generic[T]):
    """By item's id, what `of` says of it, each time it is asked."""

    def __init__(self, items: Items, of: Callable[[Item], T]) -> None:
        self._items, self._of = items, of

    def __getitem__(self, item: str) -> T:
        return self._of(self._items()[item])

    def __iter__(self) -> Iterator[str]:
        return iter(self._items())

    def __len__(self) -> int:
        return len(self._items())


class Chosen(Collection[str]):
    """The ids of those items that are meant."""

    def __init__(self, items: Items, is_meant: Callable[[Item], bool]) -> None:
        self._items, self._is_meant = items, is_meant

    def __contains__(self, item: object) -> bool:
        known = self._items()
        return item in known and self._is_meant(known[str(item)])

    def __iter__(self) -> Iterator[str]:
        return (name for name, item in self._items().items() if self._is_meant(item))

    def __len__(self) -> int:
        return sum(1 for _ in self)

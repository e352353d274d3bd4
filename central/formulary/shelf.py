"""Items as the pharmacy knows them: the server's file, and above it what was approved since.

Alone knows: which of the two counts, how items are searched, and what goes along when one is changed.
Must not know: HTTP, rows.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from central.document.office import Approved, DocumentOffice
from central.document.shelf import EVERYBODY, Version
from config.schema import Item

DOCUMENT = "formulary"
ALIKE = 0.72
"""Names at least so alike in writing (0 to 1, difflib's ratio) are shown beside each other."""


@dataclass(frozen=True, slots=True)
class Alike:
    """Another item that may be taken for this one; `is_listed`: the hospital says so, else its name is written alike."""

    item: Item
    is_listed: bool


class FormularyShelf:
    """The formulary of one pharmacy. `file`: the items of the server's file."""

    def __init__(self, documents: DocumentOffice, file: Sequence[Item]) -> None:
        self._documents = documents
        self._file = {item.id: item for item in file}
        self._newest: Version | None = None
        self._items: Mapping[str, Item] = self._file

    def items(self) -> Mapping[str, Item]:
        """All items by id; the same mapping until another version counts."""
        newest = self._documents.shelf.newest(DOCUMENT, EVERYBODY)
        if newest != self._newest:
            sent = self._documents.shelf.whole(DOCUMENT, EVERYBODY)
            self._items = self._file | {key: Item.model_validate(record) for key, record in sent.items()}
            self._newest = newest
        return self._items

    def found(self, text: str) -> list[Item]:
        """Items with all of these words in a name, a strength, a class or a code, by name."""
        words = text.casefold().split()
        rows = [item for item in self.items().values() if all(word in _text(item) for word in words)]
        return sorted(rows, key=lambda item: (item.generic, item.strength, item.form))

    def alike(self, item: Item) -> list[Alike]:
        """What may be taken for it: those that are listed, by either, then those whose name is written alike."""
        others = [one for one in self.items().values() if one.id != item.id]
        listed = [one for one in others if one.id in item.look_alikes or item.id in one.look_alikes]
        written = [one for one in others if one not in listed and one.generic != item.generic and _likeness(one, item) >= ALIKE]
        written.sort(key=lambda one: -_likeness(one, item))
        return [*(Alike(one, is_listed=True) for one in listed), *(Alike(one, is_listed=False) for one in written)]

    def change(self, item: str, mend: Callable[[Item], Item], *, by: str, why: str) -> Item:
        """Approve another form of an item, and what it names with it. Raises KeyError, NotSound, Malformed, ValidationError."""
        items = self.items()
        made = Item.model_validate(mend(items[item]).model_dump(by_alias=True))
        present = self._documents.shelf.whole(DOCUMENT, EVERYBODY)
        along, asked = {made.id: made}, [made]
        while asked:  # whoever is named must be known to who takes the document
            one = asked.pop()
            for name in (*one.look_alikes, *(part.item for part in one.kit)):
                if name in items and name not in along and name not in present:
                    along[name] = items[name]
                    asked.append(items[name])
        self._documents.issue(Approved(DOCUMENT, by, list(along.values()), why=why))
        return made


def _text(item: Item) -> str:
    codes = " ".join((item.ndc, item.ndc.replace("-", ""), *item.codes))
    return " ".join(
        (item.generic, *item.brands, item.strength, item.form, item.therapeutic_class, item.control_class, codes, item.id)
    ).casefold()


def _likeness(one: Item, other: Item) -> float:
    return SequenceMatcher(None, one.generic, other.generic).ratio()

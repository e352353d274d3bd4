"""Order sets: several items by one choice, taken one after another.

Alone knows: how a set becomes single withdrawals, and how far somebody has got with them.
Must not know: whether any of them is granted; each is an access of its own, judged like every other.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from cabinet.domain.formulary import Formulary, Item
from cabinet.domain.state import FINAL, Access
from cabinet.domain.vocabulary import AccessId, ItemId, Units

DONE = frozenset({"settled", "disputed"})


@dataclass(frozen=True, slots=True)
class OrderSet:
    """A named list of items with the units of each."""

    id: str
    name: str
    lines: tuple[tuple[ItemId, Units], ...]

    @property
    def reason(self) -> str:
        """What stands as reason in each of its withdrawals."""
        return f"order set: {self.name}"


@dataclass(frozen=True, slots=True)
class Part:
    """One withdrawal of a chosen set: its access's id, and where it stands: absent, due, under way, done or left."""

    access: AccessId
    item: Item
    units: Units
    stands: str


LONGEST_SET, LONGEST_DRAWN = 40, 12


def new_choice(chosen: OrderSet, drawn: str) -> str:
    """A fresh name for one choice of a set, made of what was drawn by chance; the ids of its withdrawals tell the set by it."""
    return f"{chosen.id[:LONGEST_SET]}--{drawn.replace('-', '')[:LONGEST_DRAWN]}"


def chosen_by(access: str, sets: Iterable[OrderSet]) -> tuple[OrderSet, str] | None:
    """Which set a withdrawal was chosen with, and by which choice; None where it was chosen alone."""
    choice, _, number = access.rpartition("-")
    name, dashes, _ = choice.partition("--")
    if not dashes or not number.isdecimal():
        return None
    return next(((one, choice) for one in sets if one.id[:LONGEST_SET] == name), None)


def expand(
    chosen: OrderSet, choice: str, formulary: Formulary, is_here: Callable[[ItemId], bool], accesses: Mapping[str, Access]
) -> tuple[Part, ...]:
    """The withdrawals of one choice, in the set's order. `choice` is a fresh id (at most 60 characters) and makes theirs: `<choice>-0` on.

    A withdrawal that was cancelled or cut short is left: it can be asked for again under another choice. What is not here is absent.
    """
    parts = []
    for number, (item_id, units) in enumerate(chosen.lines):
        item = formulary.get(item_id)
        if item is None:
            continue
        access_id = AccessId(f"{choice}-{number}")
        parts.append(Part(access_id, item, units, _stands(accesses.get(access_id), is_here=is_here(item_id))))
    return tuple(parts)


def next_due(parts: tuple[Part, ...]) -> Part | None:
    """What is to be taken next: nothing while one is under way, nor when all are done, left or absent."""
    if any(part.stands == "under way" for part in parts):
        return None
    return next((part for part in parts if part.stands == "due"), None)


def _stands(access: Access | None, *, is_here: bool) -> str:
    if access is None:
        return "due" if is_here else "absent"
    if access.phase not in FINAL:
        return "under way"
    return "done" if access.phase in DONE else "left"

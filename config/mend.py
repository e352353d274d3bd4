"""What remains of data with flaws once the flaws are cut out, so that other rules can still be checked in the same run.

Alone knows: how much is cut for a flaw: the key; or, where the key must be there, the table around it.
Must not know: what a flaw says.

What was cut must not make new problems: `lost` and `touches` tell which findings would only be echoes.
"""

from copy import deepcopy
from dataclasses import dataclass
from typing import Any, TypeVar

from pydantic import BaseModel

from config.locate import KeyPath
from config.shape import Flaw, fit

T = TypeVar("T", bound=BaseModel)

_ROUNDS = 8
"""A key is cut, then the element that needs it, then the array that needs an element: a few rounds, or it is hopeless."""


@dataclass(frozen=True, slots=True)
class Mended:
    """`raw` is None where nothing sound remains. `lost` names the arrays that lost an element, such as `board`."""

    raw: dict[str, Any] | None
    tables: frozenset[KeyPath]
    lost: frozenset[str]
    places: dict[int, int]

    @classmethod
    def nothing(cls) -> "Mended":
        """Nothing had to be mended."""
        return cls(None, frozenset(), frozenset(), {})

    def fitted(self, shape: type[T]) -> T | None:
        """The remaining data as a value of the schema."""
        return None if self.raw is None else fit(shape, self.raw).value

    def original(self, path: KeyPath) -> KeyPath:
        """The path, before anything was cut, of a path after it."""
        if self.raw is None:
            return path
        value: Any = self.raw
        steps: KeyPath = ()
        for step in path:
            try:
                value = value[step]
            except (KeyError, IndexError, TypeError):
                value = None
            steps = (*steps, self.places.get(id(value), step) if isinstance(step, int) else step)
        return steps

    def touches(self, path: KeyPath) -> bool:
        """Whether a path lies in a table that something was cut from (of the outermost table: directly in it)."""
        return any(path[:-1] == table or (table and path[: len(table)] == table) for table in self.tables)


def mend(shape: type[BaseModel], raw: dict[str, Any], flaws: tuple[Flaw, ...]) -> Mended:
    """Cut until the rest fits `shape`, or give up after a few rounds."""
    rest = deepcopy(raw)
    places = _places(rest)
    tables = frozenset(flaw.path[:-1] for flaw in flaws)
    lost = {flaw.meant for flaw in flaws if flaw.meant and _is_array(raw, flaw.path)}
    for _ in range(_ROUNDS):
        cuts = sorted({_cut_for(flaw) for flaw in flaws}, key=_from_the_end, reverse=True)
        for cut in cuts:
            _cut(rest, cut)
        lost.update(str(cut[-2]) for cut in cuts if isinstance(cut[-1], int))
        flaws = fit(shape, rest).flaws
        if not flaws:
            return Mended(rest, tables, frozenset(lost), places)
    return Mended(None, tables, frozenset(lost), {})


def _cut_for(flaw: Flaw) -> KeyPath:
    """What goes for one flaw: a key; or the table that misses a key, unless that is the outermost one."""
    return flaw.path[:-1] if flaw.is_missing and len(flaw.path) > 1 else flaw.path


def _from_the_end(path: KeyPath) -> list[tuple[int, int, str]]:
    return [(1, step, "") if isinstance(step, int) else (0, 0, step) for step in path]


def _cut(rest: Any, path: KeyPath) -> None:
    """Take a key or an element away; where the outermost table misses a key, put a word there."""
    *outer, last = path
    for step in outer:
        try:
            rest = rest[step]
        except (KeyError, IndexError, TypeError):
            return
    if isinstance(rest, dict) and last not in rest and len(path) == 1:
        rest[last] = "unknown"
    elif last in (rest if isinstance(rest, dict) else range(len(rest))):
        del rest[last]


def _is_array(value: Any, path: KeyPath) -> bool:
    for step in path:
        value = value[step]
    return isinstance(value, list)


def _places(value: Any) -> dict[int, int]:
    """The index of each table within its array, by identity; it stays true while the array loses elements."""
    places: dict[int, int] = {}
    if isinstance(value, dict):
        for inner in value.values():
            places |= _places(inner)
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            if isinstance(inner, dict):
                places[id(inner)] = index
            places |= _places(inner)
    return places

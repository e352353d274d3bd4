"""What can be seen of the demo while a move waits to be done: facts since it began, the steel box, the pharmacy's numbers.

Alone knows: how a move's end is recognised in them. Must not know: which moves there are.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from cabinet.domain.facts import AccessMoved, AccessRequested, Entry, Fact

Json = dict[str, Any]
F = TypeVar("F", bound=Fact)


@dataclass(frozen=True, slots=True)
class Look:
    """`entries` are the facts of the whole guided visit in order, `since` the number of the last one before this move."""

    entries: tuple[Entry, ...]
    since: int
    plant: Json
    pharmacy_units: Mapping[str, int]
    pharmacy_seq: int
    is_networked: bool

    def has(self, kind: type[F], where: Callable[[F], bool] = lambda _: True, staff: str | None = None) -> bool:
        """Whether such a fact came since the move began."""
        return any(
            isinstance(entry.fact, kind) and where(entry.fact) and staff in {None, entry.staff}
            for entry in self.entries if entry.seq > self.since
        )  # fmt: skip

    def last(self, kind: type[F]) -> F | None:
        """The last such fact of the whole visit."""
        return next((entry.fact for entry in reversed(self.entries) if isinstance(entry.fact, kind)), None)

    def accesses(self, kind: str, item: str) -> frozenset[str]:
        """The accesses of one kind and item that were asked for in this visit."""
        return frozenset(
            entry.access for entry in self.entries
            if isinstance(entry.fact, AccessRequested) and (entry.fact.kind, entry.fact.item) == (kind, item) and entry.access
        )  # fmt: skip

    def reached(self, kind: str, item: str, *phases: str, pocket: str | None = None) -> bool:
        """Whether an access of this kind and item came to one of these phases since the move began."""
        wanted = {
            entry.access for entry in self.entries
            if isinstance(entry.fact, AccessRequested) and (entry.fact.kind, entry.fact.item) == (kind, item)
            and pocket in {None, entry.fact.pocket}
        }  # fmt: skip
        return any(
            isinstance(entry.fact, AccessMoved) and entry.access in wanted and entry.fact.target in phases
            for entry in self.entries if entry.seq > self.since
        )  # fmt: skip

    def is_broken(self, kind: str, target: str) -> bool:
        """Whether a fault of the simulator is on."""
        return any((fault["kind"], fault["target"]) == (kind, target) for fault in self.plant["faults"])

    def is_shut(self, drawer: str) -> bool:
        """Whether a drawer stands shut."""
        return not next(one for one in self.plant["drawers"] if one["id"] == drawer)["is_open"]

    def pieces(self, pocket: str) -> int:
        """How many pieces really lie in a pocket."""
        found: int = next(one for one in self.plant["pockets"] if one["id"] == pocket)["pieces"]
        return found

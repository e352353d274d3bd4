"""What an intake read, wrote and could not map.

Alone knows: how a flaw is told. Must not know: files, vendors.
"""

from collections import Counter
from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Unmapped:
    """A row, or something in it, that has no place here. `line` counts from 1, the head."""

    file: str
    line: int
    what: str
    value: str


@dataclass(slots=True)
class Report:
    """Counts by name, and everything that did not map."""

    counts: Counter[str] = field(default_factory=Counter)
    unmapped: list[Unmapped] = field(default_factory=list)

    def miss(self, file: str, line: int, what: str, value: str = "") -> None:
        """Something did not map."""
        self.unmapped.append(Unmapped(file, line, what, value))

    @property
    def kinds(self) -> list[tuple[str, int]]:
        """What did not map, by kind, the most frequent first."""
        return Counter(one.what for one in self.unmapped).most_common()

    def told(self) -> dict[str, Any]:
        """The whole of it as plain values."""
        return {"counts": dict(self.counts), "did_not_map": dict(self.kinds), "unmapped": [asdict(one) for one in self.unmapped]}

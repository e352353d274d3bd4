"""What is remembered of a delivery.

Alone knows: that shape. Must not know: how facts change it (`cabinet.domain.fold.delivery`), or who may announce one.
"""

from dataclasses import dataclass, field


@dataclass
class Line:
    """One line. `filled` is what was put in so far, `why_not` the reason why the rest was not."""

    item: str
    units: int
    pocket: str | None
    lot: str | None
    expiry: str | None
    checked_by: str | None = None
    filled: int = 0
    why_not: str = ""

    @property
    def is_open(self) -> bool:
        """Whether something is still to be done or said; not of what no pocket holds: that is loaded, or stays in the bag."""
        return self.pocket is not None and self.filled < self.units and not self.why_not


@dataclass
class Delivery:
    """A list that is not closed. `at` is when it was announced."""

    id: str
    place: str | None
    at: str
    lines: list[Line] = field(default_factory=list)

    def line(self, pocket: str | None, item: str) -> Line | None:
        """The line of a pocket and item, those that are open first; one without a pocket fits any."""
        found = [line for line in self.lines if line.item == item and line.pocket in {pocket, None}]
        return min(found, key=lambda line: (not line.is_open, line.pocket is None), default=None)

    @property
    def missing(self) -> int:
        """What was not put in; what is over in one line makes up for no other."""
        return sum(max(0, line.units - line.filled) for line in self.lines)

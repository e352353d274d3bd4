"""What a run of facts comes to, before it becomes rows.

Alone knows: the shape of a change. Must not know: which fact does what, tables.
"""

from dataclasses import dataclass, field, fields
from typing import Annotated, Any

import msgspec

from cabinet.messages import SAFE_INTEGER

Units = Annotated[int, msgspec.Meta(ge=0, le=1_000_000_000)]
"""More than any pocket holds, and so little that no sum of them overflows a column."""
Seq = Annotated[int, msgspec.Meta(ge=0, le=SAFE_INTEGER)]


@dataclass(slots=True)
class PocketChange:
    """What a run of facts did to one pocket. None: not touched; an empty item: nothing assigned any more."""

    units: int = 0
    item: str | None = None
    drawer: str | None = None
    par: int | None = None
    min: int | None = None
    critical_low: int | None = None
    count_mode: str | None = None
    counted_at: str | None = None
    count_basis: str | None = None

    @property
    def only_moves(self) -> bool:
        """Whether nothing but the balance is other."""
        return self.item is None and self.par is None and self.counted_at is None

    def row(self) -> tuple[Any, ...]:
        """All of it, in the order of `COLUMNS`."""
        return (
            self.units, self.item, self.drawer, self.par, self.min, self.critical_low, self.count_mode, self.counted_at, self.count_basis
        )  # fmt: skip

    def after(self, before: "PocketChange") -> "PocketChange":
        """This change on top of an earlier one."""
        values = [late if late is not None else early for early, late in zip(before.row(), self.row(), strict=True)]
        return PocketChange(before.units + self.units, *values[1:])


COLUMNS = tuple(field.name for field in fields(PocketChange))


@dataclass(frozen=True, slots=True)
class Discrepancy:
    """A discrepancy as it was found."""

    discrepancy: str
    epoch: int
    seq: int
    at: str
    pocket: str
    item: str
    expected: int
    counted: int | None
    basis: str
    since_seq: int


@dataclass(frozen=True, slots=True)
class Resolution:
    """How a discrepancy was explained."""

    discrepancy: str
    at: str
    staff: str | None
    reason: str


@dataclass(frozen=True, slots=True)
class RefillAsk:
    """Somebody at a cabinet asked for a pocket to be filled."""

    pocket: str
    item: str
    staff: str
    at: str


@dataclass(slots=True)
class Change:
    """What a run of facts comes to. `after` names the copy that a new epoch goes on from; `unread` what we cannot read, being older."""

    pockets: dict[str, PocketChange] = field(default_factory=dict)
    found: list[Discrepancy] = field(default_factory=list)
    resolved: list[Resolution] = field(default_factory=list)
    asked: list[RefillAsk] = field(default_factory=list)
    after: tuple[int, int] | None = None
    unread: list[str] = field(default_factory=list)
    alarms: list[tuple[str, str]] = field(default_factory=list)
    """(code, sentence) of what a person must hear of at once."""

    def pocket(self, name: str) -> PocketChange:
        """What is done to one pocket, to be added to."""
        found = self.pockets.get(name)
        if found is None:
            found = self.pockets[name] = PocketChange()
        return found

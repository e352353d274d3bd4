"""What is true for ever of numbered sheets.

Alone knows: which of these facts exist and what each one says. Must not know: what is done about them.
"""

from dataclasses import dataclass

from cabinet.domain.facts.alphabet import Fact
from cabinet.domain.vocabulary import ItemId, Units


@dataclass(frozen=True)
class SheetIssued(Fact):
    """Units of one item left their place on a numbered sheet, and are due where they go by `due` (as records write moments).

    `place` is the cabinet that they go to; None: of what leaves, to the pharmacy.
    """

    sheet: str
    item: ItemId
    units: Units
    is_inbound: bool
    issued_by: str
    carried_by: str
    due: str
    place: str | None = None


@dataclass(frozen=True)
class SheetLate(Fact):
    """The time is over and not all of it was received."""

    sheet: str


@dataclass(frozen=True)
class SheetClosed(Fact):
    """Everything arrived; or somebody closed it with a reason, `missing` units short (negative: over)."""

    sheet: str
    missing: int
    reason: str | None = None

"""Deliveries as whoever puts them in sees them: lines in the order of the way through the cabinet.

Alone knows: that order, and which sentence goes with a line. Must not know: HTTP, HTML, clocks.
"""

from dataclasses import dataclass

from cabinet.domain.core import Core
from cabinet.domain.delivery.memory import Delivery, Line
from cabinet.domain.package.parking import REASONS
from cabinet.domain.phrase import Phrase
from cabinet.domain.vocabulary import ItemId, PocketId


@dataclass(frozen=True)
class DeliveryLineView:
    """One line. `stands` is open, filled or not_filled; `left` is what is still to be put in."""

    pocket: str | None
    drawer_name: str
    item: str
    title: str
    units: int
    filled: int
    left: int
    lot: str | None
    expiry: str | None
    stands: str
    sentence: str
    needs_sheet: bool
    checked_by: str | None


@dataclass(frozen=True)
class DeliveryView:
    """One delivery. `place` is the other cabinet that sent it; None: the pharmacy. `is_through`: it can be closed."""

    id: str
    place: str | None
    at: str
    is_through: bool
    lines: tuple[DeliveryLineView, ...]


def delivery_views(core: Core) -> list[DeliveryView]:
    """Every delivery that is not closed, the oldest first."""
    return [_view(core, one) for one in core.state.deliveries.values()]


def _view(core: Core, delivery: Delivery) -> DeliveryView:
    way = {str(pocket): step for step, pocket in enumerate(core.world.layout.pockets)}
    lines = sorted(delivery.lines, key=lambda line: way.get(line.pocket or "", len(way)))
    is_through = not any(line.is_open for line in lines)
    return DeliveryView(delivery.id, delivery.place, delivery.at, is_through, tuple(_line(core, line) for line in lines))


def _line(core: Core, line: Line) -> DeliveryLineView:
    item = core.world.formulary.get(ItemId(line.item))
    pocket = core.world.layout.pockets.get(PocketId(line.pocket or ""))
    left = max(0, line.units - line.filled)
    stands = "open" if line.is_open else "filled" if not left else "not_filled"
    why_not = Phrase("no pocket holds it") if line.pocket is None else Phrase(REASONS.get(line.why_not, line.why_not))
    not_filled = Phrase("Not filled: {why}.", why=why_not)
    sentence = {"open": "", "filled": Phrase("Filled.")}.get(stands, not_filled)
    needs_sheet = item is not None and item.control_class in core.world.policy.custody.sheet_classes
    return DeliveryLineView(
        line.pocket, "" if pocket is None else core.world.layout.drawer_of(pocket).name, line.item,
        line.item if item is None else item.title,
        line.units, line.filled, left, line.lot, line.expiry, stands, sentence, needs_sheet,
        line.checked_by,
    )  # fmt: skip

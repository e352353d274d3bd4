"""What is true for ever of deliveries: what was sent to be put in, and what became of it.

Alone knows: which of these facts exist and what each one says. Must not know: what is done about them.
"""

from dataclasses import dataclass

from cabinet.domain.facts.alphabet import Fact
from cabinet.domain.vocabulary import ItemId, PocketId, Units


@dataclass(frozen=True)
class DeliveryLine:
    """One line: so many units of an item for one pocket (None: no pocket holds the item yet). No fact by itself.

    `checked_by` is who compared what was picked with the line at the pharmacy, in the words of its list; None: it does not say.
    """

    item: ItemId
    units: Units
    pocket: PocketId | None
    lot: str | None = None
    expiry: str | None = None
    checked_by: str | None = None


@dataclass(frozen=True)
class DeliveryAnnounced(Fact):
    """A list of lines is on its way, or here to be worked off. `place` is the other cabinet that sent it; None: the pharmacy."""

    delivery: str
    lines: list[DeliveryLine]
    place: str | None = None


@dataclass(frozen=True)
class DeliveryClosed(Fact):
    """Every line was filled or has its reason; `missing` units of the list were not put in."""

    delivery: str
    missing: int

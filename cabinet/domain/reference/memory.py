"""What is remembered of reference data that was changed here or sent by the pharmacy. It stands above the site's files.

Alone knows: that shape, as plain data. Must not know: how facts change it (`cabinet.domain.fold.reference`), or who may change what.
"""

from dataclasses import dataclass, field

from cabinet.domain.formulary import Item
from cabinet.domain.orders import Order, Patient


@dataclass
class Unmapped:
    """An order that names no item that is known; it waits for the pharmacy."""

    order: str
    patient: str
    said: str
    dose: str
    at: str


@dataclass
class Levels:
    """How much a pocket should hold of one item."""

    item: str
    par: int
    min: int
    critical_low: int


@dataclass
class Reference:
    """Records by their ids. A patient's `orders` stand in `orders`, not in the record."""

    patients: dict[str, Patient] = field(default_factory=dict)
    orders: dict[str, Order] = field(default_factory=dict)
    orders_of: dict[str, list[str]] = field(default_factory=dict)
    """The ids of the orders in `orders`, by patient."""
    items: dict[str, Item] = field(default_factory=dict)
    items_seq: int = 0
    """The fact that changed an item last."""
    levels: dict[str, Levels] = field(default_factory=dict)
    origins: dict[str, str] = field(default_factory=dict)
    """Who said so of each patient: cabinet or pharmacy."""
    order_origins: dict[str, str] = field(default_factory=dict)
    """Who said so last of each order: cabinet or pharmacy."""
    moved: dict[str, str] = field(default_factory=dict)
    """When each patient came to another care area."""
    merged: dict[str, str] = field(default_factory=dict)
    """Who a patient turned out to be."""
    unmapped: dict[str, Unmapped] = field(default_factory=dict)
    """Orders that wait for an item, by their id."""

    def who(self, patient: str) -> str:
        """The patient that this one turned out to be; mostly the same. Nobody is merged into somebody who is merged away."""
        return self.merged.get(patient, patient)

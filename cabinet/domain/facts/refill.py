"""What is true for ever of a line of a refill that could not be filled as it stood: a code that nobody knew, or a reason.

Alone knows: which of these facts exist and what each one says. Must not know: what is done about them.
"""

from dataclasses import dataclass

from cabinet.domain.facts.alphabet import Fact
from cabinet.domain.vocabulary import ItemId, PocketId


@dataclass(frozen=True)
class CodeParked(Fact):
    """A package bore a code (`key`) that no item has: the line waits for a pharmacist. `pocket` and `item` are what was to be filled."""

    key: str
    pocket: PocketId
    item: ItemId


@dataclass(frozen=True)
class CodeLinked(Fact):
    """A pharmacist compared: packages with this code are this item. From now on it is known here."""

    key: str
    item: ItemId


@dataclass(frozen=True)
class CodeDismissed(Fact):
    """A pharmacist compared: what bears this code is not to be put in; a link that it had is no more."""

    key: str
    reason: str


@dataclass(frozen=True)
class LineNotFilled(Fact):
    """A pocket that was to be filled was not, or not wholly. `reason`: not_in_bag, jammed, full or short; `delivery`: the list's number."""

    pocket: PocketId
    item: ItemId
    reason: str
    note: str | None
    delivery: str | None = None


@dataclass(frozen=True)
class RefillAsked(Fact):
    """Somebody asked the pharmacy to fill this pocket: it is low or empty, and is wanted. Asked until something is put in."""

    pocket: PocketId
    item: ItemId

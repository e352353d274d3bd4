"""What the pharmacy just sent: a document that the shell has read and checked, or one that it could not take.

Alone knows: which of these events exist. Must not know: what the core does about them.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cabinet.domain.events.event import Event
from cabinet.domain.facts import DeliveryLine
from cabinet.domain.formulary import Item
from cabinet.domain.orders import Patient
from cabinet.domain.people import Staff
from cabinet.domain.vocabulary import ItemId, PocketId, Units

if TYPE_CHECKING:
    from cabinet.domain.policy import Policy  # it reads requests, which are events


@dataclass(frozen=True, slots=True)
class Par:
    """How much a pocket should hold of one item. No event by itself."""

    id: PocketId
    item: ItemId
    par: Units
    min: Units
    critical_low: Units


@dataclass(frozen=True, slots=True)
class Recall:
    """What is called back: an item, an NDC, or a lot of an item (`scope`). No event by itself."""

    id: str
    scope: str
    value: str
    why: str
    item: ItemId | None = None
    recall: str | None = None


@dataclass(frozen=True, slots=True)
class SentSheet:
    """Units of an item that left the pharmacy on a numbered sheet at `issued_at` (as records write moments). No event by itself."""

    id: str
    item: ItemId
    units: Units
    issued_by: str
    carried_by: str
    issued_at: str


@dataclass(frozen=True, slots=True)
class SentCode:
    """What a pharmacist said of a package's code (`id` is its key): it is this item, or (none) is not to be put in. No event by itself."""

    id: str
    item: ItemId | None
    why: str = ""


@dataclass(frozen=True, slots=True)
class SentDelivery:
    """A pick list that left the pharmacy. No event by itself."""

    id: str
    lines: tuple[DeliveryLine, ...]


@dataclass(frozen=True, slots=True)
class SentPolicy:
    """The whole policy: as it is written down, and as the core reads it. No event by itself."""

    id: str
    text: str
    rules: "Policy"


DocumentRecord = SentPolicy | Item | Staff | Patient | Par | Recall | SentSheet | SentCode | SentDelivery


@dataclass(frozen=True)
class DocumentReceived(Event):
    """A document whose form, signature, target and time are right. Records are all of the document's one kind."""

    document: str
    version: int
    from_version: int | None
    sha256: str
    records: tuple[DocumentRecord, ...]
    gone: tuple[str, ...]


@dataclass(frozen=True)
class DocumentTurnedAway(Event):
    """One whose form, signature, target or time is not; `version` 0 where nobody knows who sent it."""

    document: str
    version: int
    code: str
    detail: str

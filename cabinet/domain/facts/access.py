"""What is true for ever of an access: asked for, refused, moved along, and what its person said and scanned.

Alone knows: which of these facts exist and what each one says. Must not know: what is done about them.
"""

from dataclasses import dataclass, field

from cabinet.domain.facts.alphabet import Fact
from cabinet.domain.vocabulary import AccessId, ItemId, OrderId, PatientId, PocketId, SessionId, StaffId, Units


@dataclass(frozen=True)
class AccessRequested(Fact):
    """A person asked for an access to one pocket.

    `instead_of` is the pocket that would have served and could not be opened; `moved_from` the access that this one goes on with.
    `purpose` stands where there is no patient. `withdrawal` is the access that took out what is now returned or wasted, `place` where a
    return goes or the other cabinet of a transfer, `delivery` what a refill belongs to, `sheet` the numbered sheet it travels on, `said`
    the amount in the person's words, `part_m` its part of one more unit in thousandths, `witness_rule` whether a second person must sign
    (required) or may be owed (may_be_owed), `acknowledged` the warnings met, `indication` what an override is for, `checked_by` who checked
    what is put in at the pharmacy, as its delivery says.
    """

    kind: str
    pocket: PocketId | None
    item: ItemId
    units: Units
    authority: str
    session: SessionId
    patient: PatientId | None = None
    order: str | None = None
    reason: str | None = None
    moved_from: AccessId | None = None
    instead_of: PocketId | None = None
    purpose: str | None = None
    withdrawal: AccessId | None = None
    place: str | None = None
    sheet: str | None = None
    part_m: int = 0
    said: str | None = None
    witness_rule: str | None = None
    acknowledged: list[str] = field(default_factory=list)
    indication: str | None = None
    delivery: str | None = None
    bag: str | None = None
    checked_by: str | None = None


@dataclass(frozen=True)
class WitnessSigned(Fact):
    """A second person (`witness` in the envelope) signed this one act, of which their screen named item, amount and reason."""

    act: str
    item: ItemId
    said: str
    factors: list[str]
    reason: str | None = None


@dataclass(frozen=True)
class WitnessRefused(Fact):
    """Somebody was recognised as a second person and may not sign this act: `code` is why; the first person stands in the envelope."""

    act: str
    item: ItemId
    claimed: StaffId
    code: str


@dataclass(frozen=True)
class AccessMovedOver(Fact):
    """An access whose pocket could not be opened goes on, as access `moved_to`, at another pocket with the same item."""

    moved_to: AccessId
    pocket: PocketId
    why: str


@dataclass(frozen=True)
class AccessRefused(Fact):
    """An access was asked for and not granted. Item and patient are those of the order, the withdrawal or the pocket that was named."""

    kind: str
    code: str
    pocket: PocketId | None = None
    item: ItemId | None = None
    units: Units | None = None
    patient: PatientId | None = None
    order: OrderId | None = None


@dataclass(frozen=True)
class AccessMoved(Fact):
    """An access went from one phase to another."""

    source: str
    target: str
    why: str


@dataclass(frozen=True)
class QuantityConfirmed(Fact):
    """A person said how many units they took or put; zero is an ordinary answer.

    `acknowledged` are the codes of what spoke against putting them in (too many, short-dated): the person was told, and went on.
    """

    units: Units
    lot: str | None = None
    expiry: str | None = None
    acknowledged: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class PackageScanned(Fact):
    """A package that belongs into the pocket was scanned during an access: what its code says. Moves nothing and changes no balance."""

    pocket: PocketId
    item: ItemId
    symbology: str
    gtin: str | None
    lot: str | None
    expiry: str | None
    serial: str | None


@dataclass(frozen=True)
class ScanRefused(Fact):
    """What was scanned during an access was not taken; `found` is the other item that it turned out to be. `scan.missed`: nothing could be.

    Where it is nobody's, `key` is the code itself (`gtin:`, `ndc:` or `hibc:`), so that it can be parked.
    """

    pocket: PocketId
    item: ItemId
    code: str
    found: ItemId | None
    key: str | None = None


@dataclass(frozen=True)
class CancelAsked(Fact):
    """A person wants out of an access whose pocket is open; it ends once the pocket is closed (and counted, where it must be)."""

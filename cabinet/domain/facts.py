"""What is true for ever: the journal's alphabet, one frozen class for each type of fact.

Alone knows: which facts exist and what each one says. The `type` on the wire is the class name in snake case.
Must not know: how facts are written down (`cabinet.messages`), numbered or sent.

Who did it (staff, witness), in which access and when stand in the envelope around the fact, not in it. No floats: a fact
holds strings, whole numbers, booleans, dates as text, and lists of these.
"""

from dataclasses import dataclass
from datetime import datetime

from cabinet.domain.fact import ALPHABET, Account, Basis, Fact, Moment, Outcome
from cabinet.domain.fact_device import (
    AddressChanged,
    CabinetCommissioned,
    DeviceFailed,
    DeviceRecovered,
    ExcursionBegan,
    ExcursionDecided,
    ExcursionEnded,
    FaultCleared,
    FaultRaised,
    FridgeMoved,
    HealthChanged,
    MaintenanceBegun,
    MaintenanceEnded,
    PowerMoved,
    RecoveryFailed,
    SelftestDone,
    TemperatureGap,
    TemperatureLogged,
)
from cabinet.domain.vocabulary import (
    AccessId,
    BoardId,
    DiscrepancyId,
    DrawerId,
    Instant,
    IntentId,
    ItemId,
    MassMg,
    PatientId,
    PocketId,
    SessionId,
    StaffId,
    Units,
)

__all__ = [
    "ALPHABET",
    "Account",
    "AddressChanged",
    "Basis",
    "CabinetCommissioned",
    "DeviceFailed",
    "DeviceRecovered",
    "ExcursionBegan",
    "ExcursionDecided",
    "ExcursionEnded",
    "Fact",
    "FaultCleared",
    "FaultRaised",
    "FridgeMoved",
    "HealthChanged",
    "MaintenanceBegun",
    "MaintenanceEnded",
    "Moment",
    "Outcome",
    "PowerMoved",
    "RecoveryFailed",
    "SelftestDone",
    "TemperatureGap",
    "TemperatureLogged",
]
"""What stands in other files and is read here; whatever is written below is here anyway."""


@dataclass(frozen=True)
class JournalBegun(Fact):
    """The first fact of an epoch. `after_*` name the last fact of the copy it goes on from, where there is one."""

    journal: str
    cabinet: str
    software: str
    after_epoch: int | None = None
    after_seq: int | None = None
    after_hash: str | None = None


@dataclass(frozen=True)
class CabinetStarted(Fact):
    """The controller came up for the `boot`-th time with this configuration."""

    boot: int
    software: str
    config: str


@dataclass(frozen=True)
class ModeChanged(Fact):
    """The cabinet's mode changed."""

    source: str
    target: str
    why: str


@dataclass(frozen=True)
class PocketAssigned(Fact):
    """A pocket holds this item from now on, with these levels (in the item's smallest unit)."""

    pocket: PocketId
    drawer: DrawerId
    item: ItemId
    par: Units
    min: Units
    critical_low: Units
    count_mode: str


@dataclass(frozen=True)
class PocketUnassigned(Fact):
    """A pocket holds no item any more."""

    pocket: PocketId
    item: ItemId


@dataclass(frozen=True)
class SessionOpened(Fact):
    """A person was recognised at the cabinet by these factors."""

    session: SessionId
    factors: list[str]


@dataclass(frozen=True)
class SessionRefused(Fact):
    """Somebody was not recognised. Names no secret; `claimed` is the staff member it was tried for, if there is one."""

    claimed: StaffId | None
    why: str


@dataclass(frozen=True)
class SessionClosed(Fact):
    """A session ended."""

    session: SessionId
    why: str


@dataclass(frozen=True)
class AccessRequested(Fact):
    """A person asked for an access to one pocket.

    `instead_of` is the pocket that would have served and could not be opened; `moved_from` the access that this one goes on with.
    """

    kind: str
    pocket: PocketId
    item: ItemId
    units: Units
    authority: str
    session: SessionId
    patient: PatientId | None = None
    order: str | None = None
    reason: str | None = None
    moved_from: AccessId | None = None
    instead_of: PocketId | None = None


@dataclass(frozen=True)
class AccessMovedOver(Fact):
    """An access whose pocket could not be opened goes on, as access `moved_to`, at another pocket with the same item."""

    moved_to: AccessId
    pocket: PocketId
    why: str


@dataclass(frozen=True)
class AccessRefused(Fact):
    """An access was asked for and not granted."""

    kind: str
    code: str
    pocket: PocketId | None = None
    item: ItemId | None = None
    units: Units | None = None


@dataclass(frozen=True)
class AccessMoved(Fact):
    """An access went from one phase to another."""

    source: str
    target: str
    why: str


@dataclass(frozen=True)
class ReleaseIntended(Fact):
    """A lock is about to be pulsed. Durable before the pulse; settled by exactly one `release_settled`.

    `is_trial`: somebody freed a drawer that had failed, and it is tried whether it opens and closes again.
    """

    intent: IntentId
    lock: str
    hold_ms: int
    is_trial: bool = False


@dataclass(frozen=True)
class ReleaseSettled(Fact):
    """Looking is over: what the pulse came to."""

    intent: IntentId
    lock: str
    outcome: Outcome
    why: str


@dataclass(frozen=True)
class DrawerMoved(Fact):
    """A drawer or lid (named by its lock) went from one state to another."""

    lock: str
    source: str
    target: str
    why: str


@dataclass(frozen=True)
class DrawerLeftOpen(Fact):
    """A drawer or lid has been open for `after_s` seconds; it calls out, and nobody's session ends."""

    lock: str
    after_s: int


@dataclass(frozen=True)
class PocketCounted(Fact):
    """A person counted a pocket. `expected` is the balance by the journal at that moment.

    A first count that differs is not final: it is kept, and asked for once more.
    """

    pocket: PocketId
    item: ItemId
    counted: Units
    expected: Units
    basis: Basis
    moment: Moment
    attempt: int
    is_final: bool


@dataclass(frozen=True)
class QuantityConfirmed(Fact):
    """A person said how many units they took or put; zero is an ordinary answer."""

    units: Units
    lot: str | None = None
    expiry: str | None = None


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
    """What was scanned during an access was not taken; `found` is the other item that it turned out to be."""

    pocket: PocketId
    item: ItemId
    code: str
    found: ItemId | None


@dataclass(frozen=True)
class CancelAsked(Fact):
    """A person wants out of an access whose pocket is open; it ends once the pocket is closed (and counted, where it must be)."""


@dataclass(frozen=True)
class UnitsMoved(Fact):
    """Units went from one account to another; `pocket` names which pocket where an account is `pocket`. `units` > 0."""

    pocket: PocketId
    item: ItemId
    units: Units
    source: Account
    target: Account
    lot: str | None = None
    expiry: str | None = None


@dataclass(frozen=True)
class DiscrepancyFound(Fact):
    """What was found is not what was expected. `counted` is absent where a bin sensor only told empty from not empty.

    `since_seq` is the fact of the last good count (0: none): the interval in which it happened, and no person.
    """

    discrepancy: DiscrepancyId
    pocket: PocketId
    item: ItemId
    expected: Units
    counted: Units | None
    basis: Basis
    since_seq: int


@dataclass(frozen=True)
class DiscrepancyResolved(Fact):
    """A discrepancy was explained."""

    discrepancy: DiscrepancyId
    reason: str


@dataclass(frozen=True)
class CountOwed(Fact):
    """A pocket's balance is in doubt until somebody counts it."""

    pocket: PocketId
    why: str


@dataclass(frozen=True)
class PocketWeighed(Fact):
    """Evidence beside a count: what the scale read, and what it makes of the change since the weight before. Changes no balance.

    `age_s`: how long before this fact the weight was read, in whole seconds.
    """

    pocket: PocketId
    moment: Moment
    mass_mg: MassMg | None
    verdict: str
    units: Units | None
    why: str
    scale: BoardId | None = None
    age_s: int = 0


@dataclass(frozen=True)
class MassTaught(Fact):
    """`units` pieces that a person counted weigh `mass_mg` together: what is known of the item's lot grows, or (`is_fresh`) begins anew.

    `spread_permille` is the standard deviation of one piece as it is now thought to be, in thousandths of its mass.
    """

    pocket: PocketId
    item: ItemId
    ndc: str
    lot: str
    scale: BoardId
    units: Units
    mass_mg: MassMg
    division_mg: MassMg
    spread_permille: int
    is_fresh: bool


@dataclass(frozen=True)
class SampleDoubted(Fact):
    """`units` pieces that a person counted do not weigh what is known of this item: nothing is learned without a technician's word."""

    pocket: PocketId
    item: ItemId
    lot: str
    scale: BoardId
    units: Units
    mass_mg: MassMg
    division_mg: MassMg


@dataclass(frozen=True)
class ScaleChecked(Fact):
    """A person put a test mass on a scale: what it showed, and whether that is within the tolerance."""

    scale: BoardId
    test_mass_mg: MassMg
    reading_mg: MassMg
    tolerance_mg: MassMg
    has_passed: bool


@dataclass(frozen=True)
class BinSensed(Fact):
    """Evidence beside a count: what the photo-eye saw. Changes no balance."""

    pocket: PocketId
    moment: Moment
    is_empty: bool


@dataclass(frozen=True, slots=True)
class Draft:
    """A fact on its way into the journal, with its envelope as far as the core knows it."""

    at: Instant
    fact: Fact
    access: AccessId | None = None
    staff: StaffId | None = None
    witness: StaffId | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """A fact in the journal: numbered, durable, for ever."""

    epoch: int
    seq: int
    id: str
    at: datetime
    fact: Fact
    access: AccessId | None
    staff: StaffId | None
    witness: StaffId | None
    prev_hash: str
    hash: str

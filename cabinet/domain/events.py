"""What the world just told us, in the past tense, each with the moment it happened.

Alone knows: everything that can make the core take a step. Must not know: what the step will be.
Events that a person waits for carry the `session` they came from.
"""

from dataclasses import dataclass

from cabinet.domain.facts import CabinetCommissioned
from cabinet.domain.refusal import Refusal
from cabinet.domain.vocabulary import (
    AccessId,
    BoardId,
    Channel,
    DrawerId,
    Instant,
    IntentId,
    ItemId,
    MassMg,
    MilliC,
    OrderId,
    PatientId,
    PocketId,
    Power,
    ProbeFault,
    ScannedCode,
    SessionId,
    StaffId,
    Units,
    Weighing,
)


@dataclass(frozen=True)
class Event:
    """The root: every event has its moment."""

    at: Instant


@dataclass(frozen=True)
class Started(Event):
    """The controller is up and the journal is replayed."""

    boot: int
    software: str
    config: str


@dataclass(frozen=True)
class Stopping(Event):
    """The controller has been asked to end."""


@dataclass(frozen=True)
class InputChanged(Event):
    """An input holds a new, confirmed value."""

    channel: Channel
    is_on: bool


@dataclass(frozen=True)
class BoardLost(Event):
    """A board no longer answers; whatever its inputs told is unknown."""

    board: BoardId
    code: str
    detail: str


@dataclass(frozen=True)
class BoardBack(Event):
    """A lost board answers again; its inputs follow."""

    board: BoardId


@dataclass(frozen=True)
class HealthChanged(Event):
    """A board or a line went from one state of health to another."""

    part: str
    before: str
    after: str
    why: str


@dataclass(frozen=True)
class TemperatureRead(Event):
    """A probe was read: a temperature, or why its board says that there is none."""

    probe: Channel
    reading: MilliC | ProbeFault


@dataclass(frozen=True)
class PowerRead(Event):
    """The supply that feeds the cabinet was asked, and answered."""

    supply: BoardId
    power: Power


@dataclass(frozen=True)
class ContentsDecided(Event):
    """A pharmacist says whether what was in a fridge during its excursions may be used."""

    session: SessionId
    drawer: DrawerId
    is_usable: bool
    reason: str


@dataclass(frozen=True)
class PulseFailed(Event):
    """The pulse of an intent was not confirmed. `moved`: it may have been carried out all the same, so looking decides."""

    intent: IntentId
    code: str
    detail: str
    moved: bool


@dataclass(frozen=True)
class WeightRead(Event):
    """What a pocket's scale read; `weighing` is None, and `fault` says why, where it could not be read."""

    pocket: PocketId
    weighing: Weighing | None
    fault: str = ""


@dataclass(frozen=True)
class MassConfirmed(Event):
    """A technician read the label of what was put into a pocket and counted it: it weighs what the waiting sample weighs."""

    session: SessionId
    pocket: PocketId


@dataclass(frozen=True)
class CalibrationEntered(Event):
    """A person put a test mass on a scale of this division: the reading rose by `reading_mg`."""

    session: SessionId
    scale: BoardId
    test_mass_mg: MassMg
    reading_mg: MassMg
    division_mg: MassMg


@dataclass(frozen=True)
class PocketsSeen(Event):
    """What the photo-eyes behind a lock saw when they were looked at after it closed: on is something there."""

    lock: str
    bins: tuple[tuple[Channel, bool], ...]


@dataclass(frozen=True)
class TimerDue(Event):
    """A timer that a command started has run out."""

    timer: str


@dataclass(frozen=True)
class StaffRecognised(Event):
    """A person proved who they are."""

    session: SessionId
    staff: StaffId
    factors: tuple[str, ...]


@dataclass(frozen=True)
class StaffNotRecognised(Event):
    """Somebody tried to sign in and failed."""

    claimed: StaffId | None


@dataclass(frozen=True)
class SignOutAsked(Event):
    """A person leaves."""

    session: SessionId


@dataclass(frozen=True)
class SessionActive(Event):
    """A person touched the screen."""

    session: SessionId


@dataclass(frozen=True)
class AccessAsked(Event):
    """A person wants a pocket opened."""

    session: SessionId
    access: AccessId
    kind: str
    authority: str
    units: Units
    pocket: PocketId | None = None
    item: ItemId | None = None
    patient: PatientId | None = None
    order: OrderId | None = None
    reason: str | None = None


@dataclass(frozen=True)
class OpenAsked(Event):
    """A person wants the lock of their access pulsed again."""

    session: SessionId
    access: AccessId


@dataclass(frozen=True)
class CountEntered(Event):
    """A person says how many units they found."""

    session: SessionId
    access: AccessId
    units: Units


@dataclass(frozen=True)
class QuantityEntered(Event):
    """A person says how many units they took or put, and for a refill the lot and earliest expiry (YYYY-MM-DD)."""

    session: SessionId
    access: AccessId
    units: Units
    lot: str | None = None
    expiry: str | None = None


@dataclass(frozen=True)
class PackageShown(Event):
    """A code was scanned for an access: what it says, or why it cannot be believed."""

    session: SessionId
    access: AccessId
    read: ScannedCode | Refusal


@dataclass(frozen=True)
class CancelRequested(Event):
    """A person wants out of their access."""

    session: SessionId
    access: AccessId


@dataclass(frozen=True)
class MoveAsked(Event):
    """A person wants what their access is for from another pocket, because this one did not open."""

    session: SessionId
    access: AccessId


@dataclass(frozen=True)
class OpenedSaid(Event):
    """A person says that the drawer or lid of their access did open, although the cabinet did not see it."""

    session: SessionId
    access: AccessId


@dataclass(frozen=True)
class StuckSaid(Event):
    """A person, any person, says that an open drawer or lid cannot be shut; or that it is shut, and is shown as open."""

    session: SessionId
    lock: str
    is_shut: bool = False


@dataclass(frozen=True)
class RecoveryAsked(Event):
    """A person freed a failed drawer or lid and pushed it closed. `lock` may be the id of a fault: `code@lock`."""

    session: SessionId
    lock: str


@dataclass(frozen=True)
class TrialAsked(Event):
    """The same, and the person wants it pulsed once, to see whether it works again."""

    session: SessionId
    lock: str


@dataclass(frozen=True)
class MaintenanceAsked(Event):
    """A technician wants the cabinet from the ward, or for longer."""

    session: SessionId


@dataclass(frozen=True)
class MaintenanceEndAsked(Event):
    """Somebody wants the cabinet back for the ward."""

    session: SessionId


@dataclass(frozen=True)
class ServicePulseAsked(Event):
    """A technician wants one lock pulsed, without an access."""

    session: SessionId
    lock: str


@dataclass(frozen=True)
class ServiceLightAsked(Event):
    """A technician wants one guide light to burn for `for_s` seconds."""

    session: SessionId
    pocket: PocketId
    for_s: float


@dataclass(frozen=True)
class CommissioningDone(Event):
    """A technician walked through the cabinet, and this is the result."""

    session: SessionId
    result: CabinetCommissioned


@dataclass(frozen=True)
class AddressWasChanged(Event):
    """A technician gave a board another address."""

    session: SessionId
    bus: str
    source: int
    target: int


@dataclass(frozen=True)
class SelftestFinished(Event):
    """Every board was looked at; `findings` are sentences, none of them where `is_passed`. `staff` asked for it, or nobody did."""

    software: str
    is_passed: bool
    findings: tuple[str, ...]
    staff: StaffId | None = None

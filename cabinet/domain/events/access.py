"""What a person just asked or said about an access, or about the drawer in front of it.

Alone knows: which of these events exist. Must not know: what the core does about them.
"""

from dataclasses import dataclass

from cabinet.domain.events.event import Event
from cabinet.domain.refusal import Refusal
from cabinet.domain.vocabulary import AccessId, ItemId, OrderId, PatientId, PocketId, ScannedCode, SessionId, StaffId, Units


@dataclass(frozen=True)
class AccessAsked(Event):
    """A person wants a pocket opened, or to bring back or waste what they took.

    `part_m` is a part of one more unit in thousandths, and `said` the amount in their own words. `withdrawal` is the access that took it
    out, `place` where it goes back to (of a transfer: the other cabinet), `delivery` the list that a refill works off, `bag` the number
    of the sealed bag with a patient's own medicine, `minutes_out` how long it was out of the fridge, `levels` what a pocket is to hold
    once it is loaded, `sheet` the numbered sheet that units travel on, `acknowledged` the warnings they met by doing what each asks for,
    `indication` what an override is for. What is entered late says when it really was (`true_at`, as records write moments), and who took
    it.
    """

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
    purpose: str | None = None
    withdrawal: AccessId | None = None
    place: str | None = None
    part_m: int = 0
    said: str | None = None
    is_intact: bool = False
    minutes_out: int | None = None
    sheet: str | None = None
    levels: tuple[Units, Units, Units] | None = None
    acknowledged: tuple[str, ...] = ()
    indication: str | None = None
    true_at: str | None = None
    taken_by: StaffId | None = None
    delivery: str | None = None
    bag: str | None = None


@dataclass(frozen=True)
class WitnessShown(Event):
    """A second person was recognised beside somebody's access, to sign that one act."""

    session: SessionId
    access: AccessId
    witness: StaffId
    factors: tuple[str, ...]


@dataclass(frozen=True)
class WitnessMissing(Event):
    """A person says that nobody is there to witness."""

    session: SessionId
    access: AccessId


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
    """A person says how many units they took or put, and for a refill the lot and earliest expiry (YYYY-MM-DD).

    Of a container that they put back, `drawn` is the amount that they drew out of it, in words. `acknowledged` are the codes of what
    speaks against putting so many in, or such, and is done all the same.
    """

    session: SessionId
    access: AccessId
    units: Units
    lot: str | None = None
    expiry: str | None = None
    drawn: str | None = None
    acknowledged: tuple[str, ...] = ()


@dataclass(frozen=True)
class PackageShown(Event):
    """A code was scanned for an access: what it says, or why it cannot be believed."""

    session: SessionId
    access: AccessId
    read: ScannedCode | Refusal


@dataclass(frozen=True)
class ScanMissing(Event):
    """A person says that no code of the package in their hand can be read."""

    session: SessionId
    access: AccessId


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
class NotOpenedSaid(Event):
    """A person says what the cabinet saw: the drawer or lid of their access did not open, and they will not wait for further tries."""

    session: SessionId
    access: AccessId


@dataclass(frozen=True)
class HelpAsked(Event):
    """A person who stands before a drawer or lid (its lock) calls for help."""

    session: SessionId
    lock: str


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

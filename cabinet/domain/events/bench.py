"""What a technician or a pharmacist just asked or said of the cabinet itself: maintenance, scales, boards, a fridge's contents.

Alone knows: which of these events exist. Must not know: what the core does about them.
"""

from dataclasses import dataclass

from cabinet.domain.events.event import Event
from cabinet.domain.facts import CabinetCommissioned
from cabinet.domain.vocabulary import BoardId, DrawerId, MassMg, PocketId, SessionId, StaffId


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
class ContentsDecided(Event):
    """A pharmacist says whether what was in a fridge during its excursions may be used."""

    session: SessionId
    drawer: DrawerId
    is_usable: bool
    reason: str

"""What is true for ever of devices, the bench, faults, fridges and power.

Alone knows: which of these facts exist and what each one says. Must not know: what is done about them.
"""

from dataclasses import dataclass

from cabinet.domain.facts.alphabet import Fact
from cabinet.domain.vocabulary import DrawerId, SessionId


@dataclass(frozen=True)
class DeviceFailed(Fact):
    """A device stopped answering or answered wrongly; written once for each loss."""

    device: str
    code: str
    detail: str


@dataclass(frozen=True)
class DeviceRecovered(Fact):
    """A failed device answers again."""

    device: str


@dataclass(frozen=True)
class HealthChanged(Fact):
    """A board or a line (`part`) went from one state of health to another: ok, degraded, suspect, quarantined."""

    part: str
    before: str
    after: str
    why: str


@dataclass(frozen=True)
class MaintenanceBegun(Fact):
    """The cabinet is with the staff member of this session, until `until` at the latest; said again when they need longer."""

    session: SessionId
    until: str


@dataclass(frozen=True)
class MaintenanceEnded(Fact):
    """The cabinet is the ward's again."""

    why: str


@dataclass(frozen=True)
class CabinetCommissioned(Fact):
    """A technician walked through the cabinet channel by channel. `wiring` is the sha256 of what the site says of its wiring.

    The signed result, which `sha256` names, lies in the state folder. `scope` is empty for the whole cabinet, or names one board.
    """

    wiring: str
    scope: str
    is_passed: bool
    channels: int
    failed: list[str]
    sha256: str


@dataclass(frozen=True)
class AddressChanged(Fact):
    """The board at address `source` of a bus answers at `target` from now on."""

    bus: str
    source: int
    target: int


@dataclass(frozen=True)
class SelftestDone(Fact):
    """Every board was looked at. `findings` are sentences; there are none where it passed."""

    software: str
    is_passed: bool
    findings: list[str]


@dataclass(frozen=True)
class FaultRaised(Fact):
    """Something is not as it should be at `place` (a lock, a probe, a supply); `code` stands in the catalogue. Written once.

    `is_failing`: a drawer or lid is out of use until somebody brings it back.
    """

    place: str
    code: str
    detail: str = ""
    is_failing: bool = False


@dataclass(frozen=True)
class FaultCleared(Fact):
    """It is as it should be again."""

    place: str
    code: str
    why: str


@dataclass(frozen=True)
class TemperatureLogged(Fact):
    """What a fridge's probe showed in `readings` readings from `since` on: the last of them, the lowest and the highest.

    `why` says what else happened at that moment; empty: it was time.
    """

    drawer: DrawerId
    probe: str
    milli_c: int
    lowest_mc: int
    highest_mc: int
    readings: int
    since: str
    why: str


@dataclass(frozen=True)
class TemperatureGap(Fact):
    """For these minutes from `since` on nobody knows how warm a fridge was. Written when readings begin again."""

    drawer: DrawerId
    probe: str
    since: str
    minutes: int


@dataclass(frozen=True)
class FridgeMoved(Fact):
    """A fridge went from one state to another (unknown, in_range, out, excursion), by this reading where there was one."""

    drawer: DrawerId
    source: str
    target: str
    why: str
    milli_c: int | None


@dataclass(frozen=True)
class ExcursionBegan(Fact):
    """A fridge has been out of range since `since`, for longer than is allowed: a pharmacist decides about what is in it."""

    drawer: DrawerId
    since: str
    minutes: int
    lowest_mc: int
    highest_mc: int


@dataclass(frozen=True)
class ExcursionEnded(Fact):
    """A fridge is back in range after so many minutes; lowest and highest of the whole time."""

    drawer: DrawerId
    since: str
    minutes: int
    lowest_mc: int
    highest_mc: int


@dataclass(frozen=True)
class ExcursionDecided(Fact):
    """A pharmacist decided about what was in a fridge during its excursions: `usable` or `discard`."""

    drawer: DrawerId
    verdict: str
    reason: str


@dataclass(frozen=True)
class PowerMoved(Fact):
    """Where the power comes from changed (unknown, mains, battery, low), by the supply's word or by time that ran out."""

    supply: str
    source: str
    target: str
    why: str
    charge_percent: int | None
    runtime_s: int | None

"""Everything that follows from the facts: stock, accesses, drawers, sessions, discrepancies and debts.

Alone knows: the shape of what is remembered. It is plain data, so that a snapshot of it can be written and read back whole.
Must not know: how any of it changes (`fold.py`), or what to do about it (the machines).
"""

from dataclasses import dataclass, field

from cabinet.domain.people import Session
from cabinet.domain.scale.memory import Lesson, Sample, ScaleState
from cabinet.domain.surroundings.memory import FridgeState, PowerState


@dataclass
class Batch:
    """Units of one lot and expiry (YYYY-MM-DD; None: not known) in a pocket."""

    units: int
    lot: str | None
    expiry: str | None


@dataclass
class Line:
    """One pocket's stock: what ought to be in it. `batches` stand in the order in which they are used up."""

    pocket: str
    item: str
    par: int
    min: int
    critical_low: int
    count_mode: str
    batches: list[Batch] = field(default_factory=list)
    last_counted_at: str | None = None
    last_counted_seq: int = 0
    basis: str = "journal"
    owes: list[str] = field(default_factory=list)
    changed_seq: int = 0
    changed_at: str = ""

    @property
    def units(self) -> int:
        """The balance."""
        return sum(batch.units for batch in self.batches)

    @property
    def earliest_expiry(self) -> str | None:
        """The earliest known expiry among the units that are there."""
        return min((batch.expiry for batch in self.batches if batch.units and batch.expiry), default=None)


@dataclass
class Scan:
    """The last scan of an access: lot and expiry that it filled in; or the `code` of why not, and the item that it `found` instead."""

    lot: str | None = None
    expiry: str | None = None
    code: str = ""
    found: str | None = None


@dataclass
class Access:
    """One opening of a pocket for one purpose. `phase` is moved by the access machine alone."""

    id: str
    kind: str
    pocket: str
    item: str
    units: int
    authority: str
    session: str
    staff: str
    patient: str | None
    asked_at: str
    phase: str = "requested"
    pulses: int = 0
    misses: int = 0
    was_open: bool = False
    counted: int | None = None
    attempts: int = 0
    confirmed: int | None = None
    wants_cancel: bool = False
    scan: Scan | None = None
    is_disputed: bool = False
    before_mg: int | None = None
    before_at: str = ""
    lots: list[str] = field(default_factory=list)
    lot: str = ""
    doubt: str = ""
    seen_after: bool = False
    why: str = ""
    order: str | None = None
    reason: str | None = None
    moved_from: str | None = None
    moved_to: str | None = None
    instead_of: str | None = None


@dataclass
class DrawerState:
    """One physical drawer or lid, named by its lock. `state` is moved by the drawer machine alone.

    `staff` had it pulsed; where there is no `access`, at the bench or, where `is_on_trial`, to bring it back after it had failed.
    `moved_at` is when it was last told to open or seen open (as records write moments): since then a hand may have been behind it.
    """

    lock: str
    state: str = "unknown"
    intent: str | None = None
    access: str | None = None
    staff: str | None = None
    is_on_trial: bool = False
    moved_at: str = ""


@dataclass
class Discrepancy:
    """What was found is not what was expected."""

    id: str
    pocket: str
    item: str
    expected: int
    counted: int | None
    basis: str
    since_seq: int
    seq: int
    at: str
    access: str | None
    is_open: bool = True


@dataclass
class Maintenance:
    """Who has the cabinet at the bench, in which session, since when and until when at the latest (moments as records write them)."""

    staff: str
    session: str
    since: str
    until: str


@dataclass
class Commissioning:
    """The last walk through the whole cabinet: by whom, of which wiring (sha256), and the channels that did not pass."""

    at: str
    staff: str
    wiring: str
    is_passed: bool
    failed: list[str]


@dataclass
class Selftest:
    """The last look at every board: by which software, and what was found."""

    at: str
    software: str
    is_passed: bool
    findings: list[str]


@dataclass
class Fault:
    """Something that is not as it should be, until a fact says that it is over.

    `staff` is whose access met it, if anybody's; `tries` is how often it was tried in vain to bring it back.
    `is_of_device`: a board that is lost; a start looks again and forgets it.
    """

    place: str
    code: str
    detail: str
    raised_at: str
    staff: str | None = None
    is_failing: bool = False
    is_of_device: bool = False
    tries: int = 0


@dataclass
class Wear:
    """How one lock has worked: times from order to opening (ms) at first and lately, and which of its last pulses missed (0, 1)."""

    cycles: int = 0
    early_ms: list[int] = field(default_factory=list)
    recent_ms: list[int] = field(default_factory=list)
    misses: list[int] = field(default_factory=list)
    intended_ms: int = 0


@dataclass
class State:
    """All that is remembered. `seq` is the number of the newest fact in it."""

    seq: int = 0
    boot: int = 0
    mode: str = "starting"
    software: str = ""
    config: str = ""
    lines: dict[str, Line] = field(default_factory=dict)
    accesses: dict[str, Access] = field(default_factory=dict)
    drawers: dict[str, DrawerState] = field(default_factory=dict)
    sessions: dict[str, Session] = field(default_factory=dict)
    discrepancies: dict[str, Discrepancy] = field(default_factory=dict)
    failures: dict[str, str] = field(default_factory=dict)
    health: dict[str, str] = field(default_factory=dict)
    """The boards and lines that are not ok, and what they are instead."""
    maintenance: Maintenance | None = None
    commissioning: Commissioning | None = None
    selftest: Selftest | None = None

    faults: dict[str, Fault] = field(default_factory=dict)
    fridges: dict[str, FridgeState] = field(default_factory=dict)
    power: PowerState = field(default_factory=PowerState)
    wear: dict[str, Wear] = field(default_factory=dict)
    lessons: dict[str, Lesson] = field(default_factory=dict)
    samples: dict[str, Sample] = field(default_factory=dict)
    scales: dict[str, ScaleState] = field(default_factory=dict)

    def faults_at(self, place: str) -> list[Fault]:
        """What is wrong at a lock, board, probe or supply."""
        return [fault for fault in self.faults.values() if fault.place == place]

    def is_condemned(self, lock: str) -> bool:
        """Whether something is wrong with a drawer or lid that keeps it out of use."""
        return any(fault.is_failing for fault in self.faults_at(lock))

    def active(self) -> list[Access]:
        """The accesses that are not over."""
        return [access for access in self.accesses.values() if access.phase not in FINAL]


FINAL = frozenset({"settled", "disputed", "cancelled", "incomplete"})
"""The phases that an access does not leave."""

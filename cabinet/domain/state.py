"""Everything that follows from the facts: stock, accesses, drawers, sessions, discrepancies and debts.

Alone knows: the shape of what is remembered. It is plain data, so that a snapshot of it can be written and read back whole.
Must not know: how any of it changes (`fold/`), or what to do about it (the machines).
"""

from dataclasses import dataclass, field

from cabinet.domain.belonging.memory import Bag
from cabinet.domain.case.memory import Case
from cabinet.domain.caseload.memory import Caseload
from cabinet.domain.debt.memory import Debt
from cabinet.domain.delivery.memory import Delivery
from cabinet.domain.discrepancy.memory import Discrepancy, Interval, Opening
from cabinet.domain.document.memory import Received
from cabinet.domain.kit.memory import Tray
from cabinet.domain.lock.memory import DrawerState, Fault, Wear
from cabinet.domain.mode.memory import ModeState
from cabinet.domain.package.memory import Parked, RefillAsk, Unfilled
from cabinet.domain.people import Session
from cabinet.domain.person.memory import People
from cabinet.domain.pick.memory import Pick
from cabinet.domain.quarantine.memory import Quarantine
from cabinet.domain.reference.memory import Reference
from cabinet.domain.scale.memory import Lesson, Sample, ScaleState
from cabinet.domain.sheet.memory import Sheet
from cabinet.domain.surroundings.memory import FridgeState, PowerState
from cabinet.domain.ward.memory import WardSession
from cabinet.domain.withdrawal.memory import Withdrawal


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
    owed_at: str = ""
    """Since when it owes a count; what it says while it owes none means nothing."""
    changed_seq: int = 0
    changed_at: str = ""
    use_by: str | None = None
    """Until when its opened container may be used (YYYY-MM-DD); None: none is open."""
    drawn_m: int = 0
    """How much was drawn out of its opened container so far, in thousandths of a counted unit."""
    since: str = ""
    """The day on which it came to hold this item."""
    used: dict[str, int] = field(default_factory=dict)
    """Units that left it for patients and purposes, by day, for as long as a forecast looks back."""

    @property
    def units(self) -> int:
        """The balance."""
        return sum(batch.units for batch in self.batches)

    @property
    def earliest_expiry(self) -> str | None:
        """The earliest known expiry among the units that are there, an opened container's last day among them."""
        known = [batch.expiry for batch in self.batches if batch.units and batch.expiry]
        return min([*known, *([self.use_by] if self.use_by is not None else [])], default=None)


@dataclass
class Scan:
    """The last scan of an access: lot and expiry that it filled in; or the `code` of why not, and the item that it `found` instead."""

    lot: str | None = None
    expiry: str | None = None
    code: str = ""
    found: str | None = None
    key: str | None = None


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
    before_mc: int | None = None
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
    purpose: str | None = None
    withdrawal: str | None = None
    place: str | None = None
    sheet: str | None = None
    part_m: int = 0
    said: str | None = None
    witness_rule: str | None = None
    acknowledged: list[str] = field(default_factory=list)
    indication: str | None = None
    witness: str | None = None
    delivery: str | None = None
    bag: str | None = None
    owes_witness: bool = False
    true_at: str = ""
    """When it really happened, where it is entered afterwards."""
    taken_by: str | None = None
    """Who is named as the one who took it, where another person enters it."""
    count_doubt: str = ""
    """What the last count that was not final differs from: journal, scale or bin_sensor."""
    doubts: int = 0
    doubted_by: str = ""
    """What speaks against the quantity that was stated, while it is asked for once more."""
    doubted_beside: str | None = None
    drawn_m: int = 0
    """What was drawn out of a container that was put back, in thousandths; below 0: what one had lost that was taken away for good."""
    touched: list[Batch] = field(default_factory=list)
    """What it took out or put in by its person's first word."""


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
class State:
    """All that is remembered. `seq` is the number of the newest fact in it."""

    seq: int = 0
    boot: int = 0
    is_put_back: bool = False
    """Whether the journal goes on from a copy, and nobody has started on it yet."""
    mode: str = "starting"
    modes: ModeState = field(default_factory=ModeState)
    """What stands, of which the mode follows."""
    software: str = ""
    config: str = ""
    lines: dict[str, Line] = field(default_factory=dict)
    accesses: dict[str, Access] = field(default_factory=dict)
    drawers: dict[str, DrawerState] = field(default_factory=dict)
    sessions: dict[str, Session] = field(default_factory=dict)
    ward_sessions: dict[str, WardSession] = field(default_factory=dict)
    """Who looks in from another screen: no session at the cabinet, so nothing opens for one."""
    people: People = field(default_factory=People)
    reference: Reference = field(default_factory=Reference)
    discrepancies: dict[str, Discrepancy] = field(default_factory=dict)
    intervals: dict[str, Interval] = field(default_factory=dict)
    """What happened at each pocket since its last count."""
    ended: dict[str, Interval] = field(default_factory=dict)
    """What had happened before it."""
    openings: dict[str, list[Opening]] = field(default_factory=dict)
    """When each drawer or lid, by its lock, stood open lately."""
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
    withdrawals: dict[str, Withdrawal] = field(default_factory=dict)
    """By the access that took the units out; those that are not long ago, or of which something is still owed."""
    debts: dict[str, Debt] = field(default_factory=dict)
    """What is still owed."""
    assigned: dict[str, str | None] = field(default_factory=dict)
    """What was loaded at the cabinet, by pocket (None: unloaded); it stands above what the site says."""
    quarantines: dict[str, Quarantine] = field(default_factory=dict)
    """What must not be used until somebody says otherwise."""
    cases: dict[str, Case] = field(default_factory=dict)
    """The cases that are not over."""
    caseloads: dict[str, Caseload] = field(default_factory=dict)
    """Whose patients are whose in this shift, by person."""
    picks: dict[str, Pick] = field(default_factory=dict)
    """What was chosen and is not begun, by the access that it becomes."""
    sheets: dict[str, Sheet] = field(default_factory=dict)
    """The numbered sheets that are still open."""
    closed_sheets: dict[str, str] = field(default_factory=dict)
    """The numbers of those that are closed, and since when: none is ever issued again."""
    bags: dict[str, Bag] = field(default_factory=dict)
    """Patients' own medicine, by the number of its bag."""
    documents: dict[str, Received] = field(default_factory=dict)
    """What came of each of the pharmacy's documents, by its name."""
    policy: str = ""
    """The policy that the pharmacy sent, as JSON; empty: the site's file holds."""
    deliveries: dict[str, Delivery] = field(default_factory=dict)
    """The lists to be put in that are not closed."""
    places: dict[str, dict[str, int]] = field(default_factory=dict)
    """How many units of each item lie in the return bin and in the named places for returns."""
    trays: dict[str, Tray] = field(default_factory=dict)
    """Sealed kits, by their tags."""
    parked: dict[str, Parked] = field(default_factory=dict)
    """Codes that were scanned at a refill and that nobody knew, by their key."""
    codes: dict[str, str] = field(default_factory=dict)
    """Codes that a pharmacist linked to an item here; they stand beside the formulary's own."""
    unfilled: dict[str, Unfilled] = field(default_factory=dict)
    """Why a pocket was not filled, by pocket."""
    refill_asks: dict[str, RefillAsk] = field(default_factory=dict)
    """Who asked for a refill and when, by pocket, until it is filled."""
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

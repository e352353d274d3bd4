"""One access as the record holds it: who, when, what, for whom, on whose word, how much, what was counted, sensed and scanned.

Alone knows: the fields of a transaction (domain reference, section 2). Must not know: from which facts they come (`transaction_fold.py`).
"""

from dataclasses import dataclass, field, fields
from datetime import datetime

from cabinet.report.table import Cell, Column


@dataclass(slots=True)
class Transaction:
    """One access, from the request to its end. Quantities are whole units; None where nothing was said."""

    access: str
    cabinet: str
    asked_at: datetime
    kind: str
    pocket: str
    item: str
    authority: str
    person: str
    person_name: str
    role: str
    units_asked: int
    software: str
    config: str
    mode: str
    power: str
    epoch: int
    first_seq: int
    prev_hash: str
    last_seq: int
    hash: str

    opened_at: datetime | None = None
    closed_at: datetime | None = None
    ended_at: datetime | None = None
    open_s: int | None = None
    clock: str = "the controller's system clock, UTC"
    factors: list[str] = field(default_factory=list)
    witness: str = ""
    witness_name: str = ""
    witness_factors: list[str] = field(default_factory=list)
    witnessed: list[str] = field(default_factory=list)
    witness_rule: str = ""
    is_override: bool = False
    reason: str = ""
    purpose: str = ""
    order: str = ""
    order_linked: str = ""
    withdrawal: str = ""
    place: str = ""
    sheet: str = ""
    bag: str | None = None
    delivery: str = ""
    checked_by: str = ""
    patient: str = ""
    patient_name: str = ""
    drawer: str = ""
    item_name: str = ""
    strength: str = ""
    form: str = ""
    ndc: str = ""
    schedule: str = ""
    count_mode: str = ""
    said: str = ""
    units_entered: int | None = None
    units_moved: int = 0
    part_m: int = 0
    unit: str = ""
    amount: str = ""
    source: str = ""
    target: str = ""
    beginning: int | None = None
    expected: int | None = None
    counts: list[int] = field(default_factory=list)
    entered: int | None = None
    difference: int | None = None
    ending: int | None = None
    sensed: str = ""
    sensed_units: int | None = None
    sensed_count: int | None = None
    mass_before_mg: int | None = None
    mass_after_mg: int | None = None
    bin_sensor: str = ""
    scan_gtin: str = ""
    scan_lot: str = ""
    scan_expiry: str = ""
    scan_serial: str = ""
    scans_refused: list[str] = field(default_factory=list)
    lot: str = ""
    expiry: str = ""
    warnings: list[str] = field(default_factory=list)
    is_offline: bool = False
    is_late_entry: bool = False
    true_time: datetime | None = None
    taken_by: str = ""
    locks: list[str] = field(default_factory=list)
    outcome: str = "under way"
    why: str = ""
    discrepancies: list[str] = field(default_factory=list)
    instead_of: str = ""
    moved_from: str = ""
    moved_to: str = ""
    lots_present: list[str] = field(default_factory=list)

    @property
    def doer(self) -> str:
        """Who did it; of a late entry also who took it and when, which whoever enters it says."""
        if not self.is_late_entry or self.true_time is None:
            return self.person_name
        return f"{self.taken_by or self.person_name}, taken {self.true_time:%Y-%m-%d %H:%M}; entered late by {self.person_name}"

    def row(self) -> tuple[Cell, ...]:
        """Every field as a cell, in the order of `COLUMNS`."""
        return tuple(_cell(getattr(self, column.key)) for column in COLUMNS)


def _cell(value: object) -> Cell:
    if isinstance(value, bool):
        return "yes" if value else ""
    if isinstance(value, list):
        return "; ".join(str(one) for one in value)
    assert value is None or isinstance(value, str | int | datetime)
    return value


_SHOWN = {
    "asked_at": "Asked",
    "open_s": "Open s",
    "kind": "What",
    "doer": "Person",
    "witness_name": "Witness",
    "patient_name": "Patient",
    "pocket": "Pocket",
    "item_name": "Item",
    "authority": "Authority",
    "units_moved": "Units",
    "amount": "Amount",
    "beginning": "Begin",
    "entered": "Counted",
    "ending": "End",
    "outcome": "Outcome",
}
"""What paper has room for."""

COLUMNS = (
    *(Column(key, title) for key, title in _SHOWN.items()),
    *(Column(one.name, one.name.replace("_", " "), is_detail=True) for one in fields(Transaction) if one.name not in _SHOWN),
)
"""All of it: on paper the most telling, in CSV and JSON every field."""

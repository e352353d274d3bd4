"""What an answer is made of.

Alone knows: the fields of each answer, which the API shows as they are. Must not know: tables, HTTP.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CabinetRow:
    """One cabinet: how it is, how far its facts are held, and what people call it and where it stands; its id until it said so."""

    cabinet: str
    state: str
    mode: str
    since: str
    heard_at: str
    software: str
    epoch: int
    seq: int
    held_at: str
    name: str
    area: str


@dataclass(frozen=True, slots=True)
class StockRow:
    """One pocket with its balance by the facts."""

    cabinet: str
    pocket: str
    drawer: str
    item: str
    name: str
    strength: str
    form: str
    units: int
    unit: str
    count_mode: str
    par: int
    min: int
    critical_low: int
    status: str
    earliest_expiry: str | None
    last_counted_at: str | None
    count_basis: str


@dataclass(frozen=True, slots=True)
class NeedRow:
    """One line of what a cabinet needs."""

    cabinet: str
    pocket: str
    item: str
    name: str
    units: int
    min: int
    par: int
    units_needed: int
    urgency: str
    why: str
    at: str
    asked_at: str | None
    """When somebody at the cabinet asked for it, while nothing was put in since."""
    asked_by: str | None


@dataclass(frozen=True, slots=True)
class DiscrepancyRow:
    """A discrepancy, open until it is explained."""

    cabinet: str
    discrepancy: str
    epoch: int
    seq: int
    at: str
    pocket: str
    item: str
    expected: int
    counted: int | None
    basis: str
    since_seq: int
    resolved_at: str | None
    resolved_by: str | None
    reason: str | None


@dataclass(frozen=True, slots=True)
class AlertRow:
    """Something that a person must look at."""

    number: int
    cabinet: str
    code: str
    detail: str
    at: str


@dataclass(frozen=True, slots=True)
class TotalRow:
    """A fleet in numbers: cabinets, how many of them are online, and pockets by status; `empty_by_right` of those out miss nothing."""

    cabinets: int
    online: int
    failed: int
    quarantined: int
    expired: int
    unassigned: int
    out: int
    critical: int
    low: int
    over: int
    ok: int
    empty_by_right: int = 0

"""What ought to be in each pocket, how that is to be judged, and what is needed to bring it to par.

Alone knows: the status of a pocket and the rule of a restock need (contract, MQTT).
Must not know: how stock changes (`fold/`), or who is told.
Dates are text, YYYY-MM-DD, and compare as such; an item may be used up to and including its expiry.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil

from cabinet.domain.state import Line

OUT, CRITICAL, LOW, OVER, OK = "out", "critical", "low", "over", "ok"
FAILED, QUARANTINED, EXPIRED = "failed", "quarantined", "expired"


@dataclass(frozen=True, slots=True)
class Need:
    """What one pocket needs. `units_needed` brings it to par without what will have expired."""

    pocket: str
    item: str
    units: int
    min: int
    par: int
    units_needed: int
    urgency: str
    why: str


URGENCY = {"stock_out": "stat", "critical_low": "soon", "below_min": "routine", "expiring": "routine"}


FULL, HALF, BULK_LOW = "full", "half", "low"


def units_of(line: Line, level: str) -> int:
    """What a level of a bulk pocket stands for: full is par, half is half of it, low is the min. Raises KeyError for another word."""
    return {FULL: line.par, HALF: ceil(line.par / 2), BULK_LOW: line.min}[level]


def status(line: Line, today: str, *, is_failed: bool = False, is_quarantined: bool = False) -> str:
    """The first that holds: failed, quarantined, expired, out, critical, low, over, ok."""
    if is_failed:
        return FAILED
    if is_quarantined:
        return QUARANTINED
    expiry = line.earliest_expiry
    if expiry is not None and expiry < today:
        return EXPIRED
    units = line.units
    if units == 0:
        return OUT
    if units <= line.critical_low:
        return CRITICAL
    if units <= line.min:
        return LOW
    return OVER if units > line.par else OK


def need(line: Line, today: str, refill_interval_h: int) -> Need | None:
    """What a pocket needs by the next refill, or None. A part of a day counts as a day: expiries are dates."""
    horizon = (date.fromisoformat(today) + timedelta(days=ceil(refill_interval_h / 24))).isoformat()
    lasting = sum(batch.units for batch in line.batches if batch.expiry is None or batch.expiry >= horizon)
    units = line.units
    why = _why(line, units, lasting)
    if why is None:
        return None
    return Need(line.pocket, line.item, units, line.min, line.par, max(0, line.par - lasting), URGENCY[why], why)


def _why(line: Line, units: int, lasting: int) -> str | None:
    if not line.par and not units:
        return None  # it is to hold nothing: bags that patients brought lie there, or what is not ordered any more
    if units <= line.min:
        if units == 0:
            return "stock_out"
        return "critical_low" if units <= line.critical_low else "below_min"
    return "expiring" if lasting < units else None

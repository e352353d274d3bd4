"""What the roll need not know any more. Messages are kept for ever; who left long ago, and what was stopped long ago, is only in the way.

Alone knows: how long that is. Must not know: tables, messages.
"""

from dataclasses import dataclass
from datetime import timedelta

from cabinet.domain.vocabulary import parse_utc, utc_text
from central.hl7.roll import Roll, Standing, StandingOrder

LONG_AGO = timedelta(days=30)
"""After the last that was heard: longer than anything is resent, and than a stay that nobody ends is forgotten about."""

NEVER_ANYWHERE = timedelta(days=400)
"""Known by name alone, and in no ward of ours: kept for a yearly visit."""


@dataclass(frozen=True, slots=True)
class Old:
    """Ids that may go."""

    patients: tuple[str, ...]
    orders: tuple[str, ...]


def old_of(roll: Roll, now: str) -> Old:
    """What may go at `now` (UTC text). Nobody who lies on a ward, and no order that holds, is ever among them."""
    before, long_before = (utc_text(parse_utc(now) - age) for age in (LONG_AGO, NEVER_ANYWHERE))
    patients = tuple(known.patient for known in roll.patients.values() if _is_gone(known, before, long_before))
    gone = frozenset(patients)
    orders = tuple(known.order.order for known in roll.orders.values() if known.order.patient in gone or _is_over(known, before))
    return Old(patients, orders)


def _is_gone(known: Standing, before: str, long_before: str) -> bool:
    last = max(known.told_at, known.moved_at)
    if known.merged_into or known.left_at is not None:
        return last < before
    return not known.area and last < long_before


def _is_over(known: StandingOrder, before: str) -> bool:
    ended = known.at if known.status == "stopped" else known.order.stops
    return known.at < before and ended is not None and ended < before

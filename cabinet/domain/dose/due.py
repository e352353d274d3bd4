"""Which doses of an order remain due (ISMP 2019, 7): from its schedule, where the words tell one, and from what was taken out here.

Alone knows: when the next dose falls due, and how many are left. Must not know: what is warned of (`warning.py`), or how it is shown.

What was given is the record of administration's to say: this counts what this cabinet gave out. A schedule that cannot be read says
nothing, and neither does an order that does not hold now.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from cabinet.domain.dose.schedule import schedule_of
from cabinet.domain.orders import Order, Phase
from cabinet.domain.vocabulary import parse_utc, utc_text


class Stand(StrEnum):
    """How the next dose stands."""

    DUE = "due"
    AHEAD = "ahead"
    AS_NEEDED = "as_needed"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Due:
    """The next dose. `at`: since or from when, as records write moments; None: now, and no start is known. `left`: doses until it stops."""

    stand: Stand
    at: str | None
    left: int | None


def due_of(order: Order, taken: Sequence[str], now: str) -> Due | None:
    """What remains due of an order at `now`; `taken` are the moments at which it was taken out, the newest first. None: not known."""
    said = schedule_of(order.schedule)
    if order.phase(now) is not Phase.ACTIVE or said.is_running:
        return None
    if said.is_once:
        left = max(0, 1 + said.repeats - len(taken))
        return Due(Stand.DUE if left else Stand.DONE, order.starts if left and not taken else None, left)
    interval_min = order.interval_min or said.interval_min
    if not interval_min:
        return Due(Stand.AS_NEEDED, None, None) if said.is_prn else None
    interval = timedelta(minutes=interval_min)
    at = utc_text(parse_utc(taken[0]) + interval) if taken else order.starts
    if said.is_prn:
        return Due(Stand.AS_NEEDED, at if at is not None and at > now else None, None)
    remaining = _until(at or now, order.stops, interval)
    if remaining == 0:
        return Due(Stand.DONE, None, 0)
    return Due(Stand.AHEAD if at is not None and at > now else Stand.DUE, at, remaining)


def _until(first: str, stops: str | None, interval: timedelta) -> int | None:
    """How many doses there are from the first until an order stops; None: no end is known."""
    if stops is None:
        return None
    span = parse_utc(stops) - parse_utc(first)
    return max(0, -(-span // interval))

"""How the locks wear: the time from order to opening and the pulses that missed, lock by lock, and when that predicts a failure.

Alone knows: what is kept of each opening, and the rule of the prediction. Must not know: what is done about a lock that wears.

The first EARLY openings of a lock are its own measure; the last RECENT are held against it. People pull drawers and doors sooner or
later, so it is the quickest quarter of the openings that counts, not the middle: what a lock takes when nobody keeps it waiting. The times
are those of the journal, from the intent to the opening that was seen: the durable write and the scan are in them, early and late alike.

Worn is a lock whose quickest quarter has become SLOWER_PERMILLE of what it was and SLOWER_MS longer as well, or of whose last PULSES more
than MISSES_PERCENT missed. It blocks nobody: it stands on the technician's list.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median_low

from cabinet.domain.facts import Outcome
from cabinet.domain.lock.memory import Wear
from cabinet.domain.phrase import Phrase

WORN = "lock.worn"
EARLY, RECENT, PULSES = 50, 20, 40
SLOWER_PERMILLE, SLOWER_MS = 1500, 40
MISSES_PERCENT = 5
LONGEST_MS = 15_000
"""What took longer was no opening by that pulse, or the clock was set meanwhile."""

_EPOCH = datetime.fromisoformat("2000-01-01T00:00:00+00:00")


@dataclass(frozen=True, slots=True)
class Trend:
    """How a lock works: openings so far, quickest quarter at first and lately and middle lately (ms; None: too few), misses in percent."""

    cycles: int
    early_ms: int | None
    recent_ms: int | None
    median_ms: int | None
    misses_percent: int
    why: str


def intended(wear: Wear, at: datetime) -> None:
    """A pulse is about to be given."""
    wear.intended_ms = _ms(at)


def settled(wear: Wear, outcome: Outcome, at: datetime) -> None:
    """Looking is over for a pulse that may have been given. What nobody could see says nothing about the lock."""
    if outcome is Outcome.UNKNOWN:
        return
    _keep(wear.misses, int(outcome is Outcome.NOT_OPENED), PULSES)
    took_ms = _ms(at) - wear.intended_ms
    if outcome is Outcome.OPENED:
        wear.cycles += 1
        if 0 <= took_ms <= LONGEST_MS:
            if len(wear.early_ms) < EARLY:
                wear.early_ms.append(took_ms)
            _keep(wear.recent_ms, took_ms, RECENT)


def trend(wear: Wear) -> Trend:
    """What the openings of a lock add up to; `why` is empty unless it wears."""
    early = _quickest_quarter(wear.early_ms, EARLY)
    recent = _quickest_quarter(wear.recent_ms, RECENT)
    missed = sum(wear.misses)
    percent = 100 * missed // max(1, len(wear.misses))
    why = ""
    if early is not None and recent is not None and recent * 1000 > early * SLOWER_PERMILLE and recent > early + SLOWER_MS:
        why = Phrase("opens in {recent} ms, at first in {early} ms", recent=recent, early=early)
    elif len(wear.misses) == PULSES and 100 * missed > MISSES_PERCENT * PULSES:
        why = Phrase("{missed} of its last {pulses} pulses missed", missed=missed, pulses=PULSES)
    middle = median_low(wear.recent_ms) if wear.recent_ms else None
    return Trend(wear.cycles, early, recent, middle, percent, why)


def _quickest_quarter(times_ms: list[int], of: int) -> int | None:
    """The time that the quickest quarter stays within, once there are enough."""
    return sorted(times_ms)[of // 4 - 1] if len(times_ms) >= of else None


def _keep(kept: list[int], value: int, most: int) -> None:
    kept.append(value)
    del kept[:-most]


def _ms(at: datetime) -> int:
    return (at - _EPOCH) // timedelta(milliseconds=1)

"""The words of a schedule -> how often, and whether as needed, once or running.

Alone knows: the ways in which schedules are written ("every 4 hours as needed", "Q4H:PRN", "twice a day", "BID", "ONCE MR1").
Must not know: when anything was given. What is not known is said to be unknown: it never warns and never keeps anybody waiting.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

DAY_MIN = 24 * 60

TIMES_A_DAY = {
    "daily": 1, "once a day": 1, "every day": 1, "qd": 1, "hs": 1, "qhs": 1, "at bedtime": 1, "bedtime": 1, "qam": 1, "qpm": 1,
    "breakfast": 1, "lunch": 1, "dinner": 1, "noon": 1, "every evening": 1, "every morning": 1, "bid": 2, "twice a day": 2, "2x": 2,
    "tid": 3, "three times a day": 3, "3x/day": 3, "before meals": 3, "tid w/meals": 3, "qid": 4, "four times a day": 4, "qidachs": 4,
    "5x/day": 5, "every other day": 0.5,
}  # fmt: skip
"""The longest of these that the schedule begins with counts."""

EVERY = re.compile(r"(?:q|every)\s*(?P<count>[0-9]+)?\s*(?:-\s*)?(?P<unit>min|minutes?|h|hrs?|hours?|days?)\b")
PRN = re.compile(r"\bprn\b|as needed|if needed")
ONCE = re.compile(r"\bonce\b(?! a| daily)|\bx1\b|\b1x\b|\bstat\b|\bnow\b|on call|\bmrx1\b")
REPEAT = re.compile(r"\bmr\s*x?\s*([0-9])\b")
RUNNING = re.compile(r"infusion|titrate|continuous|\bdrip\b|\bpca\b")


@dataclass(frozen=True, slots=True)
class Schedule:
    """`interval_min` is the least time between two doses; None where the words do not tell. A single dose may repeat `repeats` times."""

    interval_min: int | None
    is_prn: bool
    is_once: bool
    is_running: bool
    repeats: int = 0


@lru_cache(maxsize=1024)
def schedule_of(words: str) -> Schedule:
    """What the words say."""
    said = " ".join(words.split()).casefold()
    repeat = REPEAT.search(said)
    return Schedule(
        _interval_min(said), bool(PRN.search(said)), bool(ONCE.search(said)), bool(RUNNING.search(said)), int(repeat[1]) if repeat else 0
    )


def _interval_min(said: str) -> int | None:
    every = EVERY.search(said)
    if every is not None:
        minutes = 1 if every["unit"].startswith("min") else 60 if every["unit"].startswith("h") else DAY_MIN
        return int(every["count"] or 1) * minutes or None
    known = [word for word in TIMES_A_DAY if re.match(rf"{re.escape(word)}(?![a-z0-9])", said)]
    return None if not known else int(DAY_MIN / TIMES_A_DAY[max(known, key=len)])

"""The reason of an advice in words: what was asked, what it has to last, what is to be expected, and what stood in the way.

Alone knows: the sentences. Must not know: how anything in them is worked out.
"""

from collections.abc import Sequence
from enum import StrEnum

import numpy as np

from central.par.distribution import Family
from central.par.rule import Levels
from central.par.study import Prospect, Study

FEW_PATIENTS = 5
NEARLY_ALWAYS = 99.5
LEAST_PERCENT = 0.01
FAMILIES = {
    Family.POISSON: "evenly spread",
    Family.NEGATIVE_BINOMIAL: "in bursts",
    Family.INTERMITTENT: "now and then, and then several at once",
}


class Limit(StrEnum):
    """What kept the advice from being what the numbers alone say, or the numbers from being what they should."""

    HELD = "held"
    EMERGENCY = "emergency"
    ROOM = "room"
    UNSAFE = "unsafe"


def silence(days: float) -> str:
    """Why there is no advice."""
    return f"Nobody asked for it in {days:.0f} days, and no other cabinet knows it: what stands there stays."


def reason(found: Study, levels: Levels, free: Levels, expected: Prospect, now: Prospect | None, limits: Sequence[Limit]) -> str:
    """Whole sentences, the most important first."""
    sentences = [_limit(limit, found, free) for limit in limits]
    sentences += [_asked(found), _lasts(found, levels), f"Expected: {_prospect(expected, found)}."]
    if now is not None and found.pocket.levels not in {levels, None}:
        sentences.append(f"As it stands: {_prospect(now, found)}.")
    return " ".join(sentences)


def _limit(limit: Limit, found: Study, free: Levels) -> str:
    pocket = found.pocket
    numbers = f"par {free.par}, min {free.min}, critical low {free.critical_low}"
    if limit is Limit.HELD and pocket.hold is not None:
        word = "Pinned" if pocket.hold.until_min is None else "Frozen"
        return f"{word} by {pocket.hold.by}: {pocket.hold.reason.rstrip('.')}. The numbers alone say {numbers}."
    if limit is Limit.EMERGENCY:
        return f"An emergency item is never lowered; the numbers alone say {numbers}."
    if limit is Limit.ROOM:
        return f"The pocket holds no more than {pocket.capacity}."
    return f"Nothing that fits keeps what is promised of its class ({pocket.criticality}): a larger or a second pocket is needed."


def _asked(found: Study) -> str:
    history = found.history
    asked = f"{found.outlook.units_per_day:.2g} units a day, {FAMILIES[found.outlook.family]}, over {history.days:.0f} days"
    few = (
        f", from hardly more than {max(found.outlook.patients, 1):.0f} patients, so with much doubt"
        if found.outlook.patients < FEW_PATIENTS
        else ""
    )
    refused = sum(not demand.is_met for demand in history.demands)
    missed = f", {refused} of the {len(history.demands)} times refused and counted" if refused else ""
    return f"Asked for: {asked}{few}{missed}."


def _lasts(found: Study, levels: Levels) -> str:
    hours = max(end - start for start, end in found.calendar.spans(0, 14 * 24 * 60)) + found.calendar.lead_min
    chances = np.cumsum(found.outlook.protected.chances(max(levels.min, 1) + 1))
    lasts = 100 * float(chances[levels.min])
    keeps = "" if found.pocket.shelf_life_days is None else f" It keeps {found.pocket.shelf_life_days} days."
    return f"From one list until the next is on the shelf ({hours / 60:.0f} h at most), min {levels.min} is enough {_often(lasts)}.{keeps}"


def _often(percent: float) -> str:
    return f"{percent:.0f} times of 100" if percent < NEARLY_ALWAYS else "more than 99 times of 100"


def _percent(rate: float) -> str:
    """As the table beside it has it: nobody reads 2.8e-05."""
    return "under 0.01" if 0 < rate < LEAST_PERCENT else f"{rate:.2g}"


def _prospect(prospect: Prospect, found: Study) -> str:
    lost = f", {prospect.outdates_per_year:.1f} units outdated" if found.pocket.shelf_life_days is not None else ""
    rate = 100 * prospect.stock_out_rate
    calls, refills = prospect.calls_per_year, prospect.refills_per_year
    return f"{_percent(rate)} % of withdrawals refused; in a year {calls:.1f} calls in between and {refills:.0f} refills{lost}"

"""What a history tells about what is still to be asked: level, burstiness, and how much of it is doubt.

Alone knows: which stretches of time matter between two refills, and how little data is helped out by the hospital's. Must not know: pars,
costs. Whoever calls it loads scipy.
"""

from dataclasses import dataclass

from central.par.calendar import Calendar
from central.par.distribution import Distribution, Family, fit
from central.par.history import DAY_MIN, History, Stretch, patients_behind, stretches
from central.par.rule import Elsewhere, Rules

YEAR_DAYS = 365


@dataclass(frozen=True, slots=True)
class Outlook:
    """Demand from one list to the next, until the list after it has arrived, and until this one has; doubt in the first two.

    `patients`: how many equal ones stand behind it; `known`: with those that the rules add; `most`: that a protection interval ever saw.
    """

    between: Distribution
    protected: Distribution
    leading: Distribution
    family: Family
    units_per_day: float
    attempts_per_day: float
    patients: float
    known: float
    most: int


def outlook(history: History, calendar: Calendar, rules: Rules, elsewhere: Elsewhere | None) -> Outlook | None:
    """What is to be expected here; None where neither this cabinet nor the hospital knows of any demand."""
    spans = calendar.spans(history.from_min, history.to_min)
    between = stretches(history, spans)
    protected = stretches(history, [(start, end + calendar.lead_min) for start, end in spans if end + calendar.lead_min <= history.to_min])
    leading = stretches(history, [(start, start + calendar.lead_min) for start, _ in spans])
    list_days, lead_days = YEAR_DAYS / calendar.rounds_per_year, calendar.lead_min / DAY_MIN
    here = history.units / history.days
    fits = [
        _fitted(sample, here * days) for sample, days in ((between, list_days), (protected, list_days + lead_days), (leading, lead_days))
    ]
    own = fits[0].units / list_days
    patients = patients_behind(history)
    level = _level(own, patients, elsewhere, rules)
    if level == 0:
        return None
    known = patients + rules.prior_patients
    if own == 0:
        fits = [Distribution(Family.POISSON, level * days) for days in (list_days, list_days + lead_days, lead_days)]
    factor = level / own if own else 1.0
    return Outlook(
        fits[0].widened(known, factor),
        fits[1].widened(known, factor),
        fits[2].scaled(factor),
        fits[1].family,
        level,
        level * len(history.demands) / history.units if history.units else level,
        patients,
        known,
        max((stretch.units for stretch in protected), default=0),
    )


def _fitted(sample: list[Stretch], expected: float) -> Distribution:
    """Fitted where anything was asked in the sample; else a Poisson of what the whole history says."""
    return fit(sample) if any(stretch.units for stretch in sample) else Distribution(Family.POISSON, expected)


def _level(own: float, patients: float, elsewhere: Elsewhere | None, rules: Rules) -> float:
    """Units a day, drawn towards the hospital's other cabinets the more, the fewer patients stand behind what was seen here."""
    if elsewhere is None:
        return own
    seen = max(patients, 1.0)
    return (seen * own + rules.prior_patients * elsewhere.units_per_day) / (seen + rules.prior_patients)

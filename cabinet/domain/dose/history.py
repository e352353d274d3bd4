"""What a patient had lately, as far as this cabinet knows: the withdrawals of the last days, as doses.

Alone knows: how withdrawals add up, and how long ago the last one was. Must not know: what is warned of (`warning.py`), or how
withdrawals are remembered and forgotten (`withdrawal/`).
"""

from collections.abc import Iterable
from datetime import timedelta

from cabinet.domain.dose.amount import PIECE_STEPS, Amount, Dose
from cabinet.domain.dose.portion import holds, units_m
from cabinet.domain.dose.reading import parse
from cabinet.domain.formulary import Formulary, Item
from cabinet.domain.orders import Patient
from cabinet.domain.vocabulary import ItemId, parse_utc
from cabinet.domain.withdrawal.memory import Withdrawal

DAY = timedelta(hours=24)


def minutes_between(earlier: str, later: str) -> int:
    """Whole minutes from one moment to another, as records write them."""
    return int((parse_utc(later) - parse_utc(earlier)).total_seconds() // 60)


def had(withdrawals: Iterable[Withdrawal], patient: Patient, at: str) -> list[Withdrawal]:
    """What was taken out for this patient before `at` and not wholly returned or wasted, the newest first."""
    whose = patient.id
    kept = [one for one in withdrawals if one.patient == whose and one.left_m > 0 and one.at <= at]
    return sorted(kept, key=lambda one: (one.at, one.seq), reverse=True)


def of_substance(taken: Iterable[Withdrawal], item: Item, formulary: Formulary) -> list[Withdrawal]:
    """Those of the same substance, in whatever strength and form."""
    return [one for one in taken if (other := formulary.get(ItemId(one.item))) is not None and other.substance == item.substance]


def sum_of_day(taken: Iterable[Withdrawal], item: Item, formulary: Formulary, patient: Patient, at: str) -> int:
    """How much of the item's substance the patient had in the 24 hours before `at`, in steps of the measure of its `max_daily`."""
    assert item.max_daily is not None
    since = parse_utc(at) - DAY
    lately = [one for one in of_substance(taken, item, formulary) if parse_utc(one.at) > since]
    return sum(_given(one, formulary[ItemId(one.item)], patient, item.max_daily) for one in lately)


def _given(one: Withdrawal, item: Item, patient: Patient, like: Amount) -> int:
    """What was given of one withdrawal: what is left of it, but no more than its order says (the rest may yet be wasted)."""
    said = next((parse(order.dose) for order in patient.orders if order.id == one.order), None)
    given_m = one.left_m
    if isinstance(said, Dose) and not said.is_per_kg and isinstance(dose_m := units_m(item, said.high), int):
        given_m = min(given_m, dose_m)
    return in_measure(item, given_m, like)


def in_measure(item: Item, of_m: int, like: Amount) -> int:
    """So many thousandths of a unit in steps of the measure of `like`; 0, where one unit is not known to hold any."""
    held = next((held for held in holds(item) if held.measure is like.measure), None)
    return 0 if held is None else held.times(of_m, PIECE_STEPS).value

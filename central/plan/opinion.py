"""An opinion on a cabinet: advice for every pocket from its own history, which items to take in or out, and both sets of pars lived again.

Alone knows: in which order advice is found for a whole cabinet, and how several pockets of one item are one. Must not know: tables, jobs,
HTTP. Whoever calls it loads scipy.
"""

from collections.abc import Callable, Mapping, Sequence

from central.par.advice import Advice, choose
from central.par.history import History
from central.par.range import take_in, take_out
from central.par.reason import silence
from central.par.rule import Criticality, Elsewhere, Levels
from central.par.spread import spread
from central.par.study import Prospect, Study, study
from central.plan.case import ROOMY, Case, Stood, levels_by_item, lived, pocket_of
from central.plan.share import shared
from central.plan.value import Advised, Expected, Numbers, Opinion, Ranged

Progress = Callable[[int, int], None]
"""Told of how many items of how many are done."""


def opinion(case: Case, progress: Progress = lambda _done, _all: None, *, more_stock: bool = True) -> Opinion:
    """Advice on everything. Without `more_stock` the pockets together hold no more on average than they do today: it is better spread."""
    by_item: dict[str, list[Stood]] = {}
    for one in case.pockets:
        by_item.setdefault(one.item, []).append(one)
    histories = {history.item: history for history in case.histories}
    studies: dict[str, Study] = {}
    advice: dict[str, Advice] = {}
    for place, (item, stood) in enumerate(sorted(by_item.items())):
        progress(place, len(by_item))
        pocket, history = pocket_of(case, stood), histories.get(item)
        elsewhere = Elsewhere(case.elsewhere[item]) if item in case.elsewhere else None
        found = None if history is None else study(history, case.calendar, pocket, case.rules, elsewhere)
        if found is None:
            days = 0.0 if history is None else history.days
            advice[item] = Advice(item, pocket.levels, pocket.levels, None, silence(days))
        else:
            studies[item], advice[item] = found, choose(found, case.rules.shelf_price)
    if not more_stock:
        advice |= _no_more(list(studies.values()), advice)
    progress(len(by_item), len(by_item))
    return _told(case, by_item, advice, histories)


def _no_more(studies: Sequence[Study], advice: Mapping[str, Advice]) -> dict[str, Advice]:
    def worth(prospects: Sequence[Prospect | None]) -> float:
        return sum(one.stock_value for one in prospects if one is not None)

    mine = [advice[one.history.item] for one in studies]
    today = worth([one.now for one in mine])
    if worth([one.expected for one in mine]) <= today:
        return {}
    return {one.item: one for one in spread(studies, today)}


def _told(case: Case, by_item: Mapping[str, Sequence[Stood]], advice: Mapping[str, Advice], histories: Mapping[str, History]) -> Opinion:
    pockets = [one for item, stood in by_item.items() for one in _pockets(case, stood, advice[item])]
    ranged = take_out(case.histories, {item: pocket_of(case, stood) for item, stood in by_item.items()}, case.rules)
    ranged += take_in(case.sent, list(by_item), case.rules)
    now = lived(case, levels_by_item(case.pockets))
    then = lived(case, {item: one.levels for item, one in advice.items() if one.levels is not None})
    return Opinion(
        case.cabinet, case.made_at, max((one.days for one in histories.values()), default=0.0),
        tuple(sorted(pockets, key=lambda one: (not one.is_change, one.pocket))),
        tuple(Ranged(one.item, case.names.get(one.item, one.item), one.is_added, one.reason) for one in ranged), now, then,
    )  # fmt: skip


def _pockets(case: Case, stood: Sequence[Stood], advice: Advice) -> list[Advised]:
    """The advice for each pocket of an item. What cannot be told apart for each, what is expected, is said of the item."""
    rooms = [ROOMY if one.capacity is None else one.capacity for one in stood]
    was = [one.levels for one in stood]
    parts = was if advice.free is None or advice.is_held or advice.levels is None else shared(advice.levels, was, rooms)
    several = f" It stands in {len(stood)} pockets; what is expected is said of all together." if len(stood) > 1 else ""
    return [
        Advised(
            one.pocket, one.item, one.name, _numbers(one.levels), None if advice.free is None else _numbers(part), advice.reason + several,
            str(case.marks.get(one.item, Criticality.ORDINARY)), advice.is_held, one.capacity, advice.units_per_day,
            "" if advice.family is None else str(advice.family), _expected(advice.now), _expected(advice.expected),
        )
        for one, part in zip(stood, parts, strict=True)
    ]  # fmt: skip


def _numbers(levels: Levels) -> Numbers:
    return Numbers(levels.par, levels.min, levels.critical_low)


def _expected(prospect: Prospect | None) -> Expected | None:
    if prospect is None:
        return None
    return Expected(
        prospect.stock_out_rate, prospect.calls_per_year, prospect.refills_per_year, prospect.outdates_per_year, prospect.stock_value
    )

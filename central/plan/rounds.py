"""The rounds that a pharmacy goes, as the calendar that pars are found for.

Alone knows: which rounds come to a cabinet. Must not know: what is on a list, how a par is found.
"""

from central.par.calendar import Calendar
from central.par.history import WEEK_MIN
from config.pars import Pars
from config.restock import DAYS, Restock

NIGHTLY_MIN = 180
"""While no round is named: each day at three in the morning."""


def calendar_of(pars: Pars, restock: Restock, cabinet: str, area: str = "") -> Calendar:
    """When lists are drawn up for a cabinet in a care area, by the hospital's clock."""
    groups = {one.id for one in restock.areas if cabinet in one.cabinets}
    mine = [one for one in restock.rounds if not one.route or {cabinet, area, *groups} & set(one.route)]
    minutes = {
        DAYS.index(day) * 1440 + at.hour * 60 + at.minute for one in mine for day in one.days for at in one.at
    } or {day * 1440 + NIGHTLY_MIN for day in range(7)}  # fmt: skip
    lists = tuple(sorted(minutes))
    shortest = min(later - earlier for earlier, later in zip(lists, (*lists[1:], lists[0] + WEEK_MIN), strict=True))
    return Calendar(lists, min(pars.lead_minutes, shortest - 1), pars.call_minutes)

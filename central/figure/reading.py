"""Tallies from stored lines, spells of shelves and discrepancies: by cabinet and day, each a question that the database sums itself.

Alone knows: which rows count for which number. Must not know: what a figure is made of them, HTTP.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, String, bindparam, text

from cabinet.domain.vocabulary import parse_utc
from central.activity.line import DONE, NOT_THERE, OVERRIDES, TAKING
from central.database.place import Database
from central.figure.tally import TICK_MS, Tally

Tallies = dict[tuple[str, str], Tally]
"""By cabinet and day (UTC)."""


def _in(values: Collection[str]) -> str:
    return "(" + ", ".join(f"'{value}'" for value in sorted(values)) + ")"


_TAKE = f"kind in {_in(TAKING)} and moved_to = ''"
_TAKEN = f"{_TAKE} and phase in {_in(DONE)} and units > 0"
_REFUSED = f"{_TAKE} and phase = 'refused' and code in {_in(NOT_THERE)}"
_SHORT = f"{_TAKEN} and units < asked and left_units = 0"
_OVERRIDE = f"{_TAKEN} and (authority in {_in(OVERRIDES)} or kind = 'emergency')"
_FILLED = f"kind = 'refill' and phase in {_in(DONE)} and units > 0"

_SUMS = {
    "attempts": f"case when ({_TAKEN}) or ({_REFUSED}) then 1 else 0 end",
    "short": f"case when ({_SHORT}) or ({_REFUSED}) then 1 else 0 end",
    "withdrawals": f"case when {_TAKEN} then 1 else 0 end",
    "issued_m": f"case when {_TAKEN} then units * 1000 - back_m else 0 end",
    "ordered": f"case when {_TAKEN} and kind <> 'emergency' and authority = 'order' then 1 else 0 end",
    "overrides": f"case when {_OVERRIDE} then 1 else 0 end",
    "unlinked": f"case when {_OVERRIDE} and order_id = '' and is_linked = 0 then 1 else 0 end",
    "refills": f"case when {_FILLED} then 1 else 0 end",
    "urgent_refills": f"case when {_FILLED} and found in ('out', 'critical') then 1 else 0 end",
    "counts": "counts",
    "variances": "variances",
    "controlled": f"case when item in :controlled and phase in {_in(DONE)} then 1 else 0 end",
}
_COLUMNS = ", ".join(f"sum({what}) as {name}" for name, what in _SUMS.items())
_WITHIN = "at >= :begin and at < :end"
_LINES = f"select cabinet, substr(at, 1, 10) as day, {_COLUMNS} from activity where {_WITHIN} {{of}} group by 1, 2"  # noqa: S608 - constants
_WAITS = f"""
    select cabinet, substr(at, 1, 10) as day, open_ms / {TICK_MS} as tick, count(*) as number from activity
    where {_WITHIN} and kind in {_in(TAKING)} and open_ms is not null {{of}} group by 1, 2, 3"""  # noqa: S608 - constants
_SHELF = "select cabinet, day, pocket_s, empty_s, shut_s, unit_s from shelf_day where day >= :first and day < :last {of}"
_FOUND = f"select cabinet, substr(at, 1, 10) as day, count(*) as number from discrepancy where {_WITHIN} {{of}} group by 1, 2"  # noqa: S608
_RESOLVED = "select cabinet, at, resolved_at from discrepancy where resolved_at >= :begin and resolved_at < :end {of}"
NOBODY = ("",)


class Reading:
    """Of one database. `controlled`: the items whose accesses a rate of discrepancies is told of."""

    def __init__(self, database: Database, controlled: Collection[str] = ()) -> None:
        self._database, self._items = database, controlled

    @property
    def _controlled(self) -> tuple[str, ...]:
        return tuple(self._items) or NOBODY

    @property
    def rule(self) -> str:
        """What counts for which number, in a form that differs where that does."""
        return sha256(repr((_LINES, _WAITS, _SHELF, sorted(self._controlled))).encode()).hexdigest()

    def tallies(self, first: str, last: str) -> Tallies:
        """From the day `first` to just before the day `last` (YYYY-MM-DD, UTC)."""
        with self._database.reading() as conn:
            return self.tallies_on(conn, first, last)

    def tallies_on(self, conn: Connection, first: str, last: str, cabinets: Collection[str] | None = None) -> Tallies:
        """The same in a transaction of the caller's; of these cabinets, or of all."""
        found: Tallies = defaultdict(Tally)
        values: dict[str, object] = {"begin": first, "end": last, "first": first, "last": last, "controlled": self._controlled}

        def ask(question: str) -> Sequence[Any]:
            narrowed = question.format(of="" if cabinets is None else "and cabinet in :cabinets")
            names = [name for name in ("controlled", "cabinets") if f":{name}" in narrowed]
            asked = text(narrowed).bindparams(*(bindparam(name, expanding=True, type_=String) for name in names))
            given = {**values, "cabinets": list(cabinets or ())}
            return conn.execute(asked, {name: given[name] for name in asked.compile().params}).all()

        for row in ask(_LINES):
            tally = found[row.cabinet, row.day]
            for name in _SUMS:
                setattr(tally, name, int(getattr(row, name)))
        for row in ask(_WAITS):
            found[row.cabinet, row.day].waits[row.tick] = row.number
        for row in ask(_SHELF):
            tally = found[row.cabinet, row.day]
            tally.pocket_s, tally.empty_s, tally.shut_s, tally.unit_s = row.pocket_s, row.empty_s, row.shut_s, row.unit_s
        for row in ask(_FOUND):
            found[row.cabinet, row.day].found = row.number
        for row in ask(_RESOLVED):
            hours = (parse_utc(row.resolved_at) - parse_utc(row.at)).total_seconds() / 3600
            found[row.cabinet, row.resolved_at[:10]].resolved_h.append(hours)
        return dict(found)

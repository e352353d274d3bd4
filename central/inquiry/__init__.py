"""Every question that pages and the API ask of the store.

Alone knows: which tables answer which question, and how much is answered at once.
Must not know: who writes the rows, HTTP, HTML.

A balance is always the server's own fold of facts; names, expiry and the states that only the cabinet can see (failed, quarantined,
expired) come from its latest stock report. Every question is answered through an index, and none counts a fleet: totals are kept.
"""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import msgspec
from sqlalchemy import text

from central.database.place import Database
from central.database.table.pocket import EMPTY_BY_RIGHT, STATUSES
from central.inquiry.row import AlertRow, CabinetRow, DiscrepancyRow, NeedRow, StockRow, TotalRow

URGENT = ("failed", "quarantined", "expired", "out", "critical", "low", "over", "ok")
"""Statuses by how much they need somebody."""
PAGE = 1000
"""No answer is longer; what follows is asked for from where an answer ends."""

_CABINETS = """
    select k.cabinet, k.state, k.mode, k.since, k.heard_at, k.software, case when k.newest > 0 then k.newest else k.epoch end,
        coalesce(h.seq, 0), coalesce(h.held_at, ''), case when k.name <> '' then k.name else k.cabinet end, k.area
    from cabinet k left join head h on h.cabinet = k.cabinet and h.epoch = k.newest
    where (k.heard_at <> '' or k.newest > 0)"""
_STOCK = """
    select p.cabinet, p.pocket, coalesce(p.drawer, ''), coalesce(p.item, ''), p.told_item, p.name, coalesce(p.strength, ''),
        coalesce(p.form, ''), p.units, coalesce(p.unit, 'units'), coalesce(p.count_mode, 'units'), coalesce(p.par, 0), coalesce(p.min, 0),
        coalesce(p.critical_low, 0), p.status, p.expiry, p.counted_at, coalesce(p.count_basis, 'journal')
    from pocket p join cabinet k on k.cabinet = p.cabinet and k.newest = p.epoch where 1 = 1"""
_FACTS = """
    select epoch, seq, id, at, type, access, staff, witness, body, prev_hash, hash from fact
    where cabinet = :cabinet and epoch = :epoch and seq > :since order by seq limit :limit"""
_DISCREPANCIES = """
    select cabinet, discrepancy, epoch, seq, at, pocket, item, expected, counted, basis, since_seq, resolved_at, resolved_by, reason
    from discrepancy where 1 = 1"""
_RANK = "case p.status " + " ".join(f"when '{status}' then {rank}" for rank, status in enumerate(URGENT)) + " else 99 end"
_EMPTY = f"select count(*) from pocket p join cabinet k on k.cabinet = p.cabinet and k.newest = p.epoch where {EMPTY_BY_RIGHT}"  # noqa: S608 - a constant
_TOTALS = ", ".join(f'coalesce(sum(t."{status}"), 0)' for status in STATUSES)
_said = cache(text)  # a question is taken apart once


class Inquiry:
    """Questions to one database. `names` gives an item's name until its cabinet has reported it."""

    def __init__(self, database: Database, names: Mapping[str, str] | None = None) -> None:
        self._database = database
        self.names: Mapping[str, str] = names or {}

    def _ask(self, question: str, **values: Any) -> list[Any]:
        with self._database.reading() as conn:
            return list(conn.execute(_said(question), values))

    def balances(self, cabinet: str) -> dict[str, int]:
        """Units by pocket of a cabinet's newest epoch."""
        question = """
            select p.pocket, p.units from cabinet k join pocket p on p.cabinet = k.cabinet and p.epoch = k.newest
            where k.cabinet = :cabinet order by p.pocket"""
        return {row[0]: row[1] for row in self._ask(question, cabinet=cabinet)}

    def cabinets(self, cabinet: str | None = None, *, after: str = "", limit: int = PAGE) -> list[CabinetRow]:
        """Cabinets that were ever heard of, by name from the one `after`; or one."""
        if cabinet is not None:
            return [CabinetRow(*row) for row in self._ask(_CABINETS + " and k.cabinet = :cabinet", cabinet=cabinet)]
        return [
            CabinetRow(*row)
            for row in self._ask(_CABINETS + " and k.cabinet > :after order by k.cabinet limit :limit", after=after, limit=limit)
        ]

    def totals(self) -> TotalRow:
        """How many pockets of all cabinets are in each status."""
        question = f"select {_TOTALS} from cabinet k join total t on t.cabinet = k.cabinet and t.epoch = k.newest"  # noqa: S608 - a constant
        counts = dict(zip(STATUSES, self._ask(question)[0], strict=True))
        online, known = self._ask("select coalesce(sum(case when state = 'online' then 1 else 0 end), 0), count(*) from cabinet")[0]
        empty = self._ask(_EMPTY)
        statuses = {status: int(count) for status, count in counts.items()}
        return TotalRow(cabinets=int(known), online=int(online), **statuses, empty_by_right=int(empty[0][0]))

    def shortest(self, limit: int, *, beyond: int = 0) -> list[str]:
        """The cabinets with the most pockets that are out, critical or low, the worst first, leaving out the first `beyond`."""
        question = """
            select t.cabinet from total t join cabinet k on k.cabinet = t.cabinet and k.newest = t.epoch
            order by t.short desc, t.cabinet limit :limit offset :beyond"""
        return [row[0] for row in self._ask(question, limit=limit, beyond=beyond)]

    def stock(
        self, *, cabinet: str | None = None, item: str | None = None, status: str | None = None, after: tuple[str, str] | None = None,
        limit: int = PAGE,
    ) -> list[StockRow]:  # fmt: skip
        """Pockets by cabinet and pocket, from the one `after`; narrowed by cabinet, item and status."""
        question, values = _STOCK, {"limit": limit}
        for column, value in (("cabinet", cabinet), ("item", item), ("status", status)):
            if value is not None:
                question += f" and p.{column} = :{column}"
                values[column] = value  # type: ignore[assignment]
        if status is not None and status != "ok":
            question += " and p.status <> 'ok'"  # what the index is of
        if after is not None:
            question += " and (p.cabinet, p.pocket) > (:after_cabinet, :after_pocket)"
            values |= {"after_cabinet": after[0], "after_pocket": after[1]}  # type: ignore[dict-item]
        rows = self._ask(question + " order by p.cabinet, p.pocket limit :limit", **values)
        return [self._stock_row(*row) for row in rows]

    def shelf(self, cabinet: str, limit: int = PAGE) -> list[StockRow]:
        """A cabinet's assigned pockets, those first that need somebody."""
        question = f"{_STOCK} and p.cabinet = :cabinet and p.status <> 'unassigned' order by {_RANK}, p.pocket limit :limit"
        return [self._stock_row(*row) for row in self._ask(question, cabinet=cabinet, limit=limit)]

    def short(self, cabinet: str) -> int:
        """How many of a cabinet's pockets are out, critical or low."""
        question = "select t.short from cabinet k join total t on t.cabinet = k.cabinet and t.epoch = k.newest where k.cabinet = :cabinet"
        found = self._ask(question, cabinet=cabinet)
        return found[0][0] if found else 0

    def _stock_row(
        self, cabinet: str, pocket: str, drawer: str, item: str, told_item: str | None, name: str | None, *rest: Any
    ) -> StockRow:
        strength, form, units, unit, count_mode, par, minimum, critical_low, status, expiry, counted_at, basis = rest
        if told_item != item or name is None:
            name, strength, form, unit, expiry = self.names.get(item, item), "", "", "units", None
        return StockRow(
            cabinet, pocket, drawer, item, name, strength, form, units, unit, count_mode, par, minimum, critical_low, status, expiry,
            counted_at, basis,
        )  # fmt: skip

    def restock(self, cabinet: str | None = None, *, limit: int = PAGE, beyond: int = 0) -> list[NeedRow]:
        """What cabinets need, the most urgent first, leaving out the first `beyond`."""
        where = "" if cabinet is None else "where n.cabinet = :cabinet"
        question = f"""
            select n.cabinet, n.pocket, n.item, units, min, par, units_needed, urgency, why, n.at, asked_at, a.staff
            from need n left join refill_call a on a.cabinet = n.cabinet and a.pocket = n.pocket and a.at = asked_at {where}
            order by rank, n.cabinet, n.pocket limit :limit offset :beyond"""  # noqa: S608 - a constant
        rows = self._ask(question, limit=limit, beyond=beyond, **({} if cabinet is None else {"cabinet": cabinet}))
        return [NeedRow(row[0], row[1], row[2], self.names.get(row[2], row[2]), *row[3:]) for row in rows]

    def facts(self, cabinet: str, since: int = 0, *, epoch: int | None = None, limit: int = PAGE) -> list[dict[str, Any]]:
        """Facts after `since`, in order, as the JSON objects of the contract; of the newest epoch where none is named."""
        if epoch is None:
            newest = self._ask("select newest from cabinet where cabinet = :cabinet", cabinet=cabinet)
            epoch = newest[0][0] if newest else 0
        rows = self._ask(_FACTS, cabinet=cabinet, epoch=epoch, since=since, limit=min(limit, PAGE))
        return [{**row._mapping, "body": msgspec.json.decode(row.body)} for row in rows]  # noqa: SLF001 - SQLAlchemy's public name

    def epochs(self, cabinet: str) -> list[tuple[int, int, str]]:
        """(epoch, highest fact held without a gap, its hash) of a cabinet's journals, the oldest first."""
        return [
            tuple(row)
            for row in self._ask("select epoch, seq, hash from head where cabinet = :cabinet and seq > 0 order by epoch", cabinet=cabinet)
        ]

    def history(self, cabinet: str) -> Iterator[dict[str, Any]]:
        """Every fact of a cabinet, epoch after epoch, a page at a time."""
        for epoch, last, _ in self.epochs(cabinet):
            since = 0
            while since < last and (page := self.facts(cabinet, since, epoch=epoch)):
                yield from page
                since = page[-1]["seq"]

    def discrepancies(
        self, cabinet: str | None = None, *, is_open: bool | None = None, limit: int = PAGE, is_oldest_first: bool = False
    ) -> list[DiscrepancyRow]:
        """Discrepancies, the latest first unless asked otherwise; only open or only explained ones where asked."""
        question, values = _DISCREPANCIES, {"limit": limit}
        if cabinet is not None:
            question += " and cabinet = :cabinet"
            values["cabinet"] = cabinet  # type: ignore[assignment]
        if is_open is not None:
            question += f" and resolved_at is {'' if is_open else 'not '}null"
        order = "order by at, discrepancy" if is_oldest_first else "order by at desc, discrepancy desc"
        return [DiscrepancyRow(*row) for row in self._ask(f"{question} {order} limit :limit", **values)]

    def open_discrepancies(self, cabinet: str | None = None) -> int:
        """How many discrepancies wait to be explained."""
        where = "" if cabinet is None else "and cabinet = :cabinet"
        question = f"select count(*) from discrepancy where resolved_at is null {where}"  # noqa: S608 - a constant
        return int(self._ask(question, **({} if cabinet is None else {"cabinet": cabinet}))[0][0])

    def reasons(self, cabinet: str | None = None, limit: int = PAGE) -> list[tuple[str, int]]:
        """How the latest discrepancies that are explained were, and how often."""
        where = "" if cabinet is None else "and cabinet = :cabinet"
        question = f"""
            select coalesce(reason, ''), count(*) from (select reason from discrepancy where resolved_at is not null {where}
            order by at desc, discrepancy desc limit :limit) latest group by 1 order by 2 desc, 1"""  # noqa: S608 - a constant
        return [(row[0], row[1]) for row in self._ask(question, limit=limit, **({} if cabinet is None else {"cabinet": cabinet}))]

    def alerts(self, cabinet: str | None = None, *, limit: int = PAGE) -> list[AlertRow]:
        """Alerts, the latest first."""
        where = "" if cabinet is None else "where cabinet = :cabinet"
        question = f"select number, cabinet, code, detail, at from alert {where} order by number desc limit :limit"  # noqa: S608 - a constant
        return [AlertRow(*row) for row in self._ask(question, limit=limit, **({} if cabinet is None else {"cabinet": cabinet}))]

    def report(self, cabinet: str, kind: str) -> dict[str, Any] | None:
        """The newest report of a kind (restock, health) as its cabinet sent it; None where none came."""
        found = self._ask("select report from report where cabinet = :cabinet and kind = :kind", cabinet=cabinet, kind=kind)
        return msgspec.json.decode(found[0][0]) if found else None

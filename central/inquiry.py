"""Every question that pages and the API ask of the store.

Alone knows: how rows become answers, and how a status is told from a balance.
Must not know: who writes the rows, HTTP, HTML.

A balance is always the server's own fold of facts; names, expiry and the states that only the cabinet can see (failed, quarantined,
expired) come from its latest stock report.
"""

import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import msgspec

from cabinet.messages import RestockReport, StockReport

PAGE = 1000
_OWN_EYES = ("failed", "quarantined", "expired")
_URGENCIES = ("stat", "soon", "routine")

_POCKETS = """
    select p.cabinet, p.epoch, p.pocket, p.units, coalesce(p.item, ''), coalesce(p.drawer, ''), coalesce(p.par, 0), coalesce(p.min, 0),
        coalesce(p.critical_low, 0), coalesce(p.count_mode, 'units'), p.counted_at, coalesce(p.count_basis, 'journal'), s.report
    from pocket p left join stock s on s.cabinet = p.cabinet and s.pocket = p.pocket and s.epoch = p.epoch
    where p.epoch = (select max(h.epoch) from head h where h.cabinet = p.cabinet)"""


@dataclass(frozen=True, slots=True)
class CabinetRow:
    """One cabinet: how it is and how far its facts are held."""

    cabinet: str
    state: str
    mode: str
    since: str
    heard_at: str
    software: str
    epoch: int
    seq: int
    held_at: str


@dataclass(frozen=True, slots=True)
class StockRow:
    """One pocket with its balance by the facts."""

    cabinet: str
    pocket: str
    drawer: str
    item: str
    name: str
    strength: str
    form: str
    units: int
    unit: str
    count_mode: str
    par: int
    min: int
    critical_low: int
    status: str
    earliest_expiry: str | None
    last_counted_at: str | None
    count_basis: str


@dataclass(frozen=True, slots=True)
class NeedRow:
    """One line of what a cabinet needs."""

    cabinet: str
    pocket: str
    item: str
    name: str
    units: int
    min: int
    par: int
    units_needed: int
    urgency: str
    why: str
    at: str


@dataclass(frozen=True, slots=True)
class DiscrepancyRow:
    """A discrepancy, open until it is explained."""

    cabinet: str
    discrepancy: str
    epoch: int
    seq: int
    at: str
    pocket: str
    item: str
    expected: int
    counted: int | None
    basis: str
    since_seq: int
    resolved_at: str | None
    resolved_by: str | None
    reason: str | None


@dataclass(frozen=True, slots=True)
class AlertRow:
    """Something that a person must look at."""

    number: int
    cabinet: str
    code: str
    detail: str
    at: str


def status_of(units: int, item: str, *, par: int, minimum: int, critical_low: int) -> str:
    """The first that holds, of those that a balance alone can tell: unassigned, out, critical, low, over, ok."""
    if not item:
        return "unassigned"
    if units <= 0:
        return "out"
    if units <= critical_low:
        return "critical"
    if units <= minimum:
        return "low"
    return "over" if units > par else "ok"


class Inquiry:
    """Questions over one reading connection. `names` gives an item's name until its cabinet has reported it."""

    def __init__(self, conn: sqlite3.Connection, names: dict[str, str] | None = None) -> None:
        self._conn = conn
        self.names = names or {}

    def close(self) -> None:
        """Let go of the database."""
        self._conn.close()

    def balances(self, cabinet: str) -> dict[str, int]:
        """Units by pocket of a cabinet's newest epoch."""
        question = (
            "select pocket, units from pocket where cabinet = ? and epoch = (select max(epoch) from head where cabinet = ?) order by pocket"
        )
        return dict(self._conn.execute(question, (cabinet, cabinet)))

    def cabinets(self, cabinet: str | None = None) -> list[CabinetRow]:
        """All cabinets that were ever heard of, or one."""
        question = """
            select k.cabinet, coalesce(p.state, 'offline'), coalesce(p.mode, ''), coalesce(p.since, ''), coalesce(p.heard_at, ''),
                coalesce(p.software, ''), coalesce(h.epoch, p.epoch), coalesce(h.seq, 0), coalesce(h.held_at, '')
            from (select cabinet from presence union select cabinet from head) k
            left join presence p on p.cabinet = k.cabinet
            left join head h on h.cabinet = k.cabinet and h.epoch = (select max(epoch) from head where cabinet = k.cabinet)
            where ? is null or k.cabinet = ? order by k.cabinet"""
        return [CabinetRow(*row) for row in self._conn.execute(question, (cabinet, cabinet))]

    def stock(self, *, cabinet: str | None = None, item: str | None = None, status: str | None = None) -> list[StockRow]:
        """Pockets, narrowed by cabinet, item and status."""
        where, values = _POCKETS, []
        for column, value in (("p.cabinet", cabinet), ("p.item", item)):
            if value is not None:
                where += f" and {column} = ?"
                values.append(value)
        rows = (self._stock_row(row) for row in self._conn.execute(where + " order by p.cabinet, p.pocket", values))
        return [row for row in rows if status is None or row.status == status]

    def _stock_row(self, row: Sequence[Any]) -> StockRow:
        cabinet, _, pocket, units, item, drawer, par, minimum, critical_low, count_mode, counted_at, basis, text = row
        status = status_of(units, item, par=par, minimum=minimum, critical_low=critical_low)
        name, strength, form, unit, expiry = self.names.get(item, item), "", "", "units", None
        if text is not None:
            report = msgspec.json.decode(text, type=StockReport)
            if report.item.id == item:
                name, strength, form, unit, expiry = (
                    report.item.name,
                    report.item.strength,
                    report.item.form,
                    report.unit,
                    report.earliest_expiry,
                )
                status = report.status if report.status in _OWN_EYES else status
        return StockRow(
            cabinet, pocket, drawer, item, name, strength, form, units, unit, count_mode, par, minimum, critical_low, status, expiry,
            counted_at, basis,
        )  # fmt: skip

    def restock(self, cabinet: str | None = None) -> list[NeedRow]:
        """What cabinets need, the most urgent first."""
        question = "select cabinet, report from restock where ? is null or cabinet = ?"
        needs = [need for row in self._conn.execute(question, (cabinet, cabinet)) for need in self._needs(*row)]
        return sorted(needs, key=lambda need: (_rank(need.urgency), need.units_needed == 0, need.cabinet, need.pocket))

    def _needs(self, cabinet: str, text: str) -> Iterator[NeedRow]:
        report = msgspec.json.decode(text, type=RestockReport)
        for need in report.needs:
            yield NeedRow(cabinet=cabinet, name=self.names.get(need.item, need.item), at=report.at, **asdict(need))

    def facts(self, cabinet: str, since: int = 0, *, epoch: int | None = None, limit: int = PAGE) -> list[dict[str, Any]]:
        """Facts after `since`, in order, as the JSON objects of the contract; of the newest epoch where none is named."""
        question = """
            select epoch, seq, id, at, type, access, staff, witness, body, prev_hash, hash from fact
            where cabinet = ? and epoch = coalesce(?, (select max(epoch) from head where cabinet = ?)) and seq > ? order by seq limit ?"""
        cursor = self._conn.execute(question, (cabinet, epoch, cabinet, since, min(limit, PAGE)))
        names = [column[0] for column in cursor.description]
        return [{**dict(zip(names, row, strict=True)), "body": msgspec.json.decode(row[8])} for row in cursor]

    def discrepancies(self, cabinet: str | None = None, *, is_open: bool | None = None) -> list[DiscrepancyRow]:
        """Discrepancies, the latest first; only open or only explained ones where asked."""
        question = """
            select d.*, r.at, r.staff, r.reason from discrepancy d
            left join resolution r on r.cabinet = d.cabinet and r.discrepancy = d.discrepancy
            where (? is null or d.cabinet = ?) and (? is null or (r.at is null) = ?) order by d.at desc, d.discrepancy limit ?"""
        return [DiscrepancyRow(*row) for row in self._conn.execute(question, (cabinet, cabinet, is_open, is_open, PAGE))]

    def alerts(self, cabinet: str | None = None) -> list[AlertRow]:
        """Alerts, the latest first."""
        question = "select number, cabinet, code, detail, at from alert where ? is null or cabinet = ? order by number desc limit ?"
        return [AlertRow(*row) for row in self._conn.execute(question, (cabinet, cabinet, PAGE))]


def _rank(urgency: str) -> int:
    return _URGENCIES.index(urgency) if urgency in _URGENCIES else len(_URGENCIES)

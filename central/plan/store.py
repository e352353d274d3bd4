"""Opinions, words, marks, plans and steps in the database, and what is read of lines and pockets for them.

Alone knows: how these rows become values and back. Must not know: how advice is found, documents, HTTP.
"""

from collections.abc import Iterator, Mapping
from dataclasses import astuple, dataclass, replace
from typing import Any

import msgspec
from sqlalchemy import Connection, func, insert, select, text, update
from sqlalchemy.dialects import postgresql, sqlite

from central.activity.line import Line
from central.activity.shelf import Memory
from central.activity.store import COLUMNS
from central.database.place import Database
from central.database.table import ACTIVITY, CABINET, FOLLOWED, LINE, MARK, OPINION, PLAN, SPELL, STEP, WORD
from central.par.rule import Criticality, Levels
from central.plan.case import Stood
from central.plan.value import Numbers, Opinion

_INSERT: Mapping[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}
_POCKETS = """
    select p.pocket, p.item, p.name, p.par, p.min, p.critical_low, p.capacity
    from pocket p join cabinet k on k.cabinet = p.cabinet and k.newest = p.epoch
    where p.cabinet = :cabinet and coalesce(p.item, '') <> '' order by p.pocket"""
_ELSEWHERE = """
    select item, sum(units) as units, count(distinct cabinet) as cabinets from activity
    where cabinet <> :cabinet and at >= :since and kind in ('withdraw', 'emergency') and units > 0 group by item"""
_WORD = (
    WORD.c.number, WORD.c.cabinet, WORD.c.pocket, WORD.c.item, WORD.c.until_at, WORD.c.said_by, WORD.c.said_at, WORD.c.reason,
    WORD.c.lifted_at, WORD.c.lifted_by, WORD.c.lifted_why,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Word:
    """A pharmacist's word that a pocket's levels stand: pinned, or frozen until `until_at`."""

    number: int
    cabinet: str
    pocket: str
    item: str
    until_at: str
    said_by: str
    said_at: str
    reason: str
    lifted_at: str | None = None
    lifted_by: str | None = None
    lifted_why: str | None = None


@dataclass(frozen=True, slots=True)
class Mark:
    """How much hangs on an item, by a pharmacist's word."""

    item: str
    criticality: str
    said_by: str
    said_at: str
    reason: str


@dataclass(frozen=True, slots=True)
class PlanLine:
    """One pocket of a plan: what is to stand there, and what stood there."""

    cabinet: str
    pocket: str
    item: str
    to: Numbers
    was: Numbers
    reason: str


@dataclass(frozen=True, slots=True)
class Step:
    """Something that was done with a plan at a cabinet: sent, or undone; with the version of `pars` that says so."""

    number: int
    at: str
    plan: int
    cabinet: str
    act: str
    said_by: str
    version: int
    note: str


@dataclass(frozen=True, slots=True)
class Plan:
    """Levels that are to be sent, first to `pilot`, then to the others."""

    plan: int
    made_at: str
    made_by: str
    why: str
    pilot: str
    lines: tuple[PlanLine, ...] = ()
    steps: tuple[Step, ...] = ()

    @property
    def cabinets(self) -> list[str]:
        """The pilot first."""
        return sorted({line.cabinet for line in self.lines}, key=lambda cabinet: (cabinet != self.pilot, cabinet))

    def last(self, cabinet: str) -> Step | None:
        """What was done last at a cabinet."""
        return next((step for step in reversed(self.steps) if step.cabinet == cabinet), None)


class PlanStore:
    """Of one database. An error of the database's is fatal for what is under way."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._insert = _INSERT[database.dialect]

    def _ask(self, question: Any, **values: Any) -> list[Any]:
        with self._database.reading() as conn:
            return list(conn.execute(text(question) if isinstance(question, str) else question, values))

    # --- what is read of facts

    def lines(self, cabinet: str, since: str) -> Iterator[Line]:
        """Lines of a cabinet from an instant on."""
        question = select(*(ACTIVITY.c[name] for name in COLUMNS)).where(ACTIVITY.c.cabinet == cabinet, ACTIVITY.c.at >= since)
        return (Line(*row) for row in self._ask(question.order_by(ACTIVITY.c.at)))

    def spells(self, cabinet: str, since: str) -> list[tuple[str, str, str | None]]:
        """When there was none, that did not end before an instant."""
        mine = (SPELL.c.cabinet == cabinet, SPELL.c.to_at.is_(None) | (SPELL.c.to_at >= since))
        return [tuple(row) for row in self._ask(select(SPELL.c.item, SPELL.c.from_at, SPELL.c.to_at).where(*mine))]

    def held_since(self, cabinet: str) -> dict[str, str]:
        """From when on the cabinet holds each of its items."""
        rows = self._ask(select(FOLLOWED.c.memory).where(FOLLOWED.c.cabinet == cabinet))
        slots = msgspec.json.decode(rows[0][0], type=Memory).slots.values() if rows else ()
        found: dict[str, str] = {}
        for slot in slots:
            if slot.item:
                found[slot.item] = min(slot.since, found.get(slot.item, slot.since))
        return found

    def pockets(self, cabinet: str, names: Mapping[str, str]) -> list[Stood]:
        """Pockets that hold an item, with their levels."""
        return [
            Stood(
                row.pocket, row.item, row.name or names.get(row.item, row.item), Levels(row.par or 0, row.min or 0, row.critical_low or 0),
                row.capacity,
            )
            for row in self._ask(_POCKETS, cabinet=cabinet)
        ]  # fmt: skip

    def area(self, cabinet: str) -> str:
        """The care area that it says it stands in; "" where it says none."""
        rows = self._ask(select(CABINET.c.area).where(CABINET.c.cabinet == cabinet))
        return str(rows[0][0]) if rows else ""

    def elsewhere(self, cabinet: str, since: str, days: float) -> dict[str, float]:
        """Units of each item a day at the other cabinets that gave any, on average."""
        rows = self._ask(_ELSEWHERE, cabinet=cabinet, since=since)
        return {row.item: float(row.units) / row.cabinets / days for row in rows}

    # --- opinions

    def keep(self, opinion: Opinion) -> None:
        """In place of the cabinet's last one."""
        record = msgspec.json.encode(opinion).decode()
        what = self._insert(OPINION).values(
            cabinet=opinion.cabinet, made_at=opinion.made_at, pockets=len(opinion.pockets), changes=opinion.changes, record=record
        )
        new = {name: what.excluded[name] for name in ("made_at", "pockets", "changes", "record")}
        with self._database.engine.begin() as conn:
            conn.execute(what.on_conflict_do_update(index_elements=["cabinet"], set_=new))

    def opinion(self, cabinet: str) -> Opinion | None:
        """A cabinet's last one."""
        rows = self._ask(select(OPINION.c.record).where(OPINION.c.cabinet == cabinet))
        return msgspec.json.decode(rows[0][0], type=Opinion) if rows else None

    def made(self) -> dict[str, tuple[str, int, int]]:
        """By cabinet (made at, pockets, changes) of its last one."""
        rows = self._ask(select(OPINION.c.cabinet, OPINION.c.made_at, OPINION.c.pockets, OPINION.c.changes))
        return {row[0]: (row[1], row[2], row[3]) for row in rows}

    # --- pharmacists' words

    def say(self, word: Word) -> None:
        """A word that stands from now on."""
        with self._database.engine.begin() as conn:
            conn.execute(insert(WORD).values(**{column.name: getattr(word, column.name) for column in _WORD[1:]}))

    def lift(self, number: int, *, by: str, why: str, at: str) -> bool:
        """It stands no more; whether it stood."""
        mine = (WORD.c.number == number, WORD.c.lifted_at.is_(None))
        with self._database.engine.begin() as conn:
            return conn.execute(update(WORD).where(*mine).values(lifted_at=at, lifted_by=by, lifted_why=why)).rowcount == 1

    def words(self, cabinet: str, *, is_lifted: bool | None = False) -> list[Word]:
        """Of a cabinet, the latest first."""
        question = select(*_WORD).where(WORD.c.cabinet == cabinet).order_by(WORD.c.number.desc())
        if is_lifted is not None:
            question = question.where(WORD.c.lifted_at.is_not(None) if is_lifted else WORD.c.lifted_at.is_(None))
        return [Word(*row) for row in self._ask(question)]

    def mark(self, mark: Mark) -> None:
        """How much hangs on an item, in place of what was said before."""
        what = self._insert(MARK).values(list(astuple(mark)))
        new = {name: what.excluded[name] for name in ("criticality", "said_by", "said_at", "reason")}
        with self._database.engine.begin() as conn:
            conn.execute(what.on_conflict_do_update(index_elements=["item"], set_=new))

    def marks(self) -> dict[str, Mark]:
        """By item."""
        return {row.item: Mark(*row) for row in self._ask(select(MARK))}

    def criticality(self) -> dict[str, Criticality]:
        """By item, as it was marked."""
        return {item: Criticality(mark.criticality) for item, mark in self.marks().items()}

    # --- plans

    def make(self, plan: Plan) -> int:
        """Keep a new plan with its lines; its number."""
        with self._database.engine.begin() as conn:
            values = {"made_at": plan.made_at, "made_by": plan.made_by, "why": plan.why, "pilot": plan.pilot}
            number = int(conn.execute(insert(PLAN).values(**values).returning(PLAN.c.plan)).scalar_one())
            conn.execute(insert(LINE), [_row(number, line) for line in plan.lines])
        return number

    def note(self, step: Step) -> None:
        """Something was done."""
        with self._database.engine.begin() as conn:
            _note(conn, step)

    def plan(self, number: int) -> Plan | None:
        """A plan whole."""
        rows = self._ask(select(PLAN).where(PLAN.c.plan == number))
        if not rows:
            return None
        lines = self._ask(select(LINE).where(LINE.c.plan == number).order_by(LINE.c.cabinet, LINE.c.pocket))
        return replace(_head(rows[0]), lines=tuple(_line(row) for row in lines), steps=self._steps(number))

    def _steps(self, number: int) -> tuple[Step, ...]:
        question = select(STEP.c.number, STEP.c.at, STEP.c.plan, STEP.c.cabinet, STEP.c.act, STEP.c.said_by, STEP.c.version, STEP.c.note)
        return tuple(Step(*row) for row in self._ask(question.where(STEP.c.plan == number).order_by(STEP.c.number)))

    def plans(self, limit: int = 50) -> list[tuple[Plan, int]]:
        """The latest plans without their lines, with how many lines each has."""
        counts = dict(self._ask(select(LINE.c.plan, func.count()).group_by(LINE.c.plan)))
        rows = self._ask(select(PLAN).order_by(PLAN.c.plan.desc()).limit(limit))
        return [(replace(_head(row), steps=self._steps(row.plan)), counts.get(row.plan, 0)) for row in rows]


def _head(row: Any) -> Plan:
    return Plan(row.plan, row.made_at, row.made_by, row.why, row.pilot)


def _note(conn: Connection, step: Step) -> None:
    conn.execute(
        insert(STEP).values(
            at=step.at, plan=step.plan, cabinet=step.cabinet, act=step.act, said_by=step.said_by, version=step.version, note=step.note
        )
    )


def _row(plan: int, line: PlanLine) -> dict[str, Any]:
    return {
        "plan": plan, "cabinet": line.cabinet, "pocket": line.pocket, "item": line.item, "par": line.to.par, "min": line.to.min,
        "critical_low": line.to.critical_low, "was_par": line.was.par, "was_min": line.was.min, "was_critical_low": line.was.critical_low,
        "reason": line.reason,
    }  # fmt: skip


def _line(row: Any) -> PlanLine:
    return PlanLine(
        row.cabinet, row.pocket, row.item, Numbers(row.par, row.min, row.critical_low),
        Numbers(row.was_par, row.was_min, row.was_critical_low), row.reason,
    )  # fmt: skip

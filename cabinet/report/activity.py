"""What was done: every transaction, those of controlled items by schedule with C-II apart, and one of them in full.

Alone knows: which transactions a report lists. Must not know: how a transaction comes about (`transaction_fold.py`).
"""

from collections.abc import Iterable, Iterator
from datetime import datetime

from cabinet.domain import facts
from cabinet.domain.facts import Entry
from cabinet.domain.formulary import ControlClass
from cabinet.report.asked import SCHEDULES, Asked, NotAnswerable, Setting
from cabinet.report.table import Cell, Table, columns
from cabinet.report.telling import Telling
from cabinet.report.transaction import COLUMNS, Transaction
from cabinet.report.transaction_fold import Transactions

_SECRET = {"beginning", "expected", "counts", "entered", "difference", "ending", "sensed_count", "lots_present", "discrepancies"}
"""What would tell a balance."""

ASKED_AT = next(place for place, column in enumerate(COLUMNS) if column.key == "asked_at")

_REFUSED = columns("Time", "Person", "What", "Pocket", "Item", "Units", "Patient", "Code")


def transactions(telling: Telling, entries: Iterable[Entry], asked: Asked) -> Iterator[Transaction]:
    """The transactions that were asked for, roughly in the order in which they ended."""
    gather = Transactions(telling)
    for entry in telling.follow(entries, asked.end):
        yield from (done for done in gather.hear(entry) if is_asked_for(telling, asked, done))
    yield from (done for done in gather.rest() if is_asked_for(telling, asked, done))


def is_asked_for(telling: Telling, asked: Asked, done: Transaction) -> bool:
    """Whether a transaction is one of those that were asked for."""
    item = telling.item(done.item)
    return (
        asked.covers(done.asked_at)
        and asked.access in {None, done.access}
        and asked.pocket in {None, done.pocket}
        and asked.item in {None, done.item}
        and (asked.patient is None or telling.is_patient(done.patient, asked.patient))
        and (asked.person is None or asked.person in {done.person, done.witness})
        and (asked.schedule is None or (item is not None and item.control_class is asked.schedule))
    )


def row(telling: Telling, done: Transaction) -> tuple[Cell, ...]:
    """A transaction as a row, without what would tell a balance that is kept from who asks."""
    if not telling.setting.hides(telling.item(done.item)):
        return done.row()
    cells = zip(COLUMNS, done.row(), strict=True)
    return tuple("hidden" if column.key in _SECRET and cell not in {None, ""} else cell for column, cell in cells)


def activity(entries: Iterable[Entry], setting: Setting, asked: Asked, telling: Telling) -> tuple[Table, ...]:
    """Every transaction, and what was asked for and refused."""
    del setting
    refused: list[tuple[Cell, ...]] = []
    done = transactions(telling, _refusals(entries, telling, asked, refused), asked)
    rows = [row(telling, one) for one in done]
    return (
        Table("Transactions", COLUMNS, _in_order(rows)),
        Table("Asked for and refused", _REFUSED, tuple(refused)),
    )


def _refusals(entries: Iterable[Entry], telling: Telling, asked: Asked, rows: list[tuple[Cell, ...]]) -> Iterator[Entry]:
    """Pass facts on and keep a row of each refusal: no access comes of one."""
    for entry in entries:
        yield entry
        fact = entry.fact
        if not isinstance(fact, facts.AccessRefused) or not asked.covers(entry.at):
            continue
        known = None if fact.item is None else telling.item(fact.item)
        is_asked = asked.pocket in {None, fact.pocket} and asked.item in {None, fact.item} and asked.person in {None, entry.staff}
        is_schedule = asked.schedule is None or (known is not None and known.control_class is asked.schedule)
        if is_asked and is_schedule and (asked.patient is None or telling.is_patient(fact.patient, asked.patient)):
            title = "" if fact.item is None else telling.title(fact.item)
            rows.append(
                (
                    entry.at,
                    telling.name(entry.staff),
                    fact.kind,
                    fact.pocket,
                    title,
                    fact.units,
                    telling.patient_name(fact.patient),
                    fact.code,
                )
            )


def controlled(entries: Iterable[Entry], setting: Setting, asked: Asked, telling: Telling) -> tuple[Table, ...]:
    """The transactions of controlled items, a table for each schedule, C-II first and apart (21 CFR 1304.04)."""
    del setting
    found: dict[str, list[tuple[Cell, ...]]] = {}
    for done in transactions(telling, entries, asked):
        found.setdefault(done.schedule, []).append(row(telling, done))
    classes = [asked.schedule] if asked.schedule is not None else [one for one in SCHEDULES if one is not ControlClass.NONE]
    signed = ("Reviewed by", "Date and time")
    return tuple(
        Table(f"Controlled activity, {SCHEDULES[one]}", COLUMNS, _in_order(found.get(SCHEDULES[one], [])), signature_lines=signed)
        for one in classes
    )


def _in_order(rows: list[tuple[Cell, ...]]) -> tuple[tuple[Cell, ...], ...]:
    """Rows by when each access was asked for."""
    return tuple(sorted(rows, key=_asked_at))


def _asked_at(cells: tuple[Cell, ...]) -> datetime:
    moment = cells[ASKED_AT]
    assert isinstance(moment, datetime)
    return moment


def single(entries: Iterable[Entry], setting: Setting, asked: Asked, telling: Telling) -> tuple[Table, ...]:
    """One transaction in full, field by field. Raises NotAnswerable where there is none of this id."""
    del setting
    done = next(transactions(telling, entries, asked), None)
    if done is None:
        raise NotAnswerable(f"no access {asked.access} is in the journal; `adc report activity` lists them")
    pairs = zip(COLUMNS, row(telling, done), strict=True)
    rows = tuple((column.key.replace("_", " "), cell) for column, cell in pairs)
    return (Table(f"Transaction {done.access}", columns("Field", "Value"), rows),)

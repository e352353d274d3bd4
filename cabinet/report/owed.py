"""What is still owed: counts, and whatever else somebody left undone, with its age.

Alone knows: how a debt is listed. Must not know: how one comes about or is settled.
"""

from collections.abc import Iterable
from datetime import datetime

from cabinet.domain.debt.memory import Debt
from cabinet.domain.facts import CountOwed, Entry, PocketCounted
from cabinet.domain.vocabulary import parse_utc
from cabinet.report.asked import Asked, Setting
from cabinet.report.strength import amount
from cabinet.report.table import Cell, Table, columns
from cabinet.report.telling import Telling

_NAMES = columns("Owed since", "Age h", "What", "Whose", "Item", "Pocket", "Patient", "Units", "Why", "~Id")


SIGNED = {"late": "late entry", "bag": "patient's own medicine, put in", "bag_waste": "patient's own medicine, destroyed"}
"""What a signature is owed for, where it is no kind of access; those have the site's words."""


def debts(entries: Iterable[Entry], setting: Setting, asked: Asked, telling: Telling) -> tuple[Table, ...]:
    """What is owed at the end of the interval, oldest first. A count is owed by whoever opens the pocket next."""
    since: dict[tuple[str, str], datetime] = {}
    for entry in telling.follow(entries, asked.end):
        fact = entry.fact
        if isinstance(fact, CountOwed):
            since.setdefault((fact.pocket, fact.why), entry.at)
        elif isinstance(fact, PocketCounted) and fact.is_final:
            since = {key: at for key, at in since.items() if key[0] != fact.pocket}
    now = asked.end or setting.now
    rows: list[tuple[Cell, ...]] = []
    for line in telling.state.lines.values():
        if asked.pocket not in {None, line.pocket} or asked.item not in {None, line.item} or asked.person is not None:
            continue
        for why in line.owes:
            at = since.get((line.pocket, why))
            rows.append((at, hours(at, now), "count", "whoever opens it", telling.title(line.item), line.pocket, "", None, why, None))
    rows += [_debt_row(telling, debt, now) for debt in telling.state.debts.values() if _is_asked_for(asked, debt)]
    rows.sort(key=lambda row: str(row[0]))
    return (Table("Owed", _NAMES, tuple(rows)),)


def _is_asked_for(asked: Asked, debt: Debt) -> bool:
    return asked.pocket in {None, debt.pocket} and asked.item in {None, debt.item} and asked.person in {None, debt.staff}


def _debt_row(telling: Telling, debt: Debt, now: datetime) -> tuple[Cell, ...]:
    at, item = parse_utc(debt.at), telling.item(debt.item)
    much = f"{debt.units_m / 1000:g}" if debt.units_m else ""
    substance = amount(item, debt.units_m) if item is not None and debt.units_m else ""
    units = f"{much} ({substance})" if substance else much
    who, patient = telling.name(debt.staff), telling.patient_name(debt.patient)
    why = SIGNED.get(debt.why) or telling.world.terms.low(debt.why) if debt.kind == "witness" else debt.why
    return at, hours(at, now), debt.kind, who, telling.title(debt.item), debt.pocket, patient, units, why, debt.id


def hours(since: datetime | None, now: datetime) -> int | None:
    """Whole hours between two moments."""
    return None if since is None else max(0, int((now - since).total_seconds() // 3600))

"""The triggers that keep the number of pockets of each status beside the pockets themselves.

Alone knows: how a change of pockets becomes a change of totals, on SQLite and on PostgreSQL.
Must not know: who changes pockets, or why.

They go row by row, and only where a status changed: most movements change none, and cost nothing here.
"""

from central.database.table.pocket import STATUSES

_COLUMNS = ", ".join(f'"{status}"' for status in STATUSES)
_ADDED = ", ".join(f'"{status}" = total."{status}" + excluded."{status}"' for status in STATUSES)
_EVENTS = (("added", "insert", "", (("new", 1),)), ("removed", "delete", "", (("old", -1),)))
_CHANGED = ("changed", "update", "old.status <> new.status", (("old", -1), ("new", 1)))


def _count(row: str, sign: int, case: str) -> str:
    values = ", ".join(case.format(row=row, status=status, sign=sign) for status in STATUSES)
    return (
        f"insert into total (cabinet, epoch, {_COLUMNS}) values ({row}.cabinet, {row}.epoch, {values})"  # noqa: S608 - constants of this file
        f" on conflict (cabinet, epoch) do update set {_ADDED};"
    )


def _sqlite() -> list[str]:
    made = []
    for name, event, when, rows in (*_EVENTS, _CHANGED):
        counts = " ".join(_count(row, sign, "({row}.status = '{status}') * {sign}") for row, sign in rows)
        made.append(f"create trigger total_{name} after {event} on pocket {f'when {when}' if when else ''} begin {counts} end")
    return made


def _postgresql() -> list[str]:
    made = []
    for name, event, when, rows in (*_EVENTS, _CHANGED):
        counts = " ".join(_count(row, sign, "({row}.status = '{status}')::int * {sign}") for row, sign in rows)
        made.append(f"create function total_{name}() returns trigger language plpgsql as $$ begin {counts} return null; end $$")
        only = f"when ({when})" if when else ""
        made.append(f"create trigger total_{name} after {event} on pocket for each row {only} execute function total_{name}()")
    return made


def of(dialect: str) -> list[str]:
    """The statements that make them, for `sqlite` or `postgresql`."""
    return {"sqlite": _sqlite, "postgresql": _postgresql}[dialect]()

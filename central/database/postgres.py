"""Writing to PostgreSQL: several writers, rows by COPY and as one JSON text.

Alone knows: how the acts of a hand are done here, and which errors mean that the server went away.
Must not know: which rows, and what they mean.

Rows of new facts go by COPY; what updates rows goes as one JSON text that PostgreSQL takes apart, one statement for a whole round:
writing that text costs a microsecond a row here, an array of parameters several times as much.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from typing import Any

import msgspec
import psycopg
from sqlalchemy import Table
from sqlalchemy.dialects import postgresql

from central.database.hand import Row, Unreachable, Upsert

_AWAY = (psycopg.OperationalError, psycopg.InterfaceError)
_DIALECT = postgresql.dialect()  # type: ignore[no-untyped-call]


class PostgresHand:
    """See `Hand`. A cabinet's row is locked for the transaction; cabinets that another worker holds are left to it."""

    def __init__(self, conn: psycopg.Connection[Any]) -> None:
        self._conn = conn
        conn.autocommit = True
        conn.execute("set synchronous_commit = on")

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """See `Hand`."""
        try:
            with self._conn.transaction():
                yield
        except _AWAY as problem:
            raise Unreachable(str(problem).strip()) from problem

    def lock(self, cabinets: Sequence[str]) -> list[Row]:
        """See `Hand`."""
        return self.ask("select * from cabinet where cabinet = any(?) for update skip locked", list(cabinets))

    def ask(self, question: str, *values: Any) -> list[Row]:
        """See `Hand`."""
        return self._conn.execute(_marked(question), values).fetchall()

    def ask_by_keys(self, question: str, keys: Sequence[Row], **kinds: str) -> list[Row]:
        """See `Hand`."""
        columns = ", ".join(f"(value ->> {place})::{kind} as {name}" for place, (name, kind) in enumerate(kinds.items()))
        given = f"with given as materialized (select {columns} from json_array_elements(?::json) as value)"  # noqa: S608
        return self.ask(f"{given} {question}", _json(keys))

    def insert(self, table: Table, rows: Sequence[Row]) -> None:
        """See `Hand`."""
        if not rows:
            return
        with self._conn.cursor() as cursor, cursor.copy(f"copy {table.name} ({_columns(table)}) from stdin") as copy:
            for row in rows:
                copy.write_row(row)

    def upsert(self, what: Upsert, rows: Sequence[Row]) -> None:
        """See `Hand`."""
        if rows:
            self._conn.execute(_upsert(what), (_json([dict(zip(what.columns, row, strict=True)) for row in rows]),))

    def do(self, statement: str, *values: Any) -> int:
        """See `Hand`."""
        return self._conn.execute(_marked(statement), [held(value) for value in values]).rowcount

    def stream(self, question: str, *values: Any) -> Iterator[Row]:
        """See `Hand`."""
        with self._conn.cursor() as cursor:
            yield from cursor.stream(_marked(question), values)

    def close(self) -> None:
        """See `Hand`."""
        self._conn.close()


def held(value: Any) -> Any:
    """A value as PostgreSQL can hold it: U+0000 becomes the replacement character."""
    return value.replace("\0", "\ufffd") if isinstance(value, str) else value


def _json(values: Sequence[Any]) -> str:
    """Values as JSON text; U+0000, which PostgreSQL cannot hold in a text, becomes the replacement character."""
    return msgspec.json.encode(values).decode().replace("\\u0000", "\\ufffd")


@cache
def _marked(statement: str) -> str:
    return statement.replace("%", "%%").replace("?", "%s")


@cache
def _columns(table: Table) -> str:
    return ", ".join(column.name for column in table.columns if column.computed is None)


@cache
def _upsert(what: Upsert) -> str:
    columns = ", ".join(what.columns)
    kinds = ", ".join(f"{name} {what.table.c[name].type.dialect_impl(_DIALECT).compile(_DIALECT)}" for name in what.columns)
    kinds = kinds.replace(' COLLATE "C"', "")
    return f"insert into {what.table.name} ({columns}) select {columns} from json_to_recordset(%s::json) as given ({kinds}) {what.tail}"  # noqa: S608

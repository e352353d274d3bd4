"""Writing to SQLite: one writer, rows by executemany.

Alone knows: how the acts of a hand are done here. Must not know: which rows, and what they mean.
"""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from typing import Any

import msgspec
from sqlalchemy import Table

from central.database.hand import Row, Upsert


class SqliteHand:
    """See `Hand`. The transaction is the lock: nobody else writes meanwhile."""

    def __init__(self, conn: sqlite3.Connection) -> None:
        self._conn = conn

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """See `Hand`."""
        self._conn.execute("begin immediate")
        try:
            yield
        except BaseException:
            self._conn.execute("rollback")
            raise
        self._conn.execute("commit")

    def lock(self, cabinets: Sequence[str]) -> list[Row]:
        """See `Hand`."""
        return self.ask("select * from cabinet where cabinet in (select value from json_each(?))", _json(cabinets))

    def ask(self, question: str, *values: Any) -> list[Row]:
        """See `Hand`."""
        return self._conn.execute(question, values).fetchall()

    def ask_by_keys(self, question: str, keys: Sequence[Row], **kinds: str) -> list[Row]:
        """See `Hand`."""
        columns = ", ".join(f"value ->> {place} as {name}" for place, name in enumerate(kinds))
        return self.ask(f"with given as materialized (select {columns} from json_each(?)) {question}", _json(keys))  # noqa: S608

    def insert(self, table: Table, rows: Sequence[Row]) -> None:
        """See `Hand`."""
        if rows:
            self._conn.executemany(f"insert into {table.name} values ({_marks(len(table.columns))})", rows)  # noqa: S608

    def upsert(self, what: Upsert, rows: Sequence[Row]) -> None:
        """See `Hand`."""
        if rows:
            self._conn.executemany(_upsert(what), rows)

    def do(self, statement: str, *values: Any) -> int:
        """See `Hand`."""
        return self._conn.execute(statement, values).rowcount

    def stream(self, question: str, *values: Any) -> Iterator[Row]:
        """See `Hand`."""
        yield from self._conn.execute(question, values)

    def close(self) -> None:
        """See `Hand`."""
        self._conn.close()


def _json(values: Sequence[Any]) -> str:
    return msgspec.json.encode(values).decode()


def _marks(count: int) -> str:
    return ", ".join("?" * count)


@cache
def _upsert(what: Upsert) -> str:
    columns = ", ".join(what.columns)
    return f"insert into {what.table.name} ({columns}) values ({_marks(len(what.columns))}) {what.tail}"  # noqa: S608 - names of our own tables

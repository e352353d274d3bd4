"""What a writer does to a database, whichever it is: one transaction, many rows at once.

Alone knows: the few acts, and how an upsert is described. Must not know: which rows, and what they mean.

The statements are short SQL that both databases read alike; how rows travel is each one's own (`sqlite.py`, `postgres.py`).
"""

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol

from sqlalchemy import Table

Row = Sequence[Any]


class Unreachable(Exception):
    """The database's server went away; whether the last round was kept nobody knows, so it is taken again."""


@dataclass(frozen=True)
class Upsert:
    """Rows for some columns of a table, and what becomes of a row that is there already: `update` of the named columns, or nothing.

    `rules` say how else a column is updated, `where` under which condition. In both, `excluded` is the new row.
    """

    table: Table
    columns: tuple[str, ...]
    update: tuple[str, ...] = ()
    rules: tuple[tuple[str, str], ...] = ()
    where: str = ""

    @cached_property
    def tail(self) -> str:
        """What follows the rows."""
        keys = ", ".join(column.name for column in self.table.primary_key)
        rules = {column: f"excluded.{column}" for column in self.update} | dict(self.rules)
        if not rules:
            return "on conflict do nothing"
        what = ", ".join(f"{column} = {rule}" for column, rule in rules.items())
        return f"on conflict ({keys}) do update set {what}" + (f" where {self.where}" if self.where else "")


class Hand(Protocol):
    """One writing connection."""

    def transaction(self) -> AbstractContextManager[None]:
        """Everything inside is kept together or not at all. Raises Unreachable; any other error of the driver is fatal."""
        ...

    def lock(self, cabinets: Sequence[str]) -> list[Row]:
        """The rows of those cabinets (in the order of the table's columns) that nobody else writes now; they are ours until the end.

        Whatever else depends on a cabinet is asked for after this: what one statement locks and joins, another may have changed meanwhile.
        """
        ...

    def ask(self, question: str, *values: Any) -> list[Row]:
        """Rows; a value stands where the question has `?`."""
        ...

    def ask_by_keys(self, question: str, keys: Sequence[Row], **kinds: str) -> list[Row]:
        """Rows; the question joins `given`, a table of `keys` whose columns are `kinds` (name and SQL type)."""
        ...

    def insert(self, table: Table, rows: Sequence[Row]) -> None:
        """New rows, in the order of the table's columns."""
        ...

    def upsert(self, what: Upsert, rows: Sequence[Row]) -> None:
        """New or other rows; no key twice."""
        ...

    def do(self, statement: str, *values: Any) -> int:
        """One statement; how many rows it touched."""
        ...

    def stream(self, question: str, *values: Any) -> Iterator[Row]:
        """As `ask`, for more rows than fit memory."""
        ...

    def close(self) -> None:
        """Let go."""
        ...

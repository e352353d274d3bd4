"""What columns are made of, on SQLite and on PostgreSQL alike.

Alone knows: how an id, a number and a text are kept in each. Must not know: any table.

Instants are UTC text in the journal's form, which sorts as it should. Text is compared byte by byte on both, whatever a server's locale.
"""

from typing import Any

from sqlalchemy import BigInteger, Column, Integer, MetaData, Table, Text

METADATA = MetaData()

NUMBER = BigInteger().with_variant(Integer(), "sqlite")
WORDS = Text().with_variant(Text(collation="C"), "postgresql")


HOT: dict[str, Any] = {"postgresql_with": {"fillfactor": "60"}}
"""For rows that are written again and again: PostgreSQL finds room for a row's next version on its own page."""


def keyed(name: str, *columns: Any, rowid: bool = False, **settings: Any) -> Table:
    """A table whose types SQLite keeps strictly, stored in the order of its key unless it needs row ids."""
    return Table(name, METADATA, *columns, sqlite_strict=True, sqlite_with_rowid=rowid, **settings)


def key(name: str) -> Column[str]:
    """A text of the primary key."""
    return Column(name, WORDS, primary_key=True, nullable=False)


def key_number(name: str) -> Column[int]:
    """A number of the primary key, which the database does not choose."""
    return Column(name, NUMBER, primary_key=True, nullable=False, autoincrement=False)


def text(name: str, default: str | None = None) -> Column[str]:
    """A text that is always there."""
    return Column(name, WORDS, nullable=False, server_default=default)


def text_or_none(name: str) -> Column[str | None]:
    """A text that may be absent."""
    return Column(name, WORDS)


def number(name: str, default: str | None = None) -> Column[int]:
    """A whole number that is always there."""
    return Column(name, NUMBER, nullable=False, server_default=default)


def number_or_none(name: str) -> Column[int | None]:
    """A whole number that may be absent."""
    return Column(name, NUMBER)

"""Where the pharmacy server's database is, and how it is opened: tables up to date, settings as durability needs them.

Alone knows: URLs, engines, what SQLite and PostgreSQL each must be told, and how one is brought up to the newest migration.
Must not know: any table's meaning.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, inspect, make_url, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import StaticPool

from central.database import trigger
from central.database.hand import Hand, Unreachable
from central.database.postgres import PostgresHand, held
from central.database.sqlite import SqliteHand
from central.database.table import METADATA

HEAD = "0008"
"""The newest migration: what a database must say of itself before anything is read or written."""
MEMORY = "sqlite://"
WAIT_S = 5
LOG_PAGES = 16_384
"""SQLite's log of 64 MB: pages that a storm writes again and again are carried over into the file once."""
WRITER_KIB = 65_536
"""A round of a storm touches a page for each cabinet; they fit memory, so that none is written before its round is."""


class NotOurs(Exception):
    """A database that this software cannot use; the text says why, and what to do."""


def url_of_file(path: Path) -> str:
    """The URL of a SQLite file."""
    return str(URL.create("sqlite", database=str(path)))


def with_password(url: str, password: str) -> str:
    """The URL with a password, where there is one."""
    return make_url(url).set(password=password).render_as_string(hide_password=False) if password else url


class Database:
    """One database. `hand()` writes, `reading()` asks; both come from the same place."""

    def __init__(self, url: str) -> None:
        self._url = make_url(url)
        self.dialect = self._url.get_backend_name()
        self.is_in_memory = self.dialect == "sqlite" and not self._url.database
        self.engine = self._engine()
        self._asking = self.engine.execution_options(isolation_level="AUTOCOMMIT") if self.is_in_memory else self._engine(is_asking=True)

    def _engine(self, *, is_asking: bool = False) -> Engine:
        """Connections to write by, or to ask by: those are told once, not at every question, that a question is no transaction."""
        options: dict[str, Any] = {"isolation_level": "AUTOCOMMIT"} if is_asking else {}
        if self.dialect == "postgresql":
            url = self._url.set(drivername="postgresql+psycopg")
            engine = create_engine(url, pool_size=2, connect_args={"connect_timeout": WAIT_S}, **options)
            event.listen(engine, "before_cursor_execute", _all_held, retval=True)
            return engine
        if self.dialect != "sqlite":
            raise NotOurs(f"a database is sqlite:///FILE or postgresql://USER@HOST/NAME, not {self.dialect}")
        if self.is_in_memory:
            options["poolclass"] = StaticPool
        settings = {"timeout": WAIT_S, "isolation_level": None, "check_same_thread": False}
        engine = create_engine(self._url, connect_args=settings, **options)
        event.listen(engine, "connect", _settle)
        if not is_asking:
            event.listen(engine, "begin", _begin)
        return engine

    def prepare(self) -> "Database":
        """Bring the tables up to date. Raises NotOurs for a database of another software, Unreachable for a server that does not answer."""
        if self.is_in_memory:
            with self.engine.begin() as conn:
                create_all(conn)
            return self
        try:
            found = self._revision()
        except OperationalError as problem:
            if self.dialect == "sqlite":
                raise
            raise Unreachable(str(problem.orig).strip()) from problem
        if found is not None and found > HEAD:
            raise NotOurs(
                f"{self._url.render_as_string()} was last used by a newer version of this software (its tables are at {found}, here at"
                f" {HEAD}): start that version, or put back the copy that was made before the upgrade"
            )
        if found != HEAD:
            from central.database.migration.run import upgrade  # noqa: PLC0415 - a third of a second that only a first start takes

            upgrade(self.engine)
        return self

    def _revision(self) -> str | None:
        with self.engine.connect() as conn:
            tables = inspect(conn).get_table_names()
            if "alembic_version" in tables:
                return str(conn.execute(text("select version_num from alembic_version")).scalar())
            if "fact" in tables:
                raise NotOurs(
                    f"{self._url.render_as_string()} was made by an early development version: move it away, and every cabinet sends"
                    " its facts again by itself"
                )
            return None

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection to ask with."""
        with self._asking.connect() as conn:
            yield conn

    def hand(self) -> Hand:
        """A connection of its own to write with; may be used by one thread at a time. Raises Unreachable."""
        try:
            connection = self.engine.raw_connection()
            driver: Any = connection.driver_connection
            if self.is_in_memory:
                return SqliteHand(driver)
            connection.detach()
            if self.dialect == "postgresql":
                return PostgresHand(driver)
            driver.execute(f"pragma cache_size = -{WRITER_KIB}")
            return SqliteHand(driver)
        except self.engine.dialect.loaded_dbapi.OperationalError as problem:  # the driver's own: nothing wraps it here
            raise Unreachable(str(problem).strip()) from problem

    def close(self) -> None:
        """Let go of every connection."""
        self.engine.dispose()
        self._asking.dispose()


def create_all(conn: Connection) -> None:
    """All tables as they are today, without the way there; the migrations end in the same (a test compares)."""
    METADATA.create_all(conn)
    for statement in trigger.of(conn.dialect.name):
        conn.exec_driver_sql(statement)


def _all_held(_conn: Connection, _cursor: Any, statement: str, parameters: Any, _context: Any, _many: bool) -> tuple[str, Any]:
    """What PostgreSQL cannot hold is written otherwise, and asked for otherwise: whoever says it is answered, and stops nobody's line."""
    if isinstance(parameters, dict):
        return statement, {name: held(value) for name, value in parameters.items()}
    return statement, [{name: held(value) for name, value in row.items()} if isinstance(row, dict) else held(row) for row in parameters]


def _begin(conn: Connection) -> None:
    """The driver is told to begin nothing by itself; whoever only asks needs no transaction."""
    if conn.get_execution_options().get("isolation_level") != "AUTOCOMMIT":
        conn.exec_driver_sql("begin immediate")


def _settle(conn: sqlite3.Connection, _record: object) -> None:
    conn.execute("pragma journal_mode = wal")
    conn.execute("pragma synchronous = full")
    conn.execute(f"pragma wal_autocheckpoint = {LOG_PAGES}")

"""A real PostgreSQL for tests: started by them on a free loopback port, as a user without rights, gone with them.

Alone knows: where Debian and others keep the programs, how a server is made, killed and started again, and that each test has a database
of its own.
Must not know: what is in any table.
"""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import psycopg
import pytest

from central.database.place import Database
from tests.broker import free_port

USER = "pharmacy"
SETTINGS = {"listen_addresses": "127.0.0.1", "max_connections": "40", "shared_buffers": "128MB", "logging_collector": "off"}
STARTS_WITHIN_S = 20.0


def _find(program: str) -> str | None:
    places = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda place: -int(place.parent.name))
    return shutil.which(program, path=":".join([*map(str, places), os.environ.get("PATH", "")]))


INITDB, POSTGRES = _find("initdb"), _find("postgres")


class Postgres:
    """A server. PostgreSQL refuses to run as root, so root lends it to nobody."""

    def __init__(self, *, is_durable: bool = False, **settings: str) -> None:
        assert INITDB is not None
        self.port = free_port()
        self._numbers = count(1)
        self._process: subprocess.Popen[bytes] | None = None
        self._folder = Path(tempfile.mkdtemp(prefix="adc-postgres-"))
        self._as: list[str] = []
        if os.geteuid() == 0:
            shutil.chown(self._folder, "nobody")
            self._as = ["setpriv", "--reuid=nobody", "--clear-groups", "--"]
        self._data = self._folder / "data"
        subprocess.run(
            [*self._as, INITDB, "-D", str(self._data), "-U", USER, "--auth=trust", "--locale=C.UTF-8", "--no-sync"],
            check=True, stdout=subprocess.DEVNULL, cwd=self._folder,
        )  # fmt: skip
        self._settings = SETTINGS | {"port": str(self.port), "unix_socket_directories": "", "fsync": "on" if is_durable else "off"}
        self._settings |= settings

    def url(self, database: str = "postgres") -> str:
        """Where a database is."""
        return f"postgresql://{USER}@127.0.0.1:{self.port}/{database}"

    def start(self) -> None:
        """Start, and wait until it answers."""
        settings = [word for name, value in self._settings.items() for word in ("-c", f"{name}={value}")]
        with (self._folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [*self._as, str(POSTGRES), "-D", str(self._data), *settings], stdout=log, stderr=log, cwd=self._folder
            )
        until_s = time.monotonic() + STARTS_WITHIN_S
        while True:
            try:
                psycopg.connect(self.url(), connect_timeout=2).close()
            except psycopg.OperationalError:
                assert self._process.poll() is None, (self._folder / "log").read_text()
                assert time.monotonic() < until_s, "PostgreSQL does not answer"
                time.sleep(0.02)
            else:
                return

    def create(self, like: str = "template1") -> str:
        """A new database, empty or like another one that nobody is connected to: its URL."""
        name = f"pharmacy_{next(self._numbers)}"
        with psycopg.connect(self.url(), autocommit=True) as conn:
            conn.execute(f"create database {name} template {like}")  # type: ignore[arg-type]
        return self.url(name)

    def drop(self, url: str) -> None:
        """Remove a database, whoever is still connected."""
        with psycopg.connect(self.url(), autocommit=True) as conn:
            conn.execute(f"drop database {url.rpartition('/')[2]} with (force)")  # type: ignore[arg-type]

    def kill(self) -> None:
        """End it and all that work for it at once, as a power cut would; what it had written stays."""
        if self._process is not None:
            self._process.send_signal(signal.SIGQUIT)
            self._process.wait()
            self._process = None

    def remove(self) -> None:
        """End it, and take its files away."""
        self.kill()
        shutil.rmtree(self._folder)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Postgres]:
    """One server for all tests of a run; skips where PostgreSQL is not installed."""
    if INITDB is None or POSTGRES is None:
        pytest.skip("PostgreSQL is not installed: apt-get install postgresql")
    server = Postgres()
    try:
        server.start()
        yield server
    finally:
        server.remove()


@pytest.fixture
def empty_postgres_url(postgres_server: Postgres) -> Iterator[str]:
    """An empty database of this test's own."""
    url = postgres_server.create()
    yield url
    postgres_server.drop(url)


@pytest.fixture(scope="session")
def migrated_postgres(postgres_server: Postgres) -> str:
    """A database with all tables, for others to be like it: migrating takes a second."""
    url = postgres_server.create()
    Database(url).prepare().close()
    return url.rpartition("/")[2]


@pytest.fixture
def postgres_url(postgres_server: Postgres, migrated_postgres: str) -> Iterator[str]:
    """A database of this test's own, its tables made by the migrations."""
    url = postgres_server.create(migrated_postgres)
    yield url
    postgres_server.drop(url)

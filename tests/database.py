"""The pharmacy server's database in each of its forms, for tests that must pass on all of them.

Alone knows: the forms: in memory, a SQLite file, a real PostgreSQL. Must not know: what is tested.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from central.database.place import MEMORY, Database, url_of_file
from tests.postgres import migrated_postgres, postgres_server, postgres_url

__all__ = ["any_database", "any_url", "migrated_postgres", "postgres_server", "postgres_url", "server_database"]


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.real)])
def any_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where a new database of either kind is."""
    if request.param == "postgresql":
        return str(request.getfixturevalue("postgres_url"))
    return url_of_file(tmp_path / "central.db")


@pytest.fixture
def any_database(any_url: str) -> Iterator[Database]:
    """A database of either kind, its tables made by the migrations."""
    database = Database(any_url).prepare()
    yield database
    database.close()


@pytest.fixture(params=["memory", pytest.param("postgresql", marks=pytest.mark.real)])
def server_database(request: pytest.FixtureRequest) -> Iterator[Database]:
    """A database in memory, as in virtual time, or a real server's."""
    url = str(request.getfixturevalue("postgres_url")) if request.param == "postgresql" else MEMORY
    database = Database(url).prepare()
    yield database
    database.close()

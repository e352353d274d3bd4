"""The pharmacy server's database from one version of the software to another: forward by itself, and never back.

Alone knows: how a database looks that a newer version used. Must not know: any table's meaning.
"""

import pytest
from sqlalchemy import text

from central.database.place import HEAD, Database, NotOurs
from tests.database import any_database, any_url, migrated_postgres, postgres_server, postgres_url

__all__ = ["any_database", "any_url", "migrated_postgres", "postgres_server", "postgres_url"]


def test_what_a_newer_version_used_is_left_alone(any_database: Database) -> None:
    """Whoever goes back to yesterday's software is told to put back yesterday's copy, and nothing is written."""
    with any_database.engine.begin() as conn:
        conn.execute(text("update alembic_version set version_num = '9999'"))
    with pytest.raises(NotOurs, match="newer version .* at 9999, here at " + HEAD):
        any_database.prepare()
    with any_database.engine.begin() as conn:
        conn.execute(text("update alembic_version set version_num = :head"), {"head": HEAD})
    assert any_database.prepare() is any_database

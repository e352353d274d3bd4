"""Bring a database up to the newest migration.

Alone knows: how alembic is called without a file of settings, and that only one process migrates at a time.
Must not know: any table.
"""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine

LOCK = 0x0ADC
"""Whoever migrates a PostgreSQL database holds this advisory lock."""


def upgrade(engine: Engine, to: str = "head") -> None:
    """Go through every migration that is missing, in one transaction."""
    with engine.begin() as conn:
        if conn.dialect.name == "postgresql":
            conn.exec_driver_sql(f"select pg_advisory_xact_lock({LOCK})")
        command.upgrade(settings(conn), to)


def settings(conn: Connection) -> Config:
    """Alembic's settings over an open connection."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.attributes["connection"] = conn
    return config

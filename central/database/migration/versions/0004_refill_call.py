"""Refills that somebody at a cabinet asked for.

Alone knows: this table and column as they were when they came. Must not know: what tables look like today.
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

WORDS = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Go this step."""
    op.add_column("need", sa.Column("asked_at", WORDS, nullable=True))
    op.create_table(
        "refill_call",
        sa.Column("cabinet", WORDS, nullable=False),
        sa.Column("pocket", WORDS, nullable=False),
        sa.Column("item", WORDS, nullable=False),
        sa.Column("staff", WORDS, nullable=False),
        sa.Column("at", WORDS, nullable=False),
        sa.PrimaryKeyConstraint("cabinet", "pocket"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )

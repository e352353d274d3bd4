"""Alerts and what is told of them; indexes over what expires and over the few facts that tell of debts.

Alone knows: these tables as they were when they came. Must not know: what tables look like today.
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
WORDS = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Go this step."""
    op.create_index("pocket_of_expiry", "pocket", ["expiry"], unique=False)
    owed = sa.text("type in ('debt_owed', 'debt_settled')")
    op.create_index("fact_of_debts", "fact", ["at"], unique=False, sqlite_where=owed, postgresql_where=owed)
    op.create_table(
        "watched",
        sa.Column("number", NUMBER, sa.Identity(always=False), nullable=False),
        sa.Column("rule", WORDS, nullable=False),
        sa.Column("cabinet", WORDS, nullable=False),
        sa.Column("subject", WORDS, nullable=False),
        sa.Column("severity", WORDS, nullable=False),
        sa.Column("sentence", WORDS, nullable=False),
        sa.Column("since", WORDS, nullable=False),
        sa.Column("seen_at", WORDS, nullable=False),
        sa.Column("over_at", WORDS, server_default="", nullable=False),
        sa.Column("taken_by", WORDS, server_default="", nullable=False),
        sa.Column("taken_at", WORDS, server_default="", nullable=False),
        sa.Column("note", WORDS, server_default="", nullable=False),
        sa.Column("told", NUMBER, server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("number"),
        sqlite_strict=True,
    )
    lasting = sa.text("over_at = ''")
    columns = ["rule", "cabinet", "subject"]
    op.create_index("watched_open", "watched", columns, unique=True, sqlite_where=lasting, postgresql_where=lasting)
    op.create_table(
        "watch_letter",
        sa.Column("number", NUMBER, sa.Identity(always=False), nullable=False),
        sa.Column("watched", NUMBER, nullable=False),
        sa.Column("channel", WORDS, nullable=False),
        sa.Column("body", WORDS, nullable=False),
        sa.Column("state", WORDS, nullable=False),
        sa.Column("tries", NUMBER, nullable=False),
        sa.Column("next_at", WORDS, nullable=False),
        sa.Column("why", WORDS, server_default="", nullable=False),
        sa.Column("over_at", WORDS, server_default="", nullable=False),
        sa.PrimaryKeyConstraint("number"),
        sqlite_strict=True,
    )
    waiting = sa.text("state = 'waiting'")
    op.create_index("watch_letter_waiting", "watch_letter", ["next_at"], unique=False, sqlite_where=waiting, postgresql_where=waiting)

"""Interfaces to the hospital's systems.

Alone knows: these tables as they were when they came. Must not know: what tables look like today.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
WORDS = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
KEYED = {"sqlite_strict": True, "sqlite_with_rowid": False}
NUMBERED = {"sqlite_strict": True}


def upgrade() -> None:
    """Go this step."""
    op.create_table(
        "hl7_message",
        sa.Column("number", NUMBER, sa.Identity(always=False), nullable=False),
        sa.Column("link", WORDS, nullable=False),
        sa.Column("received_at", WORDS, nullable=False),
        sa.Column("piece", WORDS, nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("sender", WORDS, nullable=False),
        sa.Column("control", WORDS, nullable=False),
        sa.Column("name", WORDS, nullable=False),
        sa.Column("code", WORDS, nullable=False),
        sa.Column("reason", WORDS, nullable=False),
        sa.Column("words", WORDS, nullable=False),
        sa.Column("answers", sa.LargeBinary(), nullable=False),
        sa.Column("repeats", NUMBER, nullable=True),
        sa.PrimaryKeyConstraint("number"),
        **NUMBERED,
    )
    op.create_index("hl7_message_of_sender", "hl7_message", ["link", "control", "digest"], unique=False)
    op.create_table(
        "hl7_standing",
        sa.Column("kind", WORDS, nullable=False),
        sa.Column("id", WORDS, nullable=False),
        sa.Column("record", WORDS, nullable=False),
        sa.PrimaryKeyConstraint("kind", "id"),
        **KEYED,
    )
    op.create_table(
        "hl7_linked",
        sa.Column("said", WORDS, nullable=False),
        sa.Column("item", WORDS, nullable=False),
        sa.Column("linked_by", WORDS, nullable=False),
        sa.Column("at", WORDS, nullable=False),
        sa.PrimaryKeyConstraint("said"),
        **KEYED,
    )
    op.create_table(
        "hl7_cursor",
        sa.Column("link", WORDS, nullable=False),
        sa.Column("cabinet", WORDS, nullable=False),
        sa.Column("epoch", NUMBER, nullable=False),
        sa.Column("seq", NUMBER, nullable=False),
        sa.Column("memory", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("link", "cabinet"),
        **KEYED,
    )
    op.create_table(
        "hl7_outgoing",
        sa.Column("number", NUMBER, sa.Identity(always=False), nullable=False),
        sa.Column("link", WORDS, nullable=False),
        sa.Column("source", WORDS, nullable=False),
        sa.Column("control", WORDS, nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("state", WORDS, nullable=False),
        sa.Column("tries", NUMBER, nullable=False),
        sa.Column("answer", sa.LargeBinary(), nullable=False),
        sa.Column("over_at", WORDS, nullable=False),
        sa.PrimaryKeyConstraint("number"),
        sa.UniqueConstraint("link", "source"),
        **NUMBERED,
    )
    op.create_index("hl7_outgoing_of_link", "hl7_outgoing", ["link", "state", "number"], unique=False)

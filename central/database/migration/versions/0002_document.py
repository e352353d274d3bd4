"""Documents for cabinets, and numbered sheets; an index over the few facts that tell of sheets.

Alone knows: these tables as they were when they came. Must not know: what tables look like today.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
WORDS = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
KEYED = {"sqlite_strict": True, "sqlite_with_rowid": False}
OF_SHEETS = sa.text("type in ('sheet_issued', 'sheet_late', 'sheet_closed')")


def upgrade() -> None:
    """Go this step."""
    op.create_table(
        "document_version",
        sa.Column("document", WORDS, nullable=False),
        sa.Column("scope", WORDS, nullable=False),
        sa.Column("version", NUMBER, autoincrement=False, nullable=False),
        sa.Column("sha256", WORDS, nullable=False),
        sa.Column("issued_at", WORDS, nullable=False),
        sa.Column("approved_by", WORDS, nullable=False),
        sa.Column("why", WORDS, nullable=False),
        sa.PrimaryKeyConstraint("document", "scope", "version"),
        **KEYED,
    )
    op.create_table(
        "document_record",
        sa.Column("document", WORDS, nullable=False),
        sa.Column("scope", WORDS, nullable=False),
        sa.Column("key", WORDS, nullable=False),
        sa.Column("version", NUMBER, autoincrement=False, nullable=False),
        sa.Column("until", NUMBER, nullable=True),
        sa.Column("record", WORDS, nullable=False),
        sa.PrimaryKeyConstraint("document", "scope", "key", "version"),
        **KEYED,
    )
    op.create_table(
        "document_held",
        sa.Column("cabinet", WORDS, nullable=False),
        sa.Column("document", WORDS, nullable=False),
        sa.Column("version", NUMBER, nullable=False),
        sa.Column("sha256", WORDS, nullable=False),
        sa.Column("state", WORDS, nullable=False),
        sa.Column("reason", WORDS, nullable=False),
        sa.Column("at", WORDS, nullable=False),
        sa.Column("refused_version", NUMBER, nullable=False),
        sa.Column("heard_at", WORDS, nullable=False),
        sa.PrimaryKeyConstraint("cabinet", "document"),
        **KEYED,
    )
    op.create_table(
        "sheet",
        sa.Column("sheet", WORDS, nullable=False),
        sa.Column("cabinet", WORDS, nullable=False),
        sa.Column("item", WORDS, nullable=False),
        sa.Column("units", NUMBER, nullable=False),
        sa.Column("issued_by", WORDS, nullable=False),
        sa.Column("carried_by", WORDS, nullable=False),
        sa.Column("issued_at", WORDS, nullable=False),
        sa.PrimaryKeyConstraint("sheet"),
        **KEYED,
    )
    op.create_index("fact_of_sheets", "fact", ["cabinet", "at"], unique=False, sqlite_where=OF_SHEETS, postgresql_where=OF_SHEETS)

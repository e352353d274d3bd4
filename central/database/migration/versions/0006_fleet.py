"""What keeps pages as fast over thousands of cabinets as over one: needs that are on no list, alerts by rule, days that were added up.

Alone knows: this table, column and these indexes as they were when they came. Must not know: what tables look like today.
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
WORDS = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
LISTED = """
    update need set is_listed = 1 where exists
    (select 1 from pick_line l where l.cabinet = need.cabinet and l.pocket = need.pocket and l.is_open = 1)"""


def upgrade() -> None:
    """Go this step."""
    op.add_column("need", sa.Column("is_listed", NUMBER, server_default="0", nullable=False))
    op.execute(LISTED)
    _index("need_free", "need", ["rank", "cabinet", "pocket"], "is_listed = 0")
    op.create_index("pick_list_of_cabinet", "pick_list", ["cabinet", "stage"], unique=False)
    _index("pocket_empty_by_right", "pocket", ["cabinet", "epoch"], "status = 'out' and coalesce(par, 0) = 0")
    _index("discrepancy_open_of_cabinet", "discrepancy", ["cabinet", "at", "discrepancy"], "resolved_at is null")
    _index("watched_lasting", "watched", ["rule", "severity", "since", "number"], "over_at = ''")
    _index("watched_count", "watched", ["rule", "taken_by"], "over_at = ''")
    _index("watched_over", "watched", ["number"], "over_at <> ''")
    op.create_table(
        "figure_day",
        sa.Column("day", WORDS, nullable=False),
        sa.Column("cabinet", WORDS, nullable=False),
        sa.Column("tally", WORDS, nullable=False),
        sa.PrimaryKeyConstraint("day", "cabinet"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )


def _index(name: str, table: str, columns: list[str], where: str) -> None:
    op.create_index(name, table, columns, unique=False, sqlite_where=sa.text(where), postgresql_where=sa.text(where))

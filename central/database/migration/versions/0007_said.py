"""Why a recall was lifted.

Alone knows: this column as it was when it came. Must not know: what tables look like today.
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

WORDS = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Go this step."""
    op.add_column("recall", sa.Column("lifted_why", WORDS, server_default="", nullable=False))

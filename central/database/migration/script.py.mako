"""${message}

Alone knows: one step of the tables' way. Must not know: what tables look like today.
"""

from alembic import op
import sqlalchemy as sa

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}


def upgrade() -> None:
    """Go this step."""
    ${upgrades if upgrades else "pass"}

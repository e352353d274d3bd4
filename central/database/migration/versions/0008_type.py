"""Indexes of facts of some types whose conditions are compared one after the other, which costs SQLite less for every fact.

Alone knows: these indexes as they were when they came. Must not know: what tables look like today.
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

INDEXES = {
    "fact_of_sheets": (["cabinet", "at"], "(type = 'sheet_issued' or type = 'sheet_late' or type = 'sheet_closed')"),
    "fact_of_debts": (["at"], "(type = 'debt_owed' or type = 'debt_settled')"),
    "fact_of_codes": (["cabinet", "epoch", "seq"], "(type = 'code_parked' or type = 'code_linked' or type = 'code_dismissed')"),
}


def upgrade() -> None:
    """Go this step."""
    for name, (columns, where) in INDEXES.items():
        op.drop_index(name, table_name="fact")
        op.create_index(name, "fact", columns, unique=False, sqlite_where=sa.text(where), postgresql_where=sa.text(where))

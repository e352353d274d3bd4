"""What a person must look at.

Alone knows: the columns. Must not know: why anything is an alert.
"""

from sqlalchemy import Column, Identity, Index, UniqueConstraint

from central.database.table.kind import NUMBER, keyed, text

ALERT = keyed(
    "alert",
    Column("number", NUMBER, Identity(), primary_key=True),
    text("cabinet"), text("code"), text("detail"), text("at"),
    UniqueConstraint("cabinet", "code", "detail"),
    Index("alert_of_cabinet", "cabinet", "number"),
    rowid=True,
)  # fmt: skip
"""The same alert is raised once."""

"""What surveillance asks beside the cabinets' own facts, and who looked.

Alone knows: the columns. Must not know: how anybody is compared with anybody.
"""

from sqlalchemy import Column, Identity, Index

from central.database.table.kind import NUMBER, key, keyed, number, text

GIVEN = keyed(
    "given",
    key("patient"), key("order_id"), key("at"), key("item"),
    text("amount"), text("unit"), number("is_given"), text("given_by"), text("heard_at"),
    Index("given_of_item", "item", "patient", "at"),
)  # fmt: skip
"""Administrations as the hospital's systems told of them (RAS^O17)."""

LOOK = keyed(
    "look",
    Column("number", NUMBER, Identity(), primary_key=True),
    text("at"), text("looked_by"), text("why"), text("asked"),
    rowid=True,
)  # fmt: skip
"""Who looked at people's figures, when, why, and at what. Never changed, never deleted."""

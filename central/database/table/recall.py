"""Recalls: what was called back, and what lay where when it was.

Alone knows: the columns. Must not know: who received it, or what a cabinet did about it.
"""

from central.database.table.kind import key, keyed, number, text

RECALL = keyed(
    "recall",
    key("recall"),
    text("scope"), text("value"), text("item"), text("why"), text("number"), text("begun_at"), text("begun_by"), text("lifted_at"),
    text("lifted_by"), text("lifted_why", ""),
)  # fmt: skip
"""`number` is the maker's or the agency's; `lifted_at` is empty while it stands."""

RECALL_LINE = keyed("recall_line", key("recall"), key("cabinet"), key("pocket"), text("item"), number("units"), text("lots"))
"""What is to be pulled where: units and lots (apart by blanks) as they were when the recall began."""

"""Restock: pick lists with their lines and steps, the rounds that were made, what was asked for, and how far each cabinet is followed.

Alone knows: the columns, and that a pocket is on one open line at a time. Must not know: what a stage allows, or who asks.
"""

from sqlalchemy import Index
from sqlalchemy import text as sql

from central.database.table.kind import key, key_number, keyed, number, number_or_none, text, text_or_none

PICK_LIST = keyed(
    "pick_list",
    key("list"), text("cabinet"), text("round"), number("position"), text("stage"), text("carried_by"), text("announced_at"),
    Index("pick_list_of_stage", "stage", "list"),
    Index("pick_list_of_cabinet", "cabinet", "stage"),
)  # fmt: skip

PICK_LINE = keyed(
    "pick_line",
    key("list"), key_number("number"),
    text("cabinet"), text("pocket"), text("item"), number("units"), number("held"), text("why"), number("needs_check"),
    number("needs_sheet"), number("is_open"), number_or_none("picked"), text("reason"), text_or_none("lot"), text_or_none("expiry"),
    number("is_scanned"), text("picked_by"), text("checked_by"), text("sheet"), number("filled"), text("why_not"), text("waits"),
    Index(
        "pick_line_open", "cabinet", "pocket", unique=True, sqlite_where=sql("is_open = 1"), postgresql_where=sql("is_open = 1"),
    ),
)  # fmt: skip
"""The index keeps a need from standing on two lists, whoever makes them at once."""

PICK_STEP = keyed("pick_step", key("list"), key_number("number"), text("stage"), text("at"), text("by"), text("said"))
"""Every stage that a list came to, when, and by whose hand."""

PICK_ROUND = keyed("pick_round", key("round"), key("day"), text("made_at"))
"""The rounds whose lists were made: each once, however often a server starts."""

REFILL_ASKED = keyed("refill_asked", key("cabinet"), key("pocket"), text("asked_by"), text("at"))
"""Pockets that somebody asked to have filled, until they are on a list."""

PICK_FOLLOWED = keyed("pick_followed", key("cabinet"), number("epoch"), number("seq"), text("memory"))
"""How far the facts of a cabinet are read that lists are on their way to, and the accesses under way there."""

"""What people did at cabinets, and what stood on their shelves: rows that follow from facts and can be made from them again.

Alone knows: the columns. Must not know: which fact fills which, or who asks.

A row of `activity` is keyed by the fact that asked for it, so that whoever shows a number can show the facts behind it.
"""

from sqlalchemy import Index

from central.database.table.kind import key, key_number, keyed, number, number_or_none, text, text_or_none

ACTIVITY = keyed(
    "activity",
    key("cabinet"), key_number("epoch"), key_number("seq"), key_number("place"),
    text("access"), text("at"), text("kind"), text("item"), text("pocket"), text("staff"), text("witness"), text("patient"),
    text("order_id"), text("authority"), text("reason"), text("phase"), text("code"), text("asked_at"), number_or_none("open_ms"),
    number("asked"), number("units"), number("back_m"), number("waste_m"), number("counts"), number("variances"), number("is_linked"),
    text("found"), number_or_none("left_units"), number_or_none("keeps_days"), text("moved_to"),
    Index("activity_at", "cabinet", "at"),
    Index("activity_of_patient", "patient", "at"),
    Index("activity_of_access", "cabinet", "access"),
)  # fmt: skip
"""One access that was asked for, or refused; `activity/line.py` says what each column is."""

SPELL = keyed("spell", key("cabinet"), key("item"), key("from_at"), text_or_none("to_at"))
"""From when until when a cabinet that holds an item had none of it to give; `to_at` is null while it has none."""

SHELF_DAY = keyed("shelf_day", key("cabinet"), key("day"), number("pocket_s"), number("empty_s"), number("shut_s"), number("unit_s"))
"""Of each day (UTC) the seconds of all pockets that hold an item, of those that were empty, of those out of service, and of all units."""

FIGURE_DAY = keyed("figure_day", key("day"), key("cabinet"), text("tally"))
"""What a cabinet's day comes to, as JSON, once the day is over; that of all cabinets together under an empty name. Both go as soon as
something of that day is heard late, and come again."""

FOLLOWED = keyed("followed", key("cabinet"), number("epoch"), number("seq"), text("memory"))
"""How far facts have become such rows, and what is remembered of the shelf at that point, as JSON."""

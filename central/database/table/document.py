"""Documents for cabinets: every version with who approved it, every record with the versions that it held in, and what each cabinet has.

Alone knows: the columns. Must not know: what a record means, or who asks.

A record's row holds from its `version` until, and without, `until`; null: it holds still. So any two versions can be compared, and a
version costs no more than what changed in it. `scope` is a cabinet, or `*` where one table holds for every cabinet.
"""

from central.database.table.kind import key, key_number, keyed, number, number_or_none, text

VERSION = keyed(
    "document_version",
    key("document"), key("scope"), key_number("version"),
    text("sha256"), text("issued_at"), text("approved_by"), text("why"),
)  # fmt: skip

RECORD = keyed(
    "document_record",
    key("document"), key("scope"), key("key"), key_number("version"), number_or_none("until"), text("record"),
)  # fmt: skip

HELD = keyed(
    "document_held",
    key("cabinet"), key("document"),
    number("version"), text("sha256"), text("state"), text("reason"), text("at"), number("refused_version"), text("heard_at"),
)  # fmt: skip
"""What each cabinet said last that it has."""

SHEET = keyed(
    "sheet",
    key("sheet"), text("cabinet"), text("item"), number("units"), text("issued_by"), text("carried_by"), text("issued_at"),
)  # fmt: skip
"""Every numbered sheet that left the pharmacy."""

"""The cabinets' journals as they hold them, and how far each is held without a gap.

Alone knows: the columns of facts and heads, and how facts are spread over partitions. Must not know: what a fact means.

On PostgreSQL facts are spread by a hash of their cabinet (docs/decisions): every question names a cabinet, so it meets one partition,
and the key (cabinet, epoch, seq) stays the database's own to keep.
"""

from sqlalchemy import Index
from sqlalchemy import text as sql

from central.database.table.kind import HOT, key, key_number, keyed, number, text, text_or_none


def _one_of(*types: str) -> str:
    """Of a list of three SQLite would make a table anew for every fact that is written: a third of the time that writing one takes."""
    return "(" + " or ".join(f"type = '{one}'" for one in types) + ")"


OF_DEBTS = _one_of("debt_owed", "debt_settled")
OF_SHEETS = _one_of("sheet_issued", "sheet_late", "sheet_closed")
OF_CODES = _one_of("code_parked", "code_linked", "code_dismissed")
"""Facts that are looked for by themselves. A question finds their index where it says just this."""

FACT = keyed(
    "fact",
    key("cabinet"), key_number("epoch"), key_number("seq"),
    text("id"), text("at"), text("type"), text_or_none("access"), text_or_none("staff"), text_or_none("witness"), text("body"),
    text("prev_hash"), text("hash"),
    Index("fact_of_sheets", "cabinet", "at", sqlite_where=sql(OF_SHEETS), postgresql_where=sql(OF_SHEETS)),
    Index("fact_of_debts", "at", sqlite_where=sql(OF_DEBTS), postgresql_where=sql(OF_DEBTS)),
    Index("fact_of_codes", "cabinet", "epoch", "seq", sqlite_where=sql(OF_CODES), postgresql_where=sql(OF_CODES)),
    rowid=True,  # a fact is half a kilobyte: appended, with a small key beside it, it costs a third of the pages that a tree of facts does
    postgresql_partition_by="hash (cabinet)",
)  # fmt: skip

EARLY = keyed("early", key("cabinet"), key_number("epoch"), key_number("seq"), text("record"))
"""Facts that came before those that they follow, whole, as JSON: they wait here until the gap is filled."""

HEAD = keyed(
    "head",
    key("cabinet"), key_number("epoch"),
    number("seq"), text("hash"), text("journal"), text("held_at"), number("waiting", "0"),
    **HOT,
)  # fmt: skip
"""The highest fact held without a gap; `waiting`: the highest of those that came too early, 0 where none waits."""

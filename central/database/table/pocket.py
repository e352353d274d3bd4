"""Pockets, what each cabinet needs, and what does not add up.

Alone knows: columns and indexes, and how a status follows from a balance. Must not know: facts, reports, who asks.

A pocket's row has two halves: what the server folded from facts, and what the cabinet last reported of it, which counts for names, expiry
and the states that only the cabinet can see. `status` follows from both in the database itself, and so does the number of pockets
of each status (`total`, kept by triggers), so that no question ever counts a fleet's pockets.
"""

from sqlalchemy import Column, Computed, Index
from sqlalchemy import text as sql

from central.database.table.kind import HOT, NUMBER, WORDS, key, key_number, keyed, number, number_or_none, text, text_or_none

STATUSES = ("failed", "quarantined", "expired", "unassigned", "out", "critical", "low", "over", "ok")
"""A pocket's status is the first that holds."""
SHORT = ("out", "critical", "low")
"""Statuses that somebody must do something about."""

STATUS = """case
    when item is null or item = '' then 'unassigned'
    when told_item = item and told_status in ('failed', 'quarantined', 'expired') then told_status
    when units <= 0 then 'out'
    when units <= critical_low then 'critical'
    when units <= min then 'low'
    when units > par then 'over'
    else 'ok' end"""

EMPTY_BY_RIGHT = "status = 'out' and coalesce(par, 0) = 0"
"""Nothing is asked of such a pocket: one for patients' own medicines, one that is to hold nothing. Nobody ran out of anything."""

_IS_SOMETHING = "status <> 'ok'"
"""Most pockets are, and a movement in them leaves the index alone."""

POCKET = keyed(
    "pocket",
    key("cabinet"), key_number("epoch"), key("pocket"),
    number("units"), text_or_none("item"), text_or_none("drawer"),
    number_or_none("par"), number_or_none("min"), number_or_none("critical_low"), text_or_none("count_mode"),
    text_or_none("counted_at"), text_or_none("count_basis"),
    number("told_seq", "0"), text_or_none("told_item"), text_or_none("told_status"),
    text_or_none("name"), text_or_none("strength"), text_or_none("form"), text_or_none("unit"), text_or_none("expiry"),
    number_or_none("capacity"),
    Column("status", WORDS, Computed(STATUS, persisted=True)),
    Index("pocket_of_item", "item", "cabinet", "epoch"),
    Index("pocket_of_expiry", "expiry"),
    Index("pocket_empty_by_right", "cabinet", "epoch", sqlite_where=sql(EMPTY_BY_RIGHT), postgresql_where=sql(EMPTY_BY_RIGHT)),
    Index("pocket_of_status", "status", "cabinet", "epoch", sqlite_where=sql(_IS_SOMETHING), postgresql_where=sql(_IS_SOMETHING)),
    **HOT,
)  # fmt: skip

TOTAL = keyed(
    "total",
    key("cabinet"), key_number("epoch"),
    *(number(status, "0") for status in STATUSES),
    Column("short", NUMBER, Computed(" + ".join(f'"{status}"' for status in SHORT), persisted=True)),
    Index("total_of_short", "short"),
    **HOT,
)  # fmt: skip
"""How many pockets of a cabinet are in each status, kept by triggers on `pocket`."""

NEED = keyed(
    "need",
    key("cabinet"), key("pocket"),
    number("rank"), text("item"), number("units"), number("min"), number("par"), number("units_needed"),
    text("urgency"), text("why"), text("at"), text_or_none("asked_at"), number("is_listed", "0"),
    Index("need_of_rank", "rank", "cabinet", "pocket"),
    Index("need_free", "rank", "cabinet", "pocket", sqlite_where=sql("is_listed = 0"), postgresql_where=sql("is_listed = 0")),
)  # fmt: skip
"""The lines of each cabinet's newest restock report; `rank` sorts them by what is most urgent. `asked_at`: somebody waits for it.

`is_listed`: it stands on an open line of a pick list. Whoever writes either of the two holds the cabinet's row (`cabinet.py`) meanwhile.
"""

LISTED = """
    update need set is_listed = 1 - is_listed where need.cabinet = :cabinet and is_listed <> case when exists (
        select 1 from pick_line l where l.cabinet = need.cabinet and l.pocket = need.pocket and l.is_open = 1
    ) then 1 else 0 end"""
"""Says anew which of a cabinet's needs are."""

REFILL_CALL = keyed("refill_call", key("cabinet"), key("pocket"), text("item"), text("staff"), text("at"))
"""Who at the cabinet asked last for each pocket to be filled. It stands while a need of its pocket bears the same `asked_at`."""

DISCREPANCY = keyed(
    "discrepancy",
    key("cabinet"), key("discrepancy"),
    number("epoch"), number("seq"), text("at"), text("pocket"), text("item"), number("expected"), number_or_none("counted"), text("basis"),
    number("since_seq"), text_or_none("resolved_at"), text_or_none("resolved_by"), text_or_none("reason"),
    Index("discrepancy_at", "at", "discrepancy"),
    Index("discrepancy_open", "at", "discrepancy", sqlite_where=sql("resolved_at is null"), postgresql_where=sql("resolved_at is null")),
    Index(
        "discrepancy_open_of_cabinet", "cabinet", "at", "discrepancy", sqlite_where=sql("resolved_at is null"),
        postgresql_where=sql("resolved_at is null"),
    ),
    Index("discrepancy_of_cabinet", "cabinet", "at"),
)  # fmt: skip
"""A discrepancy as it was found, and how it was explained; `resolved_at` is null while it is open."""

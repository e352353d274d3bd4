"""What is watched: alerts while they last and after they are over, and what is told of them.

Alone knows: the columns. Must not know: which condition is an alert, or how a letter travels.
"""

from sqlalchemy import Column, Identity, Index
from sqlalchemy import text as sql

from central.database.table.kind import NUMBER, keyed, number, text

_LASTS = "over_at = ''"
_IS_OVER = "over_at <> ''"

WATCHED = keyed(
    "watched",
    Column("number", NUMBER, Identity(), primary_key=True),
    text("rule"), text("cabinet"), text("subject"), text("severity"), text("sentence"), text("since"), text("seen_at"), text("over_at", ""),
    text("taken_by", ""), text("taken_at", ""), text("note", ""), number("told", "0"),
    Index("watched_open", "rule", "cabinet", "subject", unique=True, sqlite_where=sql(_LASTS), postgresql_where=sql(_LASTS)),
    Index("watched_lasting", "rule", "severity", "since", "number", sqlite_where=sql(_LASTS), postgresql_where=sql(_LASTS)),
    Index("watched_count", "rule", "taken_by", sqlite_where=sql(_LASTS), postgresql_where=sql(_LASTS)),
    Index("watched_over", "number", sqlite_where=sql(_IS_OVER), postgresql_where=sql(_IS_OVER)),
    rowid=True,
)  # fmt: skip
"""One alert: `over_at` is empty while it lasts, `taken_by` until somebody acknowledged it; `told`: steps of its rule that were taken."""

LETTER = keyed(
    "watch_letter",
    Column("number", NUMBER, Identity(), primary_key=True),
    number("watched"), text("channel"), text("body"), text("state"), number("tries"), text("next_at"), text("why", ""), text("over_at", ""),
    Index("watch_letter_waiting", "next_at", sqlite_where=sql("state = 'waiting'"), postgresql_where=sql("state = 'waiting'")),
    rowid=True,
)  # fmt: skip
"""What is to be told over a channel. `state`: waiting, sent or given_up."""

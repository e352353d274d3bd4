"""The statements of a round of post: what becomes of a row that is there already.

Alone knows: which column of which table is set, added to or kept. Must not know: where rows come from.

Everything is keyed so that the same post in any order and any number ends in the same rows.
"""

from central.database.hand import Upsert
from central.database.table import ALERT, CABINET, DISCREPANCY, EARLY, HEAD, NEED, POCKET, REFILL_CALL, REPORT
from central.database.table.pocket import LISTED
from central.fold.change import COLUMNS

KEPT_HEAD = Upsert(
    HEAD, ("cabinet", "epoch", "seq", "hash", "journal", "held_at", "waiting"), ("seq", "hash", "journal", "held_at", "waiting")
)

KEPT_EARLY = Upsert(EARLY, ("cabinet", "epoch", "seq", "record"))

CABINET_COLUMNS = tuple(column.name for column in CABINET.columns)
KEPT_CABINET = Upsert(CABINET, CABINET_COLUMNS, CABINET_COLUMNS[1:])
KNOWN_CABINET = Upsert(CABINET, ("cabinet",))

FOLDED_POCKET = Upsert(
    POCKET,
    ("cabinet", "epoch", "pocket", *COLUMNS),
    rules=(
        ("units", "pocket.units + excluded.units"),
        *((column, f"coalesce(excluded.{column}, pocket.{column})") for column in COLUMNS[1:]),
    ),
)
MOVED_POCKET = Upsert(POCKET, ("cabinet", "epoch", "pocket", "units"), rules=(("units", "pocket.units + excluded.units"),))
"""Most facts move units and change nothing else."""
TOLD = ("told_seq", "told_item", "told_status", "name", "strength", "form", "unit", "expiry", "capacity")
TOLD_POCKET = Upsert(POCKET, ("cabinet", "epoch", "pocket", "units", *TOLD), TOLD, where="excluded.told_seq >= pocket.told_seq")
FORGET_TOLD = (
    "update pocket set told_seq = 0, told_item = null, told_status = null, name = null, strength = null, form = null, unit = null,"
    " expiry = null, capacity = null where cabinet = ? and pocket = ?"
)

NEWEST_REPORT = Upsert(
    REPORT,
    ("cabinet", "kind", "epoch", "seq", "report"),
    ("epoch", "seq", "report"),
    where="(excluded.epoch, excluded.seq) >= (report.epoch, report.seq)",
)
NEED_COLUMNS = tuple(column.name for column in NEED.columns if column.name != "is_listed")
NEW_NEED = Upsert(NEED, NEED_COLUMNS, NEED_COLUMNS[2:])
MARK_NEEDS = LISTED.replace(":cabinet", "?")

KEPT_CALL = Upsert(
    REFILL_CALL, ("cabinet", "pocket", "item", "staff", "at"), ("item", "staff", "at"), where="excluded.at >= refill_call.at"
)

FOUND = Upsert(DISCREPANCY, ("cabinet", "discrepancy", "epoch", "seq", "at", "pocket", "item", "expected", "counted", "basis", "since_seq"))
RESOLVE = (
    "update discrepancy set resolved_at = ?, resolved_by = ?, reason = ? where cabinet = ? and discrepancy = ? and resolved_at is null"
)

RAISE = f"insert into {ALERT.name} (cabinet, code, detail, at) values (?, ?, ?, ?) on conflict do nothing"  # noqa: S608 - our own table

"""Facts, heads, cabinets, pockets, needs, discrepancies, alerts and reports.

Alone knows: the tables as they were when they first came. Must not know: what tables look like today.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

from central.database import trigger

revision = "0001"
down_revision = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
WORDS = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
KEYED: dict[str, Any] = {"sqlite_strict": True, "sqlite_with_rowid": False}
HOT: dict[str, Any] = {"postgresql_with": {"fillfactor": "60"}}
PARTITIONS = 16

STATUS = """case
    when item is null or item = '' then 'unassigned'
    when told_item = item and told_status in ('failed', 'quarantined', 'expired') then told_status
    when units <= 0 then 'out'
    when units <= critical_low then 'critical'
    when units <= min then 'low'
    when units > par then 'over'
    else 'ok' end"""


def upgrade() -> None:
    """Go this step."""
    make_tables()
    make_restock()
    make_activity()
    make_pars()
    make_surveillance()
    make_recall()
    dialect = op.get_bind().dialect.name
    if dialect == "postgresql":
        for place in range(PARTITIONS):
            op.execute(f"create table fact_{place} partition of fact for values with (modulus {PARTITIONS}, remainder {place})")
    for statement in trigger.of(dialect):
        op.get_bind().exec_driver_sql(statement)


def make_tables() -> None:
    """As alembic wrote them down."""
    op.create_table(
        "alert",
        sa.Column("number", NUMBER, sa.Identity(always=False), nullable=False),
        sa.Column("cabinet", WORDS, nullable=False),
        sa.Column("code", WORDS, nullable=False),
        sa.Column("detail", WORDS, nullable=False),
        sa.Column("at", WORDS, nullable=False),
        sa.PrimaryKeyConstraint("number"),
        sa.UniqueConstraint("cabinet", "code", "detail"),
        sqlite_strict=True,
    )
    op.create_index("alert_of_cabinet", "alert", ["cabinet", "number"], unique=False)
    op.create_table(
        "cabinet",
        sa.Column("cabinet", WORDS, nullable=False),
        sa.Column("newest", NUMBER, server_default="0", nullable=False),
        sa.Column("state", WORDS, server_default="offline", nullable=False),
        sa.Column("mode", WORDS, server_default="", nullable=False),
        sa.Column("epoch", NUMBER, server_default="0", nullable=False),
        sa.Column("boot", NUMBER, server_default="0", nullable=False),
        sa.Column("session", NUMBER, server_default="0", nullable=False),
        sa.Column("since", WORDS, server_default="", nullable=False),
        sa.Column("software", WORDS, server_default="", nullable=False),
        sa.Column("config", WORDS, server_default="", nullable=False),
        sa.Column("contract", WORDS, server_default="", nullable=False),
        sa.Column("heard_at", WORDS, server_default="", nullable=False),
        sa.Column("name", WORDS, server_default="", nullable=False),
        sa.Column("area", WORDS, server_default="", nullable=False),
        sa.PrimaryKeyConstraint("cabinet"),
        **KEYED,
        **HOT,
    )
    op.create_table(
        "discrepancy",
        sa.Column("cabinet", WORDS, nullable=False),
        sa.Column("discrepancy", WORDS, nullable=False),
        sa.Column("epoch", NUMBER, nullable=False),
        sa.Column("seq", NUMBER, nullable=False),
        sa.Column("at", WORDS, nullable=False),
        sa.Column("pocket", WORDS, nullable=False),
        sa.Column("item", WORDS, nullable=False),
        sa.Column("expected", NUMBER, nullable=False),
        sa.Column("counted", NUMBER, nullable=True),
        sa.Column("basis", WORDS, nullable=False),
        sa.Column("since_seq", NUMBER, nullable=False),
        sa.Column("resolved_at", WORDS, nullable=True),
        sa.Column("resolved_by", WORDS, nullable=True),
        sa.Column("reason", WORDS, nullable=True),
        sa.PrimaryKeyConstraint("cabinet", "discrepancy"),
        **KEYED,
    )
    op.create_index("discrepancy_at", "discrepancy", ["at", "discrepancy"], unique=False)
    op.create_index("discrepancy_of_cabinet", "discrepancy", ["cabinet", "at"], unique=False)
    op.create_index(
        "discrepancy_open",
        "discrepancy",
        ["at", "discrepancy"],
        unique=False,
        sqlite_where=sa.text("resolved_at is null"),
        postgresql_where=sa.text("resolved_at is null"),
    )
    op.create_table(
        "early",
        sa.Column("cabinet", WORDS, nullable=False),
        sa.Column("epoch", NUMBER, autoincrement=False, nullable=False),
        sa.Column("seq", NUMBER, autoincrement=False, nullable=False),
        sa.Column("record", WORDS, nullable=False),
        sa.PrimaryKeyConstraint("cabinet", "epoch", "seq"),
        **KEYED,
    )
    op.create_table(
        "fact",
        sa.Column("cabinet", WORDS, nullable=False),
        sa.Column("epoch", NUMBER, autoincrement=False, nullable=False),
        sa.Column("seq", NUMBER, autoincrement=False, nullable=False),
        sa.Column("id", WORDS, nullable=False),
        sa.Column("at", WORDS, nullable=False),
        sa.Column("type", WORDS, nullable=False),
        sa.Column("access", WORDS, nullable=True),
        sa.Column("staff", WORDS, nullable=True),
        sa.Column("witness", WORDS, nullable=True),
        sa.Column("body", WORDS, nullable=False),
        sa.Column("prev_hash", WORDS, nullable=False),
        sa.Column("hash", WORDS, nullable=False),
        sa.PrimaryKeyConstraint("cabinet", "epoch", "seq"),
        postgresql_partition_by="hash (cabinet)",
        sqlite_strict=True,
    )
    op.create_table(
        "head",
        sa.Column("cabinet", WORDS, nullable=False),
        sa.Column("epoch", NUMBER, autoincrement=False, nullable=False),
        sa.Column("seq", NUMBER, nullable=False),
        sa.Column("hash", WORDS, nullable=False),
        sa.Column("journal", WORDS, nullable=False),
        sa.Column("held_at", WORDS, nullable=False),
        sa.Column("waiting", NUMBER, server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("cabinet", "epoch"),
        **KEYED,
        **HOT,
    )
    op.create_table(
        "need",
        sa.Column("cabinet", WORDS, nullable=False),
        sa.Column("pocket", WORDS, nullable=False),
        sa.Column("rank", NUMBER, nullable=False),
        sa.Column("item", WORDS, nullable=False),
        sa.Column("units", NUMBER, nullable=False),
        sa.Column("min", NUMBER, nullable=False),
        sa.Column("par", NUMBER, nullable=False),
        sa.Column("units_needed", NUMBER, nullable=False),
        sa.Column("urgency", WORDS, nullable=False),
        sa.Column("why", WORDS, nullable=False),
        sa.Column("at", WORDS, nullable=False),
        sa.PrimaryKeyConstraint("cabinet", "pocket"),
        **KEYED,
    )
    op.create_index("need_of_rank", "need", ["rank", "cabinet", "pocket"], unique=False)
    op.create_table(
        "pocket",
        sa.Column("cabinet", WORDS, nullable=False),
        sa.Column("epoch", NUMBER, autoincrement=False, nullable=False),
        sa.Column("pocket", WORDS, nullable=False),
        sa.Column("units", NUMBER, nullable=False),
        sa.Column("item", WORDS, nullable=True),
        sa.Column("drawer", WORDS, nullable=True),
        sa.Column("par", NUMBER, nullable=True),
        sa.Column("min", NUMBER, nullable=True),
        sa.Column("critical_low", NUMBER, nullable=True),
        sa.Column("count_mode", WORDS, nullable=True),
        sa.Column("counted_at", WORDS, nullable=True),
        sa.Column("count_basis", WORDS, nullable=True),
        sa.Column("told_seq", NUMBER, server_default="0", nullable=False),
        sa.Column("told_item", WORDS, nullable=True),
        sa.Column("told_status", WORDS, nullable=True),
        sa.Column("name", WORDS, nullable=True),
        sa.Column("strength", WORDS, nullable=True),
        sa.Column("form", WORDS, nullable=True),
        sa.Column("unit", WORDS, nullable=True),
        sa.Column("expiry", WORDS, nullable=True),
        sa.Column("capacity", NUMBER, nullable=True),
        sa.Column("status", WORDS, sa.Computed(STATUS, persisted=True), nullable=True),
        sa.PrimaryKeyConstraint("cabinet", "epoch", "pocket"),
        **HOT,
        **KEYED,
    )
    op.create_index("pocket_of_item", "pocket", ["item", "cabinet", "epoch"], unique=False)
    op.create_index(
        "pocket_of_status",
        "pocket",
        ["status", "cabinet", "epoch"],
        unique=False,
        sqlite_where=sa.text("status <> 'ok'"),
        postgresql_where=sa.text("status <> 'ok'"),
    )
    op.create_table(
        "person",
        sa.Column("person", WORDS, nullable=False),
        sa.Column("name", WORDS, nullable=False),
        sa.Column("role", WORDS, nullable=False),
        sa.Column("digest", WORDS, nullable=False),
        sa.Column("is_once", NUMBER, nullable=False),
        sa.Column("good_until", WORDS, nullable=False),
        sa.Column("set_by", WORDS, nullable=False),
        sa.Column("set_at", WORDS, nullable=False),
        sa.Column("failures", NUMBER, server_default="0", nullable=False),
        sa.Column("locked_until", WORDS, server_default="", nullable=False),
        sa.PrimaryKeyConstraint("person"),
        **KEYED,
    )
    op.create_table(
        "roster",
        sa.Column("source", WORDS, nullable=False),
        sa.Column("person", WORDS, nullable=False),
        sa.Column("key", WORDS, nullable=False),
        sa.Column("said", WORDS, nullable=False),
        sa.PrimaryKeyConstraint("source", "person"),
        **KEYED,
    )
    op.create_table(
        "visit",
        sa.Column("token", WORDS, nullable=False),
        sa.Column("person", WORDS, nullable=False),
        sa.Column("began_at", WORDS, nullable=False),
        sa.Column("used_at", WORDS, nullable=False),
        sa.PrimaryKeyConstraint("token"),
        **KEYED,
    )
    op.create_table(
        "report",
        sa.Column("cabinet", WORDS, nullable=False),
        sa.Column("kind", WORDS, nullable=False),
        sa.Column("epoch", NUMBER, nullable=False),
        sa.Column("seq", NUMBER, nullable=False),
        sa.Column("report", WORDS, nullable=False),
        sa.PrimaryKeyConstraint("cabinet", "kind"),
        **KEYED,
    )
    op.create_table(
        "total",
        sa.Column("cabinet", WORDS, nullable=False),
        sa.Column("epoch", NUMBER, autoincrement=False, nullable=False),
        sa.Column("failed", NUMBER, server_default="0", nullable=False),
        sa.Column("quarantined", NUMBER, server_default="0", nullable=False),
        sa.Column("expired", NUMBER, server_default="0", nullable=False),
        sa.Column("unassigned", NUMBER, server_default="0", nullable=False),
        sa.Column("out", NUMBER, server_default="0", nullable=False),
        sa.Column("critical", NUMBER, server_default="0", nullable=False),
        sa.Column("low", NUMBER, server_default="0", nullable=False),
        sa.Column("over", NUMBER, server_default="0", nullable=False),
        sa.Column("ok", NUMBER, server_default="0", nullable=False),
        sa.Column("short", NUMBER, sa.Computed('"out" + "critical" + "low"', persisted=True), nullable=True),
        sa.PrimaryKeyConstraint("cabinet", "epoch"),
        **KEYED,
        **HOT,
    )
    op.create_index("total_of_short", "total", ["short"], unique=False)


def make_activity() -> None:
    """What follows from facts: what people did, and what stood on the shelf."""
    op.create_table(
        "activity",
        sa.Column("cabinet", WORDS, nullable=False),
        sa.Column("epoch", NUMBER, autoincrement=False, nullable=False),
        sa.Column("seq", NUMBER, autoincrement=False, nullable=False),
        sa.Column("place", NUMBER, autoincrement=False, nullable=False),
        sa.Column("access", WORDS, nullable=False),
        sa.Column("at", WORDS, nullable=False),
        sa.Column("kind", WORDS, nullable=False),
        sa.Column("item", WORDS, nullable=False),
        sa.Column("pocket", WORDS, nullable=False),
        sa.Column("staff", WORDS, nullable=False),
        sa.Column("witness", WORDS, nullable=False),
        sa.Column("patient", WORDS, nullable=False),
        sa.Column("order_id", WORDS, nullable=False),
        sa.Column("authority", WORDS, nullable=False),
        sa.Column("reason", WORDS, nullable=False),
        sa.Column("phase", WORDS, nullable=False),
        sa.Column("code", WORDS, nullable=False),
        sa.Column("asked_at", WORDS, nullable=False),
        sa.Column("open_ms", NUMBER, nullable=True),
        sa.Column("asked", NUMBER, nullable=False),
        sa.Column("units", NUMBER, nullable=False),
        sa.Column("back_m", NUMBER, nullable=False),
        sa.Column("waste_m", NUMBER, nullable=False),
        sa.Column("counts", NUMBER, nullable=False),
        sa.Column("variances", NUMBER, nullable=False),
        sa.Column("is_linked", NUMBER, nullable=False),
        sa.Column("found", WORDS, nullable=False),
        sa.Column("left_units", NUMBER, nullable=True),
        sa.Column("keeps_days", NUMBER, nullable=True),
        sa.Column("moved_to", WORDS, nullable=False),
        sa.PrimaryKeyConstraint("cabinet", "epoch", "seq", "place"),
        **KEYED,
    )
    op.create_index("activity_at", "activity", ["cabinet", "at"], unique=False)
    op.create_index("activity_of_access", "activity", ["cabinet", "access"], unique=False)
    op.create_index("activity_of_patient", "activity", ["patient", "at"], unique=False)
    op.create_table(
        "spell",
        sa.Column("cabinet", WORDS, nullable=False),
        sa.Column("item", WORDS, nullable=False),
        sa.Column("from_at", WORDS, nullable=False),
        sa.Column("to_at", WORDS, nullable=True),
        sa.PrimaryKeyConstraint("cabinet", "item", "from_at"),
        **KEYED,
    )
    op.create_table(
        "shelf_day",
        sa.Column("cabinet", WORDS, nullable=False),
        sa.Column("day", WORDS, nullable=False),
        sa.Column("pocket_s", NUMBER, nullable=False),
        sa.Column("empty_s", NUMBER, nullable=False),
        sa.Column("shut_s", NUMBER, nullable=False),
        sa.Column("unit_s", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("cabinet", "day"),
        **KEYED,
    )
    op.create_table(
        "followed",
        sa.Column("cabinet", WORDS, nullable=False),
        sa.Column("epoch", NUMBER, nullable=False),
        sa.Column("seq", NUMBER, nullable=False),
        sa.Column("memory", WORDS, nullable=False),
        sa.PrimaryKeyConstraint("cabinet"),
        **KEYED,
    )


def make_pars() -> None:
    """Advice on pars, pharmacists' words, and what was sent."""
    op.create_table(
        "par_opinion",
        sa.Column("cabinet", WORDS, nullable=False),
        sa.Column("made_at", WORDS, nullable=False),
        sa.Column("pockets", NUMBER, nullable=False),
        sa.Column("changes", NUMBER, nullable=False),
        sa.Column("record", WORDS, nullable=False),
        sa.PrimaryKeyConstraint("cabinet"),
        **KEYED,
    )
    op.create_table(
        "par_word",
        sa.Column("number", NUMBER, sa.Identity(always=False), nullable=False),
        sa.Column("cabinet", WORDS, nullable=False),
        sa.Column("pocket", WORDS, nullable=False),
        sa.Column("item", WORDS, nullable=False),
        sa.Column("until_at", WORDS, nullable=False),
        sa.Column("said_by", WORDS, nullable=False),
        sa.Column("said_at", WORDS, nullable=False),
        sa.Column("reason", WORDS, nullable=False),
        sa.Column("lifted_at", WORDS, nullable=True),
        sa.Column("lifted_by", WORDS, nullable=True),
        sa.Column("lifted_why", WORDS, nullable=True),
        sa.PrimaryKeyConstraint("number"),
        sqlite_strict=True,
    )
    op.create_index("par_word_of_cabinet", "par_word", ["cabinet", "pocket"], unique=False)
    op.create_table(
        "par_mark",
        sa.Column("item", WORDS, nullable=False),
        sa.Column("criticality", WORDS, nullable=False),
        sa.Column("said_by", WORDS, nullable=False),
        sa.Column("said_at", WORDS, nullable=False),
        sa.Column("reason", WORDS, nullable=False),
        sa.PrimaryKeyConstraint("item"),
        **KEYED,
    )
    op.create_table(
        "par_plan",
        sa.Column("plan", NUMBER, sa.Identity(always=False), nullable=False),
        sa.Column("made_at", WORDS, nullable=False),
        sa.Column("made_by", WORDS, nullable=False),
        sa.Column("why", WORDS, nullable=False),
        sa.Column("pilot", WORDS, nullable=False),
        sa.PrimaryKeyConstraint("plan"),
        sqlite_strict=True,
    )
    op.create_table(
        "par_line",
        sa.Column("plan", NUMBER, autoincrement=False, nullable=False),
        sa.Column("cabinet", WORDS, nullable=False),
        sa.Column("pocket", WORDS, nullable=False),
        sa.Column("item", WORDS, nullable=False),
        sa.Column("par", NUMBER, nullable=False),
        sa.Column("min", NUMBER, nullable=False),
        sa.Column("critical_low", NUMBER, nullable=False),
        sa.Column("was_par", NUMBER, nullable=False),
        sa.Column("was_min", NUMBER, nullable=False),
        sa.Column("was_critical_low", NUMBER, nullable=False),
        sa.Column("reason", WORDS, nullable=False),
        sa.PrimaryKeyConstraint("plan", "cabinet", "pocket"),
        **KEYED,
    )
    op.create_table(
        "par_step",
        sa.Column("number", NUMBER, sa.Identity(always=False), nullable=False),
        sa.Column("at", WORDS, nullable=False),
        sa.Column("plan", NUMBER, nullable=False),
        sa.Column("cabinet", WORDS, nullable=False),
        sa.Column("act", WORDS, nullable=False),
        sa.Column("said_by", WORDS, nullable=False),
        sa.Column("version", NUMBER, nullable=False),
        sa.Column("note", WORDS, nullable=False),
        sa.PrimaryKeyConstraint("number"),
        sqlite_strict=True,
    )
    op.create_index("par_step_of_plan", "par_step", ["plan", "number"], unique=False)


def make_surveillance() -> None:
    """Administrations, and who looked at people's figures."""
    op.create_table(
        "given",
        sa.Column("patient", WORDS, nullable=False),
        sa.Column("order_id", WORDS, nullable=False),
        sa.Column("at", WORDS, nullable=False),
        sa.Column("item", WORDS, nullable=False),
        sa.Column("amount", WORDS, nullable=False),
        sa.Column("unit", WORDS, nullable=False),
        sa.Column("is_given", NUMBER, nullable=False),
        sa.Column("given_by", WORDS, nullable=False),
        sa.Column("heard_at", WORDS, nullable=False),
        sa.PrimaryKeyConstraint("patient", "order_id", "at", "item"),
        **KEYED,
    )
    op.create_index("given_of_item", "given", ["item", "patient", "at"], unique=False)
    op.create_table(
        "look",
        sa.Column("number", NUMBER, sa.Identity(always=False), nullable=False),
        sa.Column("at", WORDS, nullable=False),
        sa.Column("looked_by", WORDS, nullable=False),
        sa.Column("why", WORDS, nullable=False),
        sa.Column("asked", WORDS, nullable=False),
        sa.PrimaryKeyConstraint("number"),
        sqlite_strict=True,
    )


def make_recall() -> None:
    """Recalls, and what lay where when each began."""
    op.create_table(
        "recall",
        sa.Column("recall", WORDS, nullable=False),
        sa.Column("scope", WORDS, nullable=False),
        sa.Column("value", WORDS, nullable=False),
        sa.Column("item", WORDS, nullable=False),
        sa.Column("why", WORDS, nullable=False),
        sa.Column("number", WORDS, nullable=False),
        sa.Column("begun_at", WORDS, nullable=False),
        sa.Column("begun_by", WORDS, nullable=False),
        sa.Column("lifted_at", WORDS, nullable=False),
        sa.Column("lifted_by", WORDS, nullable=False),
        sa.PrimaryKeyConstraint("recall"),
        **KEYED,
    )
    op.create_table(
        "recall_line",
        sa.Column("recall", WORDS, nullable=False),
        sa.Column("cabinet", WORDS, nullable=False),
        sa.Column("pocket", WORDS, nullable=False),
        sa.Column("item", WORDS, nullable=False),
        sa.Column("units", NUMBER, nullable=False),
        sa.Column("lots", WORDS, nullable=False),
        sa.PrimaryKeyConstraint("recall", "cabinet", "pocket"),
        **KEYED,
    )


def make_restock() -> None:
    """Pick lists, and what they follow from; an index over the few facts that tell of codes."""
    op.create_table(
        "pick_list",
        sa.Column("list", WORDS, nullable=False),
        sa.Column("cabinet", WORDS, nullable=False),
        sa.Column("round", WORDS, nullable=False),
        sa.Column("position", NUMBER, nullable=False),
        sa.Column("stage", WORDS, nullable=False),
        sa.Column("carried_by", WORDS, nullable=False),
        sa.Column("announced_at", WORDS, nullable=False),
        sa.PrimaryKeyConstraint("list"),
        **KEYED,
    )
    op.create_index("pick_list_of_stage", "pick_list", ["stage", "list"], unique=False)
    op.create_table(
        "pick_line",
        sa.Column("list", WORDS, nullable=False),
        sa.Column("number", NUMBER, autoincrement=False, nullable=False),
        sa.Column("cabinet", WORDS, nullable=False),
        sa.Column("pocket", WORDS, nullable=False),
        sa.Column("item", WORDS, nullable=False),
        sa.Column("units", NUMBER, nullable=False),
        sa.Column("held", NUMBER, nullable=False),
        sa.Column("why", WORDS, nullable=False),
        sa.Column("needs_check", NUMBER, nullable=False),
        sa.Column("needs_sheet", NUMBER, nullable=False),
        sa.Column("is_open", NUMBER, nullable=False),
        sa.Column("picked", NUMBER, nullable=True),
        sa.Column("reason", WORDS, nullable=False),
        sa.Column("lot", WORDS, nullable=True),
        sa.Column("expiry", WORDS, nullable=True),
        sa.Column("is_scanned", NUMBER, nullable=False),
        sa.Column("picked_by", WORDS, nullable=False),
        sa.Column("checked_by", WORDS, nullable=False),
        sa.Column("sheet", WORDS, nullable=False),
        sa.Column("filled", NUMBER, nullable=False),
        sa.Column("why_not", WORDS, nullable=False),
        sa.Column("waits", WORDS, nullable=False),
        sa.PrimaryKeyConstraint("list", "number"),
        **KEYED,
    )
    is_open = sa.text("is_open = 1")
    op.create_index("pick_line_open", "pick_line", ["cabinet", "pocket"], unique=True, sqlite_where=is_open, postgresql_where=is_open)
    op.create_table(
        "pick_step",
        sa.Column("list", WORDS, nullable=False),
        sa.Column("number", NUMBER, autoincrement=False, nullable=False),
        sa.Column("stage", WORDS, nullable=False),
        sa.Column("at", WORDS, nullable=False),
        sa.Column("by", WORDS, nullable=False),
        sa.Column("said", WORDS, nullable=False),
        sa.PrimaryKeyConstraint("list", "number"),
        **KEYED,
    )
    op.create_table(
        "pick_round",
        sa.Column("round", WORDS, nullable=False),
        sa.Column("day", WORDS, nullable=False),
        sa.Column("made_at", WORDS, nullable=False),
        sa.PrimaryKeyConstraint("round", "day"),
        **KEYED,
    )
    op.create_table(
        "refill_asked",
        sa.Column("cabinet", WORDS, nullable=False),
        sa.Column("pocket", WORDS, nullable=False),
        sa.Column("asked_by", WORDS, nullable=False),
        sa.Column("at", WORDS, nullable=False),
        sa.PrimaryKeyConstraint("cabinet", "pocket"),
        **KEYED,
    )
    op.create_table(
        "pick_followed",
        sa.Column("cabinet", WORDS, nullable=False),
        sa.Column("epoch", NUMBER, nullable=False),
        sa.Column("seq", NUMBER, nullable=False),
        sa.Column("memory", WORDS, nullable=False),
        sa.PrimaryKeyConstraint("cabinet"),
        **KEYED,
    )
    codes = sa.text("type in ('code_parked', 'code_linked', 'code_dismissed')")
    op.create_index("fact_of_codes", "fact", ["cabinet", "epoch", "seq"], unique=False, sqlite_where=codes, postgresql_where=codes)

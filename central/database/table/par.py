"""Pars at the pharmacy: what was advised, what pharmacists said, what was sent where, and what was taken back.

Alone knows: the columns. Must not know: how advice is found, or who asks.

Nothing here is changed but an advice, which is made anew, and a word that is lifted: the rest is who did what and when.
"""

from sqlalchemy import Column, Identity, Index

from central.database.table.kind import NUMBER, key, key_number, keyed, number, text, text_or_none

OPINION = keyed("par_opinion", key("cabinet"), text("made_at"), number("pockets"), number("changes"), text("record"))
"""The newest advice for a cabinet, whole, as JSON."""

WORD = keyed(
    "par_word",
    Column("number", NUMBER, Identity(), primary_key=True),
    text("cabinet"), text("pocket"), text("item"), text("until_at"), text("said_by"), text("said_at"), text("reason"),
    text_or_none("lifted_at"), text_or_none("lifted_by"), text_or_none("lifted_why"),
    Index("par_word_of_cabinet", "cabinet", "pocket"),
    rowid=True,
)  # fmt: skip
"""A pharmacist's word that levels stand: pinned where `until_at` is empty, frozen until then where not."""

MARK = keyed("par_mark", key("item"), text("criticality"), text("said_by"), text("said_at"), text("reason"))
"""How much hangs on an item, where a pharmacist said so."""

PLAN = keyed(
    "par_plan",
    Column("plan", NUMBER, Identity(), primary_key=True),
    text("made_at"), text("made_by"), text("why"), text("pilot"),
    rowid=True,
)  # fmt: skip

LINE = keyed(
    "par_line",
    key_number("plan"), key("cabinet"), key("pocket"),
    text("item"), number("par"), number("min"), number("critical_low"), number("was_par"), number("was_min"), number("was_critical_low"),
    text("reason"),
)  # fmt: skip
"""One pocket of a plan: what is to stand there, and what stood there when the plan was made."""

STEP = keyed(
    "par_step",
    Column("number", NUMBER, Identity(), primary_key=True),
    text("at"), number("plan"), text("cabinet"), text("act"), text("said_by"), number("version"), text("note"),
    Index("par_step_of_plan", "plan", "number"),
    rowid=True,
)  # fmt: skip
"""What was done with a plan at a cabinet (sent, undone), with the version of the document that says so."""

"""Interfaces to the hospital's systems: every message as it came, the standing records that follow, and what goes out.

Alone knows: the columns. Must not know: what a message means, or who asks.
"""

from sqlalchemy import Column, Identity, Index, LargeBinary, UniqueConstraint

from central.database.table.kind import NUMBER, key, keyed, number, number_or_none, text


def _bytes(name: str) -> "Column[bytes]":
    return Column(name, LargeBinary, nullable=False)


MESSAGE = keyed(
    "hl7_message",
    Column("number", NUMBER, Identity(), primary_key=True),
    text("link"), text("received_at"), text("piece"), _bytes("content"), _bytes("digest"), text("sender"), text("control"), text("name"),
    text("code"), text("reason"), text("words"), _bytes("answers"), number_or_none("repeats"),
    Index("hl7_message_of_sender", "link", "control", "digest"),
    rowid=True,
)  # fmt: skip
"""Nothing is ever changed or deleted here. `digest` is SHA-256 of `content`; `answers` are framed, as they were sent."""

STANDING = keyed("hl7_standing", key("kind"), key("id"), text("record"))
"""What is known by now of each patient and order, as JSON."""

LINKED = keyed("hl7_linked", key("said"), text("item"), text("linked_by"), text("at"))
"""Which item a code means, by whose word."""

CURSOR = keyed("hl7_cursor", key("link"), key("cabinet"), number("epoch"), number("seq"), _bytes("memory"))
"""How far each link has told of each cabinet, and what it remembers of it."""

OUTGOING = keyed(
    "hl7_outgoing",
    Column("number", NUMBER, Identity(), primary_key=True),
    text("link"), text("source"), text("control"), _bytes("content"), text("state"), number("tries"), _bytes("answer"), text("over_at"),
    UniqueConstraint("link", "source"),
    Index("hl7_outgoing_of_link", "link", "state", "number"),
    rowid=True,
)  # fmt: skip
"""`state`: waiting, sent or refused."""

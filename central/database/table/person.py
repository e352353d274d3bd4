"""People who sign in at the pharmacy's pages: what their secret is known by, and who is here now.

Alone knows: the columns. Must not know: who may do what.

Who somebody is says the staff document wherever it names them; `name` and `role` are of whom the command line let in before it did.
"""

from central.database.table.kind import key, keyed, number, text

PERSON = keyed(
    "person",
    key("person"),
    text("name"), text("role"),
    text("digest"), number("is_once"), text("good_until"), text("set_by"), text("set_at"),
    number("failures", "0"), text("locked_until", ""),
)  # fmt: skip
"""`is_once`: 1 while it is a code with which its bearer chooses a secret. `good_until` and `locked_until` are "" for ever and never."""

ROSTER = keyed("roster", key("source"), key("person"), text("key"), text("said"))
"""Whom each source of staff brought in: its own key for them, and what else it said, as JSON."""

VISIT = keyed("visit", key("token"), text("person"), text("began_at"), text("used_at"))
"""`token` is the SHA-256 of what the browser holds."""

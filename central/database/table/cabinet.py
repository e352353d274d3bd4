"""Cabinets: how each one is, and what it last said of itself.

Alone knows: the columns. Must not know: what is in its pockets.

A cabinet's row is also its lock: whoever stores post of a cabinet holds the row until it is committed, so that several workers
never write one cabinet's state at once.
"""

from central.database.table.kind import HOT, key, keyed, number, text

CABINET = keyed(
    "cabinet",
    key("cabinet"),
    number("newest", "0"),  # the newest epoch of which a fact is held
    text("state", "offline"), text("mode", ""), number("epoch", "0"), number("boot", "0"), number("session", "0"), text("since", ""),
    text("software", ""), text("config", ""), text("contract", ""), text("heard_at", ""),
    text("name", ""), text("area", ""),  # as the cabinet calls itself, and the care area that it stands in
    **HOT,
)  # fmt: skip

REPORT = keyed("report", key("cabinet"), key("kind"), number("epoch"), number("seq"), text("report"))
"""The newest report of each kind (restock, health), as JSON where only people read it."""

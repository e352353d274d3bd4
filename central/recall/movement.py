"""Movements of items' units, as the facts of a cabinet tell them.

Alone knows: how they are read from facts. Must not know: what is made of them.

A cabinet's facts are read by their key; which of them name an item is found out by the database, from their text.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

import msgspec
from sqlalchemy import text

from central.database.place import Database

_FACTS = (
    "select at, access, body from fact where cabinet = :cabinet and type = 'units_moved' and body like :names order by epoch, seq"
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Movement:
    """Units from one account to another; text that nobody gave is empty."""

    at: str
    access: str
    pocket: str
    units: int
    source: str
    target: str
    lot: str


class _Body(msgspec.Struct, frozen=True):
    item: str
    units: int
    source: str
    target: str
    pocket: str | None = None
    lot: str | None = None


def movements(database: Database, cabinet: str, items: Collection[str]) -> Iterator[Movement]:
    """Every movement of these items into or out of a pocket of a cabinet, in order; what an older form says otherwise is left out."""
    wanted = frozenset(items)
    names = f'%"item":"{next(iter(wanted))}"%' if len(wanted) == 1 else '%"item":%'
    with database.reading() as conn:
        rows = conn.execute(text(_FACTS), {"cabinet": cabinet, "names": names}).all()
    for row in rows:
        try:
            body = msgspec.json.decode(row.body, type=_Body)
        except msgspec.ValidationError:
            continue
        if body.item in wanted and body.pocket is not None:
            yield Movement(row.at, row.access or "", body.pocket, body.units, body.source, body.target, body.lot or "")

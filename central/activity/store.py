"""Where lines, spells and days are kept, how far each cabinet was followed, and the facts that come after that.

Alone knows: how these rows are read and written on both databases. Must not know: what a fact means.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import astuple, dataclass, fields
from typing import Any

import msgspec
from sqlalchemy import Connection, bindparam, select, text, update
from sqlalchemy.dialects import postgresql, sqlite

from central.activity.line import Line
from central.activity.shelf import Seconds
from central.database.place import Database
from central.database.table import ACTIVITY, FOLLOWED, SHELF_DAY, SPELL
from central.figure.keeping import forget
from central.record import Record

INSERT: Mapping[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}
COLUMNS = tuple(one.name for one in fields(Line))
_MOST_NAMES = 400
_OF_CABINETS = text("select distinct cabinet from head where seq > 0 order by 1")
_OF_HEADS = text("select epoch, seq from head where cabinet = :cabinet and seq > 0 order by epoch")
_OF_FACTS = text(
    "select epoch, seq, id, at, type, body, prev_hash, hash, access, staff, witness from fact"
    " where cabinet = :cabinet and epoch = :epoch and seq > :after order by seq limit :most"
)


@dataclass(frozen=True, slots=True)
class Place:
    """How far a cabinet was followed, and what is remembered of its shelf there."""

    epoch: int = 0
    seq: int = 0
    memory: str = ""


class Store:
    """Activity of one database. Errors of the database's are fatal for what is under way."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._insert = INSERT[database.dialect]

    def cabinets(self) -> list[str]:
        """Every cabinet of which a fact is held."""
        with self._database.reading() as conn:
            return [str(row[0]) for row in conn.execute(_OF_CABINETS)]

    def heads(self, cabinet: str) -> list[tuple[int, int]]:
        """(epoch, highest fact held) of a cabinet, the oldest first."""
        with self._database.reading() as conn:
            return [(row[0], row[1]) for row in conn.execute(_OF_HEADS, {"cabinet": cabinet})]

    def facts(self, cabinet: str, epoch: int, after: int, most: int) -> list[Record]:
        """Facts of an epoch after a number, in order and without gaps."""
        with self._database.reading() as conn:
            rows = conn.execute(_OF_FACTS, {"cabinet": cabinet, "epoch": epoch, "after": after, "most": most}).mappings().all()
        return [msgspec.convert({**row, "body": msgspec.json.decode(row["body"])}, Record) for row in rows]

    def place(self, cabinet: str) -> Place:
        """How far it was followed; the beginning where it never was."""
        question = select(FOLLOWED.c.epoch, FOLLOWED.c.seq, FOLLOWED.c.memory).where(FOLLOWED.c.cabinet == cabinet)
        with self._database.reading() as conn:
            row = conn.execute(question).first()
        return Place() if row is None else Place(*row)

    def lines(self, cabinet: str, accesses: Iterable[str]) -> dict[str, Line]:
        """What is known of these accesses."""
        names = sorted(accesses)
        question = select(*(ACTIVITY.c[name] for name in COLUMNS)).where(
            ACTIVITY.c.cabinet == cabinet, ACTIVITY.c.access.in_(bindparam("names", expanding=True))
        )
        found = {}
        with self._database.reading() as conn:
            for start in range(0, len(names), _MOST_NAMES):
                for row in conn.execute(question, {"names": names[start : start + _MOST_NAMES]}):
                    found[row.access] = Line(*row)
        return found

    def keep(
        self, cabinet: str, before: Place, after: Place, lines: Sequence[Line], spells: Mapping[tuple[str, str], str | None],
        days: Mapping[str, Seconds], of_days: Collection[str],
    ) -> bool:  # fmt: skip
        """Keep a run whole, if nobody else followed the cabinet meanwhile; whether it was kept. `of_days`: those that its facts are of."""
        with self._database.engine.begin() as conn:
            if not self._move(conn, cabinet, before, after):
                return False
            if lines:
                self._put(conn, ACTIVITY, [dict(zip(COLUMNS, astuple(line), strict=True)) for line in lines])
            rows = [{"cabinet": cabinet, "item": item, "from_at": since, "to_at": until} for (item, since), until in spells.items()]
            if rows:
                self._put(conn, SPELL, rows)
            self._add_days(conn, cabinet, days)
            forget(conn, cabinet, {*days, *(line.at[:10] for line in lines), *of_days})
        return True

    def _move(self, conn: Connection, cabinet: str, before: Place, after: Place) -> bool:
        values = {"epoch": after.epoch, "seq": after.seq, "memory": after.memory}
        if before == Place():
            made = self._insert(FOLLOWED).values(cabinet=cabinet, **values).on_conflict_do_nothing().returning(FOLLOWED.c.cabinet)
            return conn.execute(made).first() is not None
        mine = (FOLLOWED.c.cabinet == cabinet, FOLLOWED.c.epoch == before.epoch, FOLLOWED.c.seq == before.seq)
        return conn.execute(update(FOLLOWED).where(*mine).values(**values)).rowcount == 1

    def _put(self, conn: Connection, table: Any, rows: list[dict[str, Any]]) -> None:
        what = self._insert(table)
        keys = [column.name for column in table.primary_key]
        new = {name: what.excluded[name] for name in rows[0] if name not in keys}
        conn.execute(what.on_conflict_do_update(index_elements=keys, set_=new), rows)

    def _add_days(self, conn: Connection, cabinet: str, days: Mapping[str, Seconds]) -> None:
        names = [one.name for one in fields(Seconds)]
        rows = [{"cabinet": cabinet, "day": day, **dict(zip(names, astuple(sums), strict=True))} for day, sums in days.items()]
        if rows:
            what = self._insert(SHELF_DAY)
            more = {name: SHELF_DAY.c[name] + what.excluded[name] for name in names}
            conn.execute(what.on_conflict_do_update(index_elements=["cabinet", "day"], set_=more), rows)

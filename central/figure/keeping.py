"""Days that are over are added up once: what a cabinet's day comes to, and that of all cabinets together.

Alone knows: when a day counts as added up, and how that stays true. Must not know: what counts for which number, what a figure is.

Whoever hears something of a day that is over takes the sums of that cabinet and of the whole day away (`forget`), in the transaction that
keeps it, which writes `followed` first; sums are made while nobody may write that table. So a sum that stands is right, and what has none
is read from the lines themselves.
"""

import asyncio
from collections.abc import Callable, Collection, Iterator
from datetime import date, datetime, timedelta

import msgspec
from sqlalchemy import Connection, delete, func, insert, select, text

from central.database.place import Database
from central.database.table import FIGURE_DAY, FOLLOWED
from central.figure.reading import Reading, Tallies
from central.figure.tally import Tally, summed

ALL = ""
"""Stands where a cabinet does for all of them together."""
BACK_DAYS = 56
"""So many days are added up by themselves: what the page of figures shows, and what it compares that with."""
LOOK_S = 60.0
FEW = 200
"""Up to so many cabinets are asked for by name; of more, the whole day is read."""


class Keeping:
    """Of one database; `reading` says what a day comes to."""

    def __init__(self, database: Database, reading: Reading, now: Callable[[], datetime]) -> None:
        self._database, self._reading, self._now = database, reading, now

    async def run(self) -> None:
        """Add up what is over and lacks its sums, again and again, until cancelled; on a thread, a day at a time."""
        while True:
            days = self.steps()
            while await asyncio.to_thread(next, days, None) is not None:
                pass
            await asyncio.sleep(LOOK_S)

    def steps(self) -> Iterator[str]:
        """Add up each day that lacks its sums, the latest first."""
        self._begin()
        today = self._now().date()
        wanted = [(today - timedelta(days=ago)).isoformat() for ago in range(1, BACK_DAYS + 1)]
        known = self.tallies(wanted, (ALL,))
        for day in wanted:
            if (ALL, day) not in known:
                self._add_up(day)
                yield day

    def tallies(self, days: Collection[str], cabinets: Collection[str] | None) -> Tallies:
        """What is kept of these days, of these cabinets; None: of each cabinet by itself."""
        mine = FIGURE_DAY.c.cabinet != ALL if cabinets is None else FIGURE_DAY.c.cabinet.in_(cabinets)
        question = select(FIGURE_DAY.c.cabinet, FIGURE_DAY.c.day, FIGURE_DAY.c.tally).where(FIGURE_DAY.c.day.in_(days), mine)
        with self._database.reading() as conn:
            return {(row.cabinet, row.day): _TALLY.decode(row.tally) for row in conn.execute(question)}

    def cabinets(self, limit: int | None = None) -> list[str]:
        """Every cabinet of which anything is told, by name."""
        with self._database.reading() as conn:
            return list(conn.execute(select(FOLLOWED.c.cabinet).order_by(FOLLOWED.c.cabinet).limit(limit)).scalars())

    def count(self) -> int:
        """How many these are."""
        with self._database.reading() as conn:
            return conn.execute(select(func.count()).select_from(FOLLOWED)).scalar() or 0

    def _begin(self) -> None:
        """What was added up by another rule counts no more."""
        place = FIGURE_DAY.c.day == ALL
        with self._database.engine.begin() as conn:
            if conn.execute(select(FIGURE_DAY.c.tally).where(place)).scalar() != self._reading.rule:
                conn.execute(delete(FIGURE_DAY))
                conn.execute(insert(FIGURE_DAY).values(day=ALL, cabinet=ALL, tally=self._reading.rule))

    def _add_up(self, day: str) -> None:
        after = (date.fromisoformat(day) + timedelta(days=1)).isoformat()
        mine = FIGURE_DAY.c.day == day
        with self._database.engine.begin() as conn:
            if self._database.dialect == "postgresql":  # SQLite has one writer
                conn.execute(text("lock table followed in share row exclusive mode"))
            held = conn.execute(select(FOLLOWED.c.cabinet)).scalars().all()
            known = {row.cabinet: _TALLY.decode(row.tally) for row in conn.execute(select(FIGURE_DAY).where(mine))}
            lacking = [cabinet for cabinet in held if cabinet not in known]
            found = self._reading.tallies_on(conn, day, after, lacking if len(lacking) <= FEW else None)
            made = {cabinet: found.get((cabinet, day), Tally()) for cabinet in lacking}
            for tally in made.values():
                tally.resolved_h.sort()
            if ALL not in known:
                made[ALL] = summed([*known.values(), *made.values()])
            rows = [{"day": day, "cabinet": cabinet, "tally": msgspec.json.encode(tally).decode()} for cabinet, tally in made.items()]
            if rows:
                conn.execute(insert(FIGURE_DAY), rows)


def forget(conn: Connection, cabinet: str, days: Collection[str]) -> None:
    """Something of these days was heard of a cabinet: they are added up anew."""
    conn.execute(delete(FIGURE_DAY).where(FIGURE_DAY.c.day.in_(days), FIGURE_DAY.c.cabinet.in_((cabinet, ALL))))


_TALLY = msgspec.json.Decoder(Tally)

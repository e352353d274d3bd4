"""What surveillance reads of lines and administrations, and the record of who looked.

Alone knows: these rows. Must not know: signals, peers, scores.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import insert, select

from central.activity.line import TAKING, Line
from central.activity.store import COLUMNS
from central.database.place import Database
from central.database.table import ACTIVITY, CABINET, GIVEN, LOOK
from central.surveillance.signal import Given


@dataclass(frozen=True, slots=True)
class Look:
    """Somebody looked at people's figures: when, who, why, and at what."""

    at: str
    looked_by: str
    why: str
    asked: str


class SurveillanceStore:
    """Of one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def _ask(self, question: Any) -> list[Any]:
        with self._database.reading() as conn:
            return list(conn.execute(question))

    def lines(self, begin: str, end: str, items: Collection[str]) -> list[Line]:
        """Withdrawals from an instant to just before another; of these items alone, where any are named."""
        mine = [ACTIVITY.c.at >= begin, ACTIVITY.c.at < end, ACTIVITY.c.kind.in_(sorted(TAKING)), ACTIVITY.c.access != ""]
        if items:
            mine.append(ACTIVITY.c.item.in_(sorted(items)))
        question = select(*(ACTIVITY.c[name] for name in COLUMNS)).where(*mine).order_by(ACTIVITY.c.at)
        return [Line(*row) for row in self._ask(question)]

    def given(self, begin: str, end: str) -> list[Given]:
        """Doses that were given."""
        mine = (GIVEN.c.at >= begin, GIVEN.c.at < end, GIVEN.c.is_given == 1)
        return [Given(*row) for row in self._ask(select(GIVEN.c.patient, GIVEN.c.item, GIVEN.c.at, GIVEN.c.given_by).where(*mine))]

    def areas(self) -> dict[str, str]:
        """The care area of each cabinet that says one."""
        return {row.cabinet: row.area for row in self._ask(select(CABINET.c.cabinet, CABINET.c.area).where(CABINET.c.area != ""))}

    def note(self, look: Look) -> None:
        """Keep that somebody looked; before anything is shown."""
        with self._database.engine.begin() as conn:
            conn.execute(insert(LOOK).values(at=look.at, looked_by=look.looked_by, why=look.why, asked=look.asked))

    def looks(self, limit: int = 50) -> Iterable[Look]:
        """Who looked, the latest first."""
        question = select(LOOK.c.at, LOOK.c.looked_by, LOOK.c.why, LOOK.c.asked).order_by(LOOK.c.number.desc()).limit(limit)
        return [Look(*row) for row in self._ask(question)]

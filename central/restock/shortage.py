"""What is lacking, where, and who waits for it: what cabinets report, what somebody asked for, and what is below par; each on no list yet.

Alone knows: which rows say what is needed. Must not know: what becomes of a need, which of two comes first.
"""

from collections.abc import Collection
from typing import Any

from sqlalchemy import Engine, Select, delete, insert, literal_column, select

from central.database.table import CABINET, NEED, PICK_LINE, POCKET, REFILL_ASKED, REFILL_CALL
from central.restock.rule.need import Need

IS_OPEN = PICK_LINE.c.is_open == literal_column("1")
"""Written out, so that SQLite sees that the index of open lines serves."""
IS_FREE = NEED.c.is_listed == literal_column("0")
"""So that needs that are on lists, which most are after a round, are not walked through."""
_CALLED = (REFILL_CALL.c.cabinet == NEED.c.cabinet) & (REFILL_CALL.c.pocket == NEED.c.pocket) & (REFILL_CALL.c.at == NEED.c.asked_at)
_ASKED = (REFILL_ASKED.c.cabinet == POCKET.c.cabinet) & (REFILL_ASKED.c.pocket == POCKET.c.pocket)
_NEWEST = (CABINET.c.cabinet == POCKET.c.cabinet) & (CABINET.c.newest == POCKET.c.epoch)
_HOLDS = (POCKET.c.cabinet, POCKET.c.pocket, POCKET.c.item, POCKET.c.units, POCKET.c.par)


class Shortage:
    """What the cabinets of one pharmacy lack. `cabinets` narrows each question to these."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._asking = engine.execution_options(isolation_level="AUTOCOMMIT")

    def most_urgent(self, limit: int) -> list[Need]:
        """What cabinets report, the most urgent, no more than so many."""
        return self._reported(_reported().where(IS_FREE).order_by(NEED.c.rank, NEED.c.cabinet, NEED.c.pocket).limit(limit))

    def of(self, cabinets: Collection[str], *, tops_up: bool) -> list[Need]:
        """All that these cabinets lack; where it `tops_up`, what is below par and above min as well."""
        found = self._reported(_reported().where(NEED.c.cabinet.in_(cabinets))) + self.asked(cabinets)
        return found + self._below_par(cabinets) if tops_up else found

    def asked(self, cabinets: Collection[str] | None = None) -> list[Need]:
        """What the pharmacy was asked for by somebody."""
        asked = select(*_HOLDS, REFILL_ASKED.c.at, REFILL_ASKED.c.asked_by).join(REFILL_ASKED, _ASKED).join(CABINET, _NEWEST)
        asked = asked if cabinets is None else asked.where(REFILL_ASKED.c.cabinet.in_(cabinets))
        with self._asking.connect() as conn:
            return [_below(row, "asked", row.at, row.asked_by) for row in conn.execute(_free(asked, POCKET)) if row.item]

    def ask(self, cabinet: str, pocket: str, by: str, at: str) -> None:
        """Somebody wants a pocket filled with the next list."""
        with self._engine.begin() as conn:
            conn.execute(delete(REFILL_ASKED).where(REFILL_ASKED.c.cabinet == cabinet, REFILL_ASKED.c.pocket == pocket))
            conn.execute(insert(REFILL_ASKED).values(cabinet=cabinet, pocket=pocket, asked_by=by, at=at))

    def waiting(self, cabinets: Collection[str]) -> dict[tuple[str, str], tuple[str, str]]:
        """By cabinet and pocket who waits there, and since when, be it on a list or not."""
        called = select(NEED.c.cabinet, NEED.c.pocket, REFILL_CALL.c.staff, REFILL_CALL.c.at).join(REFILL_CALL, _CALLED)
        with self._asking.connect() as conn:
            rows = conn.execute(called.where(NEED.c.cabinet.in_(cabinets)))
            return {(row.cabinet, row.pocket): (row.staff, row.at) for row in rows}

    def _reported(self, question: Select[Any]) -> list[Need]:
        with self._asking.connect() as conn:
            return [
                Need(
                    row.cabinet, row.pocket, row.item, row.units, row.par, row.units_needed, row.why, row.asked_at or "", row.staff or "",
                )
                for row in conn.execute(question)
            ]  # fmt: skip

    def _below_par(self, cabinets: Collection[str]) -> list[Need]:
        question = select(*_HOLDS).join(CABINET, _NEWEST).where(POCKET.c.cabinet.in_(cabinets))
        mine = question.where(POCKET.c.status == "ok", POCKET.c.units < POCKET.c.par)
        with self._asking.connect() as conn:
            return [_below(row, "below_par") for row in conn.execute(_free(mine, POCKET))]


def _reported() -> Select[Any]:
    return _free(select(NEED, REFILL_CALL.c.staff).join(REFILL_CALL, _CALLED, isouter=True).where(NEED.c.units_needed > 0), NEED)


def _free(question: Select[Any], place: Any) -> Select[Any]:
    """Of these pockets, those that stand on no list."""
    listed = select(PICK_LINE.c.list).where(PICK_LINE.c.cabinet == place.c.cabinet, PICK_LINE.c.pocket == place.c.pocket, IS_OPEN)
    return question.where(~listed.exists())


def _below(row: Any, why: str, asked_at: str = "", asked_by: str = "") -> Need:
    return Need(row.cabinet, row.pocket, row.item, row.units, row.par or 0, (row.par or 0) - row.units, why, asked_at, asked_by)

"""Recalls as they are kept: what each calls back, since when, by whose word, and what lay where when it began.

Alone knows: how these rows are read and written. Must not know: documents, facts, pages.
"""

from collections.abc import Sequence
from dataclasses import astuple, dataclass, replace

from sqlalchemy import insert, select, update

from central.database.place import Database
from central.database.table import RECALL, RECALL_LINE


@dataclass(frozen=True, slots=True)
class Recall:
    """One. Text that nobody gave is empty; `lifted_at` is empty while it stands."""

    recall: str
    scope: str
    value: str
    item: str
    why: str
    number: str
    begun_at: str
    begun_by: str
    lifted_at: str = ""
    lifted_by: str = ""
    lifted_why: str = ""

    @property
    def lot(self) -> str | None:
        """The lot that is meant; None: all of it."""
        return self.value if self.scope == "lot" else None


@dataclass(frozen=True, slots=True)
class Lying:
    """Units of what is meant in one pocket. `lots` may hold the empty one: nobody noted which."""

    cabinet: str
    pocket: str
    item: str
    units: int
    lots: tuple[str, ...]


class RecallBook:
    """One database's."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self) -> list[Recall]:
        """Every recall, the latest first."""
        with self._database.reading() as conn:
            return [Recall(*row) for row in conn.execute(select(RECALL).order_by(RECALL.c.begun_at.desc(), RECALL.c.recall))]

    def one(self, recall: str) -> Recall | None:
        """One of them."""
        with self._database.reading() as conn:
            row = conn.execute(select(RECALL).where(RECALL.c.recall == recall)).first()
        return None if row is None else Recall(*row)

    def lines(self, recall: str) -> list[Lying]:
        """What lay where when it began, by cabinet and pocket."""
        question = select(RECALL_LINE).where(RECALL_LINE.c.recall == recall).order_by(RECALL_LINE.c.cabinet, RECALL_LINE.c.pocket)
        with self._database.reading() as conn:
            return [Lying(row.cabinet, row.pocket, row.item, row.units, _lots(row.lots)) for row in conn.execute(question)]

    def begin(self, recall: Recall, lines: Sequence[Lying]) -> None:
        """Keep a new one with all that is to be pulled."""
        with self._database.engine.begin() as conn:
            conn.execute(insert(RECALL).values(astuple(recall)))
            rows = [
                {
                    "recall": recall.recall, "cabinet": one.cabinet, "pocket": one.pocket, "item": one.item, "units": one.units,
                    "lots": " ".join(lot or "?" for lot in one.lots),
                }
                for one in lines
            ]  # fmt: skip
            if rows:
                conn.execute(insert(RECALL_LINE), rows)

    def lift(self, recall: Recall, *, at: str, by: str, why: str) -> Recall:
        """It stands no more."""
        lifted = {"lifted_at": at, "lifted_by": by, "lifted_why": why}
        with self._database.engine.begin() as conn:
            conn.execute(update(RECALL).where(RECALL.c.recall == recall.recall).values(lifted))
        return replace(recall, **lifted)


def _lots(text: str) -> tuple[str, ...]:
    return tuple("" if lot == "?" else lot for lot in text.split())

"""The register: a sheet is numbered when its units leave the pharmacy, and comes down to its cabinet as a document.

Alone knows: how a sheet gets its number, and which sheets a cabinet is still to hear of. Must not know: what became of one (`compare.py`).

The document is made from the register each time: a sheet that was numbered and not sent, because the server stopped in between, is sent
with the next one or at the next start.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Engine, func, insert, select

from cabinet.domain.vocabulary import parse_utc, utc_text
from central.database.table import SHEET
from central.document.office import Approved, DocumentOffice
from central.ordinal import ordinal
from config.document import SheetRecord


@dataclass(frozen=True, slots=True)
class Sheet:
    """Units of an item that left the pharmacy for a cabinet, by whose hands and when."""

    sheet: str
    cabinet: str
    item: str
    units: int
    issued_by: str
    carried_by: str
    issued_at: str


class Register:
    """Every sheet that this pharmacy issued. `closed`: those that a cabinet has closed since a moment, by count or not."""

    def __init__(
        self, engine: Engine, documents: DocumentOffice, now: Callable[[], datetime], closed: Callable[[str, str], Iterable[str]]
    ) -> None:  # fmt: skip
        self._engine, self._documents, self._now, self._closed = engine, documents, now, closed
        self._asking = engine.execution_options(isolation_level="AUTOCOMMIT")

    def issue(self, cabinet: str, item: str, units: int, *, issued_by: str, carried_by: str) -> Sheet:
        """Number a sheet, keep it, and send it to its cabinet."""
        with self._engine.begin() as conn:
            made = self.enter(conn, cabinet, item, units, issued_by=issued_by, carried_by=carried_by)
        self.announce(cabinet, by=issued_by)
        return made

    def enter(self, conn: Connection, cabinet: str, item: str, units: int, *, issued_by: str, carried_by: str) -> Sheet:
        """Number a sheet and keep it, in a transaction of the caller's, who announces it once that is committed."""
        at = utc_text(self._now())
        prefix = f"{at[2:4]}{at[5:7]}{at[8:10]}-"
        count = conn.execute(select(func.count()).select_from(SHEET).where(SHEET.c.sheet.startswith(prefix))).scalar() or 0
        made = Sheet(f"{prefix}{ordinal(count + 1)}", cabinet, item, units, issued_by, carried_by, at)
        conn.execute(insert(SHEET).values(list(_columns(made))))
        return made

    def announce(self, cabinet: str, *, by: str) -> None:
        """Send a cabinet the sheets that it has not closed; nothing where it knows of all of them."""
        issued = self.sheets(cabinet)
        closed = set(self._closed(cabinet, issued[0].issued_at)) if issued else set()
        open_ones = [sheet for sheet in issued if sheet.sheet not in closed]
        records = [
            SheetRecord(
                id=one.sheet, item=one.item, units=one.units, issued_by=one.issued_by, carried_by=one.carried_by,
                issued_at=parse_utc(one.issued_at),
            )
            for one in open_ones
        ]  # fmt: skip
        self._documents.issue(Approved("sheets", by, records, cabinet=cabinet, why="issued with the pick", is_whole=True))

    def announce_all(self) -> None:
        """What was numbered and not sent is sent, and what was closed is sent no more."""
        with self._asking.connect() as conn:
            cabinets = conn.execute(select(SHEET.c.cabinet).distinct()).scalars().all()
        for cabinet in cabinets:
            self.announce(cabinet, by="the register")

    def sheets(self, cabinet: str | None = None) -> list[Sheet]:
        """Every sheet, in the order of issue."""
        question = select(SHEET).order_by(SHEET.c.issued_at, SHEET.c.sheet)
        with self._asking.connect() as conn:
            rows = conn.execute(question if cabinet is None else question.where(SHEET.c.cabinet == cabinet)).all()
        return [Sheet(*row) for row in rows]


def _columns(sheet: Sheet) -> tuple[object, ...]:
    return sheet.sheet, sheet.cabinet, sheet.item, sheet.units, sheet.issued_by, sheet.carried_by, sheet.issued_at

"""Everything about documents and sheets over one database, put together.

Alone knows: who is plugged into whom, and what is read of cabinets and their facts for it. Must not know: what any part does.
"""

import asyncio
import json
from collections.abc import Callable
from datetime import datetime

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import bindparam, text

from cabinet.courier.port import Courier
from central.database.place import Database
from central.database.table.fact import OF_SHEETS
from central.document.dispatch import Dispatch
from central.document.office import DocumentOffice
from central.document.shelf import Shelf
from central.patience import patient
from central.sheet.compare import Line, SheetFact, compare
from central.sheet.register import Register

TIDY_S = 3600.0
_REACH = "select cabinet, state, since, heard_at from cabinet"
_SHEET_FACTS = f"select cabinet, at, type, staff, body from fact where {OF_SHEETS}"  # noqa: S608 - constants


class DocumentRoom:
    """Documents and sheets of one pharmacy. Run `run` as a task; `good_h`: how long a cabinet may take what was sent."""

    def __init__(self, database: Database, key: Ed25519PrivateKey, now: Callable[[], datetime], *, good_h: int = 24) -> None:
        self._database = database
        self.key = key
        shelf = Shelf(database.engine)
        self.dispatch = Dispatch(shelf, key, now, self.reach, good_h=good_h)
        self.office = DocumentOffice(shelf, self.dispatch, now, self.reach)
        self.register = Register(database.engine, self.office, now, self._closed)
        self.now = now

    def attach(self, courier: Courier) -> None:
        """Hear and send through this courier. Before the courier starts."""
        self.dispatch.attach(courier)

    async def run(self) -> None:
        """Send what is behind, until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(patient("documents", self.dispatch.run))
            tasks.create_task(patient("sheets", self._tidy))

    async def _tidy(self) -> None:
        while True:
            self.register.announce_all()
            await asyncio.sleep(TIDY_S)

    def compare(self, day: str) -> list[Line]:
        """What left the vault on sheets against what was received, at the end of a day (YYYY-MM-DD, UTC)."""
        facts = self._sheet_facts(" and at < :until order by cabinet, at", until=f"{day}T99")
        return compare(day, self.register.sheets(), facts)

    def reach(self) -> dict[str, tuple[bool, str]]:
        """By cabinet whether it is online, and since when."""
        with self._database.reading() as conn:
            rows = conn.execute(text(_REACH)).all()
        return {cabinet: (state == "online", since or heard_at) for cabinet, state, since, heard_at in rows}

    def _closed(self, cabinet: str, since: str) -> list[str]:
        facts = self._sheet_facts(" and cabinet = :cabinet and at >= :since", cabinet=cabinet, since=since)
        return [str(fact.body["sheet"]) for fact in facts if fact.type == "sheet_closed"]

    def _sheet_facts(self, narrower: str, **values: str) -> list[SheetFact]:
        question = text(_SHEET_FACTS + narrower).bindparams(*(bindparam(name) for name in values))
        with self._database.reading() as conn:
            rows = conn.execute(question, values).all()
        return [SheetFact(row.cabinet, row.at, row.type, row.staff, json.loads(row.body)) for row in rows]

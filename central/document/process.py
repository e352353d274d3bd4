"""Documents of a live pharmacy server: the key's file, a line to the broker of their own, and a task that sends what is behind.

Alone knows: where the key and the daily reports lie. Must not know: what a document says.
"""

import contextlib
from collections.abc import AsyncIterator, Callable
from datetime import datetime, timedelta
from pathlib import Path

from cabinet.courier.port import Courier
from central.database.place import Database
from central.diary import Diary, Rhythm
from central.document.key import load_key
from central.document.room import DocumentRoom
from central.patience import at_work
from central.sheet.compare import as_csv
from config.central import Central

REPORTS = "reports"
DAILY = Rhythm("compare-{}.csv", days=1, after=timedelta(minutes=10), back=7, look_s=600.0)


@contextlib.asynccontextmanager
async def sending(central: Central, database: Database, courier: Courier, now: Callable[[], datetime]) -> AsyncIterator[DocumentRoom]:
    """The room at work, through a courier that nobody else uses. Raises KeyUnusable."""
    state = Path(central.state)
    room = DocumentRoom(database, load_key(state / central.documents.key_file), now, good_h=central.documents.good_hours)
    room.attach(courier)
    compared = Diary(state / REPORTS, DAILY, now, lambda day, _last: as_csv(room.compare(day.isoformat())).encode())
    async with at_work("documents", room.run, compared.run):
        await courier.start()
        try:
            yield room
        finally:
            await courier.stop()

"""Reports that draw themselves: a file for each day or week that is over and has none.

Alone knows: when a report is due and where it is kept. Must not know: what stands in it.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

import structlog

FIRST_S = 60.0
"""A server that starts has better things to do."""

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How often a report comes.

    `name`: of its file, with `{}` for the first day. `days`: that it is about, 1 or 7, a week from its Monday. `after`: so long after its
    end facts of it may still be on their way. `back`: a server that was down draws so many when it is back. `look_s`: between two looks.
    """

    name: str
    days: int
    after: timedelta
    back: int
    look_s: float

    def due(self, now: datetime) -> list[date]:
        """The first days of those that are over, the oldest first; UTC."""
        today = (now - self.after).date()
        begun = today - timedelta(days=today.weekday() % self.days)
        return [begun - timedelta(days=self.days * ago) for ago in range(self.back, 0, -1)]


class Diary:
    """Writes one kind of report into a folder. `draw` gives the report from a first to a last day; None where nothing happened."""

    def __init__(self, folder: Path, rhythm: Rhythm, now: Callable[[], datetime], draw: Callable[[date, date], bytes | None]) -> None:
        self._folder, self._rhythm, self._now, self._draw = folder, rhythm, now, draw

    async def run(self) -> None:
        """Draw what is due, again and again, until cancelled; on a thread, since it takes a while."""
        await asyncio.sleep(FIRST_S)
        while True:
            await asyncio.to_thread(self.draw_due)
            await asyncio.sleep(self._rhythm.look_s)

    def draw_due(self) -> list[Path]:
        """Draw each report that is due and not there; the files that were written."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return [path for first in self._rhythm.due(self._now()) if (path := self._drawn(first)) is not None]

    def _drawn(self, first: date) -> Path | None:
        path = self._folder / self._rhythm.name.format(first.isoformat())
        drawn = None if path.exists() else self._draw(first, first + timedelta(days=self._rhythm.days - 1))
        if drawn is None:
            return None
        part = path.with_suffix(".part")
        part.write_bytes(drawn)
        part.rename(path)
        log.info("report drawn", file=path.name)
        return path

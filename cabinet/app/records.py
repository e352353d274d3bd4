"""The journal as reports read it, and reports drawn in this very process: for the command line and for virtual time.

Alone knows: that each reading begins anew at the first fact. Must not know: what a report makes of it.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import tzinfo

from cabinet.adapters.journal_reader import JournalReader
from cabinet.domain.facts import Entry
from cabinet.domain.vocabulary import Instant
from cabinet.domain.world import World
from cabinet.ports import NotDrawn
from cabinet.report.asked import NotAnswerable, Setting, asked_of
from cabinet.report.names import draw, written


class Records:
    """Every fact of a journal, to be gone through again and again. Raises JournalBroken at one that cannot be read."""

    def __init__(self, journal: JournalReader) -> None:
        self._journal = journal

    def __iter__(self) -> Iterator[Entry]:
        return self._journal.history()


class InlineReports:
    """The ReportDesk port on the caller's own thread: where there are no processes, and no unlock that could be late."""

    def __init__(self, journal: JournalReader, world: World, zone: tzinfo, now: Callable[[], Instant]) -> None:
        self._records, self._world, self._zone, self._now = Records(journal), world, zone, now

    async def draw(self, name: str, words: Mapping[str, str], form: str, *, sees_balances: bool, drawn_by: str) -> bytes:
        """See ReportDesk."""
        setting = Setting(self._world, self._zone, self._now().utc, sees_balances, drawn_by)
        try:
            return written(draw(name, self._records, setting, asked_of(words, self._zone)), form)
        except NotAnswerable as problem:
            raise NotDrawn(str(problem), is_asked_wrongly=True) from problem

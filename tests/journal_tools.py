"""What the journal's tests share: a clock that stands where it is put, ids that count, and facts to write.

Alone knows: how a journal is opened in a test.
Must not know: what any test asserts.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from uuid import UUID

from cabinet.adapters.journal import InlineJournal, JournalThread, Origin
from cabinet.domain.facts import Account, CountOwed, Draft, UnitsMoved
from cabinet.domain.vocabulary import AccessId, Instant, ItemId, PocketId, StaffId, Units

BUILT = datetime(2026, 1, 1, tzinfo=UTC)
START = datetime(2026, 3, 4, 5, 6, 7, 89, tzinfo=UTC)
ORIGIN = Origin(cabinet="ward-3", software="0.1.0", built=BUILT)


def at(seconds: float = 0.0) -> Instant:
    """A moment so many seconds after the tests' beginning of time."""
    return Instant(START + timedelta(seconds=seconds), seconds)


def ids() -> Callable[[], str]:
    """A source of ids that are UUIDs by shape and count up."""
    numbers = count(1)
    return lambda: str(UUID(int=next(numbers)))


def open_inline(path: Path | None, origin: Origin = ORIGIN, *, new_epoch: bool = False) -> InlineJournal:
    """An inline journal at a fixed moment."""
    return InlineJournal.open(path, origin, now=at, new_id=ids(), new_epoch=new_epoch)


def open_thread(path: Path, origin: Origin = ORIGIN) -> JournalThread:
    """A journal on a thread at a fixed moment."""
    return JournalThread.open(path, origin, now=at, new_id=ids())


def moved(pocket: str = "m1-01", units: int = 2, seconds: float = 1.0) -> Draft:
    """A nurse took units out of a pocket."""
    fact = UnitsMoved(PocketId(pocket), ItemId("paracetamol"), Units(units), Account.POCKET, Account.PATIENT, "L1", "2027-01-31")
    return Draft(at(seconds), fact, AccessId("access-1"), StaffId("nurse-1"))


def owed(why: str, pocket: str = "m1-01") -> Draft:
    """A pocket owes a count, for the reason given."""
    return Draft(at(1.0), CountOwed(PocketId(pocket), why))

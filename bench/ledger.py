"""Journals of any length, made of withdrawals that a cabinet could have performed, for benches.

Alone knows: which facts an ordinary withdrawal leaves, and in which order.
Must not know: what is measured on them.
"""

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from itertools import count, islice
from pathlib import Path

from cabinet.adapters.journal import InlineJournal, Origin
from cabinet.app.software import BUILT, SOFTWARE
from cabinet.domain.facts import (
    AccessMoved,
    AccessRequested,
    Account,
    CabinetStarted,
    Draft,
    DrawerMoved,
    Fact,
    ModeChanged,
    Outcome,
    PocketAssigned,
    QuantityConfirmed,
    ReleaseIntended,
    ReleaseSettled,
    SessionClosed,
    SessionOpened,
    UnitsMoved,
)
from cabinet.domain.vocabulary import AccessId, DrawerId, Instant, IntentId, ItemId, PocketId, SessionId, StaffId, Units
from config.load import LoadedSite
from config.schema import Drawer

AT_ONCE = 5_000
"""Facts in one transaction."""
PAR, LEAST, CRITICAL = 40, 10, 3
REFILL_EVERY = 16
"""Rounds over all drawers between two refills of each."""
STAFF = StaffId("nurse-7")
BEGIN = datetime(2027, 1, 1, tzinfo=UTC)


def write_ledger(path: Path, loaded: LoadedSite, facts: int) -> None:
    """Write a journal of exactly `facts` facts of this site's cabinet; its last withdrawal may be cut in the middle."""
    ids = count(1)
    start = Instant(BEGIN, 0.0)
    origin = Origin(loaded.site.cabinet, SOFTWARE, BUILT)
    with closing(
        InlineJournal.open(path, origin, now=lambda: start, new_id=lambda: f"00000000-0000-4000-8000-{next(ids):012x}")
    ) as journal:
        left = facts - 1
        drafts = _life(loaded)
        while left:
            written = list(islice(drafts, min(AT_ONCE, left)))
            journal.write_now(written)
            left -= len(written)


def _life(loaded: LoadedSite) -> Iterator[Draft]:
    """A start, then withdrawals from one drawer after another, for ever."""
    drawers = loaded.site.drawers
    yield Draft(Instant(BEGIN, 0.0), CabinetStarted(1, SOFTWARE, loaded.sha256))
    for drawer in drawers:
        pocket, item = PocketId(drawer.pockets[0].id), ItemId(drawer.pockets[0].item or "")
        assigned = PocketAssigned(pocket, DrawerId(drawer.id), item, Units(PAR), Units(LEAST), Units(CRITICAL), "units")
        yield Draft(Instant(BEGIN, 0.0), assigned)
        yield Draft(Instant(BEGIN, 0.0), DrawerMoved(drawer.lock, "unknown", "latched", "found closed"))
    yield Draft(Instant(BEGIN, 0.0), ModeChanged("starting", "ready", "every door has been looked at"))
    for number in count():
        drawer, at = drawers[number % len(drawers)], Instant(BEGIN + timedelta(seconds=40 * number), 40.0 * number)
        pocket, item = PocketId(drawer.pockets[0].id), ItemId(drawer.pockets[0].item or "")
        if number // len(drawers) % REFILL_EVERY == 0:
            yield Draft(at, UnitsMoved(pocket, item, Units(REFILL_EVERY), Account.PHARMACY, Account.POCKET, "L1", "2029-12-31"))
        session, access = SessionId(f"session-{number}"), AccessId(f"access-{number}")
        yield Draft(at, SessionOpened(session, ["badge", "pin"]), None, STAFF)
        yield from (Draft(at, fact, access, STAFF) for fact in _withdrawal(drawer, pocket, item, session, access))
        yield Draft(at, SessionClosed(session, "signed out"), None, STAFF)


def _withdrawal(drawer: Drawer, pocket: PocketId, item: ItemId, session: SessionId, access: AccessId) -> Iterator[Fact]:
    """What one withdrawal of one unit leaves in the journal, between its session's ends."""
    lock, intent = drawer.lock, IntentId(f"{access}-1")
    yield AccessRequested("withdraw", pocket, item, Units(1), "order", session)
    yield AccessMoved("requested", "authorised", "policy")
    yield AccessMoved("authorised", "released", "asked for")
    yield ReleaseIntended(intent, lock, 300)
    yield DrawerMoved(lock, "latched", "releasing", "released")
    yield ReleaseSettled(intent, lock, Outcome.OPENED, "opened")
    yield DrawerMoved(lock, "releasing", "open", "opened")
    yield AccessMoved("released", "open", "the way is open")
    yield QuantityConfirmed(Units(1))
    yield UnitsMoved(pocket, item, Units(1), Account.POCKET, Account.PATIENT)
    yield DrawerMoved(lock, "open", "latched", "closed")
    yield AccessMoved("open", "closed", "everything on the way is closed")
    yield AccessMoved("closed", "settled", "everything asked was answered")

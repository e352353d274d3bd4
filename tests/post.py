"""A day of one cabinet as the pharmacy server hears it: a whole journal, and the reports beside it.

Alone knows: how tests make post. Must not know: what becomes of it.
"""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from cabinet.domain.facts import (
    Account,
    Basis,
    DiscrepancyFound,
    DiscrepancyResolved,
    Draft,
    Fact,
    JournalBegun,
    Moment,
    PocketAssigned,
    PocketCounted,
    UnitsMoved,
)
from cabinet.domain.vocabulary import ZERO_HASH, DiscrepancyId, DrawerId, Instant, ItemId, PocketId, StaffId, Units
from cabinet.messages import (
    ItemSummary,
    JournalReport,
    Need,
    RestockReport,
    StateReport,
    StockReport,
    encode,
    envelope_of,
    seal,
    topic,
)
from central.post import Post, read

CABINET = "ward-1"
NOW = "2026-03-01T07:00:00.000000Z"
AT = Instant(datetime(2026, 3, 1, 7, tzinfo=UTC), 0.0)
POCKET, ITEM = PocketId("p1"), ItemId("item-1")

Envelope = dict[str, Any]


def chain(*facts: Fact, epoch: int = 1, journal: str = "uuid-1", cabinet: str = CABINET) -> list[Envelope]:
    """A whole journal: its beginning, then `facts`."""
    envelopes: list[Envelope] = []
    prev = ZERO_HASH
    for seq, fact in enumerate((JournalBegun(journal, cabinet, "test"), *facts), start=1):
        entry = seal(Draft(AT, fact, staff=StaffId("nurse-1")), epoch=epoch, seq=seq, fact_id=f"{journal}-{seq}", prev_hash=prev)
        envelopes.append(envelope_of(entry))
        prev = entry.hash
    return envelopes


def moved(units: int, source: Account, target: Account) -> UnitsMoved:
    return UnitsMoved(POCKET, ITEM, Units(units), source, target)


def assigned(par: int = 50) -> PocketAssigned:
    return PocketAssigned(POCKET, DrawerId("d"), ITEM, Units(par), Units(10), Units(5), "units")


DAY = chain(
    assigned(),
    moved(50, Account.PHARMACY, Account.POCKET),
    moved(3, Account.POCKET, Account.PATIENT),
    PocketCounted(POCKET, ITEM, Units(46), Units(47), Basis.PERSON, Moment.AFTER, 1, is_final=True),
    DiscrepancyFound(DiscrepancyId("d1"), POCKET, ITEM, Units(47), Units(46), Basis.PERSON, 3),
    moved(1, Account.POCKET, Account.VARIANCE),
    DiscrepancyResolved(DiscrepancyId("d1"), "found on the floor"),
    moved(2, Account.POCKET, Account.PATIENT),
)


def journal_post(facts: Iterable[Envelope], *, cabinet: str = CABINET) -> Post:
    kept = list(facts)
    payload = encode(JournalReport(kept[0]["epoch"], kept[0]["seq"], kept))
    post = read(topic(cabinet, "up/journal"), payload)
    assert post is not None
    return post


def state(epoch: int, boot: int, session: int, word: str, *, cabinet: str = CABINET, since: str = NOW) -> Post:
    payload = encode(StateReport(word, "ready", epoch, boot, session, since, "1", "0" * 64))
    post = read(topic(cabinet, "up/state"), payload)
    assert post is not None
    return post


def stock(seq: int, units: int, *, epoch: int = 1, expiry: str | None = None) -> Post:
    item = ItemSummary(ITEM, "hydrOXYzine", "25 mg", "tablet")
    report = StockReport(POCKET, item, units, "tablet", "units", 50, 10, 5, "ok", expiry, None, "journal", epoch, seq, NOW)
    post = read(topic(CABINET, f"up/stock/{POCKET}"), encode(report))
    assert post is not None
    return post


def needs(seq: int, *, epoch: int = 1, asked_at: str | None = None) -> Post:
    report = RestockReport(epoch, seq, NOW, [Need(POCKET, ITEM, seq, 10, 50, 50 - seq, "soon", "below_min", asked_at)])
    post = read(topic(CABINET, "up/restock"), encode(report))
    assert post is not None
    return post

"""A record for the tests of reports: facts written by hand in invented time, or taken from what really happened on the ward.

Alone knows: how facts become entries of a chain. Must not know: any report.
"""

from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any

from cabinet.domain import facts
from cabinet.domain.facts import Account, Draft, Entry, Fact
from cabinet.domain.vocabulary import ZERO_HASH, AccessId, DrawerId, Instant, ItemId, PocketId, SessionId, StaffId, Units
from cabinet.domain.world import World
from cabinet.messages import seal
from cabinet.report.asked import Asked, Setting
from cabinet.report.names import draw
from cabinet.report.table import Sheet, Table
from tests.domain.ward import MORNING, world

CONFIG = "c" * 64


def sealed(drafts: list[Draft]) -> list[Entry]:
    """Drafts as a journal would keep them."""
    entries: list[Entry] = []
    for number, draft in enumerate(drafts, 1):
        before = entries[-1].hash if entries else ZERO_HASH
        entries.append(seal(draft, epoch=1, seq=number, fact_id=f"f{number}", prev_hash=before))
    return entries


class Record:
    """Facts as they come to be written: each a second after the one before."""

    def __init__(self) -> None:
        self.drafts: list[Draft] = []
        self.now: datetime = MORNING.utc
        self.add(facts.JournalBegun("j", "ward", "1.0"))
        self.add(facts.CabinetStarted(1, "1.0", CONFIG))
        self.add(facts.ModeChanged("starting", "ready", "looked at"))

    def add(self, *said: Fact, by: str | None = None, access: str | None = None, witness: str | None = None, after_s: int = 1) -> None:
        """Write facts down."""
        for fact in said:
            self.now += timedelta(seconds=after_s)
            self.drafts.append(
                Draft(
                    Instant(self.now, 0.0), fact, None if access is None else AccessId(access), None if by is None else StaffId(by),
                    None if witness is None else StaffId(witness),
                )
            )  # fmt: skip

    def stock(self, pocket: str, drawer: str, item: str, units: int, lot: str = "lot-0", expiry: str = "2027-01-31") -> None:
        """A pocket holds something."""
        name, what = PocketId(pocket), ItemId(item)
        self.add(facts.PocketAssigned(name, DrawerId(drawer), what, Units(40), Units(10), Units(5), "units"))
        self.add(facts.UnitsMoved(name, what, Units(units), Account.PHARMACY, Account.POCKET, lot, expiry))

    def sign_in(self, who: str) -> None:
        """Somebody is recognised by badge and PIN."""
        self.add(facts.SessionOpened(SessionId(who), ["badge", "secret"]), by=who)

    def begin(self, access: str, kind: str, pocket: str, item: str, units: int = 2, *, by: str = "nina", **more: Any) -> None:
        """An access is asked for, its drawer and lid open."""
        authority = more.pop("authority", "policy")
        request = facts.AccessRequested(kind, PocketId(pocket), ItemId(item), Units(units), authority, SessionId(by), **more)
        self.add(request, facts.AccessMoved("requested", "authorised", "policy"), by=by, access=access)
        self.add(facts.AccessMoved("authorised", "released", "released"), by=by, access=access)
        self.add(facts.AccessMoved("released", "open", "seen open"), by=by, access=access)

    def end(self, access: str, *, by: str = "nina", outcome: str = "settled") -> None:
        """It is closed and over."""
        self.add(facts.AccessMoved("open", "closed", "seen shut"), by=by, access=access, after_s=20)
        self.add(facts.AccessMoved("closed", outcome, "all said"), by=by, access=access)

    @property
    def entries(self) -> list[Entry]:
        """The journal."""
        return sealed(self.drafts)


def drawn(
    name: str, drafts: list[Draft], zone: tzinfo = UTC, *, sees_balances: bool = True, setting: World | None = None, **asked: Any
) -> Sheet:  # fmt: skip
    """A report over these facts, an hour after the last of them."""
    now = drafts[-1].at.utc + timedelta(hours=1)
    return draw(name, sealed(drafts), Setting(setting or world(), zone, now, sees_balances), Asked(**asked))


def cells(table: Table) -> list[dict[str, Any]]:
    """The rows of a table by the keys of its columns."""
    return [{column.key: cell for column, cell in zip(table.columns, row, strict=True)} for row in table.rows]

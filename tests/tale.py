"""A cabinet's journal as a tale: facts at a minute, by somebody, in an access; and weeks of a ward made by chance.

Alone knows: how tests tell what happened at a cabinet. Must not know: what becomes of it.
"""

from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from cabinet.domain.facts import AccessMoved, AccessRefused, AccessRequested, Account, Draft, Fact, JournalBegun, PocketAssigned, UnitsMoved
from cabinet.domain.vocabulary import (
    ZERO_HASH,
    AccessId,
    DrawerId,
    Instant,
    ItemId,
    OrderId,
    PatientId,
    PocketId,
    SessionId,
    StaffId,
    Units,
)
from cabinet.messages import envelope_of, seal
from tests.post import CABINET, ITEM, POCKET

BEGIN = datetime(2026, 3, 1, 7, tzinfo=UTC)
PHARMACY, IN, PATIENT = Account.PHARMACY, Account.POCKET, Account.PATIENT
DAY_MIN = 1440


class Tale:
    """A journal that is told."""

    def __init__(self, epoch: int = 1, cabinet: str = CABINET, begun: JournalBegun | None = None) -> None:
        self.cabinet = cabinet
        self.envelopes: list[dict[str, Any]] = []
        self._prev, self._epoch = ZERO_HASH, epoch
        self.tell(0, begun or JournalBegun(f"j-{cabinet}", cabinet, "test"))

    def tell(self, minute: float, *facts: Fact, access: str | None = None, staff: str = "nurse-1") -> "Tale":
        """Facts at a minute."""
        for fact in facts:
            at = Instant(BEGIN + timedelta(minutes=minute), 0.0)
            draft = Draft(at, fact, None if access is None else AccessId(access), StaffId(staff))
            seq = len(self.envelopes) + 1
            entry = seal(draft, epoch=self._epoch, seq=seq, fact_id=f"{self.cabinet}-{self._epoch}-{seq}", prev_hash=self._prev)
            self.envelopes.append(envelope_of(entry))
            self._prev = entry.hash
        return self

    def asked(self, minute: float, access: str, kind: str, units: int, staff: str = "nurse-1", **said: Any) -> "Tale":
        """Somebody wants an access, to the one pocket where no other is named."""
        pocket, item = said.pop("pocket", POCKET), said.pop("item", ITEM)
        fact = AccessRequested(kind, pocket, item, Units(units), said.pop("authority", "order"), SessionId("s"), **said)
        return self.tell(minute, fact, access=access, staff=staff)

    def done(self, minute: float, access: str, units: int, source: Account, target: Account, staff: str = "nurse-1", **said: Any) -> "Tale":
        """Units are moved, and the access is over."""
        pocket, item = said.pop("pocket", POCKET), said.pop("item", ITEM)
        moved = UnitsMoved(pocket, item, Units(units), source, target, **said)
        return self.tell(minute, moved, AccessMoved("closed", "settled", "answered"), access=access, staff=staff)


class Ward:
    """Weeks of a cabinet by chance: items asked for so often a day, refilled each morning to par where at or below min."""

    def __init__(self, cabinet: str, rates: dict[str, float], levels: dict[str, tuple[int, int]], days: int, seed: int = 1) -> None:
        self.tale, self._chance = Tale(cabinet=cabinet), Random(f"{seed}/{cabinet}")
        self._levels, self._units = levels, dict.fromkeys(levels, 0)
        self._number = 0
        for item, (par, least) in levels.items():
            pocket = PocketId(f"p-{item}")
            self.tale.tell(0, PocketAssigned(pocket, DrawerId("d"), ItemId(item), Units(par), Units(least), Units(0), "units"))
            self._fill(0, item)
        for day in range(days):
            self._live(day, rates)

    def _live(self, day: int, rates: dict[str, float]) -> None:
        for item, (_, least) in self._levels.items():
            if self._units[item] <= least:
                self._fill(day * DAY_MIN + 1, item)
        asked = [(self._chance.random() * (DAY_MIN - 10) + 2, item) for item, rate in rates.items() for _ in range(self._many(rate))]
        for minute, item in sorted(asked):
            self._take(day * DAY_MIN + minute, item)

    def _many(self, rate: float) -> int:
        number, left = 0, self._chance.expovariate(1)
        while left < rate:
            number, left = number + 1, left + self._chance.expovariate(1)
        return number

    def _next(self) -> str:
        self._number += 1
        return f"{self.tale.cabinet}-{self._number}"

    def _fill(self, minute: float, item: str) -> None:
        access, units = self._next(), self._levels[item][0] - self._units[item]
        where: dict[str, Any] = {"pocket": PocketId(f"p-{item}"), "item": ItemId(item)}
        self.tale.asked(minute, access, "refill", units, "tech-1", **where)
        self.tale.done(minute, access, units, PHARMACY, IN, "tech-1", expiry="2027-12-31", **where)
        self._units[item] += units

    def _take(self, minute: float, item: str) -> None:
        staff, patient = f"nurse-{self._chance.randint(1, 6)}", f"patient-{self._chance.randint(1, 30)}"
        where: dict[str, Any] = {"pocket": PocketId(f"p-{item}"), "item": ItemId(item)}
        if self._units[item] < 1:
            self.tale.tell(minute, AccessRefused("withdraw", "stock.out", where["pocket"], ItemId(item), Units(1)), staff=staff)
            return
        access = self._next()
        self.tale.asked(minute, access, "withdraw", 1, staff, patient=PatientId(patient), order=OrderId(f"o-{patient}"), **where)
        self.tale.done(minute + 1, access, 1, IN, PATIENT, staff, **where)
        self._units[item] -= 1

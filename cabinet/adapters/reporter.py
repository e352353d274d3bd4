"""Tell the pharmacy server what this cabinet is, holds, needs and did.

Alone knows: which report goes to which topic, and when it is due again.
Must not know: how a balance comes about, how facts are stored, brokers and sockets.

Driven from outside: the courier says when the line is up, the shell says what was committed. Facts go first and at once;
stock and restock follow a moment later, each only when its content changed. Nothing here names a patient or a member of staff.
"""

import asyncio
import contextlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import structlog

from cabinet.adapters.contact import Contact, ContactListener
from cabinet.adapters.sender import FactSender, Outbox
from cabinet.courier.port import Courier, Parcel, Will
from cabinet.domain import facts
from cabinet.domain.facts import Entry, Fact
from cabinet.domain.vocabulary import CabinetId, PocketId, utc_text
from cabinet.messages import (
    Ack,
    DocumentsReport,
    HealthReport,
    Malformed,
    Need,
    RestockReport,
    StateReport,
    StockReport,
    decode,
    encode,
    topic,
)
from cabinet.ports import Clock, JournalBroken

STOCK_WAIT_S = 0.05
"""Stock follows its facts after this long, so that a burst of facts makes one report."""
POCKETS_AT_ONCE = 16
RELOOK_S = 3600.0
"""Everything is looked at again this often: a pocket expires at midnight, and no fact says so."""
HEALTH_WAIT_S = 1.0
"""Health follows its change after this long: what fails together is told together."""
HEALTH_S = 600.0
"""Health is told again this often, for its counts."""
OUT_OF_REACH = frozenset({"failed", "unknown"})
"""States of a lock in which nothing behind it can be had, so that entering or leaving one changes the status of pockets."""
KEEP_ACK_S = 5.0
"""The ack is kept this often at most: it is a hint that saves sending after a restart."""

log = structlog.get_logger()


class View(Protocol):
    """The cabinet as it stands after the last committed fact."""

    @property
    def mode(self) -> str:
        """The cabinet's mode."""
        ...

    def pockets(self) -> Iterable[PocketId]:
        """Every pocket of the layout, assigned or not."""
        ...

    def stock_report(self, pocket: PocketId) -> StockReport | None:
        """One pocket as it stands; None where nothing is assigned."""
        ...

    def restock_report(self) -> RestockReport:
        """Everything that this cabinet needs."""
        ...

    def health_report(self) -> HealthReport:
        """How lines, boards and locks are."""
        ...

    def documents_report(self) -> DocumentsReport:
        """What there is of each of the pharmacy's documents."""
        ...


@dataclass(frozen=True, slots=True)
class Identity:
    """Who reports: the cabinet, its `boot`-th start, its software, the SHA-256 of its configuration, its name and its care area."""

    cabinet: CabinetId
    boot: int
    software: str
    config: str
    name: str = ""
    area: str = ""


class Nobody:
    """Where nobody asks whether the pharmacy is heard."""

    def heard(self) -> None:
        """See ContactListener."""

    def lost(self, until: str) -> None:
        """See ContactListener."""


class Reporter:
    """All that one cabinet sends. Everything runs on the event loop and waits by loop time. `ear` is told whether the pharmacy is heard."""

    def __init__(
        self, courier: Courier, outbox: Outbox, view: View, identity: Identity, clock: Clock, ear: ContactListener | None = None
    ) -> None:
        self._courier = courier
        self._outbox = outbox
        self._view = view
        self._identity = identity
        self._clock = clock
        self._session = 0
        self._stock_sent: dict[PocketId, StockReport | None] = {}
        self._stock_due: dict[PocketId, None] = {}
        self._needs_sent: list[Need] | None = None
        self._stock_timer: asyncio.Handle | None = None
        self._health_timer: asyncio.TimerHandle | None = None
        self._keep_timer: asyncio.TimerHandle | None = None
        self._relook_timer: asyncio.TimerHandle | None = None
        self._keeping: asyncio.Task[None] | None = None
        self._sender = FactSender(outbox, lambda report: self._publish("up/journal", report))
        self._contact = Contact(clock, ear or Nobody(), _heard_until(outbox))

    @property
    def behind(self) -> int:
        """How many facts the pharmacy server does not hold yet."""
        return self._sender.behind

    async def start(self) -> None:
        """Leave a will, listen for acks, begin to connect."""
        self._courier.bequeath(self._make_will)
        self._courier.watch(self._line_up, self._line_down)
        self._courier.subscribe([self._topic("down/ack")], self._take_ack)
        self._contact.begin()
        await self._courier.start()

    async def stop(self) -> None:
        """Say that this cabinet goes offline, and go."""
        self._publish("up/state", encode(self._state("offline")), retain=True)
        self._line_down()
        self._contact.end()
        await self._courier.stop()
        if self._keep_timer is not None:
            self._keep_timer.cancel()
        if self._keeping is not None:
            await self._keeping
        await self._keep()

    def committed(self, entries: Sequence[Entry]) -> None:
        """Take note of facts that are durable now: they are sent before this returns, where nothing is owed before them."""
        if not entries:
            return
        self._sender.committed(entries)
        self._contact.committed()
        for entry in entries:
            self._note(entry.fact)

    def _note(self, fact: Fact) -> None:
        if isinstance(fact, facts.ModeChanged):
            self._publish("up/state", encode(self._state("online")), retain=True)
        if isinstance(fact, facts.HealthChanged | facts.FridgeMoved | facts.PowerMoved) and self._courier.is_up:
            self._report_health_in(HEALTH_WAIT_S)
        if isinstance(fact, facts.DocumentApplied | facts.DocumentRefused):
            self.report_documents()
        if isinstance(fact, facts.QuarantineBegun | facts.QuarantineLifted | facts.FaultRaised | facts.FaultCleared):
            self._owe_stock(self._view.pockets())
        pocket = getattr(fact, "pocket", None)
        if pocket is not None:
            self._owe_stock([pocket])
        elif isinstance(fact, facts.DrawerMoved) and {fact.source, fact.target} & OUT_OF_REACH:
            self._owe_stock(self._view.pockets())

    def _line_up(self) -> None:
        self._publish("up/state", encode(self._state("online")), retain=True)
        self._stock_sent.clear()
        self._needs_sent = None
        self._sender.line_up()
        self._contact.line_up(self._sender.behind)
        self._look_again()
        self._report_needs()
        self.report_documents()
        self._report_health_in(HEALTH_WAIT_S)

    def report_documents(self) -> None:
        """Say what there is of each of the pharmacy's documents."""
        self._publish("up/documents", encode(self._view.documents_report()), retain=True)

    def _report_health_in(self, wait_s: float) -> None:
        if self._health_timer is not None:
            self._health_timer.cancel()
        self._health_timer = asyncio.get_running_loop().call_later(wait_s, self._report_health)

    def _report_health(self) -> None:
        self._health_timer = None
        self._publish("up/health", encode(self._view.health_report()), retain=True)
        self._report_health_in(HEALTH_S)

    def _look_again(self) -> None:
        self._owe_stock(self._view.pockets())
        self._relook_timer = asyncio.get_running_loop().call_later(RELOOK_S, self._look_again)

    def _line_down(self) -> None:
        self._sender.line_down()
        self._contact.line_down()
        for timer in (self._stock_timer, self._relook_timer, self._health_timer):
            if timer is not None:
                timer.cancel()
        self._stock_timer = self._relook_timer = self._health_timer = None
        self._stock_due.clear()

    def _owe_stock(self, pockets: Iterable[PocketId]) -> None:
        if not self._courier.is_up:
            return
        self._stock_due.update(dict.fromkeys(pockets))
        if self._stock_timer is None and self._stock_due:
            self._stock_timer = asyncio.get_running_loop().call_later(STOCK_WAIT_S, self._report_stock)

    def _report_stock(self) -> None:
        """Some of the pockets that are due, then leave the loop to others."""
        self._stock_timer = None
        for pocket in list(self._stock_due)[:POCKETS_AT_ONCE]:
            del self._stock_due[pocket]
            report = self._view.stock_report(pocket)
            if pocket in self._stock_sent and _content(self._stock_sent[pocket]) == _content(report):
                continue
            if not self._publish(f"up/stock/{pocket}", b"" if report is None else encode(report), retain=True):
                return
            self._stock_sent[pocket] = report
        if self._stock_due:
            self._stock_timer = asyncio.get_running_loop().call_soon(self._report_stock)
        else:
            self._report_needs()

    def _report_needs(self) -> None:
        report = self._view.restock_report()
        if report.needs != self._needs_sent and self._publish("up/restock", encode(report), retain=True):
            self._needs_sent = report.needs

    def _take_ack(self, parcel: Parcel) -> None:
        try:
            ack = decode(parcel.payload, Ack)
        except Malformed as problem:
            log.warning("ack refused", why=str(problem))
            return
        known = self._sender.acked
        self._sender.take_ack(ack)
        self._contact.word(is_news=self._sender.acked > known, behind=self._sender.behind)
        if self._keep_timer is None:
            self._keep_timer = asyncio.get_running_loop().call_later(KEEP_ACK_S, self._begin_to_keep)

    def _begin_to_keep(self) -> None:
        self._keep_timer = None
        self._keeping = asyncio.create_task(self._keep())

    async def _keep(self) -> None:
        known = (self._outbox.epoch, self._sender.acked)
        if self._outbox.acked != known:
            # A broken journal refuses everything from now on; the shell learns it at its next round.
            with contextlib.suppress(JournalBroken):
                await self._outbox.keep_acked(*known)

    def _make_will(self) -> Will:
        self._session += 1
        return Will(self._topic("up/state"), encode(self._state("offline")))

    def _state(self, state: str) -> StateReport:
        who = self._identity
        since = utc_text(self._clock.now().utc)
        place = {"name": who.name, "area": who.area}
        return StateReport(state, self._view.mode, self._outbox.epoch, who.boot, self._session, since, who.software, who.config, **place)

    def _topic(self, tail: str) -> str:
        return topic(self._identity.cabinet, tail)

    def _publish(self, tail: str, payload: bytes, *, retain: bool = False) -> bool:
        return self._courier.publish(self._topic(tail), payload, qos=1, retain=retain)


def _heard_until(outbox: Outbox) -> str:
    """The moment of the last fact that the pharmacy is known to hold; "" where it holds none."""
    epoch, seq = outbox.acked
    if not seq:
        return ""
    found = next(outbox.envelopes(epoch, seq - 1), None)
    return "" if found is None else str(found["at"])


def _content(report: StockReport | None) -> StockReport | None:
    """A report without the fact it was made after, to tell whether anything changed."""
    return None if report is None else replace(report, epoch=0, seq=0, at="")

"""Everything about the hospital's systems over one store, put together: who listens, who is called, and what follows from what was heard.

Alone knows: who is plugged into whom, and that all of it is done on one thread. Must not know: what a message says, how a list is sent.
"""

import asyncio
import functools
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar
from uuid import uuid4

import structlog
from sqlalchemy.exc import SQLAlchemyError

from cabinet.domain.vocabulary import utc_text
from central.formulary.view import Items
from central.hl7.alert import CODE as ALERT_CODE
from central.hl7.alert import AlertRules, alert_of, sentence_of
from central.hl7.book import Book
from central.hl7.desk import Desk
from central.hl7.framing import Cut
from central.hl7.heard import DoseHeard
from central.hl7.outward import Names, Peer
from central.hl7.port import Changed
from central.hl7.roll import Roll
from central.hl7.sender import Sender
from central.hl7.server import KeptNothing, Server
from central.hl7.setting import alert_rules_of, book_of, calling_of, guard_of, link_of, listening_of, names_of, shield_of
from central.hl7.store import Store
from central.hl7.telling import Link, Teller
from central.hl7.transaction import Transaction
from central.hl7.ward import Missing, WardList, ward_list
from central.patience import at_work
from config.document import PatientRecord
from config.interface import Interfaces, Tell

GATHER_S = 0.5
"""News within this time make one list."""
LOOK_S = 900.0
"""Lists are made anew this often whatever is heard: who left is listed for a day."""

ALERTS = "without-order"
"""The cursor of what raises alerts and sends nothing."""

T = TypeVar("T")
Work = Callable[[Callable[[], object]], Awaitable[object]]
Issue = Callable[[str, Sequence[PatientRecord]], None]
"""Has a cabinet sent its whole list of patients and orders."""

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class LinkState:
    """How one link is: `way` is in or out; `waiting` and `refused` count messages of a link that goes out."""

    name: str
    way: str
    is_up: bool
    connected: int = 0
    waiting: int = 0
    refused: int = 0
    fault: str = ""


class InterfaceRoom:
    """The interfaces of one pharmacy. `work` has a job done on the one thread that everything here shares."""

    def __init__(
        self, store: Store, settings: Interfaces, formulary: Items, now: Callable[[], datetime], work: Work, issue: Issue,
        staff: Mapping[str, str] | None = None,
    ) -> None:  # fmt: skip
        self.store = store
        self._settings = settings
        self._now = now
        self._work = work
        self._issue = issue
        self._formulary, self._known = formulary, formulary()
        self._book = self._read_book()
        self._desk = Desk(store, self._book_now, now, _new_id, self._heard)
        wards = {cabinet: settings.wards.get(area, area) for cabinet, area in settings.cabinets.items()}
        self._tellers = [
            Teller([link_of(tell, settings)], store, store, Names(lambda: self._desk.roll, names_of(formulary, tell), staff or {}, wards))
            for tell in settings.tell
        ]
        rules = alert_rules_of(settings)
        if rules is not None:
            link, names = Link(ALERTS, "nothing", Peer()), Names(lambda: self._desk.roll)
            self._tellers.append(Teller([link], store, store, names, functools.partial(self._warn, rules)))
        self._servers = [Server(listening_of(listen), self._take, guard_of(listen)) for listen in settings.listen]
        self._senders = [self._sender(tell) for tell in settings.tell]
        self._loop: asyncio.AbstractEventLoop | None = None
        self._news: set[str] = set()
        self._has_facts = asyncio.Event()
        self._is_told = asyncio.Event()
        self._has_heard = asyncio.Event()
        self.missing: dict[str, tuple[Missing, ...]] = {}
        """By care area, what no cabinet can be sent."""

    @property
    def ports(self) -> dict[str, int]:
        """Where each listening link really listens."""
        return {listen.name: server.port for listen, server in zip(self._settings.listen, self._servers, strict=True)}

    @asynccontextmanager
    async def open(self) -> AsyncIterator["InterfaceRoom"]:
        """Listen, call and hand over until left. Raises OSError where a port is taken."""
        self._loop = asyncio.get_running_loop()
        async with at_work("interfaces", self._tell, self._hand_over, *(sender.run for sender in self._senders)):
            try:
                for server in self._servers:
                    await server.start()
                yield self
            finally:
                for server in self._servers:
                    await server.stop()

    def facts_came(self, cabinets: Sequence[str]) -> None:
        """Facts of these cabinets are stored: tell whoever is told."""
        self._is_told.clear()
        self._news.update(cabinets)
        self._has_facts.set()

    async def idle(self) -> None:
        """Wait until everything that is held is told, sent and answered."""
        await self._is_told.wait()
        for sender in self._senders:
            await sender.idle()

    def states(self) -> list[LinkState]:
        """How every link is."""
        inward = [
            LinkState(listen.name, "in", is_up=True, connected=server.connected)
            for listen, server in zip(self._settings.listen, self._servers, strict=True)
        ]
        outward = [
            LinkState(
                tell.name, "out", sender.is_up, 0, self.store.waiting(tell.name), len(list(self.store.settled(tell.name, "refused"))),
                sender.fault,
            )
            for tell, sender in zip(self._settings.tell, self._senders, strict=True)
        ]  # fmt: skip
        return [*inward, *outward]

    async def roll(self, ask: Callable[[Roll], T]) -> T:
        """Ask about what is known of patients and orders, where it is known."""
        found: list[T] = []
        await self._work(lambda: found.append(ask(self._desk.roll)))
        return found[0]

    async def link(self, said: str, item: str, by: str) -> int:
        """A pharmacist says which item a code means (`code`, or `system:code`); gives how many orders have an item by it."""
        found: list[int] = []

        def linked() -> None:
            self._desk.link(said, item, by)
            self._book = self._read_book()
            found.append(len(self._desk.relink().orders))

        await self._work(linked)
        return found[0]

    async def reread(self) -> int:
        """Make everything that is known of patients and orders anew from all messages that are kept; gives how many records that is."""
        found: list[int] = []
        await self._work(lambda: found.append(self._desk.reread()))
        return found[0]

    def send_again(self, link: str, number: int) -> bool:
        """A message that its peer refused goes out once more, before all that waits; False where there is no such message."""
        if not self.store.again(link, number):
            return False
        for sender in self._senders:
            sender.wake()
        return True

    def _book_now(self) -> Book:
        """By the formulary that counts."""
        if self._formulary() is not self._known:
            self._book = self._read_book()
        return self._book

    def _read_book(self) -> Book:
        self._known = self._formulary()
        linked = {**self._settings.items, **self.store.links()}
        return book_of(self._settings.model_copy(update={"items": linked}), self._known.values())

    def _catch_up(self) -> None:
        """What was said of items that the formulary has by now."""
        known = self._known
        self._book_now()
        if self._known is not known:
            self._desk.relink()

    def _warn(self, rules: AlertRules, one: Transaction) -> None:
        alert = alert_of(one, rules)
        if alert is not None:
            known = self._formulary().get(one.item)
            title = one.item if known is None else known.title
            self.store.warn(one.cabinet, ALERT_CODE, sentence_of(alert, title), utc_text(self._now()))

    def _sender(self, tell: Tell) -> Sender:
        return Sender(calling_of(tell), self.store, self._work, self._now, shield_of(tell))

    async def _take(self, link: str, cut: Cut) -> tuple[bytes, ...]:
        answers: list[tuple[bytes, ...]] = []
        try:
            await self._work(lambda: answers.append(self._desk.take(link, cut)))
        except SQLAlchemyError as problem:
            log.warning("message not kept", link=link, why=type(problem).__name__)
            raise KeptNothing(link) from problem
        return answers[0]

    def _heard(self, changed: Changed) -> None:
        """On the worker's thread: something was heard, and is kept."""
        doses = [heard for heard in changed.heard if isinstance(heard, DoseHeard)]
        if doses:
            self.store.give(doses, utc_text(self._now()))
        for teller in self._tellers if doses else ():
            teller.charge(doses)
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._wake)

    def _wake(self) -> None:
        self._has_heard.set()
        for sender in self._senders:
            sender.wake()

    async def _tell(self) -> None:
        """Whatever is held and not told yet is told: at the start all, then where facts came."""
        cabinets: list[str] | None = None
        while True:
            for teller in self._tellers:
                await self._work(functools.partial(teller.tell, cabinets))
            for sender in self._senders:
                sender.wake()
            if not self._has_facts.is_set():
                self._is_told.set()
            await self._has_facts.wait()
            self._has_facts.clear()
            cabinets, self._news = sorted(self._news), set()

    async def _hand_over(self) -> None:
        """Lists of patients and orders, to the cabinets of each area; none before somebody is heard of: silence empties no ward."""
        while True:
            now = utc_text(self._now())
            if not self._has_heard.is_set():  # nobody waits for a list: time to tidy
                await self._work(self._desk.forget)
                await self._work(self._catch_up)
            lists = await self.roll(functools.partial(_lists, areas=sorted(set(self._settings.cabinets.values())), now=now))
            self.missing = {area: found.missing for area, found in lists.items()}
            for cabinet, area in self._settings.cabinets.items() if lists else ():
                self._issue(cabinet, lists[area].records)
            try:
                async with asyncio.timeout(LOOK_S):
                    await self._has_heard.wait()
            except TimeoutError:
                continue
            await asyncio.sleep(GATHER_S)
            self._has_heard.clear()


def _lists(roll: Roll, areas: Sequence[str], now: str) -> dict[str, WardList]:
    return {area: ward_list(roll, area, now) for area in areas} if roll.patients else {}


def _new_id() -> str:
    return uuid4().hex[:20].upper()

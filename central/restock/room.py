"""Restocking of one pharmacy: rounds become pick lists, lists go out to their cabinets, and what the cabinets say closes them.

Alone knows: who is plugged into whom: needs, lists, sheets, documents and facts. Must not know: rows, HTTP, what a rule allows.

What a cabinet is sent is made from its lists each time: a list that left and was not sent, because the server stopped in between, is sent
at the next start. Facts are read from where they were read last, so nothing that a cabinet said is lost or counted twice.
"""

import asyncio
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy import Connection

from cabinet.domain.vocabulary import utc_text
from central.database.place import Database
from central.document.office import Approved
from central.document.room import DocumentRoom
from central.feed import PHARMACY, Feed
from central.inquiry import Inquiry
from central.patience import patient
from central.restock.desk import MakingDesk
from central.restock.follower import Follower
from central.restock.maker import Maker, Order
from central.restock.product import Product, products, unknown
from central.restock.rule import picking
from central.restock.rule.need import Need, each_once
from central.restock.rule.picklist import Line, NotDone, PickList, Stage, moved
from central.restock.rule.round import EVERY_DAY, Round, Turn, next_turns, turns
from central.restock.shortage import Shortage
from central.restock.store import Store
from config.document import DeliveryLineRecord, DeliveryRecord
from config.restock import DAYS, Restock
from config.schema import Item

LOOK_S = 20.0
"""Rounds are looked for this often; facts, whenever some came."""
BACK = timedelta(hours=6)
"""A server that was down makes the lists of rounds that it missed, when they are no older; one that is new has missed none."""
NEEDS = 200
"""So many needs are looked at once."""
TOPIC = "picklists"

log = structlog.get_logger()


LEFT = frozenset({Stage.ON_ITS_WAY, Stage.CLOSED, Stage.CANCELLED})
"""The stages of lists whose lines are compared with their pockets no more."""


class RestockRoom:
    """Run `run` as a task. `formulary`: what the pharmacy's own file says of items; what it sent to its cabinets counts above that."""

    def __init__(
        self, database: Database, documents: DocumentRoom, feed: Feed, settings: Restock, formulary: Iterable[Item],
        now: Callable[[], datetime],
    ) -> None:  # fmt: skip
        self.store, self.shortage = Store(database.engine), Shortage(database.engine)
        self.inquiry = Inquiry(database)
        self.desk = MakingDesk(Maker(self.store, self.shortage, self.product), feed, self._tell)
        self._follower = Follower(self.store, self.inquiry)
        self.now, self.settings = now, settings
        self._documents, self._feed = documents, feed
        self._file = {item.id: item for item in formulary}
        self._zone = ZoneInfo(settings.zone)
        self.rounds = [
            Round(one.id, one.name, at, frozenset(map(DAYS.index, one.days)) or EVERY_DAY, one.route, one.top_up)
            for one in settings.rounds for at in one.at
        ]  # fmt: skip
        self._products: Mapping[str, Product] = {}
        self._learned = -1
        self._began = now()
        self.learn()

    # --- what there is

    def learn(self) -> None:
        """Read the formulary again where it is other by now: the pharmacy's file, and above it what it sent to its cabinets."""
        newest = self._documents.office.shelf.newest("formulary", "*")
        version = 0 if newest is None else newest.version
        if version == self._learned:
            return
        sent = (Item.model_validate(record) for record in self._documents.office.shelf.whole("formulary", "*").values())
        self.items: Mapping[str, Item] = self._file | {item.id: item for item in sent}
        self._products = products(self.items.values(), self.settings)
        self._learned = version

    def product(self, item: str) -> Product:
        """What is known of an item."""
        return self._products.get(item) or unknown(item)

    def needs(self, limit: int = NEEDS) -> list[Need]:
        """What cabinets need and stands on no list, the most urgent first, no more than so many."""
        return each_once(self.shortage.most_urgent(limit) + self.shortage.asked())[:limit]

    def next_turns(self) -> list[Turn]:
        """When each round's lists are made next."""
        return next_turns(self.rounds, self.now(), self._zone)

    def standing(self, one: PickList) -> dict[int, str]:
        """Of the lines that have not left yet, by number: what is other by now at their pockets than when the list was made."""
        return self.standings([one]).get(one.id, {})

    def standings(self, lists: Collection[PickList]) -> dict[str, dict[int, str]]:
        """The same of many, by list."""
        held = self.store.held([one.id for one in lists if one.stage not in LEFT])
        found: dict[str, dict[int, str]] = {}
        for one in lists:
            said = {line.number: _other(line, *held[one.id, line.number]) for line in one.lines if (one.id, line.number) in held}
            found[one.id] = {number: words for number, words in said.items() if words}
        return found

    # --- lists are made

    def order(self, by: str, *, round_id: str = "", cabinets: Collection[str] = ()) -> Order:
        """What somebody wants made: the lists of a round, or of some cabinets (none named: of all that need anything). Raises NotDone."""
        if not by.strip():
            raise NotDone("picklist.nobody", "Say who you are: a list keeps who did what.")
        if round_id:
            chosen = next((one for one in self.rounds if one.id == round_id), None)
            if chosen is None:
                raise NotDone("picklist.round", f"There is no round {round_id}.")
            return self._order(chosen, by)
        strangers = sorted(set(cabinets) - set(self.store.cabinets()))
        if strangers:
            raise NotDone("picklist.cabinet", f"No cabinet {', '.join(strangers)} has reported.")
        return self._order(Round("", "by hand", self.now().timetz().replace(tzinfo=None), route=tuple(cabinets)), by)

    def _order(self, chosen: Round, by: str, turn: tuple[str, str] | None = None) -> Order:
        areas = self.store.areas() | {area.id: area.cabinets for area in self.settings.areas}
        stops = chosen.stops(areas, self.store.cabinets())
        return Order(chosen, stops, by.strip(), utc_text(self.now()), self._today().isoformat(), turn)

    async def make(self, by: str, *, round_id: str = "", cabinets: Collection[str] = ()) -> list[PickList]:
        """Make what `order` says, and give back the first of it. Raises NotDone."""
        return (await self.desk.made(self.order(by, round_id=round_id, cabinets=cabinets))).first

    async def make_due(self) -> None:
        """Make the lists of every round whose hour has come, each once."""
        for chosen, key in await asyncio.to_thread(self._due):
            made = await self.desk.made(await asyncio.to_thread(self._order, chosen, "the calendar", key))
            log.info("round made", round=chosen.id, lists=made.count)

    def _due(self) -> list[tuple[Round, tuple[str, str]]]:
        now = self.now()
        since = now - BACK if self.store.has_made_any() else max(now - BACK, self._began)
        known = self.store.made_turns((now - BACK - timedelta(days=1)).date().isoformat())
        due = turns(self.rounds, since, now, self._zone)
        keyed = [(one.round, (one.round.id, f"{one.day.isoformat()} {one.round.at:%H:%M}")) for one in due]
        return [(chosen, key) for chosen, key in keyed if key not in known]

    def ask(self, cabinet: str, pocket: str, by: str) -> None:
        """Somebody wants a pocket filled with the next list. Raises NotDone."""
        row = next((row for row in self.inquiry.stock(cabinet=cabinet) if row.pocket == pocket), None)
        if row is None or not row.item:
            raise NotDone("picklist.pocket", f"{cabinet} has nothing in a pocket {pocket}.")
        if row.units >= row.par:
            raise NotDone("picklist.full", f"Pocket {pocket} holds {row.units} of {row.par}.")
        if not by.strip():
            raise NotDone("picklist.nobody", "Say who asks.")
        self.shortage.ask(cabinet, pocket, by.strip(), utc_text(self.now()))
        self._tell()

    # --- lists are worked off

    def pick(self, name: str, number: int, said: picking.Picked) -> PickList:
        """See `picking.pick`. Raises NotDone."""
        return self._change(name, lambda one, at: picking.pick(one, number, said, at))

    def finish(self, name: str, by: str) -> PickList:
        """See `picking.finish`; what needs no second look may leave at once. Raises NotDone."""
        return self._change(name, lambda one, at: picking.finish(one, by, at))

    def check_line(self, name: str, number: int, by: str) -> PickList:
        """See `picking.check_line`. Raises NotDone."""
        return self._change(name, lambda one, _at: picking.check_line(one, number, by))

    def check(self, name: str, by: str) -> PickList:
        """See `picking.check`. Raises NotDone."""
        return self._change(name, lambda one, at: picking.check(one, by, at))

    def send_back(self, name: str, number: int, by: str, said: str) -> PickList:
        """See `picking.send_back`. Raises NotDone."""
        return self._change(name, lambda one, at: picking.send_back(one, number, by, at, said))

    def cancel(self, name: str, by: str, why: str) -> PickList:
        """Nothing of it leaves; its needs are free again. Raises NotDone."""
        if not why.strip():
            raise NotDone("picklist.reason", "Say why the list is cancelled.")
        return self._change(name, lambda one, at: moved(one, Stage.CANCELLED, at, by, why))

    def send(self, name: str, by: str, carried_by: str) -> PickList:
        """It leaves: what is controlled on numbered sheets, and its cabinet is told of both. Raises NotDone."""

        def leave(one: PickList, conn: Connection) -> PickList:
            gone = picking.send(one, by, carried_by, utc_text(self.now()))
            self.store.begin_following(conn, one.cabinet)
            return replace(gone, lines=tuple(self._with_sheet(conn, gone, line, by) for line in gone.lines))

        sent = self.store.change(name, leave)
        if any(line.sheet for line in sent.lines):
            self._documents.register.announce(sent.cabinet, by=by)
        self.announce(sent.cabinet, by)
        self._tell(sent.cabinet)
        return sent

    def _with_sheet(self, conn: Connection, one: PickList, line: Line, by: str) -> Line:
        if not line.needs_sheet or not line.goes:
            return line
        sheet = self._documents.register.enter(conn, one.cabinet, line.item, line.goes, issued_by=by, carried_by=one.carried_by)
        return replace(line, sheet=sheet.sheet)

    def _change(self, name: str, change: Callable[[PickList, str], PickList]) -> PickList:
        after = self.store.change(name, lambda one, _conn: change(one, utc_text(self.now())))
        self._tell(after.cabinet)
        return after

    def announce(self, cabinet: str, by: str) -> None:
        """Send a cabinet the lists that are on their way to it; nothing where it knows of all of them."""
        going = sorted(self.store.lists([Stage.ON_ITS_WAY], cabinet=cabinet), key=lambda one: one.id)
        records = [
            DeliveryRecord(
                id=one.id,
                lines=tuple(
                    DeliveryLineRecord(
                        item=line.item, units=line.goes, pocket=line.pocket, lot=line.lot, expiry=None if line.expiry is None else
                        date.fromisoformat(line.expiry), checked_by=line.checked_by or None,
                    )
                    for line in one.lines if line.goes
                ),
            )
            for one in going
        ]  # fmt: skip
        self._documents.office.issue(Approved("deliveries", by, records, cabinet=cabinet, why="picked", is_whole=True))

    async def announce_all(self) -> None:
        """What left and was not sent is sent, one cabinet after the other while others go on."""
        for cabinet in await asyncio.to_thread(self.store.awaiting):
            self.announce(cabinet, "restock")
            await asyncio.sleep(0)

    # --- lists are closed by what their cabinets say

    async def follow(self, cabinets: Collection[str] | None = None) -> None:
        """Read on a thread what is new of the cabinets (None: of all) that something is on its way to; tell of it here."""
        steps = self._follower.steps(cabinets)
        while (step := await asyncio.to_thread(next, steps, None)) is not None:
            cabinet, lists = step
            if lists:
                self._tell(cabinet)
            if any(one.stage is Stage.CLOSED for one in lists):
                self.announce(cabinet, "restock")

    def _tell(self, cabinet: str = PHARMACY) -> None:
        self._feed.tell({PHARMACY: {TOPIC}} | ({cabinet: {TOPIC}} if cabinet else {}))

    def _today(self) -> date:
        return self.now().astimezone(self._zone).date()

    # --- at work

    async def run(self) -> None:
        """Make lists when they are due, and follow what is on its way, until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(patient("pick lists followed", self._follow))
            tasks.create_task(patient("rounds", self._look))

    async def _follow(self) -> None:
        await self.announce_all()
        async for changes in self._feed.follow(LOOK_S):
            changed = {cabinet for cabinet, what in changes.items() if "facts" in what}
            if changed or not changes:
                await self.follow(changed or None)

    async def _look(self) -> None:
        while True:
            await asyncio.to_thread(self.learn)
            if self.settings.makes_lists:
                await self.make_due()
            await asyncio.sleep(LOOK_S)


def _other(line: Line, item: str, units: int, par: int) -> str:
    """What is other at a line's pocket than when its list was made; "": nothing."""
    if item != line.item:
        return "the pocket holds this item no more"
    if line.units and units >= par:
        return f"no longer needed: refilled meanwhile, it holds {units} of {par}"
    return "" if units == line.held else f"holds {units} by now, lacks {max(0, par - units)}"

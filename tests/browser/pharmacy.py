"""A pharmacy with the demo's wards, for browsers: real cabinets on hardware that is none, one process, one loop, and the pages served.

Alone knows: how such a pharmacy is put together for a test. Must not know: any page.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import partial
from random import Random

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from playwright.async_api import Browser, Page

from cabinet.adapters.clock import LoopClock, SystemClock
from cabinet.courier.twin import TwinBroker, TwinCourier
from cabinet.messages import key_id_of
from cabinet.rehearsal.neighbour import Neighbour
from cabinet.rehearsal.neighbour_past import lived
from cabinet.rehearsal.neighbourhood import site_of, wards
from central.activity.follower import Follower
from central.activity.store import Store as ActivityStore
from central.app import make_app
from central.document.room import DocumentRoom
from central.fleet.mark import Health
from central.fleet.survey import Survey
from central.formulary.shelf import FormularyShelf
from central.office import Office
from central.recall.pages import plug as recall_plug
from central.recall.room import RecallRoom
from central.watch.book import AlertBook
from central.watch.look import Lookout
from central.watch.pages import plug as watch_plug
from central.watch.watcher import Watcher
from config.load import load_site
from config.watch import Watch
from tests.browser.gallery import CONTRAST, NAME_CONTRAST, violations
from tests.browser.test_kiosk_touch import SMALL_TARGETS, chromium, served
from tests.stories.desk import DEMO

SIZES = ((1280, 800), (800, 900))


@dataclass(frozen=True, slots=True)
class Pharmacy:
    """One that is served, with a page on it. `complaints` is what the browser found wrong."""

    office: Office
    recalls: RecallRoom
    watcher: Watcher
    follower: Follower
    cabinets: tuple[str, ...]
    address: str
    browser: Browser
    page: Page
    complaints: list[str]

    async def settle(self) -> None:
        """Wait until all that came in is stored, followed and looked at, and every cabinet has told of its fridges and its power."""
        while not all(_is_told(tile.health) for tile in Survey(self.office.database).tiles(limit=len(self.cabinets))):  # noqa: ASYNC110 - told by nobody
            await asyncio.sleep(0.02)
        await self.office.idle()
        self.follower.follow()
        self.watcher.look(self.office.now())

    async def looks(self) -> list[str]:
        """What is wrong with the page that is shown: in both schemes and sizes, by axe-core, contrast of names, targets, width."""
        found: list[str] = []
        for width, height in SIZES:
            await self.page.set_viewport_size({"width": width, "height": height})
            wide = await self.page.evaluate("() => document.documentElement.scrollWidth - innerWidth")
            found += [f"{width}: {wide} px wider than the screen"] if wide > 1 else []
        for scheme in ("dark", "light"):
            await self.page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            found += [f"{scheme}: {fault}" for fault in await self.page.evaluate(CONTRAST, NAME_CONTRAST)]
            found += [f"{scheme}: {fault}" for fault in await violations(self.page)]
        await self.page.set_viewport_size({"width": SIZES[0][0], "height": SIZES[0][1]})
        return found


def _is_told(health: Health) -> bool:
    return bool(health.at) and health.power.state != "unknown" and all(fridge.milli_c is not None for fridge in health.fridges)


@asynccontextmanager
async def pharmacy(*cabinets: str) -> AsyncIterator[Pharmacy]:
    """A pharmacy that has heard these wards, watched and served; a program on loopback changes things unproven."""
    loop, clock, key = asyncio.get_running_loop(), SystemClock(), Ed25519PrivateKey.generate()
    now = clock.now().utc
    loaded, broker = load_site(DEMO), TwinBroker(Random(1))
    office, courier = Office.in_memory(lambda: clock.now().utc), TwinCourier(broker, "pharmacy")
    office.attach(courier)
    documents = DocumentRoom(office.database, key, lambda: clock.now().utc)
    documents.attach(courier)
    items = {item.id: item for item in loaded.formulary.items}
    office.inquiry.names = {item.id: item.tall_man for item in items.values()}
    recalls = RecallRoom(
        office.database, documents.office, FormularyShelf(documents.office, list(items.values())), lambda: clock.now().utc, office.feed
    )
    watcher = Watcher(Lookout(office.database), AlertBook(office.database), Watch())
    follower = Follower(ActivityStore(office.database))
    async with AsyncExitStack() as stack:
        tasks = [asyncio.create_task(job) for job in (office.run(), documents.run())]
        stack.callback(lambda: [task.cancel() for task in tasks])
        await courier.start()
        stack.push_async_callback(courier.stop)
        for ward in wards(loaded, now):
            if ward.cabinet in cabinets:
                past = partial(lived, week=ward.week, now=now, seed=ward.cabinet)
                public = key.public_key()
                neighbour = Neighbour(
                    site_of(loaded, ward), TwinCourier(broker, ward.cabinet), LoopClock(loop, now), past, weather=ward.weather,
                    keys={key_id_of(public): public},
                )  # fmt: skip
                await stack.enter_async_context(neighbour.at_work())
                while neighbour.behind:  # noqa: ASYNC110 - the pharmacy says in its own time that it holds everything
                    await asyncio.sleep(0.05)
        plugs = [recall_plug(recalls), watch_plug(watcher, office.feed, office.now)]
        address = await stack.enter_async_context(served(make_app(office, "Test pharmacy", documents, plugs=plugs)))
        stack.callback(office.feed.close)
        browser = await stack.enter_async_context(chromium())
        page = await browser.new_page(viewport={"width": SIZES[0][0], "height": SIZES[0][1]})
        complaints: list[str] = []
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
        found = Pharmacy(office, recalls, watcher, follower, cabinets, address, browser, page, complaints)
        await found.settle()
        yield found


__all__ = ["SMALL_TARGETS", "Pharmacy", "pharmacy"]

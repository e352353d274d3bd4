"""Every page of restocking, light and dark: nothing too small for a finger, nothing too faint for an eye; on a tablet and at a desk.

And what a person reads off a package or types stays, while the page brings itself up to date around it.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from playwright.async_api import Page, expect

from cabinet.domain.facts import CodeParked
from cabinet.domain.vocabulary import ItemId, PocketId
from central.app import make_app
from central.database.place import MEMORY, Database
from central.feed import Feed
from central.gate import Gate
from central.office import Office
from central.restock.process import code_desk, plug
from tests.browser import gallery
from tests.browser.test_kiosk_touch import chromium, served
from tests.ports.test_central_restock import CABINET, LIST, Pharmacy, refilled
from tests.ports.test_restock_pages import GTIN, KEY, off

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]

SIZES = ((1280, 800), (820, 1180))
"""A desk's screen, and a tablet upright."""
PAGES = {
    "board": "/restock", "to-pick": "/restock/lists/p260302-002", "on-its-way": f"/restock/lists/{LIST}", "codes": "/codes",
    "discrepancies": "/discrepancies", "discrepancy": f"/discrepancies/{CABINET}/d1",
}  # fmt: skip


async def busy_pharmacy() -> Pharmacy:
    """A list on its way with one line filled, one to pick, a code that waits and counts that do not agree."""
    made = Pharmacy(Database(MEMORY).prepare())
    await made.room.make("tom", cabinets=[CABINET])
    made.sent(short=True)
    await made.room.make("tom", cabinets=["ward-2"])
    made.hears(CABINET, *refilled("p2", "oxycodone", 6, "a1"), (CodeParked(KEY, PocketId("p3"), ItemId("cream")), "a2"))
    made.hears(CABINET, (off("d1", "p1", 9, 4), None), (off("d2", "transit", 6, 4), None))
    await made.room.follow()
    made.room.ask("ward-2", "p3", "nina")
    return made


async def _never(_job: object) -> object:
    raise AssertionError("nothing is stored here")


@asynccontextmanager
async def opened(pharmacy: Pharmacy) -> AsyncIterator[tuple[str, Page, Feed]]:
    """The pages' address, a browser's page, and the feed that says what changed."""
    office = Office(pharmacy.database, _never, lambda: pharmacy.at)
    desk = code_desk(pharmacy.room, pharmacy.database, pharmacy.documents, Feed())
    app = make_app(office, "Test pharmacy", pharmacy.documents, Gate(), plugs=[plug(pharmacy.room, desk, office.inquiry)])
    async with served(app) as address, chromium() as browser:
        yield address, await browser.new_page(), office.feed
        office.feed.close()
    pharmacy.ingest.close()


async def test_every_page_of_restock_suits_eyes_and_fingers() -> None:
    """WCAG 2.2 AA and targets of 48 px, in both schemes and at both sizes; no script complains."""
    pharmacy = await busy_pharmacy()
    wrong, complaints = [], list[str]()
    async with opened(pharmacy) as (address, page, _):
        page.on("pageerror", lambda error: complaints.append(str(error)))
        for name, path in PAGES.items():
            await page.goto(f"{address}{path}")
            for (width, height), scheme in ((size, scheme) for size in SIZES for scheme in ("light", "dark")):
                await page.set_viewport_size({"width": width, "height": height})
                await page.emulate_media(color_scheme=scheme)
                await gallery.shot(page, f"{name}-{width}-{scheme}")
                small = await page.evaluate(gallery.FINGERS, gallery.FINGER_PX)
                found = [fault for fault in small if fault.startswith(("small", "wider"))] + await gallery.violations(page)
                wrong += [f"{name} {width} {scheme}: {fault}" for fault in found]
    assert (wrong, complaints) == ([], [])


async def news(page: Page, feed: Feed) -> None:
    """Something else happens to the list: the part that shows it is drawn anew."""
    await expect(page.locator("#line")).to_have_text("live")
    await page.locator(".stack[data-part]").first.evaluate("part => { part.dataset.old = '' }")
    feed.tell({"ward-2": {"picklists"}})
    await expect(page.locator("[data-old]")).to_have_count(0)


async def test_what_a_package_told_stays_while_the_page_brings_itself_up_to_date() -> None:
    """The lot that was read off the package is the lot that is recalled one day: it may not vanish as soon as the line stands."""
    pharmacy = await busy_pharmacy()
    async with opened(pharmacy) as (address, page, feed):
        await page.goto(f"{address}/restock/lists/p260302-002")
        await page.locator("[name=scan]").fill(f"01{GTIN}1727013110LOT9")
        await page.locator("[name=scan]").press("Enter")
        line = page.locator("article.is-here")
        await news(page, feed)
        await expect(line.locator("[name=lot]")).to_have_value("LOT9")
        await expect(line.locator("[name=expiry]")).to_have_value("2027-01-31")
        await expect(line.locator("button:has-text('Picked')")).to_be_focused()


async def test_what_is_typed_and_not_sent_stays_while_the_page_brings_itself_up_to_date() -> None:
    """A technician turns to the shelf between the lot and the date; what a neighbour did meanwhile takes nothing away."""
    pharmacy = await busy_pharmacy()
    async with opened(pharmacy) as (address, page, feed):
        await page.goto(f"{address}/restock/lists/p260302-002")
        form = page.locator("form.picking").first
        await form.locator("[name=lot]").fill("TYPED-1")
        await form.locator("[name=reason]").select_option("too_few")
        await page.locator("h1").click()
        await news(page, feed)
        await expect(form.locator("[name=lot]")).to_have_value("TYPED-1")
        await expect(form.locator("[name=reason]")).to_have_value("too_few")

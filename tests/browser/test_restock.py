"""From "what is about to run out" to a printed pick list to shelves filled: three screens, over real processes and a real broker.

Why it matters: it is the whole round of a pharmacy's day. A technician picks, a pharmacist checks, the list is printed, and the cabinet's
screen shows the delivery; what the drawers then hold is what the pharmacy's page says, and nobody ticked it off by hand.
"""

import asyncio
import io
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pypdf
import pytest
from playwright.async_api import Browser, Locator, Page, expect

from cabinet.rehearsal.company import Company
from cabinet.rehearsal.enrol import Enrolled, admit
from tests.browser import gallery
from tests.browser.test_kiosk_touch import chromium
from tests.drills.bedside import CENTRAL, Bedside, new_company

pytestmark = [pytest.mark.browser, pytest.mark.real, pytest.mark.timeout(300)]

WARD = "ward-3-north"
CALLED = "Ward 3 North"
TECHNICIAN, PHARMACIST = "farid-haddad", "hugo-marchetti"
PATIENCE_MS = 20_000
LOT, EXPIRY = "DEMO-7", "2028-12-31"


@dataclass
class Hospital:
    """The demo, from outside: its pages, its steel box, and who may sign in where."""

    browser: Browser
    company: Company
    bedside: Bedside
    staff: dict[str, Enrolled]

    @property
    def pharmacy(self) -> str:
        return f"http://127.0.0.1:{self.company.ports.pharmacy}"

    @property
    def kiosk(self) -> str:
        return f"http://127.0.0.1:{self.company.ports.kiosk}"

    async def at_the_pharmacy(self, who: str) -> Page:
        """Somebody signs in at a tablet of the pharmacy's, and stands before the board."""
        context = await self.browser.new_context(viewport={"width": 1280, "height": 800})
        page = await context.new_page()
        page.set_default_timeout(PATIENCE_MS)
        await page.goto(f"{self.pharmacy}/sign-in?next=/restock")
        await page.locator("[name=id]").fill(who)
        await page.locator("[name=secret]").fill(self.staff[who].pin)
        await page.locator("form.door button[type=submit]").click()
        await expect(page.locator("h1")).to_have_text("Restock")
        return page

    async def at_the_cabinet(self, who: str) -> Page:
        """Somebody signs in at the kiosk."""
        context = await self.browser.new_context(viewport={"width": 1024, "height": 600})
        page = await context.new_page()
        page.set_default_timeout(PATIENCE_MS)
        await page.goto(self.kiosk)
        await page.locator("[name=badge]").fill(self.staff[who].badge)
        await page.locator("[name=secret]").fill(self.staff[who].pin)
        await page.locator("form.sign-in button[type=submit]").first.click()
        await expect(page.locator("form.sign-in")).to_have_count(0)
        return page

    def list(self, name: str) -> dict[str, Any]:
        """A pick list as the pharmacy's API tells it."""
        told: dict[str, Any] = self.bedside.client.get(f"{self.pharmacy}/api/v1/picklists/{name}").json()
        return told

    def units(self) -> dict[str, int]:
        """What the pharmacy holds of each pocket."""
        rows = self.bedside.client.get(f"{self.pharmacy}/api/v1/stock", params={"cabinet": WARD}).json()
        return {row["pocket"]: row["units"] for row in rows}


@asynccontextmanager
async def hospital(state: Path) -> AsyncIterator[Hospital]:
    """A demo that has just been started, and a browser."""
    company, staff, loaded = await asyncio.to_thread(new_company, state)
    await asyncio.to_thread(admit, staff, CENTRAL, state)
    with ExitStack() as stack:
        await asyncio.to_thread(stack.enter_context, company.started())
        client = stack.enter_context(httpx.Client(timeout=20))
        async with chromium() as browser:
            yield Hospital(browser, company, Bedside(company, staff, loaded, client), {one.id: one for one in staff})


async def pick(page: Page, number: int, *, units: int | None = None, reason: str = "") -> None:
    """Take one line from the shelf; fewer than asked with the reason."""
    line = page.locator(f"#line-{number}")
    if units is not None:
        await line.locator("[name=units]").fill(str(units))
        await line.locator("[name=reason]").select_option(reason)
    await line.locator("[name=lot]").fill(LOT)
    await line.locator("[name=expiry]").fill(EXPIRY)
    await line.locator("button:has-text('Picked')").click()
    await expect(page.locator(f"#line-{number} .status", has_text="out of stock" if reason else "picked").first).to_be_visible()


async def co_signs(here: Hospital, signs: Locator) -> None:
    """A colleague signs what the screen shows."""
    await signs.locator("[name=badge]").fill(here.staff[PHARMACIST].badge)
    await signs.locator("[name=secret]").fill(here.staff[PHARMACIST].pin)
    await signs.locator("button.is-primary").click()
    await expect(signs).to_have_count(0)


async def answers_until(here: Hospital, page: Page, pocket: str, asked: Locator) -> None:
    """What the kiosk asks before a pocket is filled: a colleague's signature, a count."""
    signs, count = page.locator("form[action$='/witness']"), page.locator("form[action$='/count'] [name=units]")
    yes = page.locator("button:has-text('Yes, ')")
    for _ in range(100):
        if await asked.is_visible():
            return
        if await signs.is_visible():
            await co_signs(here, signs)
        elif await yes.is_visible():
            await yes.click()
        elif await count.is_visible():
            await count.fill(str((await asyncio.to_thread(here.bedside.pieces))[pocket]))
            await count.press("Enter")
        await page.wait_for_timeout(200)
    pytest.fail(f"{pocket} is not to be filled: {await page.locator('main').inner_text()}")


async def fill(here: Hospital, page: Page, line: dict[str, Any]) -> None:
    """One line of the delivery at the kiosk: counted where it is controlled, filled, stated, the number signed by a colleague, and shut."""
    pocket, units = line["pocket"], line["picked"]
    await page.goto(f"{here.kiosk}/deliveries")
    form = page.locator(f"form:has(input[name=pocket][value={pocket}])")
    if line["sheet"]:
        await form.locator("[name=sheet]").fill(line["sheet"])
    await form.locator("button.is-primary").click()
    await page.wait_for_url("**/accesses/**")
    lot = page.locator("main [name=lot]")
    await answers_until(here, page, pocket, lot)
    await asyncio.to_thread(here.bedside.hand, "put", pocket=pocket, units=units)
    await page.locator("main [name=units]").fill(str(units))
    await lot.fill(LOT)
    await page.locator("main [name=expiry]").fill(EXPIRY)
    await page.locator("main form:has([name=lot]) button[type=submit]").first.click()
    signs, shut = page.locator("form[action$='/witness']"), page.locator("main", has_text="Close ")
    await expect(signs.or_(shut).first).to_be_visible()
    if line["sheet"]:
        await co_signs(here, signs)
    await expect(shut).to_be_visible()
    await asyncio.to_thread(here.bedside.shut, pocket)
    await expect(page.locator("main")).to_contain_text("added.")


async def makes_a_list(board: Page) -> str:
    """What is needed at the ward goes onto a list: its number."""
    await expect(board.locator(".needs li").first).to_be_visible()
    await gallery.shot(board, "restock-needs")
    await board.locator("[name=what]").select_option(f"cabinet:{WARD}")
    await board.locator("button:has-text('Make pick lists')").click()
    ticket = board.locator(".ticket", has_text=CALLED)
    await expect(ticket).to_be_visible()
    await expect(board.locator(".needs li", has_text=CALLED)).to_have_count(0)
    return ((await ticket.get_attribute("href")) or "").rpartition("/")[2]


async def picks(here: Hospital, trolley: Page, name: str) -> int:
    """Every line from the shelf but one, of which there is none: its number."""
    await trolley.goto(f"{here.pharmacy}/restock/lists/{name}")
    lines = here.list(name)["lines"]
    short: int = [line["number"] for line in lines if not line["needs_check"]][-1]
    for line in lines:
        if line["number"] == short:
            await pick(trolley, short, units=0, reason="out_of_stock")
        else:
            await pick(trolley, line["number"])
    await gallery.shot(trolley, "restock-picking")
    await trolley.locator("button:has-text('Everything is picked')").click()
    return short


async def checks_and_sends(here: Hospital, checker: Page, name: str) -> None:
    """The pharmacist looks at what asks for it, and the technician takes the bag."""
    await checker.goto(f"{here.pharmacy}/restock/lists/{name}")
    for line in (one for one in here.list(name)["lines"] if one["needs_check"]):
        await gallery.shot(checker, "restock-checking")
        await checker.locator(f"#line-{line['number']} button:has-text('It is')").click()
        await expect(checker.locator(f"#line-{line['number']}")).to_contain_text(f"checked by {PHARMACIST}")
    await checker.locator("button:has-text('Ready to leave')").click()
    await checker.locator("[name=carried_by]").fill(TECHNICIAN)
    await checker.locator("button:has-text('It leaves now')").click()
    await expect(checker.locator(".status", has_text="on its way").first).to_be_visible()


async def prints(here: Hospital, page: Page, words: str) -> list[str]:
    """What a browser's print button gets: the text of each page."""
    link = await page.locator(f"a:has-text('{words}')").get_attribute("href")
    answer = await page.context.request.get(f"{here.pharmacy}{link}")
    assert answer.headers["content-type"] == "application/pdf"
    return [paper.extract_text() for paper in pypdf.PdfReader(io.BytesIO(await answer.body())).pages]


async def finds_the_delivery(here: Hospital, kiosk: Page, name: str) -> None:
    """It is at the cabinet by itself."""
    for _ in range(100):
        await kiosk.goto(f"{here.kiosk}/deliveries")
        if await kiosk.get_by_text(name).count():
            break
        await asyncio.sleep(0.1)
    await gallery.shot(kiosk, "restock-delivery")


async def test_from_what_runs_out_to_shelves_filled(tmp_path: Path) -> None:
    """Need, list, pick, check, paper, sheet, delivery, drawer, closed: each seen on the screen where a person looks for it."""
    async with hospital(tmp_path) as here:
        board, trolley, checker = [await here.at_the_pharmacy(who) for who in (TECHNICIAN, TECHNICIAN, PHARMACIST)]
        name = await makes_a_list(board)
        short = await picks(here, trolley, name)
        await expect(board.locator("section[aria-label='to check'] .ticket", has_text=name)).to_be_visible()
        await checks_and_sends(here, checker, name)

        lines = here.list(name)["lines"]
        going = [line for line in lines if line["number"] != short]
        listed, labels = "".join(await prints(here, checker, "Print list")), await prints(here, checker, "Print labels")
        assert name in listed
        assert len(labels) == len(going)
        for line, label in zip(going, labels, strict=True):
            assert line["title"].split()[0] in listed
            assert f"pocket {line['pocket']}" in label
        assert any(line["needs_check"] and line["sheet"] for line in going), "a controlled line leaves checked, and on a sheet"

        before = here.units()
        kiosk = await here.at_the_cabinet(TECHNICIAN)
        await finds_the_delivery(here, kiosk, name)
        for line in going:
            await fill(here, kiosk, line)

        await expect(board.locator(".ticket", has_text=name)).to_have_count(0)
        await expect(board.locator("section:has(h2:has-text('Closed last'))")).to_contain_text(name)
        missing = next(line["pocket"] for line in lines if line["number"] == short)
        await expect(board.locator(".needs li", has_text=f"pocket {missing}")).to_be_visible()
        await gallery.shot(board, "restock-closed")
        await expect(trolley.locator(".status", has_text="closed")).to_be_visible()
        after = here.units()
        assert {line["pocket"]: after[line["pocket"]] - before[line["pocket"]] for line in going} == {
            line["pocket"]: line["picked"] for line in going
        }
        await asyncio.to_thread(here.bedside.agree)
        for page in (board, trolley):
            assert await gallery.violations(page) == []

"""A finger on the kiosk's screen, in a real browser over a real socket: one withdrawal, one refill, and what a finger can hit.

Slow beside the other rings, so it tests only what needs a browser: touches, sizes, the pads, and the screen that follows the drawer.
"""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest
import uvicorn
from fastapi import FastAPI
from playwright.async_api import Browser, Page, async_playwright, expect

from cabinet.domain.core import World
from cabinet.kiosk.language import Languages
from tests.stories.desk import NURSE, PIN, TECHNICIAN, Desk, demo_world, open_desk

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]

CHROMIUM = "/usr/bin/chromium"
SIZES = [(800, 480)]
"""Flows are walked where there is the least room; `test_every_screen.py` looks at each screen at all sizes."""
PLAIN = "acetaminophen-325-tab"
BLIND = "oxycodone-5-tab"

SMALL_TARGETS = """() => [...document.querySelectorAll("a, button, input:not([type=hidden])")]
  .filter((it) => it.checkVisibility())
  .map((it) => ({name: it.textContent.trim() || it.name, box: it.getBoundingClientRect()}))
  .filter((it) => it.box.width < 47.5 || it.box.height < 47.5)
  .map((it) => `${it.name}: ${it.box.width} x ${it.box.height}`)"""

OUT_OF_REACH = """() => [...document.querySelectorAll("a, button, input:not([type=hidden])")]
  .filter((it) => it.checkVisibility() && !it.closest(".scroll"))
  .map((it) => ({name: it.textContent.trim() || it.name, box: it.getBoundingClientRect()}))
  .filter((it) => it.box.bottom > innerHeight + 1 || it.box.right > innerWidth + 1)
  .map((it) => it.name)"""

OVERLAPPING = """() => {
  const all = [...document.querySelectorAll("a, button, input:not([type=hidden])")]
    .filter((it) => it.checkVisibility() && !it.closest(".scroll"));
  const found = [];
  all.forEach((one, index) => all.slice(index + 1).forEach((other) => {
    const a = one.getBoundingClientRect(), b = other.getBoundingClientRect();
    if (Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1 && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 1)
      found.push(`${one.textContent.trim() || one.name} / ${other.textContent.trim() || other.name}`);
  }));
  return found;
}"""


@asynccontextmanager
async def served(app: FastAPI, port: int = 0) -> AsyncIterator[str]:
    """An application on a port of the loopback; 0: a free one."""
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", lifespan="off", timeout_graceful_shutdown=1))
    with socket.create_server(("127.0.0.1", port)) as listener:
        serving = asyncio.create_task(server.serve([listener]))
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            await serving


@asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    """The browser of the system."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-dev-shm-usage"])
        try:
            yield browser
        finally:
            await browser.close()


class Finger:
    """A finger on one screen, which counts its touches and notes what the page complains about."""

    def __init__(self, page: Page, desk: Desk) -> None:
        self.page = page
        self.desk = desk
        self.touches = 0
        self.complaints: list[str] = []
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", lambda message: self.complaints.append(message.text) if message.type == "error" else None)

    async def touch(self, what: str) -> None:
        """One touch, and what it led to."""
        self.touches += 1
        await self.page.locator(what).first.tap()
        await self.page.wait_for_function("() => !isTurning")

    async def key(self, text: str, pad: str = ".pad:visible") -> None:
        """Type on the screen's own keys."""
        for letter in text:
            await self.touch(f'{pad} [data-key="{letter}"]')

    async def sign_in(self, who: str) -> None:
        """The badge reader types the badge and Enter; the finger types the PIN."""
        await self.page.locator("[name=badge]").press_sequentially(f"badge-{who}")
        await self.page.keyboard.press("Enter")
        await self.key(PIN)
        await self.touch("form.sign-in button[type=submit]")
        await expect(self.page.locator(".who")).to_be_visible()
        self.touches = 0

    async def sees(self, text: str) -> None:
        """The screen says so, by itself."""
        await expect(self.page.locator("main")).to_contain_text(text)

    async def looks(self, text: str) -> None:
        """Once the screen says `text`: everything on it can be hit, and nothing lies over anything else."""
        await self.sees(text)
        await self.page.wait_for_load_state("load")
        assert await self.page.evaluate(SMALL_TARGETS) == []
        assert await self.page.evaluate(OUT_OF_REACH) == []
        assert await self.page.evaluate(OVERLAPPING) == []


@asynccontextmanager
async def finger(
    size: tuple[int, int] = (1024, 600), units: dict[str, int] | None = None, *, world: World | None = None, languages: tuple[str, ...] = ()
) -> AsyncIterator[Finger]:
    """A cabinet, a screen of this size, and a finger."""
    async with open_desk(world or demo_world(units)) as desk, served(desk.app) as address, chromium() as browser:
        if languages:
            desk.app.state.floor = replace(desk.app.state.floor, languages=Languages(languages))
        context = await browser.new_context(viewport={"width": size[0], "height": size[1]}, has_touch=True)
        page = await context.new_page()
        page.set_default_timeout(10_000)
        await page.goto(address)
        hand = Finger(page, desk)
        yield hand
        assert hand.complaints == []


async def test_an_ordinary_withdrawal_takes_three_touches_after_signing_in() -> None:
    """Patient, Remove, Took. The screen follows the drawer by itself."""
    async with finger() as hand:
        await hand.sign_in(NURSE)
        await hand.touch("text=Eleanor Voss")
        await hand.touch(".line:has-text('acetaminophen') button:has-text('Remove')")
        await hand.sees("How many did you take?")
        await hand.touch("button:has-text('Took 2')")
        await hand.sees("Close Drawer 1.")
        await hand.desk.shut()
        await hand.sees("2 tablets of acetaminophen 325 mg removed.")
        assert hand.touches == 3


async def test_a_controlled_withdrawal_is_counted_blind_on_the_pad() -> None:
    """Fewer than asked is an ordinary answer, one touch away; and what is typed outlives the drawer's closing."""
    async with finger(units={BLIND: 30}) as hand:
        await hand.sign_in(NURSE)
        await hand.touch("text=Eleanor Voss")
        await hand.touch(".line:has-text('oxyCODONE') button")
        await hand.sees("Count what is in pocket")
        await hand.key("3")
        await hand.desk.shut()
        await hand.key("0")
        await hand.touch("text=Enter count")
        await hand.sees("How many did you take?")
        await hand.touch("[data-step='-1']")
        await hand.touch("button:has-text('Took 0')")
        await hand.sees("0 tablets of oxyCODONE 5 mg removed.")
        assert hand.desk.units_in(hand.desk.pocket_of(BLIND)) == 30


async def test_a_refill_is_typed_on_the_screens_own_keys() -> None:
    """No keyboard hangs at a cabinet: count, units, lot and expiry all come from the pads."""
    async with finger() as hand:
        await hand.sign_in(TECHNICIAN)
        await hand.touch(".line:has-text('ceFAZolin') button")
        await hand.touch("button:has-text('Yes, ')")
        await expect(hand.page.locator("[name=units]")).to_have_value("12")
        await hand.key("5")
        await expect(hand.page.locator("[name=units]")).to_have_value("5")
        await hand.key("1")
        await expect(hand.page.locator("[name=units]")).to_have_value("51")
        await hand.touch('.pad:visible [data-key="clear"]')
        await hand.key("12")
        await hand.touch("[name=lot]")
        await hand.key("ab-7")
        await hand.touch("[name=expiry]")
        await hand.key("20310630")
        await expect(hand.page.locator("[name=expiry]")).to_have_value("2031-06-30")
        await expect(hand.page.locator("[name=lot]")).to_have_value("AB-7")
        await hand.touch("button:has-text('Added')")
        await hand.sees("Close Drawer 2.")
        await hand.desk.shut()
        await hand.sees("12 vials of ceFAZolin 1 g added.")
        line = hand.desk.core.state.lines[hand.desk.pocket_of("cefazolin-1g-vial")]
        assert (line.units, line.batches[-1].lot, line.batches[-1].expiry) == (line.par, "AB-7", "2031-06-30")


@pytest.mark.parametrize("size", SIZES)
async def test_every_target_on_every_screen_is_for_a_gloved_finger(size: tuple[int, int]) -> None:
    """48 px where there is the least room; nothing out of reach, nothing overlapping, and no list that has to be dragged."""
    async with finger(size, {BLIND: 30, "lorazepam-1-tab": 26}) as hand:
        await hand.looks("Sign in")
        await hand.sign_in(NURSE)
        await hand.looks("Remove for")
        await withdraw_looking(hand)
        await search_looking(hand)
        await hand.touch("text=Home")
        await hand.touch("text=Needs attention")
        await hand.looks("fentaNYL")
        await hand.touch("text=Sign out")
        await hand.sign_in(TECHNICIAN)
        await hand.looks("To refill first")
        await refill_looking(hand)


async def withdraw_looking(hand: Finger) -> None:
    """A controlled item, from the order to a cancelled end."""
    await hand.touch("text=Eleanor Voss")
    await hand.looks("every 4 hours")
    await hand.touch(".line:has-text('oxyCODONE') button")
    await hand.looks("Count what is in pocket")
    await hand.touch("text=Cancel")
    await expect(hand.page.locator("button:has-text('Cancel')")).to_have_count(0)
    await hand.key("30")
    await hand.touch("text=Enter count")
    await hand.looks("Nothing is taken.")
    await hand.desk.shut()
    await hand.looks("Cancelled.")


async def search_looking(hand: Finger) -> None:
    """Another item on override, found by its letters, its strength typed, counted by agreeing."""
    await hand.touch("main >> text=More for")
    await hand.touch("text=Override")
    await hand.looks("Type the first five letters")
    await hand.key("lorazepam")
    await hand.looks("LORazepam")
    await hand.touch("#found a")
    await hand.looks("benzodiazepine")
    await hand.touch("[name=reason][value='Severe pain']")
    await hand.touch("main button[type=submit]")
    await hand.sees("no verified order stands behind it")
    await hand.looks("Strength, as the label says it")
    hand.complaints.clear()
    await hand.key("1 mg")
    await hand.touch("main button[type=submit]")
    await hand.looks("The record says 26")
    await hand.touch("button:has-text('Yes, 26')")
    await hand.looks("How many did you take?")
    await hand.touch("button:has-text('Took 1')")
    await hand.looks("Close Narcotics.")
    await hand.desk.shut()
    await hand.looks("removed.")


async def refill_looking(hand: Finger) -> None:
    """The refill list, and a refill up to its lot."""
    await hand.touch("nav >> text=Refill list")
    await hand.looks("Other pockets")
    await hand.touch("button[data-scroll='1']")
    await hand.touch(".line:has-text('ceFAZolin') button")
    await hand.looks("The record says")
    await hand.touch("button:has-text('Yes, ')")
    await hand.looks("How many did you put in?")
    await hand.touch("[name=lot]")
    await hand.looks("Lot")


async def test_a_refused_touch_leads_back() -> None:
    """A dead end at a cabinet is a person who fetches a colleague."""
    async with finger(units={PLAIN: 1}) as hand:
        await hand.sign_in(NURSE)
        await hand.touch("text=Eleanor Voss")
        await hand.touch(".line:has-text('acetaminophen') button:has-text('Remove')")
        await hand.looks("There are not that many units in this pocket.")
        hand.complaints.clear()
        await hand.touch("text=Back")
        await hand.sees("Eleanor Voss")


@pytest.mark.parametrize("size", SIZES)
async def test_a_forced_drawer_is_said_aloud_while_nobody_touches(size: tuple[int, int]) -> None:
    """The sign-in screen hears of it by itself, and there is still room for every key."""
    async with finger(size, {BLIND: 30}) as hand:
        alarm = hand.page.locator(".alarms")
        await hand.looks("Sign in")
        hand.desk.hardware.force(hand.desk.world.layout.drawers[0].lock)
        await expect(alarm).to_contain_text("Drawer 1 is open and nobody is using it: close it.")
        await hand.looks("Sign in")
        await hand.sign_in(NURSE)
        await hand.touch("text=Eleanor Voss")
        await hand.looks("every 4 hours")
        await hand.touch(".line:has-text('oxyCODONE') button")
        await hand.looks("Count what is in pocket")
        await hand.key("3")
        await hand.desk.shut()
        await expect(alarm).to_be_empty()
        await expect(hand.page.locator("[name=units]")).to_have_value("3")


@pytest.mark.parametrize("size", SIZES)
async def test_maintenance_is_said_in_one_line_and_leaves_the_screen_its_room(size: tuple[int, int]) -> None:
    """Who has the cabinet stands above every page, and hides and crowds out nothing; a screen that waits hears of it by itself."""
    async with finger(size) as hand:
        await hand.sign_in(TECHNICIAN)
        await hand.page.goto(hand.page.url.split("/", 3)[0] + "//" + hand.page.url.split("/", 3)[2] + "/bench")
        await hand.touch("text=Take into maintenance")
        await expect(hand.page.locator(".alarms")).to_contain_text("In maintenance")
        await hand.looks("Commissioning")
        box = await hand.page.locator("main").bounding_box()
        assert box is not None
        assert box["height"] > 0.6 * size[1]
        await hand.touch("text=Give back")
        await expect(hand.page.locator(".alarms")).to_be_empty()


async def test_a_lost_cabinet_is_said_and_comes_back_by_itself() -> None:
    """A touch that nobody hears must not look as if it were heard, nor lead to the browser's own page, which has no way back."""
    async with open_desk(demo_world()) as desk, chromium() as browser:
        context = await browser.new_context(viewport={"width": 1024, "height": 600}, has_touch=True)
        page = await context.new_page()
        lost = page.locator(".lost")
        async with served(desk.app) as address:
            await page.goto(address)
            hand = Finger(page, desk)
            await hand.sign_in(NURSE)
            await hand.touch("text=Eleanor Voss")
            await hand.sees("every 4 hours")
        await expect(lost).to_be_visible(timeout=3_000)
        await expect(lost).to_contain_text("Nothing you touch is recorded. This screen comes back by itself.")
        for what in ("text=Sign out", "text=Home", ".line button", "text=Other item"):
            await page.locator(what).first.dispatch_event("click")
            box = await page.locator(what).first.bounding_box()
            assert box is not None
            await page.touchscreen.tap(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        assert page.url.startswith(address)
        await expect(lost).to_be_visible()
        async with served(desk.app, int(address.rpartition(":")[2])):
            await expect(lost).to_be_hidden()
            await hand.sees("every 4 hours")
            await hand.touch(".line:has-text('acetaminophen') button:has-text('Remove')")
            await hand.sees("How many did you take?")

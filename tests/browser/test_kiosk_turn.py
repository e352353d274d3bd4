"""From page to page in a real browser: what a finger waits for begins when it comes down, and a page is put together once.

A slow computer lays a page of a list out in a tenth of a second; each time that happens twice, somebody waits twice.
"""

import asyncio

import pytest
from playwright.async_api import Page, Request, expect

from cabinet.kiosk import pages
from tests.browser.test_kiosk_touch import finger
from tests.stories.desk import NURSE, demo_world, open_desk

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]

PATIENT = "a[href='/patients/p-301']"
MOVED_LISTS = """() => { window.moved = 0; new MutationObserver((changes) => {
  for (const change of changes) for (const node of change.addedNodes) if (node.classList?.contains("scroll-box")) window.moved += 1;
}).observe(document.body, { childList: true, subtree: true }); }"""


class Held:
    """A finger that stays on the glass until it is told to leave."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.asked: list[str] = []
        page.on("request", self._note)

    def _note(self, request: Request) -> None:
        if request.headers.get("kiosk-refresh") is None and "/live" not in request.url and "/static/" not in request.url:
            self.asked.append(request.url)

    async def comes_down(self, what: str) -> None:
        """On the middle of something."""
        await expect(self.page.locator(what).first).to_be_visible()
        await self.page.wait_for_function("() => !isTurning && !isAsking")
        self.asked.clear()
        box = await self.page.locator(what).first.bounding_box()
        assert box is not None
        self._wire = await self.page.context.new_cdp_session(self.page)
        point = {"x": box["x"] + box["width"] / 2, "y": box["y"] + box["height"] / 2}
        await self._wire.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [point]})

    async def leaves(self, *, is_slid_off: bool = False) -> None:
        """Lifted, or slid to where nothing is."""
        await self._wire.send("Input.dispatchTouchEvent", {"type": "touchCancel" if is_slid_off else "touchEnd", "touchPoints": []})


async def test_a_page_is_fetched_while_the_finger_is_still_down_and_once() -> None:
    """A finger rests on the glass for a tenth of a second: the cabinet's answer is there when it leaves."""
    async with finger() as hand:
        await hand.sign_in(NURSE)
        held = Held(hand.page)
        async with hand.page.expect_response("**/patients/p-301"):
            await held.comes_down(PATIENT)
        await expect(hand.page.locator("[data-screen=home]")).to_have_count(1)
        await held.leaves()
        await expect(hand.page.locator("[data-screen=patient]")).to_have_count(1)
        assert [address for address in held.asked if "/patients/" in address] == [hand.page.url]


async def test_a_finger_that_slides_off_turns_no_page() -> None:
    """What was fetched for it is forgotten, and the next touch asks afresh."""
    async with finger() as hand:
        await hand.sign_in(NURSE)
        held = Held(hand.page)
        async with hand.page.expect_response("**/patients/p-301"):
            await held.comes_down(PATIENT)
        await held.leaves(is_slid_off=True)
        await hand.page.wait_for_function("() => ahead === null && !isTouched")
        await expect(hand.page.locator("[data-screen=home]")).to_have_count(1)
        held.asked.clear()
        await hand.touch(PATIENT)
        assert len(held.asked) == 1


async def test_what_goes_on_record_when_it_is_shown_is_not_fetched_before_the_touch_is_sure() -> None:
    """A report that is drawn is recorded; a finger that only rests on its button draws none."""
    async with finger() as hand:
        await hand.sign_in(NURSE)
        await expect(hand.page.locator("[data-screen=home] .tile").first).to_be_visible()
        await hand.page.evaluate("""() => setInterval(() => { document.querySelector("main .tile").href = "/reports/mine"; }, 10)""")
        held = Held(hand.page)
        await held.comes_down("a[href='/reports/mine']")
        await asyncio.sleep(0.2)
        await held.leaves(is_slid_off=True)
        assert held.asked == []


async def test_a_list_that_was_longer_than_the_screen_comes_in_its_box() -> None:
    """Put into it on the screen, it would be taken out and laid out again."""
    async with finger((800, 480)) as hand:
        await hand.sign_in(NURSE)
        await expect(hand.page.locator("[data-screen=home] .scroll-box .scroll-buttons")).to_be_visible()
        await hand.touch(PATIENT)
        await hand.page.evaluate(MOVED_LISTS)
        await hand.touch("header a.home")
        await expect(hand.page.locator("[data-screen=home] .scroll-box .scroll-buttons")).to_be_visible()
        assert await hand.page.evaluate("() => window.moved") == 0
        assert await hand.page.evaluate("() => document.activeElement.localName") == "main", "a screen reader goes on at the new page"


async def test_the_buttons_of_a_list_go_with_its_length() -> None:
    """The same page in a taller window needs none."""
    async with finger((800, 480)) as hand:
        await hand.sign_in(NURSE)
        await hand.touch(PATIENT)
        await hand.page.set_viewport_size({"width": 800, "height": 2400})
        await hand.touch("header a.home")
        await expect(hand.page.locator("[data-screen=home] .tile").first).to_be_visible()
        await expect(hand.page.locator(".scroll-buttons:visible")).to_have_count(0)


async def test_who_moves_by_keyboard_stays_where_they_were_when_the_page_comes_anew() -> None:
    """The cabinet changes all day; Enter on a link that had the focus must not go nowhere."""
    async with finger() as hand:
        await hand.sign_in(NURSE)
        for where in ("header a.home", PATIENT):
            await hand.page.focus(where)
            await hand.page.evaluate("""async () => { document.querySelector("main h1, main h2").textContent = "old"; await refresh(); }""")
            await expect(hand.page.locator(where)).to_be_focused()
        await expect(hand.page.locator("main")).not_to_contain_text("old")


async def test_a_page_begins_at_its_top_on_a_phone() -> None:
    """There a page scrolls as a whole; the next one is read from where it begins."""
    async with finger((390, 700)) as hand:
        await hand.sign_in(NURSE)
        await hand.page.locator("main a.tile").last.scroll_into_view_if_needed()
        assert await hand.page.evaluate("() => scrollY") > 0
        await hand.touch("main a.tile >> nth=-1")
        await expect(hand.page.locator("[data-screen=patient]")).to_have_count(1)
        assert await hand.page.evaluate("() => scrollY") == 0


async def test_pages_are_looked_for_before_what_machines_ask() -> None:
    """A path is compared with one route after the other: what a finger waits for must not stand behind a hundred others."""
    async with open_desk(demo_world()) as desk:
        routers = [route.original_router for route in desk.app.routes if hasattr(route, "original_router")]
        assert routers.index(pages.router) < 3

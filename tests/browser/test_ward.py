"""A phone at the bedside and the screen of the cabinet: picked on the one, done at the other; and what a finger can hit on the phone.

With `ADC_PICTURES=FOLDER` the same walk takes the phone's pictures for the manual.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from playwright.async_api import Page, expect

from tests.browser import gallery
from tests.browser.test_kiosk_touch import OVERLAPPING, SMALL_TARGETS, Finger, chromium, served
from tests.browser.test_kiosk_workflow import took
from tests.stories.desk import NURSE, OTHER_NURSE, PIN, open_desk
from tests.stories.onlooker import ward_of

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]

PHONE, DESK = (390, 844), (1280, 800)
SIDEWAYS = "() => document.documentElement.scrollWidth - innerWidth"


class Handset(Finger):
    """A phone, or a desk's screen, at the ward's listener."""

    async def enters(self, who: str) -> None:
        """Typed by the keys of the phone itself."""
        await self.page.fill("[name=id]", who)
        await self.page.fill("[name=secret]", PIN)
        await self.touch("main button[type=submit]")
        await expect(self.page.locator("text=Sign out")).to_be_visible()
        self.touches = 0

    async def shows(self, name: str, text: str) -> None:
        """The page, once it says `text`: nothing too small, nothing over anything, nothing to be pushed sideways; light and dark."""
        await self.sees(text)
        await self.page.wait_for_load_state("load")
        assert await self.page.evaluate(SMALL_TARGETS) == []
        assert await self.page.evaluate(OVERLAPPING) == []
        assert await self.page.evaluate(SIDEWAYS) <= 0
        for scheme in ("dark", "light"):
            await self.page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            assert await gallery.violations(self.page) == []
            assert await self.page.evaluate(gallery.CONTRAST, gallery.NAME_CONTRAST) == []
        if (self.page.viewport_size or {}).get("width") == PHONE[0]:
            await gallery.shot(self.page, f"ward-{name}")


@asynccontextmanager
async def ward_and_cabinet(size: tuple[int, int] = PHONE) -> AsyncIterator[tuple[Handset, Finger]]:
    """One cabinet, somebody's screen of this size on the ward, and a finger at its kiosk."""
    async with open_desk() as desk, served(desk.app) as kiosk, served(ward_of(desk)) as ward, chromium() as browser:

        async def opened(address: str, width: int, height: int) -> Page:
            context = await browser.new_context(viewport={"width": width, "height": height}, has_touch=True)
            page = await context.new_page()
            page.set_default_timeout(10_000)
            await page.goto(address)
            return page

        handset, hand = Handset(await opened(ward, *size), desk), Finger(await opened(kiosk, 800, 480), desk)
        yield handset, hand
        assert handset.complaints == hand.complaints == []


async def test_a_nurse_picks_on_the_phone_and_does_it_at_the_kiosk() -> None:
    """Badge, PIN, Picked, Remove, Took: what was chosen at the bedside takes three touches at the drawer, and the phone follows."""
    async with ward_and_cabinet() as (handset, hand):
        await handset.shows("sign-in", "Nothing is reserved.")
        await handset.enters(NURSE)
        await handset.shows("patients", "Eleanor Voss")
        await handset.touch("text=Eleanor Voss")
        await handset.shows("patient", "oxyCODONE")
        await handset.touch(".line:has-text('acetaminophen') button:has-text('Pick')")
        await handset.sees("✓ Picked")
        await handset.touch("nav >> text=Picked")
        await handset.shows("picked", "nothing is reserved")
        assert not hand.desk.hardware.pulses

        await hand.sign_in(NURSE)
        await hand.touch(".tasks >> text=Picked")
        await hand.looks("picked ahead")
        await hand.touch(".line:has-text('acetaminophen') button.is-primary")
        await took(hand)
        assert not hand.desk.core.state.picks
        await handset.sees("Nothing is picked.")


async def test_the_queue_follows_whoever_comes_to_the_cabinet() -> None:
    """By itself, on a screen that nobody touches; a first name and a role, and neither a patient nor an item."""
    async with ward_and_cabinet() as (handset, hand):
        await handset.enters(NURSE)
        await handset.touch("text=Queue")
        await handset.shows("queue-empty", "Nobody is at the cabinet.")
        await hand.sign_in(OTHER_NURSE)
        await handset.shows("queue", "Ben")
        text = await handset.page.locator("main").inner_text()
        assert "nurse" in text
        assert "Okafor" not in text
        await hand.touch("text=Sign out")
        await handset.sees("Nobody is at the cabinet.")


async def test_whose_orders_these_are_stays_in_sight_on_a_phone() -> None:
    """A nurse who scrolled to the last order picks for the patient whose name is above it."""
    async with ward_and_cabinet((390, 480)) as (handset, _hand):
        await handset.enters(NURSE)
        await handset.touch("text=Eleanor Voss")
        await handset.sees("heparin")
        await handset.page.evaluate("() => scrollTo(0, document.body.scrollHeight)")
        box = await handset.page.locator(".patient .name").first.bounding_box()
        assert box is not None
        assert 0 <= box["y"] < 60


async def test_the_same_pages_serve_a_desk() -> None:
    """One set of pages; what is touched on a phone is clicked there."""
    async with ward_and_cabinet(DESK) as (handset, _hand):
        await handset.enters(NURSE)
        await handset.shows("patients", "Eleanor Voss")
        await handset.touch("text=Eleanor Voss")
        await handset.shows("patient", "oxyCODONE")
        await handset.touch("nav >> text=Queue")
        await handset.shows("queue", "Expected wait")

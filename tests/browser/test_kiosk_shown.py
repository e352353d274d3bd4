"""What is shown instead of typed, in a real browser: a badge at the reader and packages at the scanner, while a finger types the rest."""

import pytest
from playwright.async_api import expect

from cabinet.app.readers import for_open_access
from tests.browser.test_kiosk_touch import SIZES, finger
from tests.stories.desk import PIN, TECHNICIAN
from tests.stories.test_kiosk_shown import CEFAZOLIN, HYDROXYZINE, package

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]


@pytest.mark.parametrize("size", SIZES)
async def test_a_badge_and_a_package_are_shown_and_the_screen_follows(size: tuple[int, int]) -> None:
    """The PIN alone is typed to sign in; what was typed outlives a scan; and everything stays in reach of a finger."""
    async with finger(size) as hand:
        scan = for_open_access(hand.desk.controller)
        await hand.looks("Hold your badge to the reader")
        hand.desk.wall.hold(f"badge-{TECHNICIAN}")
        await hand.looks("Badge read.")
        assert TECHNICIAN not in await hand.page.content()
        await hand.key(PIN)
        await hand.touch("main button[type=submit]")
        await hand.looks("To refill first")
        await hand.touch(".line:has-text('ceFAZolin') button")
        await hand.touch("button:has-text('Yes, ')")
        await hand.sees("How many did you put in?")
        await hand.key("7")
        scan(package(hand.desk, HYDROXYZINE))
        await hand.sees("this is hydrOXYzine 25 mg tablet, the pocket holds ceFAZolin 1 g vial")
        await hand.looks("hydrOXY")
        scan(package(hand.desk, CEFAZOLIN, "AB-7"))
        await hand.looks("Package scanned.")
        for name, value in (("units", "7"), ("lot", "AB-7"), ("expiry", "2031-06-30")):
            await expect(hand.page.locator(f"[name={name}]")).to_have_value(value)
        await hand.touch("button:has-text('Added')")
        await hand.sees("Close Drawer 2.")
        line = hand.desk.core.state.lines[hand.desk.pocket_of(CEFAZOLIN)]
        assert (line.units, line.batches[-1].lot, line.batches[-1].expiry) == (15, "AB-7", "2031-06-30")


async def test_what_lies_under_a_finger_stays_there_until_the_finger_is_gone() -> None:
    """The screen follows the cabinet by itself, and never takes a button away from a touch that has begun."""
    async with finger() as hand:
        await hand.sees("Hold your badge to the reader")
        key = hand.page.locator('.pad:visible [data-key="7"]').first
        place = await key.bounding_box()
        assert place is not None
        await hand.page.mouse.move(place["x"] + 10, place["y"] + 10)
        await hand.page.mouse.down()
        hand.desk.wall.hold(f"badge-{TECHNICIAN}")
        await hand.page.wait_for_function("() => isDue")
        await hand.page.evaluate("document.querySelector('main').dataset.under = 'a finger'")
        assert "Badge read." not in await hand.page.content()
        await hand.page.mouse.up()
        await hand.sees("Badge read.")
        assert await hand.page.evaluate("document.querySelector('main').dataset.under") is None

"""People at the screen, by touch: a PIN that is issued for a shift, and somebody who is locked out, on the smallest panel."""

import pytest
from playwright.async_api import expect

from tests.browser import gallery
from tests.browser.test_kiosk_touch import Finger, finger
from tests.stories.desk import CHARGE, NURSE, PIN

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]

SMALL = (800, 480)


async def shows(hand: Finger, who: str, pin: str) -> None:
    """A badge is held to the reader, and a PIN typed."""
    before = await hand.page.evaluate("() => document.querySelector('[name=shown]')?.value ?? ''")
    hand.desk.wall.hold(f"badge-{who}")
    await hand.page.wait_for_function("(before) => (document.querySelector('[name=shown]')?.value ?? before) !== before", arg=before)
    await hand.key(pin)
    await hand.touch("form.sign-in button[type=submit]")


async def test_a_pin_that_is_shown_once_stays_until_it_was_read() -> None:
    """That it was issued is itself a change that every screen hears of; the answer to a touch is not exchanged for the first page then."""
    async with finger(SMALL) as hand:
        await hand.sign_in(CHARGE)
        await hand.touch("text=More")
        await hand.touch("main a:has-text('Staff')")
        async with hand.page.expect_response(lambda reply: reply.url.endswith("/") and reply.request.method == "GET"):
            await hand.touch(f".line:has-text('{NURSE}') button:has-text('PIN for this shift')")
        await hand.page.evaluate("() => new Promise((drawn) => setTimeout(drawn, 200))")
        await hand.looks("It is shown once.")


async def test_whoever_is_locked_is_named_in_full_beside_what_unlocks_them() -> None:
    """With every button of the row; and the sign-in page keeps its own within reach while it says what to do."""
    async with finger(SMALL) as hand:
        for _ in range(5):
            await shows(hand, NURSE, "000001")
        await hand.looks("Your sign-in is locked")
        hand.complaints.clear()  # the browser notes each refusal
        await shows(hand, CHARGE, PIN)
        await expect(hand.page.locator(".who")).to_be_visible()
        await hand.touch("text=More")
        await hand.touch("main a:has-text('Staff')")
        await hand.looks("Unlock")
        assert await hand.page.evaluate(gallery.FINGERS, gallery.FINGER_PX) == []
        box = await hand.page.locator(".line:has-text('Unlock') .name").bounding_box()
        assert box is not None
        assert box["height"] < gallery.FINGER_PX, "one line"
        await hand.touch("button:has-text('Unlock')")
        await expect(hand.page.locator("button:has-text('Unlock')")).to_have_count(0)

"""What a walk by hand found on the smallest screen: every key of a pad in sight, no strength broken, and a veil over a dead screen."""

from dataclasses import replace

import pytest
from playwright.async_api import expect

from cabinet.domain.events import BoardLost
from cabinet.domain.vocabulary import BoardId
from tests.browser.test_kiosk_touch import BLIND, PLAIN, chromium, finger, served
from tests.stories.desk import NURSE, PIN, demo_world, open_desk

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]

SMALL = (800, 480)
OTHER = "ben-okafor"
VEIL_MS = 61_000

BELOW = """(what) => [...document.querySelectorAll(what)].filter((it) => it.checkVisibility()
  && it.getBoundingClientRect().bottom > innerHeight + 1).map((it) => it.textContent.trim() || it.name)"""
BROKEN = """() => [...document.querySelectorAll(".strength")].filter((it) => it.getBoundingClientRect().height > 1.6 * parseFloat(
  getComputedStyle(it).lineHeight) && it.textContent.length < 16).map((it) => it.textContent)"""
LINES = """() => [...document.querySelectorAll(".strength")].map((it) => it.textContent)"""
CLIPPED = """() => {
  const it = document.activeElement, box = it.closest(".scroll").getBoundingClientRect(), at = it.getBoundingClientRect();
  return at.left - box.left < 4 || box.right - at.right < 4;
}"""


async def test_a_board_that_falls_silent_pushes_no_key_of_the_pad_off_the_screen() -> None:
    """Thirty tablets are counted with a 0; a key below the edge is no key for a gloved hand."""
    async with finger(SMALL, {BLIND: 30}) as hand:
        await hand.sign_in(NURSE)
        await hand.touch("text=Eleanor Voss")
        await hand.touch(".line:has-text('oxyCODONE') button")
        await hand.sees("Count what is in pocket")
        hand.desk.controller.post(BoardLost(hand.desk.controller.clock.now(), BoardId("locks-a"), "device.no_reply", "silent"))
        await hand.looks("The cabinet cannot see Narcotics")
        assert await hand.page.evaluate(BELOW, ".pad button, aside *") == []


async def test_who_holds_a_badge_to_an_open_drawer_types_their_own_pin() -> None:
    """The pad typed it into the field of the person who had left, and the second person was told to fill in theirs."""
    world = demo_world({PLAIN: 9})
    policy = replace(world.policy, people=replace(world.policy.people, take_over_s=1))
    async with finger(SMALL, world=replace(world, policy=policy, timing=replace(world.timing, session_idle_s=8))) as hand:
        await hand.sign_in(NURSE)
        await hand.touch("text=Eleanor Voss")
        await hand.touch(".line:has-text('acetaminophen') button.is-primary")
        await hand.sees("How many did you take?")
        await hand.page.locator("text=I am someone else").wait_for()
        hand.desk.wall.hold(f"badge-{OTHER}")
        await hand.sees("Badge read.")
        await hand.key(PIN)
        await hand.touch("text=Close it and sign in")
        await expect(hand.page.locator(".who")).to_contain_text("Ben Okafor")


async def test_no_strength_is_broken_and_the_drug_comes_before_the_tag() -> None:
    """0.4 on one line and mg on the next is read as another dose; a tag is asked for below what was taken, not before it."""
    async with finger(SMALL) as hand:
        await hand.sign_in(NURSE)
        await hand.touch("text=Emergency access")
        await hand.sees("naloxone")
        assert "0.4 mg/1 mL" in await hand.page.evaluate(LINES)
        assert await hand.page.evaluate(BROKEN) == []
        await hand.touch("button:has-text('rapid sequence')")
        await hand.sees("How many did you take?")
        assert await hand.page.evaluate(BELOW, "main button[type=submit]:has([data-echo])") == []
        await hand.desk.shut()
        await hand.sees("How many were taken was not said: pocket n1-07 is to be counted.")


async def test_what_is_asked_before_an_order_is_taken_again_fits_with_its_letters() -> None:
    """A reason is typed: its letters, and the ring around its field, are whole."""
    async with finger(SMALL) as hand:
        await hand.sign_in(NURSE)
        for number in (1, 2):
            await hand.touch("text=Eleanor Voss")
            await hand.touch(".line:has-text('acetaminophen') button:has-text('Remove')")
            if number == 1:
                await hand.touch("button:has-text('Took 2')")
                await hand.desk.shut()
                await hand.touch("text=More for")
                await hand.touch("text=Home")
        hand.complaints.clear()
        await hand.sees("This order was taken")
        assert await hand.page.evaluate(BELOW, ".pad button") == []
        assert not await hand.page.evaluate(CLIPPED)


async def test_an_override_is_taken_without_turning_the_page() -> None:
    """Reason and Remove stand together; where else it is comes after them."""
    async with finger(SMALL) as hand:
        await hand.sign_in(NURSE)
        await hand.touch("text=Nathaniel Cho")
        await hand.touch("text=Override")
        await hand.key("furos")
        await hand.touch(".tile:has-text('furosemide')")
        await hand.sees("Reason")
        assert await hand.page.evaluate(BELOW, "main form button") == []


async def test_a_dead_screen_says_what_to_do_and_after_a_minute_names_no_patient() -> None:
    """Nobody signs anybody out while the cabinet is silent: the next person would read the last patient."""
    async with open_desk(demo_world()) as desk, chromium() as browser:
        page = await (await browser.new_context(viewport={"width": SMALL[0], "height": SMALL[1]})).new_page()
        await page.clock.install()
        async with served(desk.app) as address:
            await page.goto(address)
            await page.locator("[name=badge]").fill(f"badge-{NURSE}")
            await page.locator("[name=secret]").fill(PIN)
            await page.locator("form.sign-in button[type=submit]").click()
            await expect(page.locator("text=Eleanor Voss")).to_be_visible()
        await expect(page.locator(".lost")).to_contain_text("Push it shut, and write down what you took.")
        await expect(page.locator(".lost")).to_contain_text("Go on with key and paper, and call the pharmacy")
        await expect(page.locator("text=Eleanor Voss")).to_be_visible()
        await page.clock.fast_forward(VEIL_MS)
        await expect(page.locator("text=Eleanor Voss")).to_be_hidden()
        await expect(page.locator(".lost")).to_be_visible()


async def test_a_name_that_is_too_long_for_its_button_loses_its_end_in_either_direction() -> None:
    """On a page from right to left a name in Latin letters lost its beginning."""
    async with finger(SMALL, languages=("ar", "en")) as hand:
        await hand.sign_in(NURSE)
        await hand.touch("text=Eleanor Voss")
        await hand.touch(".line:has-text('acetaminophen') button.is-primary")
        await hand.touch(".taken button.is-primary")
        await hand.desk.shut()
        assert await hand.page.locator(".clip").evaluate("(it) => getComputedStyle(it).direction") == "ltr"

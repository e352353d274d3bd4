"""Every flow by keyboard alone, at the size of the panel and at 200 % zoom: what has the focus is in sight, and nothing runs off the side.

Why it matters: a scanner and a badge reader are keyboards, a glove may not work on the glass, and somebody may need large type.
"""

import pytest
from playwright.async_api import Page, expect

from tests.browser.test_kiosk_touch import BLIND, Finger, finger
from tests.stories.desk import NURSE, OTHER_NURSE, PIN, TECHNICIAN

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]

PANEL, ZOOMED = (1024, 600), (512, 300)
"""The second is the first at 200 %."""
LONGEST_WAY = 120

FOCUSED = """() => {
  const it = document.activeElement;
  const label = it.closest("label") || it;
  const line = it.closest(".line, article");
  return { says: (label.textContent + " " + (it.value || "") + " " + (it.getAttribute("aria-label") || "")).trim(), name: it.name || "",
           around: line ? line.textContent : "", kind: it.type || it.tagName };
}"""
IN_SIGHT = """() => {
  const it = document.activeElement, shown = it.matches("input[type=radio], input[type=checkbox]") ? it.closest("label") : it;
  const box = shown.getBoundingClientRect();
  const at = document.elementFromPoint(box.x + box.width / 2, box.y + Math.min(box.height, innerHeight - box.y) / 2);
  return box.bottom > 0 && box.top < innerHeight && Boolean(at) && (shown.contains(at) || at.contains(shown));
}"""


class Keys:
    """Somebody who has a keyboard and nothing else."""

    def __init__(self, hand: Finger) -> None:
        self.hand, self.desk = hand, hand.desk
        self.page: Page = hand.page
        self._keyboard = hand.page.keyboard

    async def finds(self, says: str = "", *, within: str = "", field: str = "") -> None:
        """Tab, and Tab, to what says so, in a line that says `within`; or to the field of this name."""
        walked = []
        for _ in range(LONGEST_WAY):
            await self._keyboard.press("Tab")
            at = await self.page.evaluate(FOCUSED)
            walked.append(at["says"][:40])
            if says in at["says"] and within in at["around"] and field in at["name"] and at["kind"] != "BODY":
                assert await self.page.evaluate(IN_SIGHT), f"{at} has the focus out of sight"
                return
        pytest.fail(f"no Tab leads to {says}{field} {within} on {self.page.url}, only to {walked}")

    async def presses(self, says: str, *, within: str = "") -> None:
        """What says so, and what it led to."""
        await self.finds(says, within=within)
        await self._keyboard.press("Enter")
        await self.page.wait_for_function("() => !isTurning")
        await self._fits()

    async def types(self, text: str, *, field: str = "", ends: str = "") -> None:
        """Into the field that has the focus, or into the one of this name; `ends`: a key to press after it."""
        if field:
            await self.finds(field=field)
            await self._keyboard.press("Control+a")
        await self._keyboard.type(text)
        if ends:
            await self._keyboard.press(ends)
            await self.page.wait_for_function("() => !isTurning")
        await self._fits()

    async def chooses(self, says: str, *, field: str) -> None:
        """One of a few: Tab to the first, arrows to the others."""
        await self.finds(field=field)
        for _ in range(LONGEST_WAY):
            if says in (await self.page.evaluate(FOCUSED))["says"]:
                await self._keyboard.press("Space")
                return
            await self._keyboard.press("ArrowDown")
        pytest.fail(f"no arrow leads to {says}")

    async def signs_in(self, who: str) -> None:
        """The first field has the focus already."""
        await expect(self.page.locator("[name=badge]")).to_be_focused()
        await self.types(f"badge-{who}", ends="Enter")
        await self.types(PIN, ends="Enter")
        await expect(self.page.locator(".who")).to_be_visible()

    async def sees(self, text: str) -> None:
        """The screen says so, by itself."""
        await self.hand.sees(text)
        await self._fits()

    async def _fits(self) -> None:
        wide = await self.page.evaluate("() => document.documentElement.scrollWidth - innerWidth")
        assert wide <= 1, f"{self.page.url} is {wide} px wider than the glass"


@pytest.mark.parametrize("size", [PANEL, ZOOMED])
async def test_a_nurses_flows_by_keyboard_alone(size: tuple[int, int]) -> None:
    """Sign in, withdraw with a count that is wrong, waste before a colleague, settle the discrepancy, emergency access."""
    async with finger(size, {BLIND: 30}) as hand:
        keys = Keys(hand)
        await keys.signs_in(NURSE)
        await keys.presses("born 1948")
        await keys.presses("Remove", within="oxyCODONE")
        for _ in range(2):
            await expect(keys.page.locator("[name=units]")).to_be_focused()
            await keys.types("29", ends="Enter")
        await keys.sees("How many did you take?")
        await keys.presses("Took 1")
        await keys.sees("Close ")
        await hand.desk.shut()
        await keys.sees("removed.")
        await wastes(keys)
        await settles(keys)
        await keys.presses("Home")
        await keys.presses("Emergency access")
        await keys.presses("naloxone")
        await keys.sees("How many did you take?")
        await keys.presses("Took 1")
        await keys.sees("Close ")
        await hand.desk.shut()
        await keys.sees("removed.")
        hand.complaints.clear()


async def wastes(keys: Keys) -> None:
    """Half of it, and a colleague signs."""
    await keys.presses("More for")
    await keys.presses("Return, waste")
    await keys.presses("Waste", within="oxyCODONE")
    await keys.types("2.5", field="amount")
    await keys.chooses("Part of a dose", field="reason")
    await keys.page.keyboard.press("Enter")
    await keys.sees("A colleague signs")
    await expect(keys.page.locator("[name=badge]")).to_be_focused()
    await keys.types(f"badge-{OTHER_NURSE}", ends="Enter")
    await keys.types(PIN, ends="Enter")
    await keys.sees("recorded.")


async def settles(keys: Keys) -> None:
    """From the list to a reason and a second person."""
    await keys.presses("Home")
    await keys.presses("More")
    await keys.presses("Discrepancies")
    await keys.presses("Look at it")
    await keys.finds(field="reason")
    await keys.page.keyboard.press("ArrowDown")
    await keys.types("counted again", field="note", ends="Enter")
    await keys.sees("Colleague's badge")
    await keys.types(f"badge-{OTHER_NURSE}", field="badge", ends="Enter")
    await keys.types(PIN, ends="Enter")
    await expect(keys.page.locator("main")).not_to_contain_text("Settle it")
    assert not [one for one in keys.desk.core.state.discrepancies.values() if one.is_open]


@pytest.mark.parametrize("size", [PANEL, ZOOMED])
async def test_a_refill_by_keyboard_alone(size: tuple[int, int]) -> None:
    """Count, units, lot and expiry."""
    async with finger(size) as hand:
        keys = Keys(hand)
        await keys.signs_in(TECHNICIAN)
        await keys.presses("Refill", within="ceFAZolin")
        await keys.presses("Yes, ")
        await keys.sees("How many did you put in?")
        await keys.types("12", field="units")
        await keys.types("AB-7", field="lot")
        await keys.types("2031-06-30", field="expiry", ends="Enter")
        await keys.sees("Close Drawer 2.")
        await hand.desk.shut()
        await keys.sees("12 vials of ceFAZolin 1 g added.")

"""Several orders at once: pick them, take them in one way through the drawers, one touch from each to the next."""

import pytest

from tests.browser.test_kiosk_touch import BLIND, SIZES, finger
from tests.browser.test_kiosk_workflow import took
from tests.stories.desk import NURSE

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]


@pytest.mark.parametrize("size", SIZES)
async def test_several_orders_are_one_way_through_the_drawers(size: tuple[int, int]) -> None:
    """Pick in any order, take in the order of the furniture; the last page of one leads to the next."""
    async with finger(size, {BLIND: 30}) as hand:
        await hand.sign_in(NURSE)
        await hand.touch("text=Eleanor Voss")
        for item in ("oxyCODONE", "heparin", "acetaminophen"):
            await hand.touch(f".line:has-text('{item}') button:has-text('Pick')")
            await hand.sees("✓ Picked")
        await hand.looks("Take the 3 picked")
        await hand.touch("text=Take the 3 picked")
        await hand.looks("Drop")
        names = await hand.page.locator(".line .item-name .name").all_inner_texts()
        assert [name.split()[0] for name in names] == ["acetaminophen", "heparin", "oxyCODONE"]
        await hand.touch(".line:has-text('heparin') button:has-text('Drop')")
        await hand.looks("oxyCODONE")
        await hand.touch(".line:has-text('acetaminophen') button.is-primary")
        await took(hand)
        await hand.looks("Next: oxyCODONE 5 mg, Narcotics")
        await hand.touch("button:has-text('Next: oxyCODONE')")
        await hand.sees("Count what is in pocket")
        await hand.key("30")
        await hand.touch("text=Enter count")
        await took(hand)
        await hand.looks("Done, sign out")
        assert not hand.desk.core.state.picks

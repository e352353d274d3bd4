"""A drawer that fails under a finger, in a real browser: the screen goes on to the second by itself, and leads the first one back."""

import asyncio

import pytest

from tests.browser.test_kiosk_touch import SIZES, Finger, finger
from tests.stories.desk import NURSE, TECHNICIAN

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]

CRITICAL = "naloxone-0-4-vial"


async def asks(hand: Finger) -> None:
    """Naloxone, from its order."""
    await hand.touch("text=Marcus Adeyemi")
    await hand.touch(".line:has-text('naloxone') button")


@pytest.mark.parametrize("size", SIZES)
async def test_the_screen_goes_on_and_leads_the_drawer_back(size: tuple[int, int]) -> None:
    """Ward, the first three minutes, 1:10: what was recorded, the second pocket, the way back; every target for a gloved finger."""
    async with finger(size) as hand:
        desk = hand.desk
        lock = desk.world.layout.drawer_of(desk.world.layout.pockets[desk.pocket_of(CRITICAL)]).lock  # type: ignore[index]
        desk.hardware.jammed.add(lock.name)
        await hand.sign_in(NURSE)
        await asks(hand)
        for number in (1, 2):
            await hand.looks(f"Try {number} of 3.")
            await hand.touch("button:has-text('Try again')")
        await hand.looks("Drawer 2 opens for the same medicine.")
        await hand.touch("button:has-text('Took 1')")
        await hand.looks("Close Drawer 2.")
        await desk.shut()
        await hand.looks("removed.")
        await hand.touch("text=Bring Drawer 1 back")
        await hand.looks("Then have it tried.")
        desk.hardware.jammed.clear()
        await hand.touch("button:has-text('Try it')")
        await hand.looks("Now push it shut.")
        desk.hardware.shut(lock)
        await hand.looks("Drawer 1 works again.")
        await hand.touch("button:has-text('Count ')")
        await hand.looks("Count what is in pocket m1-01")


async def test_the_list_of_faults_and_of_locks_has_room_for_every_word() -> None:
    """A row that is cut off hides the code that the technician asks for."""
    async with finger((800, 480)) as hand:
        for lock in list(hand.desk.world.layout.locks.values())[:3]:
            hand.desk.hardware.force(lock)
        await hand.desk.calm()
        await asyncio.sleep(0)
        await hand.sign_in(TECHNICIAN)
        await hand.touch("text=Needs attention")
        await hand.looks("You will find:")
        cut = "() => [...document.querySelectorAll('.line')].filter((it) => it.scrollHeight > it.clientHeight + 1).length"
        assert await hand.page.evaluate(cut) == 0
        await hand.touch("text=How the locks work")
        await hand.looks("At first")

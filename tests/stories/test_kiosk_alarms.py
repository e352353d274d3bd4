"""Stories of what a screen must say aloud: open doors, one's own unfinished access, a count that differs, what is owed at the end."""

import asyncio
import re

from tests.stories.caller import screen, stranger, touched
from tests.stories.desk import NURSE, OTHER_NURSE, TECHNICIAN, Desk, demo_world, open_desk
from tests.stories.test_kiosk_pages import BLIND, PATIENT, PLAIN, removing
from tests.virtual import virtual

NOBODYS = "Drawer 1 is open and nobody is using it: close it."


async def force(desk: Desk, pocket: str) -> None:
    """A hand opens a drawer that nobody released."""
    layout = desk.world.layout
    desk.hardware.force(layout.drawer_of(layout.pockets[pocket]).lock)  # type: ignore[index]
    await desk.calm()


@virtual
async def test_a_forced_drawer_is_said_aloud_on_every_page() -> None:
    """Before anybody signs in, too: whoever comes by first closes it."""
    async with open_desk() as desk, stranger(desk) as passer_by, screen(desk, NURSE) as browser:
        pages = [(passer_by, "/"), *((browser, path) for path in ("/", "/attention", f"/patients/{PATIENT}", "/nowhere"))]
        assert [path for who, path in pages if NOBODYS in (await who.get(path)).text] == []
        await force(desk, desk.pocket_of(PLAIN))
        assert [path for who, path in pages if NOBODYS not in (await who.get(path)).text] == []
        assert re.search(r'role="alert">.*?' + NOBODYS, (await passer_by.get("/")).text)
        await desk.shut()
        assert NOBODYS not in (await passer_by.get("/")).text


@virtual
async def test_a_drawer_of_mine_that_stands_open_calls_out() -> None:
    """It is in use, so it is silent at first; after a minute it is not."""
    async with open_desk() as desk, screen(desk, NURSE) as browser:
        answer = await removing(desk, browser, PLAIN)
        assert "close it." not in (await browser.get(answer.url.path)).text
        await asyncio.sleep(61)
        assert "Drawer 1 has been open for over a minute: close it." in (await browser.get(answer.url.path)).text
        await desk.shut()
        assert "close it." not in (await browser.get(answer.url.path)).text


@virtual
async def test_who_is_in_their_own_way_is_led_back() -> None:
    """'Somebody else' would send a nurse to look for a colleague who is nobody but herself."""
    async with open_desk() as desk, screen(desk, NURSE) as browser:
        answer = await removing(desk, browser, PLAIN)
        assert "Continue: acetaminophen 325 mg" in (await browser.get("/")).text
        refused = await touched(browser, {"id": "a2", "kind": "count", "pocket": "m1-02"})
        assert refused.status_code == 409
        assert "You have this drawer open for acetaminophen 325 mg" in refused.text
        assert f'href="{answer.url.path}">Continue' in refused.text
        async with screen(desk, OTHER_NURSE) as other:
            refused = await touched(other, {"id": "a3", "kind": "count", "pocket": "m1-02"})
            assert "Somebody else is using this drawer." in refused.text
            assert "acetaminophen" not in refused.text


@virtual
async def test_one_controlled_item_at_a_time_leads_back_to_the_first() -> None:
    """The other one may lie behind another lid of the same drawer, or in another drawer."""
    async with open_desk(demo_world({BLIND: 30})) as desk, screen(desk, NURSE) as browser:
        answer = await removing(desk, browser, BLIND)
        wish = {"id": "a2", "kind": "withdraw", "item": "lorazepam-1-tab", "units": "1", "patient": PATIENT}
        refused = await touched(browser, wish)
        assert f'href="{answer.url.path}">Continue' in refused.text
        assert "Somebody else" not in refused.text


@virtual
async def test_a_cancelled_access_says_so_until_its_end() -> None:
    """What was open is counted; the words are not those for somebody who is about to take."""
    async with open_desk(demo_world({BLIND: 30})) as desk, screen(desk, NURSE) as browser:
        answer = await removing(desk, browser, BLIND)
        page = (await browser.post(f"{answer.url.path}/cancel")).text
        assert "Cancelled. Count what is in pocket n1-01, then close Narcotics." in page
        assert "before you touch it" not in page
        await browser.post(f"{answer.url.path}/count", data={"units": "29"})
        page = (await browser.post(f"{answer.url.path}/count", data={"units": "29"})).text
        assert "Cancelled. Nothing is taken. Close Narcotics." in page
        await desk.shut()
        assert "Cancelled. Nothing was taken." in (await browser.get(answer.url.path)).text


@virtual
async def test_a_discrepancy_is_told_at_once_and_names_nobody() -> None:
    """Who learns of it only at the end believes that it was held back."""
    async with open_desk(demo_world({BLIND: 30})) as desk, screen(desk, NURSE) as browser:
        answer = await removing(desk, browser, BLIND)
        page = (await browser.post(f"{answer.url.path}/count", data={"units": "28"})).text
        assert "A discrepancy was recorded" not in page
        page = (await browser.post(f"{answer.url.path}/count", data={"units": "28"})).text
        assert "How many did you take?" in page
        assert "A discrepancy was recorded:</b> counted 28, on record 30." in page
        assert "between the last count and this one, and names nobody" in page


@virtual
async def test_owed_counts_stand_drawer_by_drawer_in_peoples_words() -> None:
    """Eight rows about one forced drawer hide everything else."""
    async with open_desk() as desk, screen(desk, TECHNICIAN) as browser:
        await force(desk, "m1-01")
        page = (await browser.get("/attention")).text
        assert page.count("Why: opened without a release.") == 1
        assert "Drawer 1: 8 pockets owe a count" in page
        assert "m1-01, m1-02, m1-03" in page


@virtual
async def test_the_time_left_is_true_after_a_drawer_was_open_for_long() -> None:
    """'Signing you out in 0 s' for a minute teaches people not to believe the screen."""
    async with open_desk() as desk, screen(desk, NURSE) as browser:
        answer = await removing(desk, browser, PLAIN)
        await asyncio.sleep(100)
        header = {"Kiosk-Refresh": "1"}
        assert "data-held" in (await browser.get(answer.url.path, headers=header)).text
        await desk.shut()
        page = (await browser.get(answer.url.path, headers=header)).text
        assert "data-held" not in page
        left_s = int(re.search(r'data-left-s="(\d+)"', page)[1])  # type: ignore[index]
        assert left_s == 60, "how many were taken is still to be said"
        await asyncio.sleep(left_s - 1)
        assert desk.core.state.sessions
        await asyncio.sleep(2)
        assert not desk.core.state.sessions
        ended = (await browser.get("/?ended=1")).text
        assert "What you had not stated is owed as a count." in ended
        assert desk.core.state.lines["m1-01"].owes


@virtual
async def test_a_drawer_that_does_not_close_has_a_next_step() -> None:
    """'Close it' is no help to somebody who is pushing."""
    async with open_desk() as desk, screen(desk, NURSE) as browser:
        answer = await removing(desk, browser, PLAIN)
        page = (await browser.post(f"{answer.url.path}/confirm", data={"units": "2"})).text
        assert "Does it not close?" in page


@virtual
async def test_a_drawer_shut_over_an_open_lid_can_be_opened_again() -> None:
    """Otherwise the lid stands open behind a latched drawer, and the nurse before a screen that says to close it."""
    async with open_desk() as desk, screen(desk, NURSE) as browser:
        answer = await removing(desk, browser, BLIND)
        layout = desk.world.layout
        drawer = layout.drawer_of(layout.pockets[desk.pocket_of(BLIND)]).lock  # type: ignore[index]
        desk.hardware.shut(drawer)
        await desk.calm()
        page = (await browser.get(answer.url.path)).text
        assert "was pushed shut over an open lid" in page
        await browser.post(answer.url.path + "/open")
        await desk.calm()
        assert "Count what is in pocket" in (await browser.get(answer.url.path)).text


@virtual
async def test_a_drawer_and_its_lid_that_stand_open_are_one_line() -> None:
    """Two lines that say the same push what to do now off the smallest screen."""
    async with open_desk() as desk, screen(desk, NURSE) as browser:
        answer = await removing(desk, browser, BLIND)
        await asyncio.sleep(61)
        page = (await browser.get(answer.url.path)).text
        assert "Narcotics has been open for over a minute: close it." in page
        assert page.count("close it.") == 1

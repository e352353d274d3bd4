"""Who fills and empties the cabinet, by touch: load, unload, pull, block, look inside, carry on a sheet; how full a bulk pocket is."""

import pytest

from tests.browser.test_kiosk_touch import PLAIN, SIZES, Finger, finger
from tests.browser.test_kiosk_workflow import signs
from tests.stories.desk import NURSE, PHARMACIST, TECHNICIAN

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]

BULK, INSULIN = "sodium-chloride-flush", "insulin-regular-vial"


async def unloads(hand: Finger, pocket: str, units: int) -> None:
    """Everything out of one pocket."""
    await hand.touch("text=More")
    await hand.touch("text=Pockets")
    await hand.touch(f".line:has-text('{pocket}') >> text=Open…")
    await hand.looks("Refill")
    await hand.touch("form button:has-text('Unload')")
    await hand.touch(f"button:has-text('Yes, {units}')")
    await hand.touch("button:has-text('Took')")
    await hand.sees("Close ")
    await hand.desk.shut()
    await hand.looks("removed.")


@pytest.mark.parametrize("size", SIZES)
async def test_a_pocket_is_emptied_and_loaded_with_another_item(size: tuple[int, int]) -> None:
    """What speaks against a place is said before the drawer opens; levels are proposed; lot and expiry come with the package."""
    async with finger(size, {PLAIN: 9}) as hand:
        pocket = hand.desk.pocket_of(PLAIN)
        await hand.sign_in(TECHNICIAN)
        await unloads(hand, pocket, 9)
        await hand.touch("main a:has-text('Pockets')")
        await hand.looks("No item yet")
        await hand.touch(".line:has-text('No item yet') a")
        await hand.looks("Type the first letters")
        await hand.key("morphine")
        await hand.touch("#found a")
        await hand.looks("place.controlled")
        await hand.touch("text=Another pocket")
        await hand.touch(".line:has-text('No item yet') a")
        await hand.key("ibuprofen")
        await hand.touch("#found a")
        await hand.looks("Very low at")
        await hand.touch("form button:has-text('Load')")
        await hand.touch("button:has-text('Yes, 0')")
        await hand.sees("How many did you put in?")
        await hand.looks("Earliest expiry")
        await hand.key("12")
        await hand.touch("button:has-text('Added')")
        await hand.sees("Close ")
        await hand.desk.shut()
        await hand.looks("added.")
        assert (hand.desk.core.state.lines[pocket].item, hand.desk.units_in(pocket)) == ("ibuprofen-400-tab", 12)


@pytest.mark.parametrize("size", SIZES)
async def test_what_is_blocked_is_pulled_and_what_stays_says_its_expiry(size: tuple[int, int]) -> None:
    """The pharmacist blocks; it stands in the pull list; whoever takes it out says what they found and the first expiry of what stays."""
    async with finger(size, {PLAIN: 9}) as hand:
        pocket = hand.desk.pocket_of(PLAIN)
        await hand.sign_in(PHARMACIST)
        await hand.touch("text=More")
        await hand.touch("text=Pockets")
        await hand.touch(f".line:has-text('{pocket}') >> text=Open…")
        await hand.touch("text=Block it")
        await hand.looks("Recall number")
        await hand.touch(".choice:has-text('Recall')")
        await hand.touch("form button:has-text('Block it')")
        await hand.looks("keeps shut")
        await hand.touch("text=Home")
        await hand.touch("text=More")
        await hand.touch("text=Pull list")
        await hand.looks("blocked: Recall")
        await hand.touch(".line:has-text('blocked') button")
        await hand.touch("button:has-text('Yes, 9')")
        await hand.looks("Earliest expiry of what stays")
        await hand.key("4")
        await hand.touch("[name=expiry]")
        await hand.key("20290131")
        await hand.touch("main form:has([name=expiry]) button[type=submit]")
        await hand.sees("Close ")
        await hand.desk.shut()
        await hand.looks("Next to pull")
        line = hand.desk.core.state.lines[pocket]
        assert (line.units, line.earliest_expiry) == (5, "2029-01-31")
        await hand.touch("text=Home")
        await hand.touch("text=More")
        await hand.touch("text=Blocked items")
        await hand.touch("[name=reason]")
        await hand.key("seen")
        await hand.touch("button:has-text('Let it be used')")
        await hand.sees("Nothing is blocked.")


@pytest.mark.parametrize("size", SIZES)
async def test_a_sheet_is_typed_in_and_closed(size: tuple[int, int]) -> None:
    """A sheet that the vault has not sent is typed from paper; what never came is closed with a reason, and is a discrepancy in transit."""
    async with finger(size) as hand:
        await hand.sign_in(PHARMACIST)
        await hand.touch("text=More")
        await hand.touch("text=Sheets")
        await hand.touch("text=A sheet that is not listed")
        await hand.key("morphine")
        await hand.touch("#found a")
        await hand.looks("Carried by")
        for name, typed in (("sheet", "s-17"), ("units", "10"), ("issued_by", "vault"), ("carried_by", "farid")):
            await hand.touch(f"[name={name}]")
            await hand.key(typed)
        await hand.touch("button:has-text('Enter')")
        await hand.looks("0 of 10 arrived")
        await hand.touch("[name=reason]")
        await hand.key("lost")
        await hand.touch("button:has-text('Close')")
        await hand.sees("No sheet is on its way.")


async def test_a_bulk_pocket_is_full_half_or_low() -> None:
    """Nobody counts flushes; three touches say how full it is."""
    async with finger((800, 480)) as hand:
        pocket = hand.desk.pocket_of(BULK)
        await hand.sign_in(NURSE)
        await hand.touch("text=More")
        await hand.touch("main >> text=Count")
        await hand.touch(f".line:has-text('{pocket}') button")
        await hand.looks("How full is pocket")
        await hand.touch("button:has-text('Half')")
        await hand.sees("Close ")
        await hand.desk.shut()
        await hand.sees("counted.")
        assert not hand.desk.core.state.discrepancies


async def test_a_vial_of_many_doses_is_put_back_and_discarded_once() -> None:
    """Used and put back is the ordinary answer; the balance falls when the opened one is discarded."""
    async with finger((800, 480), {INSULIN: 3}) as hand:
        pocket = hand.desk.pocket_of(INSULIN)
        await hand.sign_in(NURSE)
        await hand.touch("text=More")
        await hand.touch("text=For no patient")
        await hand.touch("text=Quality sample")
        await hand.key("insulin regular")
        await hand.touch("#found a")
        await hand.touch("main form button[type=submit]")
        await hand.looks("Used and put back")
        await hand.touch("button:has-text('Used and put back')")
        await hand.sees("Close ")
        await hand.desk.shut()
        await hand.touch("text=Home")
        assert hand.desk.units_in(pocket) == 3
        await hand.touch("text=More")
        await hand.touch("text=For no patient")
        await hand.touch("text=Discard an opened container")
        await hand.looks("use by")
        await hand.touch("button:has-text('Discard')")
        await hand.touch("button:has-text('Took')")
        await hand.sees("Close ")
        await hand.desk.shut()
        await hand.sees("removed.")
        assert hand.desk.units_in(pocket) == 2


async def test_where_nobody_is_there_a_signature_may_be_owed() -> None:
    """Controlled units leave with a witness; alone, the drawer opens all the same, and the signature is owed and given later."""
    async with finger((800, 480), {"lorazepam-1-tab": 6}) as hand:
        pocket = hand.desk.pocket_of("lorazepam-1-tab")
        await hand.sign_in(TECHNICIAN)
        await hand.touch("text=More")
        await hand.touch("text=Pockets")
        await hand.touch(f".line:has-text('{pocket}') >> text=Open…")
        await hand.touch("form button:has-text('Unload')")
        await hand.looks("numbered sheet")
        hand.complaints.clear()
        await hand.touch("[name=sheet]")
        await hand.key("s-9")
        await hand.touch("main form:has([name=sheet]) button[type=submit]")
        await hand.looks("a colleague signs for it")
        await hand.touch("button:has-text('Yes, 6')")
        await hand.touch("button:has-text('Took')")
        await hand.looks("Unload 6 tablets of")
        await hand.touch("button:has-text('Nobody is here')")
        await hand.sees("Close ")
        await hand.desk.shut()
        await hand.looks("second person")
        await hand.touch("text=Do it now")
        await hand.touch("text=A colleague signs now")
        await hand.looks("Colleague")
        await signs(hand)
        await hand.sees("You owe nothing")

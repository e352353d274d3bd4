"""The screens that a person meets seldom: a question before a drawer opens, a drawer that somebody left, a first morning, another script.

The last test here says which screens nobody looked at.
"""

import sys
from dataclasses import replace

import pytest

from cabinet.app.readers import for_open_access
from tests.browser import test_every_screen
from tests.browser.test_kiosk_touch import BLIND, PLAIN
from tests.browser.test_kiosk_workflow import goes_home, took
from tests.browser.walk import Walk, screens, walk
from tests.stories.desk import NURSE, TECHNICIAN, demo_world
from tests.stories.test_kiosk_shown import HYDROXYZINE, package

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

BULK, INSULIN, FENTANYL = "sodium-chloride-flush", "insulin-regular-vial", "fentanyl-100-vial"
ARABIC = ("en", "es", "ar")


async def test_the_screens_of_several_things_at_once() -> None:
    """Orders that are picked together, an order set, a refusal, a warning, a drawer that is being opened."""
    async with walk({PLAIN: 1}) as way:
        hand, desk = way.hand, way.hand.desk
        await hand.sign_in(NURSE)
        await hand.touch("text=Eleanor Voss")
        await hand.touch(".line:has-text('heparin') button:has-text('Pick')")
        await hand.touch("text=Take the one picked")
        await way.sees("picks", "Drop")
        await way.goes("/patients/p-301/sets/opioid-reversal", "order-set", "naloxone")
        await way.goes("/patients/p-301/sets/opioid-reversal?for=override", "order-set-override", "Why")
        await way.goes("/patients/p-301", "patient-picked", "every 6 hours")
        await hand.touch(".line:has-text('acetaminophen') button.is-primary")
        await way.sees("refused", "There are not that many units in this pocket.")
        await way.goes("/patients/p-301/items/furosemide-40-vial?for=override", "override-plain", "Reason")
        await way.goes("/patients/p-301/items/lorazepam-1-tab?for=override", "override-warned", "Reason")
        await hand.touch("[name=reason][value='Severe pain']")
        await hand.touch("main button[type=submit]")
        await way.sees("answer-warning", "Strength, as the label says it")
        lock = desk.world.layout.drawer_of(desk.world.layout.pockets[desk.pocket_of(PLAIN)]).lock  # type: ignore[index]
        desk.hardware.jammed.add(lock.name)
        await way.goes("/emergency", "emergency-jammed", "furosemide")
        await hand.touch("button:has-text('furosemide')")
        await hand.page.evaluate("isTouched = true")  # a finger holds the screen as it is
        await way.sees("access-wait", "is being released")
        await hand.page.evaluate("isTouched = false; refresh()")
        for number in (1, 2):
            await hand.sees(f"Try {number} of 3.")
            await hand.touch("button:has-text('Try again')")
        await way.sees("access-trouble", "This drawer does not open.")


async def test_the_screens_of_a_kit_and_of_what_is_not_counted() -> None:
    """A kit is known by its tag; a bulk pocket by how full it looks; an opened vial by the day until which it may be used."""
    async with walk({INSULIN: 3}) as way:
        hand = way.hand
        await hand.sign_in(NURSE)
        await way.goes("/purposes/code_tray/items/rsi-kit", "purpose-kit", "code tray")
        await hand.touch("main form button[type=submit]")
        await way.sees("access-kit", "Read the number on the kit")
        await hand.touch("[name=tag]")
        await hand.key("00417")
        await hand.touch("text=Seal is intact")
        await took(hand)
        await goes_home(hand)
        await way.goes("/count", "count-list", "Count")
        await hand.touch(f".line:has-text('{hand.desk.pocket_of(BULK)}') button")
        await way.sees("access-level", "How full is pocket")
        await hand.touch("button:has-text('Half')")
        await hand.sees("Close ")
        await hand.desk.shut()
        await way.goes(f"/purposes/quality_sample/items/{INSULIN}", "purpose-vial", "quality sample")
        await hand.touch("main form button[type=submit]")
        await hand.touch("button:has-text('Used and put back')")
        await hand.sees("Close ")
        await hand.desk.shut()
        await way.goes("/purposes/discarded/find", "opened-containers", "use by")


async def test_the_screens_of_filling_with_care() -> None:
    """A sheet that is asked for, a package that is another item's, units that do not fit, a place that is proposed."""
    async with walk({PLAIN: 9}) as way:
        hand = way.hand
        scan = for_open_access(hand.desk.controller)
        await hand.sign_in(TECHNICIAN)
        await way.goes(f"/pockets/{hand.desk.pocket_of(FENTANYL)}", "pocket-controlled", "Transfer")
        await hand.touch("button:has-text('Refill')")
        await way.sees("answer-sheet", "numbered sheet")
        await way.goes("/refill", "refill-again", "Refill list")
        await hand.touch(".line:has-text('ceFAZolin') button")
        await hand.touch("button:has-text('Yes, ')")
        await hand.sees("How many did you put in?")
        scan(package(hand.desk, HYDROXYZINE))
        await way.sees("access-put-other", "hydrOXY")
        await hand.key("900")
        await hand.touch("[name=lot]")
        await hand.key("ab-7")
        await hand.touch("[name=expiry]")
        await hand.key("20261201")
        await hand.touch("button:has-text('Added')")
        await way.sees("caution", "put it in all the same")
        await hand.touch("button:has-text('put it in all the same')")
        await hand.touch("button:has-text('put it in all the same')")
        await hand.sees("Close ")
        await hand.desk.shut()
        await way.goes("/pockets/m2-08/load/items/ibuprofen-400-tab", "load", "Very low at")


async def test_the_screens_of_a_drawer_that_was_left() -> None:
    """The next person never sees the last patient, and meets two buttons."""
    world = demo_world({PLAIN: 9})
    async with walk(world=replace(world, timing=replace(world.timing, session_idle_s=8))) as way:
        hand = way.hand
        await hand.sign_in(NURSE)
        await hand.touch("text=Eleanor Voss")
        await hand.touch(".line:has-text('acetaminophen') button.is-primary")
        await hand.sees("How many did you take?")
        await hand.page.locator("text=I am someone else").wait_for()
        await way.sees("found-open", "I am someone else")
        assert "Eleanor" not in await hand.page.content()


async def test_the_screens_of_the_first_morning() -> None:
    """Nobody is enrolled yet."""
    async with walk(world=replace(demo_world(), staff={})) as way:
        await way.sees("setup", "Enrol the first administrator")


async def test_the_screens_from_right_to_left() -> None:
    """The language of whoever reads: everything is mirrored, and names stay as they are written on the label."""
    async with walk({BLIND: 30}, languages=ARABIC) as way:
        hand = way.hand
        await way.sees("sign-in-languages", "Sign in")
        await hand.touch("button[lang=ar]")
        await way.sees("arabic-sign-in", "العربية")
        await hand.sign_in(NURSE)
        await way.sees("arabic-home", "Eleanor Voss")
        await hand.touch("text=Eleanor Voss")
        await way.sees("arabic-patient", "oxyCODONE")
        await hand.touch(".line:has-text('oxyCODONE') button")
        await hand.page.locator("[name=units]").wait_for()
        await way.sees("arabic-count", "oxyCODONE")
        await hand.key("30")
        await hand.touch("main form button[type=submit]")
        await hand.page.locator("[data-step='-1']").wait_for()
        await way.sees("arabic-take", "oxyCODONE")


def test_no_screen_is_left_out() -> None:
    """A template that nobody looks at is one that nobody knows to be right."""
    rooms = (test_every_screen, sys.modules[__name__])
    ways = [name for room in rooms for name in vars(room) if name.startswith("test_") and "screens" in name]
    if Walk.done < len(ways):
        pytest.skip("not every way was walked")
    assert sorted(screens() - Walk.seen) == []

"""Every screen of the kiosk, walked through by the people whose it is: each is looked at in three sizes, light and dark, and by axe-core.

With `ADC_PICTURES=FOLDER` the same walks take the pictures of the manual (`make pictures`).
"""

import pytest

from tests.browser.test_kiosk_touch import BLIND, PLAIN
from tests.browser.test_kiosk_workflow import goes_home, signs, took
from tests.browser.walk import Walk, walk
from tests.stories.desk import CHARGE, NURSE, PHARMACIST, TECHNICIAN

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

CRITICAL, SEDATIVE, HYDROXYZINE = "naloxone-0-4-vial", "lorazepam-1-tab", "hydroxyzine-25-tab"

NURSES_PAGES = (
    ("/patients/new", "patient-new", "Name"),
    ("/shift", "my-shift", "My shift"),
    ("/attention", "attention", "fentaNYL"),
    ("/more", "more-nurse", "More"),
    ("/count", "count", "Count"),
    ("/purposes", "purposes", "Code tray"),
    ("/purposes/code_tray/find", "purpose-search", "first letters"),
    (f"/purposes/code_tray/items/{CRITICAL}", "purpose-item", "code tray"),
    ("/kits", "kits", "Sealed kits"),
    ("/belongings", "belongings", "own medicine"),
    ("/late", "late-entry", "Late entry"),
    ("/mode", "mode-nurse", "Mode"),
    ("/me", "my-pin", "Change your PIN"),
)
"""What is one address away: the address, the screen's name, and what it says."""


async def test_the_screens_of_a_round() -> None:
    """A controlled item, counted blind and wrongly; then its waste, with a witness who may not be the same."""
    async with walk({BLIND: 30}) as way:
        hand = way.hand
        await way.sees("sign-in", "Sign in")
        await hand.sign_in(NURSE)
        await way.sees("home-nurse", "Remove for")
        await hand.touch("text=Eleanor Voss")
        await way.sees("patient", "every 4 hours")
        await hand.touch(".line:has-text('oxyCODONE') button")
        await way.sees("access-count-blind", "Count what is in pocket")
        await hand.key("29")
        await hand.touch("text=Enter count")
        await way.sees("access-recount", "once more")
        await hand.key("29")
        await hand.touch("text=Enter count")
        await way.sees("access-take", "How many did you take?")
        await hand.touch("button:has-text('Took')")
        await way.sees("access-close", "Close ")
        await hand.desk.shut()
        await way.sees("access-done", "removed.")
        await hand.touch("text=More for")
        await hand.touch("text=Return, waste")
        await wastes_half(way)
        await way.goes("/discrepancies", "discrepancies", "oxyCODONE")
        await hand.touch("main .scroll a")
        await way.sees("discrepancy", "oxyCODONE")
        await hand.page.select_option("[name=reason]", index=1)
        await hand.touch("main form button[type=submit]:has-text('Settle')")
        await way.sees("discrepancy-sign", "Settled as")


async def wastes_half(way: Walk) -> None:
    """Half of what was taken, before a colleague."""
    hand = way.hand
    await way.sees("withdrawals", "taken to be given")
    await hand.touch(".line:has-text('oxyCODONE') a:has-text('Waste')")
    await way.sees("waste", "Another reason")
    await hand.touch("[name=amount]")
    await hand.key("2.5")
    await hand.touch(".choice:has-text('mg')")
    await hand.touch(".choice:has-text('Part of a dose')")
    await hand.touch("main form:has([name=amount]) button[type=submit]")
    await way.sees("access-witness", "A colleague signs")
    await signs(hand, NURSE)
    await way.sees("access-witness-refused", "witness.same_person")
    await signs(hand)
    await way.sees("access-wasted", "recorded.")


async def test_a_nurses_other_screens() -> None:
    """Return, search, override, what needs no patient, cases, kits, what is owed, one's own PIN."""
    async with walk({SEDATIVE: 26}) as way:
        hand = way.hand
        await hand.sign_in(NURSE)
        await hand.touch("text=Eleanor Voss")
        await hand.touch(".line:has-text('acetaminophen') button.is-primary")
        await took(hand)
        await hand.touch("text=More for")
        await hand.touch("text=Return, waste")
        await hand.touch(".line:has-text('acetaminophen') a:has-text('Return')")
        await way.sees("return", "Where to")
        await way.goes("/patients/p-301/find", "search", "first letters")
        await hand.key("loraz")
        await way.sees("search-found", "LORazepam")
        await way.goes("/patients/p-301/find?for=override&q=ve", "search-override", "Type more letters")
        await way.goes(f"/patients/p-301/items/{SEDATIVE}?for=override", "override", "Reason")
        await way.goes("/cases", "cases", "Begin one for")
        await hand.touch("button:has-text('Eleanor Voss')")
        await way.sees("case", "for this case yet")
        for path, name, text in NURSES_PAGES:
            await way.goes(path, name, text)


async def test_the_screens_of_an_emergency() -> None:
    """Two touches after the badge; what was skipped is asked afterwards, one thing at a time."""
    async with walk() as way:
        hand = way.hand
        await hand.sign_in(NURSE)
        await hand.touch("nav >> text=Emergency access")
        await way.sees("emergency", "One touch opens.")
        await hand.touch("button:has-text('naloxone')")
        await took(hand)
        await way.sees("emergency-done", "the reason")
        await hand.touch(".line:has-text('the reason') >> text=Do it now")
        await way.sees("debt-reason", "In your words")
        await goes_home(hand)
        await hand.touch("text=My shift")
        await way.sees("my-shift-owing", "naloxone")
        await hand.touch("text=Sign out")
        await hand.sign_in(CHARGE)
        await way.goes("/shift/end", "end-of-shift", "End of shift")
        await hand.touch("text=Look at it")
        await way.sees("debt-of-another", "Close it for them")


async def test_the_screens_of_a_drawer_that_fails() -> None:
    """What happened, what was recorded, what to do now; the second pocket; the way back."""
    async with walk() as way:
        hand, desk = way.hand, way.hand.desk
        lock = desk.world.layout.drawer_of(desk.world.layout.pockets[desk.pocket_of(CRITICAL)]).lock  # type: ignore[index]
        desk.hardware.jammed.add(lock.name)
        await hand.sign_in(NURSE)
        await hand.touch("text=Marcus Adeyemi")
        await hand.touch(".line:has-text('naloxone') button")
        await way.sees("drawer-did-not-open", "Try 1 of 3.")
        for number in (1, 2):
            await hand.sees(f"Try {number} of 3.")
            await hand.touch("button:has-text('Try again')")
        await way.sees("drawer-second-pocket", "Drawer 2 opens for the same medicine.")
        await hand.touch("button:has-text('Took 1')")
        await hand.sees("Close Drawer 2.")
        await desk.shut()
        await hand.sees("removed.")
        await hand.touch("text=Bring Drawer 1 back")
        await way.sees("recovery-look", "Then have it tried.")
        desk.hardware.jammed.clear()
        await hand.touch("button:has-text('Try it')")
        await way.sees("recovery-push", "Now push it shut.")
        desk.hardware.shut(lock)
        await way.sees("recovery-done", "Drawer 1 works again.")
        desk.hardware.force(desk.world.layout.drawers[1].lock)
        await hand.touch("text=Sign out")
        await way.sees("sign-in-alarm", "Sign in")


async def test_a_technicians_screens() -> None:
    """Refill list, pockets, loads, pulls, the return bin, faults, scales, locks, the bench."""
    async with walk({PLAIN: 9}) as way:
        hand = way.hand
        await hand.sign_in(TECHNICIAN)
        await way.sees("home-technician", "To refill first")
        await way.goes("/refill", "refill-list", "Refill list")
        await hand.touch(".line:has-text('ceFAZolin') button")
        await way.sees("access-verify", "The record says")
        await hand.touch("button:has-text('Yes, ')")
        await way.sees("access-put", "How many did you put in?")
        await hand.touch("[name=lot]")
        await hand.key("ab-7")
        await hand.touch("[name=expiry]")
        await hand.key("20310630")
        await hand.touch("button:has-text('Added')")
        await hand.sees("Close Drawer 2.")
        await hand.desk.shut()
        await way.sees("refilled", "added.")
        await way.goes("/more", "more-technician", "Pockets")
        await way.goes("/pockets", "pockets", "Open…")
        pocket = hand.desk.pocket_of(PLAIN)
        await way.goes(f"/pockets/{pocket}", "pocket", "Transfer")
        await way.goes(f"/pockets/{pocket}/load", "load-search", "first letters")
        await way.goes("/pulls?days=400", "pull-list", "Pull list")
        await way.goes("/bin", "return-bin", "return bin")
        await way.goes("/deliveries", "deliveries", "")
        await way.goes("/parked", "parked", "")
        await way.goes("/sheets", "sheets", "Sheets")
        await way.goes("/quarantines", "blocked", "Nothing is blocked.")
        await way.goes("/locks", "locks", "At first")
        await way.goes("/scales", "scales", "Scales")
        await way.goes("/bench", "bench", "Commissioning")


async def test_the_screens_of_those_who_answer_for_it() -> None:
    """Charge nurse and pharmacist: people, modes, blocked items, sheets, reports, training."""
    async with walk({PLAIN: 9}) as way:
        hand = way.hand
        await hand.sign_in(CHARGE)
        await way.sees("home-charge", "Remove for")
        await way.goes("/more", "more-charge", "Staff")
        await way.goes("/staff", "staff", "PIN for this shift")
        await way.goes("/staff/new", "staff-new", "for this shift")
        await way.goes(f"/staff/{NURSE}", "staff-person", "Save")
        await way.goes("/mode", "mode-charge", "Mode")
        await way.goes("/reports", "reports", "Reports")
        await way.goes("/patients/p-301/merge", "patient-merge", "Eleanor")
        await hand.page.goto(hand.page.url.rsplit("/patients", 1)[0])
        await hand.touch("text=Sign out")
        await hand.sign_in(PHARMACIST)
        await way.sees("home-pharmacist", "refill")
        await way.goes(f"/quarantines/new?pocket={hand.desk.pocket_of(PLAIN)}", "block", "Recall number")
        await way.goes("/sheets/new", "sheet-search", "first letters")
        await way.goes("/sheets/new/items/morphine-4-syr", "sheet-new", "Carried by")
        await way.goes("/reports/overrides", "report", "Nothing to report.")
        await way.goes("/reports/overrides/narrow", "report-narrow", "What is left empty narrows nothing.")
        await way.goes(f"/pockets/{hand.desk.pocket_of(PLAIN)}/levels", "levels", "Levels of")

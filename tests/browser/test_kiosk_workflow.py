"""Every workflow by touch at the cabinet: return, waste before a colleague, debts, emergencies, purposes, load and pull, cases."""

import pytest
from playwright.async_api import expect

from tests.browser.test_kiosk_touch import BLIND, PLAIN, SIZES, Finger, finger
from tests.stories.caller import script
from tests.stories.desk import CHARGE, NURSE, OTHER_NURSE, PIN, TECHNICIAN
from tests.stories.test_discrepancy import miscount

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]

ELEANOR = "Eleanor Voss"


async def takes(hand: Finger, item: str, *, counts: int | None = None, patient: str = ELEANOR) -> None:
    """From home to a closed drawer, the order of a patient's that names the item; where it is counted blind, so many are there."""
    await hand.touch(f"text={patient}")
    await hand.touch(f".line:has-text('{item}') button")
    if counts is not None:
        await hand.sees("Count what is in pocket")
        await hand.key(str(counts))
        await hand.touch("text=Enter count")
    await took(hand)


async def took(hand: Finger) -> None:
    """What was asked for, and the drawer pushed shut."""
    await hand.sees("How many did you take?")
    await hand.touch("button:has-text('Took')")
    await hand.sees("Close ")
    await hand.desk.shut()
    await hand.sees("removed.")


async def goes_home(hand: Finger) -> None:
    """The first screen, whole."""
    await hand.touch("text=Home")
    await hand.sees("Remove for")


async def signs(hand: Finger, who: str = OTHER_NURSE) -> None:
    """The colleague's badge is held to the reader; the PIN is typed, and the first person stays signed in."""
    hand.desk.wall.hold(f"badge-{who}")
    await hand.sees("Badge read.")
    await hand.key(PIN)
    await hand.touch("form:has([name=secret]) button[type=submit]")


@pytest.mark.parametrize("size", SIZES)
async def test_half_a_tablet_is_wasted_before_a_colleague(size: tuple[int, int]) -> None:
    """1:40 of the first three minutes: not by the same person; the colleague's badge signs this one act and nobody out."""
    async with finger(size, {BLIND: 30}) as hand:
        await hand.sign_in(NURSE)
        await takes(hand, "oxyCODONE", counts=30)
        await hand.touch("text=More for")
        await hand.touch("text=Return, waste")
        await hand.looks("taken to be given")
        await hand.touch(".line:has-text('oxyCODONE') a:has-text('Waste')")
        await hand.looks("Another reason")
        await hand.touch("[name=amount]")
        await hand.key("2.5")
        await hand.touch(".choice:has-text('mg')")
        await hand.touch(".choice:has-text('Part of a dose')")
        await hand.touch("main form:has([name=amount]) button[type=submit]")
        await hand.looks("Waste 2.5 mg of oxyCODONE 5 mg (Part of a dose). A colleague signs")
        await signs(hand, NURSE)
        await hand.looks("witness.same_person")
        await signs(hand)
        await hand.sees("recorded.")
        await expect(hand.page.locator(".who b")).to_have_text(hand.desk.world.staff[NURSE].name)
        await hand.looks("More to return or waste")


@pytest.mark.parametrize("size", SIZES)
async def test_what_is_left_over_is_offered_first_and_stands_in_my_shift(size: tuple[int, int]) -> None:
    """Waste during the withdrawal: first on its last page, with the amount that is due; later from one's own list, oldest first."""
    async with finger(size, {"lorazepam-1-tab": 26}) as hand:
        await hand.sign_in(NURSE)
        await hand.touch("text=Ingrid Solberg")
        await hand.touch(".line:has-text('LORazepam') button")
        await hand.touch("button:has-text('Yes, 26')")
        await took(hand)
        await hand.looks("Undocumented waste")
        await goes_home(hand)
        await expect(hand.page.locator("nav a:has-text('My shift') .badge")).to_have_text("1")
        await hand.touch("text=My shift")
        await hand.looks("Removed in this shift")
        await hand.touch("a:has-text('Waste now')")
        await hand.sees("to be wasted")
        await hand.touch(".choice:has-text('Part of a dose')")
        await hand.touch("main form:has([name=amount]) button[type=submit]")
        await signs(hand)
        await hand.sees("recorded.")
        assert not hand.desk.core.state.debts


@pytest.mark.parametrize("size", SIZES)
async def test_an_emergency_is_two_touches_and_its_questions_come_after(size: tuple[int, int]) -> None:
    """No patient, no reason, no count in front of the drug; the last page lists what is owed, and never holds anybody."""
    async with finger(size) as hand:
        await hand.sign_in(NURSE)
        await hand.touch("nav >> text=Emergency access")
        await hand.looks("One touch opens.")
        hand.touches = 1
        await hand.touch("button:has-text('naloxone')")
        assert hand.touches == 2
        await hand.looks("How many did you take?")
        await took(hand)
        await hand.looks("the reason")
        await hand.touch(".line:has-text('the reason') >> text=Do it now")
        await hand.looks("In your words")
        await hand.touch(".choice:has-text('Emergency')")
        await hand.touch("main form:has([name=other_reason]) button[type=submit]")
        await hand.looks("My shift")
        assert "reason" not in {debt.kind for debt in hand.desk.core.state.debts.values()}


async def test_the_end_of_a_shift_hands_over_and_closes() -> None:
    """What an emergency left open goes to a colleague who shows badge and PIN; the charge nurse closes the rest, with a reason."""
    async with finger() as hand:
        await hand.sign_in(NURSE)
        for item in ("naloxone", "furosemide"):
            await hand.touch("nav >> text=Emergency access")
            await hand.touch(f"button:has-text('{item}')")
            await took(hand)
            await goes_home(hand)
        await hand.touch("text=My shift")
        await hand.touch(".line:has-text('naloxone') >> text=Do it now")
        await hand.touch("text=Hand over to a colleague")
        await signs(hand)
        await hand.sees("furosemide")
        assert {debt.staff for debt in hand.desk.core.state.debts.values()} == {NURSE, OTHER_NURSE}
        owed = len(hand.desk.core.state.debts)
        await hand.touch("text=Sign out")
        await hand.sign_in(CHARGE)
        await hand.touch("text=More")
        await hand.touch("text=End of shift")
        await hand.looks("End of shift")
        await hand.touch(".line:has-text('furosemide') >> text=Look at it")
        await hand.looks("Close it for them")
        await hand.touch("[name=other_reason]")
        await hand.key("left")
        await hand.touch("button:has-text('Close it')")
        await hand.looks("naloxone")
        assert len(hand.desk.core.state.debts) == owed - 1


@pytest.mark.parametrize("size", SIZES)
async def test_an_override_asks_for_its_reason_and_what_it_is_for(size: tuple[int, int]) -> None:
    """The reason is touched, not typed; what it is for is typed on the screen's own letters."""
    async with finger(size) as hand:
        await hand.sign_in(NURSE)
        await hand.touch(f"text={ELEANOR}")
        await hand.touch("text=Override")
        await hand.looks("five letters")
        await hand.key("furosemide")
        await hand.sees("furosemide")
        await hand.touch("#found a")
        await hand.looks("Reason")
        await hand.touch(".choice:has-text('Emergency')")
        if await hand.page.locator("[name=indication]").count():
            await hand.touch("[name=indication]")
            await hand.key("edema")
        await hand.touch("main form button[type=submit]")
        await hand.sees("How many did you take?")


@pytest.mark.parametrize("size", SIZES)
async def test_what_is_taken_for_no_patient_states_its_purpose(size: tuple[int, int]) -> None:
    """The code tray has no name and no bed."""
    async with finger(size) as hand:
        await hand.sign_in(NURSE)
        await hand.touch("text=More")
        await hand.looks("Cases")
        await hand.touch("text=For no patient")
        await hand.looks("Code tray")
        await hand.touch("text=Code tray")
        await hand.looks("Type the first letters")
        await hand.key("naloxone")
        await hand.touch("#found a")
        await hand.looks("For no patient: code tray")
        await hand.touch("main form button[type=submit]")
        await took(hand)
        assert [one.purpose for one in hand.desk.core.state.withdrawals.values()] == ["code_tray"]


@pytest.mark.parametrize("size", SIZES)
async def test_a_return_lies_in_the_bin_until_a_technician_empties_it(size: tuple[int, int]) -> None:
    """Unopened, to the bin by default; what is found there is compared with what was laid."""
    async with finger(size) as hand:
        await hand.sign_in(NURSE)
        await takes(hand, "acetaminophen")
        await hand.touch("text=More for")
        await hand.touch("text=Return, waste")
        await hand.touch(".line a:has-text('Return')")
        await hand.looks("Where to")
        await hand.touch("[data-step='-1']")
        await hand.touch(".choice:has-text('Unopened')")
        await hand.touch("main form button[type=submit]")
        await hand.sees("recorded.")
        assert hand.desk.core.state.places == {"bin": {PLAIN: 1}}
        await hand.touch("text=Sign out")
        await hand.sign_in(TECHNICIAN)
        await hand.touch("text=More")
        await hand.touch("text=Return bin")
        await hand.looks("on record")
        await hand.touch("button:has-text('Found')")
        await hand.sees("recorded.")
        assert hand.desk.core.state.places.get("bin") in (None, {})


@pytest.mark.parametrize("size", SIZES)
async def test_a_case_says_once_at_its_end_what_was_given(size: tuple[int, int]) -> None:
    """Pull many, say what was given, and owe only what nobody spoke for."""
    async with finger(size, {BLIND: 30}) as hand:
        await hand.sign_in(NURSE)
        await hand.touch("text=More")
        await hand.touch("text=Cases")
        await hand.looks("Begin one for")
        await hand.touch(f"button:has-text('{ELEANOR}')")
        await hand.sees("for this case yet")
        await goes_home(hand)
        await takes(hand, "oxyCODONE", counts=30)
        await goes_home(hand)
        await hand.touch("text=More")
        await hand.touch("text=Cases")
        await hand.touch(f"a:has-text('{ELEANOR}')")
        await hand.looks("not said what was given")
        await hand.touch("button:has-text('All 5 mg given')")
        await hand.sees("given: 5 mg")
        await hand.touch("text=End the case")
        await hand.sees("You owe nothing")
        assert not hand.desk.core.state.cases


async def test_the_keys_of_the_first_field_stay_although_the_list_grows_by_them() -> None:
    """A charge nurse lets somebody in on the smallest screen: the list gets its scroll buttons with the keys, and one touch is enough."""
    async with finger((800, 480)) as hand:
        await hand.sign_in(CHARGE)
        await hand.touch("text=More")
        await hand.touch("main a:has-text('Staff')")
        await hand.touch("a:has-text('Let somebody in')")
        await hand.touch("[name=id]")
        await hand.key("tess")
        await hand.touch("[name=name]")
        await hand.key("tess")
        await hand.touch("button:has-text('Save')")
        await hand.sees("tess")
        assert hand.desk.core.scene.staff("tess") is not None


async def test_one_touch_sends_a_form_whose_keys_are_open() -> None:
    """Who is not listed is added in fifteen seconds: the button does not slip from under the finger because the keys go away."""
    async with finger((800, 480)) as hand:
        await hand.sign_in(NURSE)
        await hand.touch("text=Patient not listed")
        await hand.touch("[name=name]")
        await hand.key("ada")
        await hand.touch("[name=bed]")
        await hand.key("e")
        await hand.touch("button:has-text('Add')")
        await hand.sees("Born unknown")
        assert "ada" in [patient.name for patient in hand.desk.core.scene.patients()]


async def test_what_was_typed_into_a_form_that_is_refused_is_found_again() -> None:
    """A count that was forgotten is no reason to type number and medicines of a bag once more."""
    async with finger((800, 480)) as hand:
        await hand.sign_in(CHARGE)
        await hand.touch("text=More")
        await hand.touch("main a:has-text('own medicine')")
        await hand.page.locator("select[name=patient]").select_option(index=2)
        await hand.touch("[name=bag]")
        await hand.key("b77")
        await hand.touch("[name=contents]")
        await hand.key("metformin")
        await hand.touch("button:has-text('Counted and sealed')")
        await hand.sees("bag.form")
        hand.complaints.clear()  # the browser notes the refusal
        await hand.touch("button:has-text('Back')")
        await expect(hand.page.locator("[name=contents]")).to_have_value("metformin")
        await expect(hand.page.locator("[name=bag]")).to_have_value("B77")
        assert await hand.page.locator("select[name=patient]").evaluate("select => select.selectedIndex") == 2
        await hand.touch("text=Home")
        await hand.looks("Remove for")


async def test_one_touch_settles_a_discrepancy_of_which_nothing_was_typed() -> None:
    """A reason is chosen from the list: no keys come up under the finger and push the button away. A colleague signs on the next screen."""
    async with finger((800, 480), {BLIND: 30}) as hand:
        async with script(hand.desk, NURSE) as client:
            name = await miscount(hand.desk, client)
        await hand.sign_in(CHARGE)
        await hand.page.goto(f"{hand.page.url.rstrip('/')}/discrepancies/{name}")
        await hand.page.locator("[name=reason]").select_option(index=1)
        await hand.page.evaluate("document.activeElement.blur()")
        await hand.touch("button:has-text('Settle')")
        await hand.looks("Settled as")
        await signs(hand)
        await hand.sees("signed by")

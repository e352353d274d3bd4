"""Stories of people at the cabinet's screen: pages and forms, in virtual time on a cabinet in memory."""

import asyncio
import re
from dataclasses import replace

import httpx
import pytest

from tests.stories.caller import screen, stranger, touched
from tests.stories.desk import NURSE, OTHER_NURSE, PIN, TECHNICIAN, TELLTALE, Desk, demo_world, open_desk
from tests.virtual import virtual

BLIND = "oxycodone-5-tab"
PLAIN = "acetaminophen-325-tab"
PATIENT = "p-301"
NAME = "Eleanor Voss"


def form_of(page: str, holding: str) -> dict[str, str]:
    """The hidden fields of the first form that has `holding` in it."""
    form = next(form for form in re.findall(r"<form.*?</form>", page, re.DOTALL) if holding in form)
    return dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form))


async def removing(desk: Desk, browser: httpx.AsyncClient, item: str) -> httpx.Response:
    """Press the Remove button of an item among the patient's orders, and let the drawer spring open."""
    orders = (await browser.get(f"/patients/{PATIENT}")).text
    order = next(order.id for order in desk.world.patients[PATIENT].orders if order.item == item)  # type: ignore[index]
    answer = await touched(browser, form_of(orders, order))
    await desk.calm()
    return answer


@virtual
async def test_a_withdrawal_is_three_touches_after_signing_in() -> None:
    """Patient, Remove, Took: the drug is in the hand before the queue behind grows."""
    async with open_desk() as desk, screen(desk, NURSE) as browser:
        pocket = desk.pocket_of(PLAIN)
        before = desk.units_in(pocket)
        assert NAME in (await browser.get("/")).text
        answer = await removing(desk, browser, PLAIN)
        page = (await browser.get(answer.url.path)).text
        assert "Take 2 tablets" in page
        await browser.post(f"{answer.url.path}/confirm", data={"units": "2"})
        await desk.shut()
        page = (await browser.get(answer.url.path)).text
        assert "2 tablets of acetaminophen 325 mg removed." in page
        assert desk.units_in(pocket) == before - 2


@virtual
async def test_no_page_tells_a_balance_that_is_counted_blind() -> None:
    """Neither before the drawer opens nor while the count is typed: the number would be copied."""
    async with open_desk(demo_world({BLIND: TELLTALE})) as desk, screen(desk, NURSE) as nurse, screen(desk, TECHNICIAN) as technician:
        pages = [(await nurse.get(path)).text for path in ("/", f"/patients/{PATIENT}", f"/patients/{PATIENT}/find?q=oxycodone", "/count")]
        pages += [(await nurse.get(f"/patients/{PATIENT}/items/{BLIND}")).text, (await nurse.get("/attention")).text]
        pages += [(await technician.get(path)).text for path in ("/", "/refill", "/count")]
        answer = await removing(desk, nurse, BLIND)
        pages.append((await nurse.get(answer.url.path)).text)
        assert "Count what is in pocket" in pages[-1]
        await nurse.post(f"{answer.url.path}/count", data={"units": "12"})
        pages.append((await nurse.get(answer.url.path)).text)
        assert "once more" in pages[-1]
        assert [page for page in pages if str(TELLTALE) in page] == []


@virtual
async def test_the_list_to_count_tells_no_balance_that_its_count_is_blind_to() -> None:
    """What is verified at a withdrawal is counted blind in a count of its own: the list that starts it must not print the answer."""
    async with open_desk(demo_world({PLAIN: TELLTALE})) as desk, screen(desk, NURSE) as nurse:
        page = (await nurse.get("/count")).text
        assert desk.pocket_of(PLAIN) in page
        assert str(TELLTALE) not in page


@virtual
async def test_the_next_person_never_sees_the_former_patient() -> None:
    """A name on the screen in a corridor is a breach, whoever left it there."""
    async with open_desk() as desk:
        async with screen(desk, NURSE) as browser:
            answer = await removing(desk, browser, PLAIN)
            await browser.post(f"{answer.url.path}/confirm", data={"units": "2"})
            await desk.shut()
            assert NAME in (await browser.get(answer.url.path)).text
            left = await browser.post("/sign-out")
            assert NAME not in left.text
            assert NAME not in (await browser.get(answer.url.path)).text
        async with screen(desk, OTHER_NURSE) as browser:
            assert NAME not in (await browser.get(answer.url.path)).text
        async with screen(desk, TECHNICIAN) as browser:
            for path in ("/", "/refill", "/count", "/attention", answer.url.path, f"/patients/{PATIENT}"):
                assert NAME not in (await browser.get(path)).text


@virtual
async def test_a_session_left_alone_ends_and_a_script_does_not_keep_it_alive() -> None:
    """A page that asks for itself again is no person; a finger is."""
    async with open_desk() as desk, screen(desk, NURSE) as browser:
        await asyncio.sleep(50)
        await browser.get("/", headers={"Kiosk-Refresh": "1"})
        await browser.get("/attention")
        await asyncio.sleep(50)
        assert "Sign out" in (await browser.get("/", headers={"Kiosk-Refresh": "1"})).text
        await asyncio.sleep(11)
        page = (await browser.get("/")).text
        assert "Sign out" not in page
        ended = await browser.get("/attention")
        assert "You were signed out." in ended.text
        assert "Nothing that was recorded is lost." in ended.text
        assert desk.core.state.sessions == {}


@virtual
async def test_one_touch_extends_the_session() -> None:
    """Who reads a long label is not thrown out in the middle of it."""
    async with open_desk() as desk, screen(desk, NURSE) as browser:
        for _ in range(3):
            await asyncio.sleep(50)
            assert (await browser.post("/stay")).status_code == 204
        assert len(desk.core.state.sessions) == 1


@pytest.mark.parametrize(
    "headers",
    [{"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Origin": "https://elsewhere"}, {"Origin": "null"}, {}],
)
@virtual
async def test_a_form_from_another_page_changes_nothing(headers: dict[str, str]) -> None:
    """Another page in the same browser must not be able to press our buttons."""
    async with open_desk() as desk, screen(desk, NURSE) as browser:
        del browser.headers["Sec-Fetch-Site"]
        seq = desk.core.state.seq
        wish = {"id": "a1", "kind": "withdraw", "item": PLAIN, "units": "1", "patient": PATIENT}
        for path, data in (("/accesses", wish), ("/sign-out", {}), ("/sign-in", {"badge": f"badge-{NURSE}", "secret": PIN})):
            answer = await browser.post(path, data=data, headers=headers)
            assert answer.status_code == 403
            assert "request.elsewhere" in answer.text
        assert (desk.core.state.seq, desk.hardware.pulses) == (seq, [])


@virtual
async def test_the_cookie_is_for_this_page_alone_and_opens_no_api() -> None:
    """Script cannot read it, another site cannot send it, and the API wants a token that no browser sends by itself."""
    async with open_desk() as desk, stranger(desk) as client:
        answer = await client.post(
            "/sign-in", data={"badge": f"badge-{NURSE}", "secret": PIN}, headers={"Sec-Fetch-Site": "same-origin"}
        )  # fmt: skip
        cookie = answer.headers["set-cookie"].lower()
        assert cookie.startswith("__host-session=")
        for flag in ("httponly", "secure", "samesite=strict", "path=/"):
            assert flag in cookie
        assert (await client.get("/api/v1/stock")).status_code == 401


@virtual
async def test_a_wrong_pin_says_so_and_keeps_nobody_else_out() -> None:
    """The reader is shared: one person's mistake is theirs alone."""
    async with open_desk() as desk, stranger(desk) as client:
        answer = await client.post(
            "/sign-in", data={"badge": f"badge-{NURSE}", "secret": "1"}, headers={"Sec-Fetch-Site": "same-origin"}
        )  # fmt: skip
        assert answer.status_code == 401
        assert "Badge and PIN do not match." in answer.text
        assert "The attempt was recorded." in answer.text
        async with screen(desk, OTHER_NURSE) as browser:
            assert "Sign out" in (await browser.get("/")).text


@virtual
async def test_a_second_touch_asks_for_the_same_access() -> None:
    """A glove that touches twice must not open the drawer twice."""
    async with open_desk() as desk, screen(desk, NURSE) as browser:
        form = form_of((await browser.get(f"/patients/{PATIENT}")).text, "p-301-2")
        first, second = await asyncio.gather(touched(browser, form), touched(browser, form))
        assert first.url == second.url
        await desk.calm()
        assert len(desk.hardware.pulses) == 1


@virtual
async def test_a_drawer_that_fails_leads_to_another_pocket_with_the_same_item() -> None:
    """Nobody is kept from a medicine: the second pocket opens by itself, and the screen says what was recorded and goes on there."""
    async with open_desk() as desk, screen(desk, NURSE) as browser:
        pockets = list(desk.world.layout.pockets.values())
        pocket = next(one for one in pockets if one.item is not None and [other.item for other in pockets].count(one.item) > 1)
        lock = desk.world.layout.path(pocket)[0].name
        desk.hardware.jammed.add(lock)
        wish = {"id": "a1", "kind": "withdraw", "pocket": pocket.id, "units": "1", "patient": PATIENT}
        await touched(browser, wish)
        for _ in range(2):
            await asyncio.sleep(4)
            await browser.post("/accesses/a1/open")
        await asyncio.sleep(4)
        answer = await browser.get("/accesses/a1")
        assert answer.url.path == "/accesses/a1-m2"
        assert "drawer.failed" in answer.text
        assert "nothing was taken there, and it is marked as failed" in answer.text
        assert "How many did you take?" in answer.text
        assert desk.core.state.accesses["a1-m2"].pocket != wish["pocket"]


@virtual
async def test_a_refusal_is_a_screen_with_a_way_on() -> None:
    """What happened, what was recorded, what to do now, the code, and a button that leads out."""
    async with open_desk(demo_world({PLAIN: 1})) as desk, screen(desk, NURSE) as browser:
        form = form_of((await browser.get(f"/patients/{PATIENT}")).text, "p-301-2")
        answer = await touched(browser, form)
        assert answer.status_code == 409
        for part in ("There are not that many units", "Take what is there", "was recorded", "stock.short", "Back", "Home"):
            assert part in answer.text


@virtual
async def test_a_refill_and_a_count_start_from_their_lists() -> None:
    """A technician sees first what is needed most, and what owes a count is counted in one touch."""
    async with open_desk() as desk, screen(desk, TECHNICIAN) as browser:
        page = (await browser.get("/refill")).text
        needed = next(row for row in re.findall(r'<article class="card line">.*?</article>', page, re.DOTALL) if "below min" in row)
        answer = await touched(browser, form_of(needed, "refill"))
        await desk.calm()
        access = desk.core.state.accesses[answer.url.path.removeprefix("/accesses/")]
        line = desk.core.state.lines[access.pocket]
        assert f"Yes, {line.units}" in (await browser.get(answer.url.path)).text
        await browser.post(f"{answer.url.path}/count", data={"units": str(line.units)})
        done = {"units": str(access.units), "lot": "L7", "expiry": "2031-05-31"}
        await browser.post(f"{answer.url.path}/confirm", data=done)
        await desk.shut()
        assert line.units == line.par
        counting = await touched(browser, form_of((await browser.get("/count")).text, access.pocket))
        await desk.calm()
        await browser.post(f"{counting.url.path}/count", data={"units": str(line.units)})
        await desk.shut()
        assert "counted." in (await browser.get(counting.url.path)).text


@virtual
async def test_an_order_that_waits_for_a_pharmacist_is_shown_without_a_button() -> None:
    """Hidden, it would be asked for twice; with a button, it would be refused after the touch."""
    world = demo_world()
    patients = {
        key: replace(one, orders=tuple(replace(order, is_verified=False) for order in one.orders)) for key, one in world.patients.items()
    }
    async with open_desk(replace(world, patients=patients)) as desk, screen(desk, NURSE) as browser:
        page = (await browser.get(f"/patients/{PATIENT}")).text
        assert "Waiting for a pharmacist." in page
        assert "Remove " not in page


@virtual
async def test_what_is_not_finished_is_offered_first() -> None:
    """Who was interrupted finds the open drawer on the first screen."""
    async with open_desk() as desk, screen(desk, NURSE) as browser:
        answer = await removing(desk, browser, PLAIN)
        page = (await browser.get("/")).text
        assert "Not finished." in page
        assert answer.url.path in page


@virtual
async def test_an_unknown_page_is_a_screen_too() -> None:
    """There is always a way home."""
    async with open_desk() as desk, screen(desk, NURSE) as browser:
        for path, status in (("/nowhere", 404), ("/accesses", 405), (f"/patients/{PATIENT}/items/nothing", 404), ("/patients/p-0", 404)):
            answer = await browser.get(path)
            assert answer.status_code == status
            assert "Home" in answer.text

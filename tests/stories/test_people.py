"""Stories of people at the kiosk: the first administrator, locks and PINs, a refill that makes way, a drawer that was found open."""

import asyncio
import re
from dataclasses import replace
from typing import Any

import httpx

from cabinet.domain.core import World
from cabinet.domain.facts import Fact, StaffChanged
from cabinet.domain.people import Role, Staff
from cabinet.domain.vocabulary import StaffId
from tests.stories.caller import asked, screen, script, stranger
from tests.stories.desk import CHARGE, NURSE, OTHER_NURSE, PIN, TECHNICIAN, Desk, demo_world, open_desk
from tests.virtual import virtual

PLAIN, BLIND, PATIENT = "acetaminophen-325-tab", "oxycodone-5-tab", "p-301"
ADMIN, GOOD_PIN = "ada", "604937"


def with_admin() -> World:
    """The demo ward and an administrator."""
    world = demo_world()
    admin = Staff(StaffId(ADMIN), "Ada Admin", Role.ADMINISTRATOR)
    return replace(world, staff={**world.staff, admin.id: admin})


def order_of(desk: Desk, item: str) -> str:
    """The patient's order for an item."""
    patient = next(one for one in desk.world.patients.values() if one.id == PATIENT)
    return next(str(order.id) for order in patient.orders if order.item == item)


async def signing_in(client: httpx.AsyncClient, who: str, secret: str = PIN) -> httpx.Response:
    """One attempt."""
    return await client.post("/api/v1/sessions", json={"badge": f"badge-{who}", "secret": secret})


def facts(desk: Desk, kind: type[Fact]) -> list[Any]:
    """What the journal holds of one kind."""
    return [entry.fact for entry in desk.journal.entries(0) if isinstance(entry.fact, kind)]


@virtual
async def test_a_fresh_cabinet_enrols_its_first_administrator_by_the_code_at_the_machine() -> None:
    """S2: no default account; the code is of no use once it was used, and five wrong tries make it another one."""
    async with open_desk(replace(demo_world(), staff={})) as desk, stranger(desk) as client:
        client.headers["Sec-Fetch-Site"] = "same-origin"
        assert (await client.get("/")).headers["location"] == "/setup"
        setup = desk.app.state.floor.reception.directory.setup
        code = setup.needed()
        ada = {"code": "AAAAA-AAAAA", "id": ADMIN, "name": "Ada Admin", "badge": "777", "secret": GOOD_PIN}
        for _ in range(5):
            assert (await client.post("/api/v1/setup", json=ada)).json()["code"] == "setup.code"
        assert setup.needed() != code
        ada["code"] = setup.needed()
        assert (await client.post("/api/v1/setup", json={**ada, "secret": "123456"})).json()["code"] == "pin.easy"
        page = await client.post("/setup", data={**ada, "again": "135791"})
        assert page.status_code == 422
        assert "The two PINs are not the same." in page.text
        for typed in (ada["code"], ada["id"], ada["name"], ada["badge"]):
            assert f'value="{typed}"' in page.text, "what was right is not typed again"
        assert GOOD_PIN not in page.text
        page = await client.post("/setup", data={**ada, "again": GOOD_PIN})
        assert (page.status_code, page.headers["location"]) == (303, "/")
        assert 'href="/staff">Staff' in (await client.get("/")).text, "what a fresh cabinet needs next stands on the first screen"
        assert (await client.get("/api/v1/setup")).json() == {"needed": False}
        assert (await client.post("/api/v1/setup", json=ada)).json()["code"] == "setup.done"
        assert [fact.origin for fact in facts(desk, StaffChanged)] == ["setup"]
        assert GOOD_PIN not in str(list(desk.journal.entries(0)))


@virtual
async def test_an_administrator_enrols_and_revokes_and_the_session_ends_at_once() -> None:
    """S11: a disabled person's session ends within five seconds; here with the fact itself."""
    async with open_desk(with_admin()) as desk, script(desk, ADMIN) as admin, stranger(desk) as client:
        zoe = {"name": "Zoe", "role": "nurse", "areas": [], "until": None, "competent_until": None, "active": True}
        assert (await admin.put("/api/v1/staff/zoe", json=zoe)).status_code == 200
        assert (await admin.post("/api/v1/staff/zoe/badge", json={"badge": "badge-zoe"})).status_code == 200
        taken = await admin.post("/api/v1/staff/zoe/badge", json={"badge": f"badge-{NURSE}"})
        assert taken.json()["code"] == "staff.badge_taken"
        assert (await admin.post("/api/v1/staff/zoe/pin", json={"secret": GOOD_PIN})).json()["can_sign_in"]
        token = (await signing_in(client, "zoe", GOOD_PIN)).json()["token"]
        client.headers["Authorization"] = f"Bearer {token}"
        assert (await client.get("/api/v1/stock")).status_code == 200
        assert (await admin.put("/api/v1/staff/zoe", json={**zoe, "active": False})).json()["state"] == "session.revoked"
        assert (await client.get("/api/v1/stock")).json()["code"] == "session.unknown"
        assert (await signing_in(client, "zoe", GOOD_PIN)).json()["code"] == "session.revoked"


@virtual
async def test_wrong_pins_lock_one_person_and_a_charge_nurse_helps() -> None:
    """The nurse gets to her patient: unlocked, or with a PIN for the shift; nobody else ever waited."""
    async with open_desk() as desk, stranger(desk) as client, script(desk, CHARGE) as charge:
        answers = [await signing_in(client, NURSE, "000000") for _ in range(3)]
        assert [answer.json()["code"] for answer in answers] == ["session.not_recognised"] * 2 + ["session.locked"]
        assert (await signing_in(client, NURSE)).json()["code"] == "session.locked"
        assert (await signing_in(client, OTHER_NURSE)).status_code == 201
        assert (await charge.post(f"/api/v1/staff/{NURSE}/unlock")).json()["is_locked"] is False
        assert (await signing_in(client, NURSE)).status_code == 201
        for _ in range(3):
            await signing_in(client, NURSE, "000000")
        issued = (await charge.post(f"/api/v1/staff/{NURSE}/temporary-pin")).json()
        assert (await signing_in(client, NURSE, issued["pin"])).status_code == 201
        await asyncio.sleep(8 * 3600 + 1)
        assert (await signing_in(client, NURSE, issued["pin"])).json()["code"] == "session.not_recognised"
        assert (await signing_in(client, NURSE)).status_code == 201, "her own PIN works on"
        assert issued["pin"] not in str(list(desk.journal.entries(0)))


@virtual
async def test_many_failures_slow_the_screen_and_refuse_nobody() -> None:
    """Ward.md: an alarm, some seconds, and another person's good sign-in is taken."""
    async with open_desk() as desk, stranger(desk) as client:
        for number in range(10):
            await signing_in(client, f"nobody-{number}", "000000")
        began_s = asyncio.get_running_loop().time()
        assert (await signing_in(client, NURSE)).status_code == 201
        assert 2.9 < asyncio.get_running_loop().time() - began_s < 4
        assert "session.many_failures@kiosk" in desk.core.state.faults
        await asyncio.sleep(901)
        assert desk.core.state.faults == {}


@virtual
async def test_a_person_changes_their_own_pin() -> None:
    """With the old one, and not to an easy one."""
    async with open_desk() as desk, script(desk, NURSE) as client:
        path = "/api/v1/sessions/pin"
        assert (await client.post(path, json={"old": PIN, "new": "111111"})).json()["code"] == "pin.easy"
        assert (await client.post(path, json={"old": "000000", "new": GOOD_PIN})).json()["code"] == "session.not_recognised"
        assert (await client.post(path, json={"old": PIN, "new": GOOD_PIN})).status_code == 204
        assert (await signing_in(client, NURSE)).status_code == 401
        assert (await signing_in(client, NURSE, GOOD_PIN)).status_code == 201


@virtual
async def test_a_badge_is_given_to_somebody_by_holding_it_to_the_reader() -> None:
    """What a card's chip says stands nowhere on it: the first administrator's as well as everybody's after."""
    async with open_desk(replace(demo_world(), staff={})) as desk, stranger(desk) as browser:
        browser.headers["Sec-Fetch-Site"], browser.follow_redirects = "same-origin", True
        desk.wall.hold("4711")
        mark = _mark((await browser.get("/setup")).text)
        code = desk.app.state.floor.reception.directory.setup.needed()
        ada = {"code": code, "id": ADMIN, "name": "Ada Admin", "shown": mark, "secret": GOOD_PIN, "again": GOOD_PIN}
        assert "Ada Admin" in (await browser.post("/setup", data=ada)).text
        await browser.post("/staff", data={"id": "tess", "name": "Tess", "role": "nurse", "is_active": "true"})
        desk.wall.hold("4712")
        mark = _mark((await browser.get("/staff/tess")).text)
        assert "4712" not in (await browser.get("/staff/tess")).text
        await browser.post("/staff/tess/secrets", data={"shown": mark, "secret": GOOD_PIN})
        signed_in = await browser.post("/api/v1/sessions", json={"badge": "4712", "secret": GOOD_PIN})
        assert signed_in.json()["staff"]["id"] == "tess"


def _mark(page: str) -> str:
    return page.partition('name="shown" value="')[2].partition('"')[0]


@virtual
async def test_a_charge_nurse_lets_a_nurse_in_until_the_end_of_the_shift() -> None:
    """Agency staff at two in the morning: no pharmacy, no administrator, and by the next day it is over."""
    async with open_desk() as desk, screen(desk, CHARGE) as browser, stranger(desk) as client:
        form = {"id": "temp", "name": "Tess Temp", "role": "agency_nurse", "hours": "8", "is_active": "true"}
        shown = (await browser.post("/staff", data=form)).text
        assert "Tess Temp is on record and cannot sign in yet." in shown
        assert shown.index('action="/staff/temp/secrets"') < shown.index('action="/staff"'), "what is to do now stands first"
        shown = (await browser.post("/staff/temp/secrets", data={"badge": "badge-temp", "secret": GOOD_PIN})).text
        assert "Tess Temp may sign in until 2026-11-23 15:00" in shown
        assert (await signing_in(client, "temp", GOOD_PIN)).json()["staff"]["role"] == "agency_nurse"
        assert "Your role lets people in" in (await browser.post("/staff", data={**form, "id": "boss", "role": "pharmacist"})).text
        await asyncio.sleep(8 * 3600)
        assert (await signing_in(client, "temp", GOOD_PIN)).json()["code"] == "session.expired"


@virtual
async def test_a_controlled_item_asks_for_the_pin_again() -> None:
    """A session kept awake for long may be somebody else's by now."""
    async with open_desk() as desk, script(desk, TECHNICIAN) as client:
        await asked(client, "r1", kind="refill", item=PLAIN, units=1)
        await desk.calm()
        await desk.shut()
        for _ in range(13):
            await asyncio.sleep(50)
            assert (await client.post("/api/v1/sessions/active")).status_code == 204
        refused = await asked(client, "r2", kind="refill", pocket=desk.pocket_of(BLIND), units=1)
        assert refused.json()["code"] == "session.prove_again"
        assert (await client.post("/api/v1/sessions/proof", json={"secret": "000000"})).json()["code"] == "session.not_recognised"
        assert (await client.post("/api/v1/sessions/proof", json={"secret": PIN})).status_code == 204
        again = await asked(client, "r3", kind="refill", pocket=desk.pocket_of(BLIND), units=1)
        assert again.json().get("code") != "session.prove_again"


@virtual
async def test_a_refill_makes_way_for_a_nurse_and_goes_on_with_badge_and_pin() -> None:
    """The technician's screen is covered while the nurse takes what she needs; nothing is lost."""
    async with open_desk() as desk, script(desk, TECHNICIAN) as client, stranger(desk) as again:
        await asked(client, "r1", kind="refill", item=PLAIN, units=1)
        await desk.calm()
        while "count_before" in (view := (await client.get("/api/v1/accesses/r1")).json())["asks"]:
            await client.post("/api/v1/accesses/r1/count", json={"units": view["expected"] or 0})
        await client.post("/api/v1/accesses/r1/confirm", json={"units": 1})
        await desk.shut()
        async with script(desk, NURSE) as nurse:
            assert (await client.get("/api/v1/restock")).status_code == 401
            assert (await asked(nurse, "w1", kind="withdraw", order=order_of(desk, PLAIN))).status_code == 201
        session = (await signing_in(again, TECHNICIAN)).json()["session"]
        assert desk.core.state.accesses["r1"].session == session, "the same session goes on"
        assert (await client.get("/api/v1/restock")).status_code == 401, "the old token is of no use any more"


@virtual
async def test_a_drawer_found_open_asks_who_is_there() -> None:
    """'I am Ana' goes on with her PIN; 'I am someone else' closes it, blames nobody, and the next person takes what they need."""
    async with open_desk() as desk, screen(desk, NURSE) as browser:
        await browser.post("/accesses", data={"id": "w1", "kind": "withdraw", "order": order_of(desk, PLAIN)})
        await desk.calm()
        await asyncio.sleep(61)
        page = (await browser.get("/accesses/w1")).text
        assert "I am Ana Reyes" in page
        assert "I am someone else: close it" in page
        assert "Badge and PIN do not match." in (await browser.post("/found-open/mine", data={"secret": "000000"})).text
        page = (await browser.post("/found-open/mine", data={"secret": PIN})).text
        assert "I am someone else" not in page
        await asyncio.sleep(61)
        page = (await browser.post("/found-open/other", data={"badge": f"badge-{OTHER_NURSE}", "secret": PIN})).text
        assert "Ben Okafor" in page
        assert desk.core.state.accesses["w1"].phase == "incomplete"
        assert desk.core.state.lines[desk.core.state.accesses["w1"].pocket].owes
        taken = await browser.post("/accesses", data={"id": "w2", "kind": "withdraw", "order": order_of(desk, PLAIN)})
        assert taken.status_code == 200
        assert [one.staff for one in desk.core.state.sessions.values()] == [OTHER_NURSE]


@virtual
async def test_whose_time_ran_out_with_a_drawer_open_still_reads_what_was_recorded_once_it_is_shut() -> None:
    """Time-outs lose nothing: who it was is asked for the policy's short time, the bar counts it, and then nobody's data stand there."""
    async with open_desk() as desk, screen(desk, NURSE) as browser:
        await left_open_and_shut(desk, browser)
        await asyncio.sleep(10)
        page = await browser.get("/accesses/w1", headers={"kiosk-refresh": "1"})
        assert "What Ana Reyes took is recorded." in page.text
        assert re.search(r'data-left-s="[1-5]"', page.text), "and the bar says for how long"
        assert "removed." in (await browser.post("/found-open/mine", data={"secret": PIN})).text
    async with open_desk() as desk, screen(desk, NURSE) as browser:
        await left_open_and_shut(desk, browser)
        await asyncio.sleep(16)
        assert "Sign in" in (await browser.get("/accesses/w1", headers={"kiosk-refresh": "1"})).text
        assert not desk.core.state.sessions


@virtual
async def test_whoever_pushes_a_drawer_shut_that_another_left_open_reads_nothing_of_hers_and_takes_her_place() -> None:
    """A hand at the drawer proves nobody: neither the patient nor the question how many were taken comes back without her PIN."""
    async with open_desk() as desk, screen(desk, NURSE) as browser:
        await browser.post("/accesses", data={"id": "w1", "kind": "withdraw", "order": order_of(desk, PLAIN)})
        await desk.calm()
        await asyncio.sleep(100)
        await desk.shut()
        page = (await browser.get("/accesses/w1", headers={"kiosk-refresh": "1"})).text
        assert "A drawer was left open" in page
        assert "Eleanor" not in page
        assert "How many" not in page
        page = (await browser.post("/found-open/other", data={"badge": f"badge-{OTHER_NURSE}", "secret": PIN})).text
        assert "Ben Okafor" in page
        assert [one.staff for one in desk.core.state.sessions.values()] == [OTHER_NURSE]
        assert desk.core.state.lines[desk.core.state.accesses["w1"].pocket].owes


async def left_open_and_shut(desk: Desk, browser: httpx.AsyncClient) -> None:
    """One is removed and said so; the time ran out at 60 s, and the drawer is shut before it is looked at again at 120 s."""
    await browser.post("/accesses", data={"id": "w1", "kind": "withdraw", "order": order_of(desk, PLAIN)})
    await desk.calm()
    await browser.post("/accesses/w1/confirm", data={"units": desk.core.state.accesses["w1"].units})
    await asyncio.sleep(119)
    await desk.shut()


@virtual
async def test_a_drawer_that_is_shut_late_leaves_time_to_say_how_many_were_taken() -> None:
    """What is still asked is asked for an idle time from then on; nobody owes a count because a timer rang as the drawer shut."""
    async with open_desk() as desk, screen(desk, NURSE) as browser:
        await browser.post("/accesses", data={"id": "w1", "kind": "withdraw", "order": order_of(desk, PLAIN)})
        await desk.calm()
        await asyncio.sleep(119)
        await desk.shut()
        await asyncio.sleep(50)
        await browser.post("/accesses/w1/confirm", data={"units": desk.core.state.accesses["w1"].units})
        assert desk.core.state.accesses["w1"].phase == "settled"


@virtual
async def test_a_screen_that_began_anew_asks_the_same_of_a_drawer_that_is_open() -> None:
    """The browser was started again and knows nobody: the drawer is open all the same, and its patient is on no page."""
    async with open_desk() as desk, screen(desk, NURSE) as browser, stranger(desk) as anew:
        anew.headers["Sec-Fetch-Site"], anew.follow_redirects = "same-origin", True
        await browser.post("/accesses", data={"id": "w1", "kind": "withdraw", "order": order_of(desk, PLAIN)})
        await desk.calm()
        assert "I am Ana Reyes" not in (await anew.get("/")).text, "she stands before it"
        await asyncio.sleep(61)
        page = (await anew.get("/")).text
        assert "I am Ana Reyes" in page
        assert "I am someone else: close it" in page
        assert "Eleanor" not in page
        back = await anew.post("/found-open/mine", data={"secret": PIN})
        assert (back.url.path, "How many did you take?" in back.text) == ("/accesses/w1", True)


@virtual
async def test_a_witness_is_recognised_for_one_act_and_gets_no_session() -> None:
    """Sessions left open after witnessing were used under the wrong name elsewhere."""
    async with open_desk() as desk:
        reception = desk.app.state.floor.reception
        found = await reception.witness(badge=f"badge-{OTHER_NURSE}", staff_id=None, secret=PIN)
        assert found == (OTHER_NURSE, ("badge", "secret"))
        assert desk.core.state.sessions == {}


@virtual
async def test_a_technician_steps_aside_at_the_screen_and_comes_back_to_the_same_refill() -> None:
    """One touch gives the screen to the nurse; her sign-in covers the refill, and badge and PIN bring it back."""
    async with open_desk() as desk, screen(desk, TECHNICIAN) as browser:
        await browser.post("/accesses", data={"id": "r1", "kind": "refill", "pocket": desk.pocket_of(PLAIN), "units": "1"})
        await desk.calm()
        access = desk.core.state.accesses["r1"]
        while "count_before" in desk.core.asks(access):
            await browser.post("/accesses/r1/count", data={"units": str(desk.units_in(access.pocket))})
        await browser.post("/accesses/r1/confirm", data={"units": "1"})
        await desk.shut()
        assert "Sign in" in (await browser.post("/step-aside")).text
        assert "Ana Reyes" in (await browser.post("/sign-in", data={"badge": f"badge-{NURSE}", "secret": PIN})).text
        session = desk.core.state.sessions[access.session]
        assert session.is_covered
        await browser.post("/sign-out")
        await browser.post("/sign-in", data={"badge": f"badge-{TECHNICIAN}", "secret": PIN})
        assert not session.is_covered
        assert access.phase == "settled"

"""Stories of a drawer that lets people down: another pocket opens, what does not close holds nobody up, and the nurse brings it back."""

import asyncio

from cabinet.kiosk.access_screen import access_screen
from tests.domain.kind_bench import code
from tests.domain.ward import Ward
from tests.stories.caller import asked, screen, script, touched
from tests.stories.desk import CHARGE, NURSE, OTHER_NURSE, TECHNICIAN, Desk, open_desk
from tests.stories.test_kiosk_pages import PATIENT, PLAIN, form_of
from tests.virtual import virtual

CRITICAL = "naloxone-0-4-vial"
"""Stands in two drawers, behind locks on two lines."""


def lock_of(desk: Desk, pocket: str) -> str:
    """The lock of the drawer that a pocket is in."""
    layout = desk.world.layout
    return layout.drawer_of(layout.pockets[pocket]).lock.name  # type: ignore[index]


def closes(desk: Desk, lock: str) -> None:
    """A hand shuts one drawer."""
    desk.hardware.shut(desk.world.layout.locks[lock])


async def jammed(desk: Desk, client: object) -> str:
    """A nurse asks for naloxone, and its first drawer does not open at three pulses; returns its lock."""
    pocket = desk.pocket_of(CRITICAL)
    lock = lock_of(desk, pocket)
    desk.hardware.jammed.add(lock)
    await asked(client, kind="withdraw", pocket=pocket, units=1, patient=PATIENT)  # type: ignore[arg-type]
    for _ in range(2):
        await asyncio.sleep(3.5)
        await client.post("/api/v1/accesses/a1/confirm", json={"step": "open"})  # type: ignore[attr-defined]
    await asyncio.sleep(3.5)
    await desk.calm()
    return lock


@virtual
async def test_a_script_follows_a_withdrawal_to_the_second_pocket() -> None:
    """Ward, the first three minutes, 1:10: jammed in mid-withdrawal; what was recorded is said, the second pocket opens."""
    async with open_desk() as desk, script(desk, NURSE) as client:
        lock = await jammed(desk, client)
        first = (await client.get("/api/v1/accesses/a1")).json()
        assert (first["phase"], first["code"], first["moved_to"]) == ("cancelled", "drawer.failed", "a1-m2")
        assert first["recorded"] == "Nothing was taken; the drawer is marked as failed."
        second = (await client.get("/api/v1/accesses/a1-m2")).json()
        assert (second["phase"], second["moved_from"], second["instead_of"]) == ("open", "a1", first["pocket"])
        assert lock_of(desk, second["pocket"]) != lock
        done = await client.post("/api/v1/accesses/a1-m2/confirm", json={"units": 1})
        assert done.status_code == 200
        await desk.shut()
        assert (await client.get("/api/v1/accesses/a1-m2")).json()["phase"] == "settled"
        assert (await client.get("/api/v1/debts")).json() == []


@virtual
async def test_a_nurse_brings_the_drawer_back_in_guided_steps() -> None:
    """Under thirty seconds: look and free, push home, one pulse, shut; then what is behind it is counted."""
    async with open_desk() as desk, screen(desk, NURSE) as browser, script(desk, NURSE) as client:
        lock = await jammed(desk, client)
        await desk.shut()
        began = asyncio.get_running_loop().time()
        page = (await browser.get("/attention")).text
        assert "This drawer was released several times and did not open." in page
        assert f"/drawers/{lock}/recovery" in page
        assert "You will find:" not in page
        page = (await browser.get(f"/drawers/{lock}/recovery")).text
        assert "Then have it tried." in page
        await asyncio.sleep(8)
        desk.hardware.jammed.clear()
        await browser.post(f"/drawers/{lock}/trial")
        await asyncio.sleep(1)
        assert "Now push it shut." in (await browser.get(f"/drawers/{lock}/recovery")).text
        await asyncio.sleep(2)
        closes(desk, lock)
        await desk.calm()
        page = (await browser.get(f"/drawers/{lock}/recovery")).text
        assert "works again" in page
        assert asyncio.get_running_loop().time() - began < 30
        assert (await client.get("/api/v1/faults")).json() == []
        counting = await touched(browser, form_of(page, "count"))
        await desk.calm()
        assert desk.core.state.accesses[counting.url.path.removeprefix("/accesses/")].kind == "count"


@virtual
async def test_a_try_in_vain_is_said_plainly_and_is_for_the_technician() -> None:
    """Nobody is sent round in circles."""
    async with open_desk() as desk, screen(desk, NURSE) as browser, script(desk, NURSE) as client:
        lock = await jammed(desk, client)
        await browser.post(f"/drawers/{lock}/trial")
        await asyncio.sleep(3.5)
        page = (await browser.get(f"/drawers/{lock}/recovery")).text
        assert "It was tried once and did not open." in page
        assert "Try it again" in page
        async with screen(desk, TECHNICIAN) as technician:
            page = (await technician.get("/attention")).text
            assert "You will find:" in page
            assert "tried in vain: 1" in page


@virtual
async def test_policy_says_who_brings_a_drawer_back() -> None:
    """A nurse frees what failed under their own hands; the charge nurse any."""
    async with open_desk() as desk, script(desk, NURSE) as client, script(desk, OTHER_NURSE) as other, script(desk, CHARGE) as charge:
        lock = await jammed(desk, client)
        refused = await other.post(f"/api/v1/faults/{lock}/trial")
        assert (refused.status_code, refused.json()["code"]) == (403, "policy.recovery")
        async with screen(desk, OTHER_NURSE) as browser:
            assert "Your role may not bring this drawer back." in (await browser.get(f"/drawers/{lock}/recovery")).text
        assert (await charge.post(f"/api/v1/faults/{lock}/trial")).status_code == 200


@virtual
async def test_after_the_first_miss_the_screen_offers_the_other_drawer() -> None:
    """Three seconds are enough for somebody with a patient who does not breathe."""
    async with open_desk() as desk, screen(desk, NURSE) as browser:
        pocket = desk.pocket_of(CRITICAL)
        desk.hardware.jammed.add(lock_of(desk, pocket))
        await touched(browser, {"id": "a1", "kind": "withdraw", "pocket": pocket, "units": "1", "patient": PATIENT})
        await asyncio.sleep(3.5)
        page = (await browser.get("/accesses/a1")).text
        assert "Take it from Drawer 2" in page
        answer = await browser.post("/accesses/a1/elsewhere")
        await desk.calm()
        assert answer.url.path == "/accesses/a1-m2"
        assert "How many did you take?" in (await browser.get(answer.url.path)).text


@virtual
async def test_without_another_pocket_the_screen_says_where_else_and_how_to_bring_it_back() -> None:
    """The pharmacy is told, and the nurse is not left with a dead end."""
    async with open_desk() as desk, screen(desk, NURSE) as browser:
        pocket = desk.pocket_of(PLAIN)
        lock = lock_of(desk, pocket)
        desk.hardware.jammed.add(lock)
        await touched(browser, {"id": "a1", "kind": "withdraw", "pocket": pocket, "units": "1", "patient": PATIENT})
        for _ in range(2):
            await asyncio.sleep(3.5)
            await browser.post("/accesses/a1/open")
        await asyncio.sleep(3.5)
        page = (await browser.get("/accesses/a1")).text
        assert "No other drawer here has it ready to take." in page
        assert "the pharmacy has been told" in page
        assert f'href="/drawers/{lock}/recovery">Bring Drawer 1 back' in page


@virtual
async def test_it_did_open_and_the_cabinet_did_not_see_it() -> None:
    """The drug is in the nurse's hand: it is stated, the pocket owes a count, the contact is the technician's."""
    async with open_desk() as desk, screen(desk, NURSE) as browser, script(desk, NURSE) as client:
        pocket = desk.pocket_of(PLAIN)
        desk.hardware.jammed.add(lock_of(desk, pocket))
        await touched(browser, {"id": "a1", "kind": "withdraw", "pocket": pocket, "units": "1", "patient": PATIENT})
        await asyncio.sleep(3.5)
        before = desk.units_in(pocket)
        page = (await browser.post("/accesses/a1/opened")).text
        assert "How many did you take?" in page
        await browser.post("/accesses/a1/confirm", data={"units": "2"})
        assert desk.core.state.accesses["a1"].phase == "settled"
        assert desk.units_in(pocket) == before - 2
        done = (await browser.get("/accesses/a1")).text
        for said in (
            "The cabinet cannot see whether this drawer is open.",
            "keep it in sight",
            "The technicians&#39; list has it",
            "sensor.dead",
        ):
            assert said in done
        assert [fault["code"] for fault in (await client.get("/api/v1/faults")).json()] == ["sensor.dead"]


@virtual
async def test_a_drawer_that_does_not_close_lets_everybody_go_on() -> None:
    """The nurse states what they took, signs out, and the next one gets what they came for; the open drawer is said aloud."""
    async with open_desk() as desk, screen(desk, NURSE) as browser:
        pocket = desk.pocket_of(PLAIN)
        lock = lock_of(desk, pocket)
        await touched(browser, {"id": "a1", "kind": "withdraw", "pocket": pocket, "units": "1", "patient": PATIENT})
        await desk.calm()
        page = (await browser.post("/accesses/a1/confirm", data={"units": "1"})).text
        assert "Drawer 1 does not close</button>" in page
        too_early = await browser.post(f"/drawers/{lock}/stuck", data={"access": "a1"})
        assert (too_early.status_code, "This drawer was opened only just now. (15 s more)" in too_early.text) == (409, True)
        await asyncio.sleep(16)
        page = (await browser.post(f"/drawers/{lock}/stuck", data={"access": "a1"})).text
        assert "removed" in page
        assert "Drawer 1 does not close: keep it in sight." in page
        assert (await browser.post("/sign-out")).status_code == 200
        async with screen(desk, OTHER_NURSE) as other:
            wish = {"id": "b1", "kind": "withdraw", "item": CRITICAL, "units": "1", "patient": PATIENT}
            answer = await touched(other, wish)
            await desk.calm()
            assert "How many did you take?" in (await other.get(answer.url.path)).text


@virtual
async def test_the_next_person_may_say_it_of_a_drawer_that_was_left() -> None:
    """Who left it open is blamed for nothing: the pocket owes a count."""
    async with open_desk() as desk, screen(desk, NURSE) as browser:
        pocket = desk.pocket_of(PLAIN)
        await touched(browser, {"id": "a1", "kind": "withdraw", "pocket": pocket, "units": "1", "patient": PATIENT})
        await asyncio.sleep(61)
        async with screen(desk, OTHER_NURSE) as other:
            page = (await other.get("/attention")).text
            assert "This drawer has been open for too long." in page
            await other.post(f"/drawers/{lock_of(desk, pocket)}/stuck")
        assert desk.core.state.accesses["a1"].phase == "incomplete"
        assert desk.core.state.lines[pocket].owes


@virtual
async def test_how_the_locks_work_is_a_page_and_an_answer() -> None:
    """Cycles, times and misses of each lock, for whoever plans the next visit."""
    async with open_desk() as desk, screen(desk, TECHNICIAN) as browser, script(desk, NURSE) as client:
        await jammed(desk, client)
        rows = {row["where"]: row for row in (await client.get("/api/v1/locks")).json()}
        assert (rows["Drawer 1"]["state"], rows["Drawer 1"]["misses_percent"]) == ("failed", 100)
        assert (rows["Drawer 2"]["cycles"], rows["Drawer 2"]["early_ms"]) == (1, None)
        page = (await browser.get("/locks")).text
        assert "How the locks work" in page
        assert "100 %" in page


@virtual
async def test_every_fault_of_a_drawer_offers_try_again_did_open_did_not_open_and_help() -> None:
    """What happened, what was recorded, what to do now and who was told; nobody is kept for the second and third try."""
    async with open_desk() as desk, screen(desk, NURSE) as browser:
        lock = lock_of(desk, desk.pocket_of(PLAIN))
        desk.hardware.jammed.add(lock)
        await touched(browser, {"id": "a1", "kind": "withdraw", "pocket": desk.pocket_of(PLAIN), "units": "1", "patient": PATIENT})
        await asyncio.sleep(3.5)
        page = (await browser.get("/accesses/a1")).text
        for said in ("Try again", "It did open", "It did not open: stop trying", "Call for help"):
            assert said in page
        for said in ("did not open. Try 1 of 3.", "The try was recorded.", "Nobody else has been told yet."):
            assert said in page
        called = (await browser.post(f"/drawers/{lock}/help", data={"back": "/accesses/a1"})).text
        assert "Help was called at" in called
        assert "Call for help" not in called
        ended = (await browser.post("/accesses/a1/not-opened")).text
        for said in ("Nothing was taken; the drawer is marked as failed.", "The technicians&#39; list has it", f"/drawers/{lock}/recovery"):
            assert said in ended
        assert "Help was called at" in ended
        async with screen(desk, TECHNICIAN) as technician:
            assert "Somebody who stands before this drawer called for help." in (await technician.get("/attention")).text


@virtual
async def test_it_did_not_open_goes_on_at_the_other_pocket_at_once() -> None:
    """As the third miss would, two pulses sooner."""
    async with open_desk() as desk, script(desk, NURSE) as client:
        pocket = desk.pocket_of(CRITICAL)
        desk.hardware.jammed.add(lock_of(desk, pocket))
        await asked(client, kind="withdraw", pocket=pocket, units=1, patient=PATIENT)
        await asyncio.sleep(3.5)
        moved = (await client.post("/api/v1/accesses/a1/confirm", json={"step": "not_opened"})).json()
        assert (moved["phase"], moved["code"], moved["moved_to"]) == ("cancelled", "drawer.failed", "a1-m2")
        (answer,) = (await client.post(f"/api/v1/drawers/{lock_of(desk, pocket)}/help")).json()[1:]
        assert answer["code"] == "help.called"


def test_a_board_that_falls_silent_in_mid_access_is_said_on_its_screen() -> None:
    """The nurse states what they took, and is told that nobody sees the drawer close, instead of waiting for it."""
    ward = Ward()
    ward.signs_in("nina")
    ward.wants("withdraw", "p1")
    ward.opens("locks:0")
    assert access_screen(ward.core, ward.access(), 0, ward.now).unseen == ""
    ward.loses("locks")
    assert "cannot see matrix" in access_screen(ward.core, ward.access(), 0, ward.now).unseen
    ward.states(2)
    assert "you may go on or sign out" in access_screen(ward.core, ward.access(), 0, ward.now).unseen
    assert code(ward.signs_out()) == ""
    assert ward.line("p1").owes

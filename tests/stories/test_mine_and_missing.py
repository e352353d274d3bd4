"""Stories of the ward's list with my patients first, and of what is not there: where else it is, and asking for a refill."""

from cabinet.adapters.report import restock_report
from cabinet.domain.facts import RefillAsked
from tests.stories.caller import screen, script
from tests.stories.desk import NURSE, OTHER_NURSE, TECHNICIAN, demo_world, open_desk
from tests.stories.manual import done, facts
from tests.virtual import virtual

PATIENT, OTHER = "p-301", "p-302"
PLAIN = "acetaminophen-325-tab"


@virtual
async def test_my_patients_stand_first_and_the_area_after_them() -> None:
    """One touch on the list; the page of the patient says the same, and so do scripts. A colleague's list is their own."""
    async with open_desk() as desk, screen(desk, NURSE) as page, screen(desk, OTHER_NURSE) as other, script(desk, NURSE) as client:
        first = (await page.get("/")).text
        assert "My patients" not in first
        shown = (await page.post(f"/patients/{OTHER}/mine", data={"back": "/"})).text
        mine, _, area = shown.partition("Unit: medical-surgical")
        assert f"/patients/{OTHER}/not-mine" in mine
        assert f"/patients/{PATIENT}/mine" in area
        assert 'aria-pressed="true"' in (await page.get(f"/patients/{OTHER}")).text
        listed = (await client.get("/api/v1/patients")).json()
        assert [one["id"] for one in listed if one["is_mine"]] == [OTHER] == [listed[0]["id"]]
        assert "My patients" not in (await other.get("/")).text
        assert (await client.delete(f"/api/v1/patients/{OTHER}/mine")).json() == []
        assert "My patients" not in (await page.get("/")).text


@virtual
async def test_whom_i_served_is_mine_without_a_touch_until_i_let_them_go() -> None:
    """Nobody keeps a list who already showed whom they look after."""
    async with open_desk() as desk, script(desk, NURSE) as client, screen(desk, NURSE) as page:
        await done(desk, client, "a1", kind="withdraw", item=PLAIN, units=1, patient=PATIENT)
        assert "My patients" in (await page.get("/")).text
        back = await page.post(f"/patients/{PATIENT}/not-mine", data={"back": f"/patients/{PATIENT}"})
        assert back.url.path == f"/patients/{PATIENT}"
        assert "My patients" not in (await page.get("/")).text


@virtual
async def test_a_touch_leads_back_to_this_kiosk_and_nowhere_else() -> None:
    """A page from elsewhere may not send the screen to its own address."""
    async with open_desk() as desk, screen(desk, NURSE) as page:
        for address in ("//elsewhere.example/", "https://elsewhere.example/", "/\\elsewhere.example"):
            answer = await page.post(f"/patients/{PATIENT}/mine", data={"back": address})
            assert (answer.status_code, answer.url.host) == (422, page.base_url.host)


@virtual
async def test_a_row_whose_item_is_out_says_where_else_it_is_and_asks_for_a_refill() -> None:
    """Nobody stands before "The pocket is empty." with nothing to do."""
    async with open_desk(demo_world({PLAIN: 0})) as desk, screen(desk, NURSE) as page:
        shown = (await page.get(f"/patients/{PATIENT}")).text
        assert "The pocket is empty." in shown
        assert "No other pocket of this cabinet has it." in shown
        assert "Which other cabinet has it is not known here: ask the pharmacy." in shown
        pocket = desk.pocket_of(PLAIN)
        answer = await page.post(f"/pockets/{pocket}/refill-ask", data={"back": f"/patients/{PATIENT}"})
        assert answer.url.path == f"/patients/{PATIENT}"
        assert "Refill asked for by Ana Reyes at" in answer.text
        assert f"/pockets/{pocket}/refill-ask" not in answer.text


@virtual
async def test_an_ask_goes_up_once_and_the_technician_sees_who_waits() -> None:
    """In the fact with its asker, in the retained report without; first among what is as urgent; gone once something is put in."""
    async with open_desk(demo_world({PLAIN: 0})) as desk, script(desk, NURSE) as nurse, script(desk, OTHER_NURSE) as other:
        pocket = desk.pocket_of(PLAIN)
        await nurse.post(f"/api/v1/pockets/{pocket}/refill-ask")
        needs = (await other.post(f"/api/v1/pockets/{pocket}/refill-ask")).json()
        assert (needs[0]["pocket"], needs[0]["asked_by"]) == (pocket, NURSE)
        assert len(facts(desk, RefillAsked)) == 1
        report = restock_report(desk.core, 1, desk.controller.clock.now())
        assert [need.asked_at for need in report.needs if need.pocket == pocket] == [needs[0]["asked_at"]]
        async with screen(desk, TECHNICIAN) as page:
            assert "Refill asked for by Ana Reyes" in (await page.get("/refill")).text
        async with script(desk, TECHNICIAN) as technician:
            await done(desk, technician, "r1", kind="refill", pocket=pocket, units=5)
            assert all(need["asked_by"] is None for need in (await technician.get("/api/v1/restock")).json())


@virtual
async def test_what_holds_enough_is_not_asked_for() -> None:
    """And says what to do where fewer are found."""
    async with open_desk() as desk, script(desk, NURSE) as client:
        answer = await client.post(f"/api/v1/pockets/{desk.pocket_of(PLAIN)}/refill-ask")
        assert (answer.status_code, answer.json()["code"]) == (409, "refill.not_low")
        assert "count it" in answer.json()["remedy"]


@virtual
async def test_where_else_names_the_other_pockets_and_the_nearest_cabinet_by_its_list() -> None:
    """Another pocket here first; of other cabinets what the site's file says, as such."""
    async with open_desk() as desk, script(desk, NURSE) as client:
        places = {line.pocket for line in desk.core.state.lines.values() if line.item == "naloxone-0-4-vial"}
        first = min(places)
        found = (await client.get("/api/v1/items/naloxone-0-4-vial/elsewhere", params={"besides": first})).json()
        assert {place["pocket"] for place in found["here"]} == places - {first} != set()
        absent = (await client.get("/api/v1/items/vecuronium-10-vial/elsewhere")).json()
        assert (absent["here"], absent["beyond"]) == ([], "Nearest other cabinet: Intensive Care, second floor (by its list).")


@virtual
async def test_the_last_one_taken_offers_the_ask_where_it_was_taken() -> None:
    """Who empties a pocket knows it first."""
    async with open_desk(demo_world({PLAIN: 1})) as desk, script(desk, NURSE) as client, screen(desk, NURSE) as page:
        await done(desk, client, "a1", kind="withdraw", item=PLAIN, units=1, patient=PATIENT)
        assert "Ask for a refill" in (await page.get("/accesses/a1")).text

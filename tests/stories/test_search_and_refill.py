"""Stories of the search that cannot show the wrong drug, and of a refill line that waits for a pharmacist and resumes."""

import httpx

from tests.stories.caller import asked, screen, script
from tests.stories.desk import NURSE, PHARMACIST, TECHNICIAN, open_desk
from tests.virtual import virtual

PATIENT, POCKET, ITEM = "p-301", "m1-01", "acetaminophen-325-tab"
UNKNOWN = "]E0" + "4012345678901"
KEY = "gtin:04012345678901"


async def found(client: httpx.AsyncClient, letters: str, purpose: str = "override") -> dict[str, object]:
    """What the search answers."""
    answer = await client.get("/api/v1/items", params={"q": letters, "for": purpose})
    assert answer.status_code == 200, answer.text
    body: dict[str, object] = answer.json()
    return body


@virtual
async def test_ve_on_override_offers_no_vecuronium_and_versed_leads_to_midazolam() -> None:
    """The Vanderbilt case at the cabinet's own API: two letters, a list judged over the whole hospital, and the brand that was meant."""
    async with open_desk() as desk, script(desk, NURSE) as client:
        two = await found(client, "VE")
        assert (two["items"], two["needs_more_letters"]) == ([], True)
        versed = await found(client, "VERSED")
        assert [item["id"] for item in versed["items"]] == ["midazolam-2-vial"]  # type: ignore[attr-defined]
        vecuronium = await found(client, "vecuronium")
        assert vecuronium["items"] == []
        assert vecuronium["message"] == "vecuronium (Norcuron) is not in this cabinet; nearest: Intensive Care, second floor (by its list)."


@virtual
async def test_rocuronium_is_the_kit_and_the_kit_is_two_touches_away() -> None:
    """The letters "ro" offer nobody Romazicon; the kit stands on the override's screen before a letter is typed."""
    async with open_desk() as desk, script(desk, NURSE) as client:
        assert (await found(client, "ro"))["items"] == []
        whole = await found(client, "rocuronium")
        assert [item["id"] for item in whole["items"]] == ["rsi-kit"]  # type: ignore[attr-defined]
        assert whole["message"] == "rocuronium (Zemuron) is here in the rapid sequence intubation kit."
        assert [item["id"] for item in (await found(client, ""))["pinned"]] == ["rsi-kit"]  # type: ignore[attr-defined]
        async with screen(desk, NURSE) as page:
            shown = (await page.get(f"/patients/{PATIENT}/find?for=override")).text
            assert f"/patients/{PATIENT}/items/rsi-kit?for=override" in shown
            assert "rocuronium" not in shown


@virtual
async def test_a_slip_is_answered_in_words_that_still_have_to_be_typed() -> None:
    """Nothing to touch."""
    async with open_desk() as desk, screen(desk, NURSE) as page:
        shown = (await page.get(f"/patients/{PATIENT}/find", params={"q": "metroprolol"})).text
        assert "Did you mean metoprolol" in shown
        assert f"/patients/{PATIENT}/items/" not in shown.partition("Without letters")[0]


@virtual
async def test_an_unknown_code_parks_its_line_and_the_line_resumes_once_it_is_linked() -> None:
    """One touch by the technician, one comparison by the pharmacist; nobody runs out of anything for a bar code."""
    async with open_desk() as desk, script(desk, TECHNICIAN) as technician, script(desk, PHARMACIST) as pharmacist:
        await asked(technician, kind="refill", pocket=POCKET, units=10)
        await desk.calm()
        refused = await technician.post("/api/v1/accesses/a1/scan", json={"code": UNKNOWN})
        assert refused.json()["code"] == "scan.unknown"
        assert (await technician.post("/api/v1/accesses/a1/park")).status_code == 200
        await desk.shut()
        (waiting,) = (await pharmacist.get("/api/v1/parked")).json()
        assert (waiting["key"], waiting["pocket"], waiting["stands"]) == (KEY, POCKET, "waiting")
        assert (await technician.post(f"/api/v1/parked/{KEY}/link", json={"item": ITEM})).status_code == 403
        linked = await pharmacist.post(f"/api/v1/parked/{KEY}/link", json={"item": ITEM})
        assert linked.json()[0]["stands"] == "linked"


@virtual
async def test_could_not_fill_is_said_with_one_touch_and_stands_beside_the_line() -> None:
    """The pharmacy reads why, and the next technician too."""
    async with open_desk() as desk, screen(desk, TECHNICIAN) as page, script(desk, TECHNICIAN) as client:
        said = await page.post("/pockets/n1-08/not-filled", data={"reason": "not_in_bag"})
        assert said.status_code == 200
        assert "Not filled: not in the bag." in said.text
        (why,) = (await client.get("/api/v1/unfilled")).json()
        assert (why["pocket"], why["reason"]) == ("n1-08", "not_in_bag")


@virtual
async def test_the_kits_of_the_ward_are_known_by_their_tags() -> None:
    """Two sealed trays, what is in them, and when the first of it expires."""
    async with open_desk() as desk, screen(desk, NURSE) as page, script(desk, NURSE) as client:
        kits = (await client.get("/api/v1/kits")).json()
        assert [(kit["tag"], kit["pocket"], kit["stands"]) for kit in kits] == [("00417", "n1-07", "sealed"), ("00418", "n1-07", "sealed")]
        assert "Tag 00417" in (await page.get("/kits")).text


@virtual
async def test_an_order_set_is_one_choice_and_its_items_are_taken_one_after_another() -> None:
    """The first is due; the next waits until it is done."""
    async with open_desk() as desk, screen(desk, NURSE) as page:
        shown = (await page.get(f"/patients/{PATIENT}/sets/opioid-reversal")).text
        assert shown.count('action="/accesses"') == 1
        assert "naloxone" in shown
        assert (await page.get(f"/patients/{PATIENT}/sets/none")).status_code == 404
        patient = (await page.get(f"/patients/{PATIENT}")).text
        assert f"/patients/{PATIENT}/sets/opioid-reversal?for=override" in patient, "one touch from the patient"
        shown = (await page.get(f"/patients/{PATIENT}/sets/opioid-reversal?for=override")).text
        wish = {"id": shown.split('name="id" value="')[1].split('"')[0], "kind": "withdraw", "item": "naloxone-0-4-vial", "units": "2"}
        assert 'value="Emergency"' in shown, "an override says why, a set too"
        taken = await page.post("/accesses", data={**wish, "patient": PATIENT, "authority": "override", "reason": "Emergency"})
        assert f"/accesses/{wish['id']}" in taken.text

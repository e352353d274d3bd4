"""Doses at the cabinet: what an order takes is worked out and shown, and what is not known is asked, on the pages and over the API.

Alone knows: what a nurse reads before a withdrawal. Must not know: how a dose is worked out (`tests/domain/test_dose_*`).
"""

import httpx

from cabinet.domain.facts import AccessRefused, AccessRequested
from cabinet.domain.vocabulary import ItemId
from tests.stories.caller import asked, screen, script
from tests.stories.desk import NURSE, OTHER_NURSE, open_desk
from tests.virtual import virtual


async def _orders(client: httpx.AsyncClient, patient: str) -> dict[str, dict[str, object]]:
    return {order["id"]: order for order in (await client.get(f"/api/v1/patients/{patient}/orders")).json()}


@virtual
async def test_an_order_tells_what_one_dose_takes_and_leaves_over() -> None:
    """2.3: half a lorazepam is a tablet and half a tablet to waste; half a metoprolol owes nothing."""
    async with open_desk() as desk, script(desk, NURSE) as client:
        half = (await _orders(client, "p-307"))["p-307-1"]
        assert (half["units"], half["left"], half["is_waste_owed"]) == (1, "0.5 tablet", True)
        metoprolol = (await _orders(client, "p-304"))["p-304-3"]
        assert (metoprolol["units"], metoprolol["left"], metoprolol["is_waste_owed"]) == (1, "0.5 tablet", False)


@virtual
async def test_a_range_is_chosen_before_a_pocket_opens() -> None:
    """Said "325 to 650 mg": nobody chooses for the nurse."""
    async with open_desk() as desk, script(desk, NURSE) as client:
        order = (await _orders(client, "p-309"))["p-309-3"]
        assert order["units"] is None
        asked = await client.post("/api/v1/accesses", json={"id": "a1", "kind": "withdraw", "order": "p-309-3"})
        assert (asked.status_code, asked.json()["code"]) == (422, "dose.which")
        assert desk.hardware.pulses == []
        granted = await client.post("/api/v1/accesses", json={"id": "a1", "kind": "withdraw", "order": "p-309-3", "amount": "650 mg"})
        assert (granted.status_code, granted.json()["units"]) == (201, 2)


@virtual
async def test_the_page_offers_the_doses_of_a_range_and_asks_for_a_weight() -> None:
    """Buttons where there is a choice, a field where there is none; the age of a weight stands beside a dose by weight."""
    async with open_desk() as desk, screen(desk, NURSE) as page:
        assert "Give 325 mg" in (shown := (await page.get("/patients/p-309")).text)
        assert "Give 650 mg" in shown
        asked = (await page.get("/patients/p-311")).text
        assert "What does Leila Farouk weigh, in kg?" in asked
        assert "since 2026-11-23 02:10" in asked
        form = {"id": "a1", "kind": "withdraw", "order": "p-311-3", "amount": "61"}
        again = await page.post("/accesses", data=form)
        assert (again.status_code, "61 of what? Type the weight of Leila Farouk with kg." in again.text) == (422, True)
        assert desk.hardware.pulses == []
        await page.post("/accesses", data=form | {"amount": "61 kg"})
        assert desk.core.state.accesses["a1"].units == 1
        assert desk.core.state.accesses["a1"].item == ItemId("heparin-5000-vial")


@virtual
async def test_a_warning_asks_for_its_act_and_the_page_goes_on_from_there() -> None:
    """Two nurses, one order: the second is told of the first, and says why; the reason stands in the journal."""
    async with open_desk() as desk, script(desk, NURSE) as client, screen(desk, OTHER_NURSE) as page:
        await asked(client, kind="withdraw", order="p-301-2")
        await desk.calm()
        await client.post("/api/v1/accesses/a1/confirm", json={"units": 2})
        await desk.shut()
        assert desk.core.state.accesses["a1"].phase == "settled"
        form = {"id": "b1", "kind": "withdraw", "order": "p-301-2"}
        warned = await page.post("/accesses", data=form)
        assert (warned.status_code, "This order was taken just now." in warned.text) == (428, True)
        assert 'name="answered" value="warning.already_taken"' in warned.text
        assert "b1" not in desk.core.state.accesses
        await page.post("/accesses", data=form | {"answered": "warning.already_taken", "answer": "the first two fell on the floor"})
        assert desk.core.state.accesses["b1"].units == 2
        facts = [entry.fact for entry in desk.journal.entries()]
        [refused] = [fact for fact in facts if isinstance(fact, AccessRefused)]
        assert refused.code == "warning.already_taken"
        assert (refused.item, refused.patient, refused.order) == ("acetaminophen-325-tab", "p-301", "p-301-2"), "an order names both"
        assert [fact for fact in facts if isinstance(fact, AccessRequested)][-1].acknowledged == [
            "warning.already_taken=the first two fell on the floor"
        ]

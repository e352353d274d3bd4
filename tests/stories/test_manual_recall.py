"""The manual, a recall: blocked at once, pulled with zero allowed, and a list of the patients who received it."""

from cabinet.domain.facts import UnitsMoved
from tests.stories.caller import asked, screen, script
from tests.stories.desk import NURSE, PHARMACIST, TECHNICIAN, demo_world, open_desk
from tests.stories.manual import code, done, facts
from tests.virtual import virtual

PATIENT, ITEM = "p-301", "acetaminophen-325-tab"
RECALL = {"id": "rc-1", "scope": "lot", "value": "L1", "item": ITEM, "why": "wrong label", "recall": "D-0123-2026"}


@virtual
async def test_a_recalled_lot_is_blocked_pulled_and_told_to_whom_it_went() -> None:
    """Ward, items: by lot; nobody takes it any more, the technician pulls it, the pharmacist prints who had it."""
    async with open_desk(demo_world({ITEM: 20})) as desk, script(desk, NURSE) as nurse:
        pocket = desk.pocket_of(ITEM)
        await done(desk, nurse, "w1", 2, kind="withdraw", order="p-301-2")
        async with script(desk, PHARMACIST) as pharmacist:
            [block] = (await pharmacist.post("/api/v1/quarantines", json=RECALL)).json()
            assert pocket in block["pockets"]
        await nurse.delete("/api/v1/sessions")
        async with script(desk, NURSE) as nurse_again:
            assert code(await asked(nurse_again, "w2", kind="withdraw", item=ITEM, units=1, patient="p-302")) == "stock.quarantined"
        async with script(desk, TECHNICIAN) as client, screen(desk, TECHNICIAN) as page:
            assert "wrong label" in (await page.get("/pulls")).text
            attention = (await page.get("/attention")).text
            assert "blocked: wrong label" in attention, "nobody has to open the pull list to learn that something waits on it"
            assert 'href="/pulls"' in attention
            listed = [one for one in (await client.get("/api/v1/pulls")).json() if one["pocket"] == pocket]
            assert [one["units"] for one in listed] == [18]
            await done(desk, client, "x1", 18, kind="expire", pocket=pocket)
            assert (facts(desk, UnitsMoved)[-1].target, desk.units_in(pocket)) == ("expired", 0)
            assert "wrong label" not in (await page.get("/attention")).text
        async with script(desk, PHARMACIST) as pharmacist:
            report = await pharmacist.get("/api/v1/reports/recipients", params={"format": "csv", "item": ITEM})
            assert report.status_code == 200, report.text
            assert "Eleanor Voss" in report.text


@virtual
async def test_found_none_is_an_answer_to_a_pull_and_who_may_lets_it_go_again() -> None:
    """Ward, items: zero is allowed, and what was found in order is the ward's again."""
    async with open_desk(demo_world({ITEM: 20})) as desk, script(desk, PHARMACIST) as pharmacist:
        pocket = desk.pocket_of(ITEM)
        await pharmacist.post("/api/v1/quarantines", json=RECALL)
        async with script(desk, TECHNICIAN) as client:
            view = await done(desk, client, "x1", 0, kind="expire", pocket=pocket)
            assert (view["phase"], desk.units_in(pocket)) == ("settled", 20)
        async with script(desk, NURSE) as nurse:
            assert code(await nurse.post("/api/v1/quarantines/rc-1/lift", json={"reason": "looks fine"})) == "policy.role"
        assert (await pharmacist.post("/api/v1/quarantines/rc-1/lift", json={"reason": "another lot, read by hand"})).json() == []
        async with script(desk, NURSE) as nurse:
            assert (await asked(nurse, "w1", kind="withdraw", order="p-301-2")).status_code == 201


@virtual
async def test_who_got_it_in_an_emergency_is_named_afterwards_and_found_by_the_recall() -> None:
    """Ward, nobody is kept from a medicine: no name in front of the drug, asked for on the page of what is owed; then the list is whole."""
    item = "naloxone-0-4-vial"
    async with open_desk(demo_world({item: 10})) as desk, script(desk, NURSE) as nurse, screen(desk, NURSE) as page:
        await done(desk, nurse, "e1", 1, kind="emergency", item=item)
        shown = (await page.get("/debts/order-e1")).text
        assert "For whom was it?" in shown
        named = (await page.post("/debts/order-e1/patient", data={"patient": "p-302"})).text
        assert "for Marcus Adeyemi" in named
        assert "For whom was it?" not in named
        assert "naloxone" in (await page.get("/patients/p-302/withdrawals")).text
        async with script(desk, PHARMACIST) as pharmacist:
            report = await pharmacist.get("/api/v1/reports/recipients", params={"format": "csv", "item": item})
            assert "Marcus Adeyemi" in report.text

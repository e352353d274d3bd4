"""The manual, unloading a pocket and emptying the return bin: what was expected, what was found, and who saw it."""

from cabinet.domain.facts import Account, DiscrepancyFound, PocketCounted, UnitsMoved, WitnessSigned
from tests.stories.caller import script
from tests.stories.desk import NURSE, PHARMACIST, TECHNICIAN, demo_world, open_desk
from tests.stories.manual import badge_of, begun, code, done, facts, said, seen
from tests.virtual import virtual

PLAIN, OPIOID, PATIENT = "acetaminophen-325-tab", "oxycodone-5-tab", "p-301"


@virtual
async def test_a_pocket_is_counted_and_emptied_and_has_no_item_afterwards() -> None:
    """Unloading: count, take all, and the pocket is free for another item."""
    async with open_desk(demo_world({PLAIN: 12})) as desk, script(desk, TECHNICIAN) as client:
        pocket = desk.pocket_of(PLAIN)
        view = await begun(desk, client, "u1", kind="unload", pocket=pocket, units=12, reason="not used")
        assert view["asks"] == ["count_before", "close"]
        await said(client, "u1", "count", units=12)
        await said(client, "u1", "confirm", units=12)
        await desk.shut()
        assert (await seen(client, "u1"))["phase"] == "settled"
        [counted] = facts(desk, PocketCounted)
        assert (counted.pocket, counted.counted, counted.expected) == (pocket, 12, 12)
        assert pocket not in desk.core.state.lines
        gone = facts(desk, UnitsMoved)[-1]
        assert (gone.units, gone.source, gone.target) == (12, Account.POCKET, Account.PHARMACY)


@virtual
async def test_a_controlled_pocket_is_unloaded_before_a_second_person_or_the_signature_is_owed() -> None:
    """Unloading, record: witness for controlled items."""
    async with open_desk(demo_world({OPIOID: 20})) as desk, script(desk, TECHNICIAN) as client:
        view = await done(desk, client, "u1", 20, kind="unload", item=OPIOID, sheet="out-1", reason="recall", witness=PHARMACIST)
        assert (view["phase"], view["witness"]) == ("settled", PHARMACIST)
        assert [signed.said for signed in facts(desk, WitnessSigned)] == ["20 tablet"]
    async with open_desk(demo_world({OPIOID: 20})) as desk, script(desk, TECHNICIAN) as client:
        view = await done(desk, client, "u1", 20, kind="unload", item=OPIOID, sheet="out-1", reason="recall")
        assert (view["phase"], [(debt.kind, debt.units_m) for debt in desk.core.state.debts.values()]) == ("settled", [("witness", 20_000)])


@virtual
async def test_who_witnesses_an_unload_signs_the_number_that_was_found_and_not_the_one_that_was_asked_for() -> None:
    """Witness 1, 5: what is signed names item, amount and reason; a pocket's amount is known once it is counted and taken out."""
    async with open_desk(demo_world({OPIOID: 20})) as desk, script(desk, TECHNICIAN) as client:
        view = await begun(desk, client, "u1", kind="unload", item=OPIOID, units=5, sheet="out-1", reason="recall")
        assert view["asks"] == ["count_before", "close"], "nobody signs for what nobody has counted"
        await said(client, "u1", "count", units=20)
        view = await said(client, "u1", "confirm", units=19)
        assert view["asks"] == ["witness", "close"]
        assert "19 tablets of oxyCODONE 5 mg" in view["message"]
        assert code(await client.post("/api/v1/accesses/u1/cancel")) == "access.not_now", "the number is in"
        await desk.shut()
        assert (await seen(client, "u1"))["phase"] == "closed", "it is over once it is signed"
        view = await said(client, "u1", "witness", **badge_of(PHARMACIST))
        assert (view["phase"], view["witness"]) == ("settled", PHARMACIST)
        assert [signed.said for signed in facts(desk, WitnessSigned)] == ["19 tablet"]


@virtual
async def test_a_number_stands_whose_person_leaves_before_it_is_signed() -> None:
    """Debts instead of dead ends: what was taken out was counted; only the signature is missing, and it is owed and names the number."""
    async with open_desk(demo_world({OPIOID: 20})) as desk:
        async with script(desk, TECHNICIAN) as client:
            await begun(desk, client, "u1", kind="unload", item=OPIOID, units=20, sheet="out-1", reason="recall")
            await said(client, "u1", "count", units=20)
            await said(client, "u1", "confirm", units=20)
            await desk.shut()
            assert (await client.delete("/api/v1/sessions")).status_code == 204
        assert desk.core.state.accesses["u1"].phase == "settled"
        [debt] = desk.core.state.debts.values()
        assert (debt.kind, debt.staff, debt.units_m) == ("witness", TECHNICIAN, 20_000)
        async with script(desk, TECHNICIAN) as client:
            await client.post(f"/api/v1/debts/{debt.id}/witness", json=badge_of(PHARMACIST))
        assert [signed.said for signed in facts(desk, WitnessSigned)] == ["20 tablet"]


@virtual
async def test_the_bin_is_emptied_against_what_was_laid_into_it_and_a_missing_unit_is_a_discrepancy() -> None:
    """Emptying the return bin: the list of what is expected, each counted, and the difference says so by itself."""
    async with open_desk() as desk:
        async with script(desk, NURSE) as client:
            await done(desk, client, "w1", 2, kind="withdraw", order="p-301-2")
            await begun(desk, client, "b1", kind="return", withdrawal="w1", units=2)
        async with script(desk, TECHNICIAN) as client:
            await begun(desk, client, "e1", kind="empty_bin", item=PLAIN, units=1)
            [found] = facts(desk, DiscrepancyFound)
            assert (found.pocket, found.expected, found.counted) == ("bin", 2, 1)
            assert desk.core.state.places.get("bin", {}).get(PLAIN, 0) == 0


@virtual
async def test_what_is_returned_is_no_stock_that_can_be_removed() -> None:
    """ISMP 2019, 6: the bin is isolated; the balance of the pocket does not rise by a return."""
    async with open_desk() as desk, script(desk, NURSE) as client:
        pocket = desk.pocket_of(PLAIN)
        await done(desk, client, "w1", 2, kind="withdraw", order="p-301-2")
        before = desk.units_in(pocket)
        await begun(desk, client, "b1", kind="return", withdrawal="w1", units=2)
        assert desk.units_in(pocket) == before

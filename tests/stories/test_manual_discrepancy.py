"""The manual, a discrepancy that nobody settles: it is put before others as it ages, and a notice of loss can be drawn up from it."""

import asyncio
from dataclasses import replace

from cabinet.domain.core import World
from cabinet.domain.facts import DiscrepancyEscalated
from cabinet.domain.policy import Policy
from tests.stories.caller import script
from tests.stories.desk import NURSE, OTHER_NURSE, PHARMACIST, TECHNICIAN, demo_world, open_desk
from tests.stories.manual import code, done, facts
from tests.virtual import virtual

OPIOID = "oxycodone-5-tab"
HOUR_S = 3600


def escalating(units: int) -> World:
    """The demo ward, where an open discrepancy is the charge nurse's after 8 hours and the pharmacy's after 24."""
    world = demo_world({OPIOID: units})
    rules = replace(world.policy.discrepancy, charge_nurse_s=8 * HOUR_S, pharmacy_s=24 * HOUR_S)
    policy: Policy = replace(world.policy, discrepancy=rules)
    return replace(world, policy=policy)


@virtual
async def test_one_that_nobody_settles_is_put_before_the_charge_nurse_and_then_the_pharmacy() -> None:
    """Discrepancy 4: it ages where everybody who may settle it sees it, and each hears of it once."""
    async with open_desk(escalating(30)) as desk:
        async with script(desk, NURSE) as client:
            await done(desk, client, "w1", 1, kind="withdraw", order="p-301-1", count=28)
        await asyncio.sleep(8 * HOUR_S + 60)
        assert [fact.to for fact in facts(desk, DiscrepancyEscalated)] == ["charge_nurse"]
        await asyncio.sleep(16 * HOUR_S)
        assert [fact.to for fact in facts(desk, DiscrepancyEscalated)] == ["charge_nurse", "pharmacy"]
        async with script(desk, PHARMACIST) as pharmacist:
            [open_one] = (await pharmacist.get("/api/v1/discrepancies")).json()
            assert (open_one["expected"], open_one["counted"]) == (30, 28)


@virtual
async def test_a_notice_of_loss_is_drawn_up_with_the_registration_and_names_nobody_as_its_cause() -> None:
    """21 CFR 1301.76(b), 1301.27: who may read who did what prints it; a nurse does not."""
    async with open_desk(demo_world({OPIOID: 30})) as desk:
        async with script(desk, NURSE) as client:
            await done(desk, client, "w1", 1, kind="withdraw", order="p-301-1", count=28)
            [found] = desk.core.state.discrepancies
            refused = await client.get("/api/v1/reports/loss", params={"format": "csv", "discrepancy": found})
            assert code(refused) == "policy.role"
        async with script(desk, PHARMACIST) as pharmacist:
            notice = (await pharmacist.get("/api/v1/reports/loss", params={"format": "csv", "discrepancy": found})).text
        for words in ("Example Hospital, 1 Main Street", "AB1234563", "2 tablet (10 mg)", "Likely candidate for diversion,____"):
            assert words in notice, words


@virtual
async def test_a_refill_that_was_typed_wrong_is_the_first_cause_to_look_for() -> None:
    """Discrepancy, causes: 12 were typed where 21 went in; the next count is nine over, and the cause names the refill."""
    world = demo_world({OPIOID: 20})
    without_sheets = replace(world.policy, custody=replace(world.policy.custody, sheet_classes=frozenset()))
    async with open_desk(replace(world, policy=without_sheets)) as desk:
        pocket = desk.pocket_of(OPIOID)
        async with script(desk, TECHNICIAN) as client:
            await done(desk, client, "r1", 12, kind="refill", pocket=pocket, lot="L9", expiry="2028-01-31")
        async with script(desk, OTHER_NURSE) as client:
            await done(desk, client, "w1", 1, kind="withdraw", order="p-301-1", count=41)
        async with script(desk, PHARMACIST) as pharmacist:
            [found] = desk.core.state.discrepancies
            one = (await pharmacist.get(f"/api/v1/discrepancies/{found}")).json()
        assert any("refill" in cause["sentence"].lower() for cause in one["causes"]), one["causes"]
        assert [row["kind"] for row in one["accesses"]] == ["refill", "withdraw"]

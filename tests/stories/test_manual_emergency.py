"""The manual, an emergency: two touches after the badge, and nothing in front of the drug; what was skipped is asked afterwards."""

from dataclasses import replace

from cabinet.domain.facts import UnitsMoved
from cabinet.domain.formulary import ControlClass
from cabinet.domain.people import Role
from cabinet.domain.witness import WitnessRule
from tests.stories.caller import asked, screen, script
from tests.stories.desk import NURSE, OTHER_NURSE, TECHNICIAN, demo_world, open_desk
from tests.stories.manual import badge_of, begun, code, entries, said, seen
from tests.virtual import virtual

PATIENT, OPIOID, SEDATIVE, KIT = "p-301", "oxycodone-5-tab", "midazolam-2-vial", "rsi-kit"
SHUT = "n1-01"


@virtual
async def test_the_kit_opens_while_a_technician_counts_in_the_same_drawer() -> None:
    """Ward, "Emergency access": a refill that takes its time in the narcotics drawer keeps nobody from the kit beside it."""
    async with open_desk() as desk, script(desk, TECHNICIAN) as technician, script(desk, NURSE) as nurse:
        view = await begun(desk, technician, "c1", kind="count", pocket=SHUT)
        assert (view["phase"], view["asks"]) == ("open", ["count_before", "close"])
        assert code(await asked(nurse, "w1", kind="withdraw", item=SEDATIVE, units=1, patient=PATIENT)) == "drawer.in_use"
        answer = await asked(nurse, "e1", kind="emergency", item=KIT, units=1, authority="emergency")
        assert answer.status_code == 201, answer.text
        await desk.calm()
        assert (await seen(nurse, "e1"))["phase"] == "open"
        await said(nurse, "e1", "confirm", units=1)
        await said(technician, "c1", "count", units=desk.units_in(SHUT))
        await desk.shut()
        assert [desk.core.state.accesses[one].phase for one in ("c1", "e1")] == ["settled", "settled"]
        [moved] = [entry for entry in entries(desk, UnitsMoved) if entry.access == "e1"]
        assert (moved.staff, moved.fact.item) == (NURSE, KIT)  # type: ignore[attr-defined]


@virtual
async def test_who_has_an_opioid_open_in_her_own_hands_reaches_the_sedative_without_counting_first() -> None:
    """The page of emergencies opens it at once; both stand on the first screen until they are finished, and neither forgets its count."""
    async with open_desk() as desk, screen(desk, NURSE) as page, script(desk, NURSE) as client:
        view = await begun(desk, client, "w1", kind="withdraw", item=OPIOID, units=1, patient=PATIENT)
        assert view["asks"] == ["count_before", "close"]
        await page.post("/accesses", data={"id": "e1", "kind": "emergency", "item": SEDATIVE, "units": "1"})
        await desk.calm()
        home = (await page.get("/")).text
        assert 'href="/accesses/e1"' in home
        assert 'href="/accesses/w1"' in home
        await page.post("/accesses/e1/confirm", data={"units": "1"})
        await desk.shut()
        assert (await seen(client, "e1"))["phase"] == "settled"
        assert (await seen(client, "w1"))["asks"] == ["count_before"], "what was open is counted all the same"
        await said(client, "w1", "count", units=desk.units_in(SHUT))
        await said(client, "w1", "confirm", units=0)
        assert (await seen(client, "w1"))["phase"] == "settled"


@virtual
async def test_the_signature_that_a_withdrawal_asks_for_is_asked_after_an_emergency() -> None:
    """Where a hospital has two people sign for a sedative: not before the drug, and listed until a colleague has signed."""
    world = demo_world()
    row = WitnessRule(frozenset({"withdraw"}), frozenset({ControlClass.C4}), frozenset({Role.NURSE}))
    strict = replace(world, policy=replace(world.policy, witness=(row, *world.policy.witness)))
    async with open_desk(strict) as desk, script(desk, NURSE) as client:
        ordinary = await asked(client, "w1", kind="withdraw", item=SEDATIVE, units=1, patient=PATIENT)
        assert ordinary.json()["asks"] == ["witness"]
        await client.post("/api/v1/accesses/w1/cancel")
        view = await begun(desk, client, "e1", kind="emergency", item=SEDATIVE, units=1, authority="emergency")
        assert view["asks"] == ["confirm", "close"]
        await said(client, "e1", "confirm", units=1)
        await desk.shut()
        owed = {debt["kind"]: debt["id"] for debt in (await client.get("/api/v1/debts")).json()}
        assert owed.keys() == {"count", "order", "reason", "witness"}
        mine = await client.post(f"/api/v1/debts/{owed['witness']}/witness", json=badge_of(NURSE))
        assert code(mine) == "witness.same_person"
        left = await client.post(f"/api/v1/debts/{owed['witness']}/witness", json=badge_of(OTHER_NURSE))
        assert left.status_code == 200, left.text
        assert {debt["kind"] for debt in left.json()} == {"count", "order", "reason"}

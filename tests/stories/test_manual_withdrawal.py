"""The manual, removing a medicine by a verified order: the patient, the order, the lit pocket, the count, the close."""

import asyncio
from dataclasses import replace
from datetime import timedelta

from cabinet.domain.core import World
from cabinet.domain.facts import AccessRequested, PackageScanned, PocketCounted, QuantityConfirmed, UnitsMoved
from cabinet.domain.formulary import ControlClass
from tests.stories.caller import asked, screen, script
from tests.stories.desk import CHARGE, MORNING, NURSE, OTHER_NURSE, demo_world, open_desk
from tests.stories.manual import begun, code, done, entries, said
from tests.stories.test_kiosk_shown import package
from tests.virtual import virtual

PATIENT, OPIOID = "p-301", "oxycodone-5-tab"


def scanning() -> World:
    """The demo ward in a hospital that wants C-II scanned when it is removed."""
    world = demo_world({OPIOID: 28})
    custody = replace(world.policy.custody, scan_classes=frozenset({ControlClass.C2}), scan_confirms=False)
    return replace(world, policy=replace(world.policy, custody=custody))


@virtual
async def test_the_patients_screen_shows_two_identifiers_allergies_and_weight_and_what_is_due() -> None:
    """NPSG.01.01.01: name, date of birth, record number, never the bed alone; ISMP 2019, 7: allergies, weight, last dose."""
    async with open_desk() as desk, script(desk, NURSE) as client, screen(desk, OTHER_NURSE) as page:
        await done(desk, client, "w1", 2, kind="withdraw", order="p-301-2")
        shown = (await page.get(f"/patients/{PATIENT}")).text
        for word in ("Eleanor Voss", "1948-03-14", "MRN-300117", "penicillin", "61.4 kg", "every 6 hours", "oxyCODONE"):
            assert word in shown, word
        assert "07:00" in shown, "when it was taken last"


@virtual
async def test_only_the_chosen_pocket_is_lit_and_only_its_locks_are_released() -> None:
    """ISMP 2019, 8; MM.03.01.01: one drawer, one lid, one light; a neighbour's lid stays shut."""
    async with open_desk() as desk, script(desk, NURSE) as client:
        view = await begun(desk, client, "w1", kind="withdraw", order="p-301-1")
        layout = desk.world.layout
        pocket = next(one for one in layout.pockets.values() if one.id == view["pocket"])
        assert desk.hardware.pulses == [str(lock.coil) for lock in layout.path(pocket)]
        assert desk.hardware.lit == {str(pocket.light)}
        await said(client, "w1", "count", units=desk.units_in(pocket.id))
        await said(client, "w1", "confirm", units=1)
        await desk.shut()
        assert desk.hardware.lit == set()


@virtual
async def test_one_patient_at_a_time_unless_it_is_an_emergency() -> None:
    """ISMP 2019, 8: what is in a nurse's hands is one patient's; the refusal leads back to it, and an emergency never waits."""
    async with open_desk() as desk, script(desk, NURSE) as client, screen(desk, NURSE) as page:
        await begun(desk, client, "w1", kind="withdraw", order="p-301-2")
        second = await asked(client, "w2", kind="withdraw", order="p-304-2")
        assert code(second) == "access.other_patient"
        shown = await page.post("/accesses", data={"id": "w3", "kind": "withdraw", "order": "p-304-2"})
        assert "/accesses/w1" in shown.text
        urgent = await asked(client, "e1", kind="emergency", item=OPIOID, units=1, patient="p-304")
        assert urgent.status_code == 201, urgent.text


@virtual
async def test_more_than_the_order_says_is_asked_about_before_a_lock_moves() -> None:
    """ISMP 2019, 8: items for one administration time only."""
    async with open_desk() as desk, script(desk, NURSE) as client:
        answer = await client.post("/api/v1/accesses", json={"id": "w1", "kind": "withdraw", "order": "p-301-2", "units": 8})
        assert (code(answer), desk.hardware.pulses) == ("warning.more_than_order", [])


@virtual
async def test_the_record_of_one_withdrawal_can_be_read_from_top_to_bottom() -> None:
    """21 CFR 1304.22(c): for whom, what, how many, when, by whom; with both counts, and the word it was taken on."""
    async with open_desk(demo_world({OPIOID: 28})) as desk, script(desk, NURSE) as client:
        await asyncio.sleep(30)
        await done(desk, client, "w1", 1, kind="withdraw", order="p-301-1")
        wanted, counted, stated, moved = (
            next(entry for entry in entries(desk, kind) if entry.access == "w1")
            for kind in (AccessRequested, PocketCounted, QuantityConfirmed, UnitsMoved)
        )
        assert {entry.staff for entry in (wanted, counted, stated, moved)} == {NURSE}
        assert wanted.at >= MORNING + timedelta(seconds=30)
        asked_for, count = wanted.fact, counted.fact
        assert isinstance(asked_for, AccessRequested)
        assert isinstance(count, PocketCounted)
        assert (asked_for.patient, asked_for.order, asked_for.authority, asked_for.item) == (PATIENT, "p-301-1", "order", OPIOID)
        assert (count.counted, count.expected, count.is_final) == (28, 28, True)
        assert desk.units_in(asked_for.pocket or "") == 27


@virtual
async def test_where_policy_asks_a_package_is_scanned_before_it_is_removed() -> None:
    """Removing 8: the wrong package in the hand is said before the quantity is, and nobody talks their way past it."""
    async with open_desk(scanning()) as desk, script(desk, NURSE) as client:
        await begun(desk, client, "w1", kind="withdraw", order="p-301-1")
        view = await said(client, "w1", "count", units=28)
        assert view["asks"] == ["scan", "confirm", "close"]
        assert code(await client.post("/api/v1/accesses/w1/confirm", json={"units": 1})) == "scan.needed_to_remove"
        wrong = await client.post("/api/v1/accesses/w1/scan", json={"code": package(desk, "hydralazine-25-tab")})
        assert code(wrong) == "scan.other_item"
        assert code(await client.post("/api/v1/accesses/w1/scan", json={"is_missing": True})) == "scan.other_item"
        view = await said(client, "w1", "scan", code=package(desk, OPIOID, lot="L7"))
        assert view["asks"] == ["confirm", "close"]
        await said(client, "w1", "confirm", units=1)
        await desk.shut()
        [scanned] = entries(desk, PackageScanned)
        assert (scanned.staff, scanned.access, desk.units_in(desk.pocket_of(OPIOID))) == (NURSE, "w1", 27)
        assert not [debt for debt in (await client.get("/api/v1/debts")).json() if debt["kind"] == "scan"]


@virtual
async def test_a_code_that_does_not_read_keeps_nobody_from_the_medicine() -> None:
    """Removing 8: one touch, and the nurse goes on; a look at the package is owed, and somebody else closes it with a name."""
    async with open_desk(scanning()) as desk, script(desk, NURSE) as client, screen(desk, NURSE) as page:
        await begun(desk, client, "w1", kind="withdraw", order="p-301-1")
        await said(client, "w1", "count", units=28)
        shown = await page.get("/accesses/w1")
        assert "/accesses/w1/unread" in shown.text
        assert "Took" in (await page.post("/accesses/w1/unread")).text
        await said(client, "w1", "confirm", units=1)
        await desk.shut()
        assert desk.units_in(desk.pocket_of(OPIOID)) == 27
        async with script(desk, CHARGE) as charge:
            [owed] = [debt for debt in (await charge.get("/api/v1/debts")).json() if debt["kind"] == "scan"]
            assert owed["owner"] == NURSE
            closed = await charge.post(f"/api/v1/debts/{owed['id']}/close", json={"reason": "label was torn, I read it"})
            assert closed.status_code == 200, closed.text


@virtual
async def test_nothing_is_scanned_in_an_emergency_and_taking_none_needs_no_package() -> None:
    """Removing 8: the question never stands before the drug of somebody who cannot wait, and there is nothing to scan in an empty hand."""
    async with open_desk(scanning()) as desk, script(desk, NURSE) as client:
        await begun(desk, client, "w1", kind="withdraw", order="p-301-1")
        await said(client, "w1", "count", units=28)
        await said(client, "w1", "scan", is_missing=True)
        await said(client, "w1", "confirm", units=0)
        await desk.shut()
        view = await begun(desk, client, "e1", kind="emergency", item=OPIOID, units=1)
        assert "scan" not in view["asks"]
        await said(client, "e1", "confirm", units=1)
        assert not [debt for debt in (await client.get("/api/v1/debts")).json() if debt["kind"] == "scan"], "nothing was taken unscanned"


@virtual
async def test_the_doses_that_remain_due_stand_beside_each_order() -> None:
    """ISMP 2019, 7: by the order's own schedule and the last time this cabinet gave it out; what is as needed is never called due."""
    async with open_desk() as desk, script(desk, NURSE) as client, screen(desk, OTHER_NURSE) as page:
        orders = {one["id"]: one for one in (await client.get(f"/api/v1/patients/{PATIENT}/orders")).json()}
        assert orders["p-301-2"]["due"] == {"stand": "due", "at": None, "left": None}
        assert "Due: none was taken here yet" in (await page.get(f"/patients/{PATIENT}")).text
        await done(desk, client, "w1", 2, kind="withdraw", order="p-301-2")
        await done(desk, client, "w2", 1, kind="withdraw", order="p-301-1")
        orders = {one["id"]: one for one in (await client.get(f"/api/v1/patients/{PATIENT}/orders")).json()}
        assert (orders["p-301-2"]["due"]["stand"], orders["p-301-2"]["due"]["at"][:16]) == ("ahead", "2026-11-23T13:00")
        assert orders["p-301-1"]["due"]["stand"] == "as_needed"
        assert "Due again at 2026-11-23 13:00" in (await page.get(f"/patients/{PATIENT}")).text

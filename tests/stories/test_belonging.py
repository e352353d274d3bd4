"""A patient brings their own medicine: two nurses count it into a bag, it serves that patient alone, and goes home with them."""

from dataclasses import replace

from cabinet.domain import events
from cabinet.domain.core import World
from cabinet.domain.formulary import ControlClass, CountMode
from cabinet.domain.layout import Levels
from cabinet.domain.vocabulary import ItemId, Units
from tests.stories.caller import asked, screen, script, touched
from tests.stories.desk import NURSE, OTHER_NURSE, PIN, TECHNICIAN, demo_world, open_desk
from tests.virtual import virtual

OWN, PATIENT, OTHER = ItemId("patients-own"), "p-301", "p-302"
CONTENTS = [{"what": "metoprolol 50 mg tablets", "units": 12}, {"what": "eye drops", "units": 1}]
BAG = {"bag": "b-4711", "patient": PATIENT, "contents": CONTENTS}
COLLEAGUE = {"badge": f"badge-{OTHER_NURSE}", "secret": PIN}


def ward_with_bags() -> World:
    """The demo ward, with a pocket for bags where hydralazine stood."""
    world = demo_world()
    bag = replace(
        world.formulary[ItemId("hydralazine-25-tab")], id=OWN, name="patient's own medicine", generic="patient's own medicine", strength="",
        form="bag", count_unit="bag", control_class=ControlClass.NONE, count_mode=CountMode.CONTAINERS, unit_amount=(), look_alikes=(),
    )  # fmt: skip
    none = Levels(Units(0), Units(0), Units(0))
    drawers = tuple(
        replace(
            drawer,
            pockets=tuple(
                replace(one, item=OWN, levels=none, opening=None) if one.item == "hydralazine-25-tab" else one for one in drawer.pockets
            ),
        )
        for drawer in world.layout.drawers
    )
    policy = replace(world.policy, custody=replace(world.policy.custody, own_item=OWN))
    formulary = world.formulary | {OWN: bag}
    return replace(world, formulary=formulary, policy=policy, layout=replace(world.layout, drawers=drawers))


@virtual
async def test_a_bag_is_counted_by_two_serves_one_patient_and_goes_home_with_a_signature() -> None:
    """Shown at discharge as owed; whoever takes it signs."""
    async with open_desk(ward_with_bags()) as desk, script(desk, NURSE) as nurse:
        assert (await nurse.post("/api/v1/belongings", json=BAG)).json()[0]["stands"] == "sealed"
        view = (await asked(nurse, "b1", kind="load", bag="b-4711")).json()
        assert view["asks"] == ["witness"], view
        assert "12 metoprolol 50 mg tablets" in view["message"]
        assert desk.hardware.pulses == [], "nothing opens before the second person has counted"
        await nurse.post("/api/v1/accesses/b1/witness", json=COLLEAGUE)
        await desk.calm()
        await nurse.post("/api/v1/accesses/b1/count", json={"units": 0})
        await nurse.post("/api/v1/accesses/b1/confirm", json={"units": 1})
        await desk.shut()
        [kept] = (await nurse.get("/api/v1/belongings")).json()
        assert (kept["stands"], desk.units_in(kept["pocket"])) == ("kept", 1)
        wrong = await asked(nurse, "b2", kind="inspect", bag="b-4711", patient=OTHER)
        assert wrong.json()["code"] == "bag.other_patient"
        patient = desk.core.scene.patient(PATIENT)
        assert patient is not None
        gone = replace(patient, orders=(), discharged_at="2026-11-23T06:00:00.000000Z")
        await desk.controller.ask(events.PatientReceived(desk.controller.clock.now(), gone))
        [owed] = [debt for debt in (await nurse.get("/api/v1/debts")).json() if debt["kind"] == "bag"]
        assert "give the bag back" in owed["sentence"]
        unsigned = await asked(nurse, "b3", kind="unload", bag="b-4711")
        assert unsigned.json()["code"] == "bag.signature"
        assert (await asked(nurse, "b3", kind="unload", bag="b-4711", signed_by="Kate, daughter")).status_code == 201
        await desk.calm()
        await nurse.post("/api/v1/accesses/b3/count", json={"units": 1})
        await nurse.post("/api/v1/accesses/b3/confirm", json={"units": 1})
        await desk.shut()
        assert (await nurse.get("/api/v1/belongings")).json() == []
        assert [debt for debt in (await nurse.get("/api/v1/debts")).json() if debt["kind"] == "bag"] == []


@virtual
async def test_the_page_keeps_bags_for_those_who_may() -> None:
    """A line for each medicine, its number first."""
    async with open_desk(ward_with_bags()) as desk, screen(desk, NURSE) as page, script(desk, TECHNICIAN) as technician:
        form = {"bag": "B-4711", "patient": PATIENT, "contents": "12 metoprolol 50 mg tablets\n1 eye drops\n"}
        shown = (await page.post("/belongings", data=form)).text
        assert "12 metoprolol 50 mg tablets, 1 eye drops" in shown
        assert "Put in" in shown
        shown = (await touched(page, {"id": "b1", "kind": "load", "bag": "b-4711"})).text
        assert "For <b>Eleanor Voss</b>" in shown, "whoever signs reads whose it is"
        assert "Bag <b>B-4711</b>" in shown
        await page.post("/accesses/b1/witness", data=COLLEAGUE)
        await desk.calm()
        await page.post("/accesses/b1/count", data={"units": "0"})
        await page.post("/accesses/b1/confirm", data={"units": "1"})
        await desk.shut()
        shown = (await page.get("/accesses/b1")).text
        assert 'href="/belongings">Patients' in shown
        assert 'href="/pockets"' not in shown, "the list of pockets is not a nurse's"
        assert "Bag B-4711 put in." in shown
        await touched(page, {"id": "b2", "kind": "waste", "bag": "b-4711", "reason": "left behind"})
        await page.post("/accesses/b2/witness", data=COLLEAGUE)
        await desk.calm()
        await page.post("/accesses/b2/count", data={"units": "1"})
        await page.post("/accesses/b2/confirm", data={"units": "1"})
        await desk.shut()
        shown = (await page.get("/accesses/b2")).text
        assert "Bag B-4711 destroyed." in shown, "no word of anything that was removed, or that may still be returned"
        assert "More to return or waste" not in shown
        assert (await page.post("/belongings", data=form | {"bag": "b-2", "contents": "some tablets"})).status_code == 422
        assert (await technician.get("/api/v1/belongings")).status_code == 403

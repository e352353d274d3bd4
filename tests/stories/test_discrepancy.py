"""A count that differs, at the kiosk: counted blind, counted once more, recorded, looked at by others, settled by two."""

import httpx

from tests.stories.caller import asked, screen, script
from tests.stories.desk import CHARGE, NURSE, OTHER_NURSE, PHARMACIST, PIN, TECHNICIAN, Desk, demo_world, open_desk
from tests.stories.manual import done
from tests.virtual import virtual

BLIND = "oxycodone-5-tab"


async def miscount(desk: Desk, client: httpx.AsyncClient, found: int = 28, access: str = "a1") -> str:
    """A nurse withdraws one and counts `found` twice; the id of the discrepancy."""
    patient = next(iter(desk.core.world.patients))
    answer = await asked(client, access, kind="withdraw", item=BLIND, units=1, patient=patient)
    assert answer.status_code < 300, answer.text
    await desk.calm()
    for _ in range(2):
        await client.post(f"/api/v1/accesses/{access}/count", json={"units": found})
    await client.post(f"/api/v1/accesses/{access}/confirm", json={"units": 1})
    await desk.shut()
    return str((await client.get(f"/api/v1/accesses/{access}")).json()["discrepancy"]["id"])


@virtual
async def test_what_is_known_of_a_discrepancy_names_an_interval_and_nobody_as_its_cause() -> None:
    """Expected, entered and sensed; from which count to which, by whom and when; every access in it; causes with an act each."""
    async with open_desk(demo_world({BLIND: 30})) as desk, script(desk, NURSE) as client:
        name = await miscount(desk, client)
        one = (await client.get(f"/api/v1/discrepancies/{name}")).json()
        assert (one["expected"], one["entered"], one["sensed"]) == (30, 28, "")
        assert one["since"] is None
        assert one["until"]["by"] == "Ana Reyes"
        assert [(row["kind"], row["by"], row["is_last"]) for row in one["accesses"]] == [("withdraw", "Ana Reyes", True)]
        assert "proves nothing" in one["fairness"]
        assert all(cause["act"] for cause in one["causes"])
        assert "Ana" not in str(one["causes"])
        assert one["may_resolve"]
        assert one["needs_witness"]


@virtual
async def test_it_is_settled_with_a_reason_and_a_second_person() -> None:
    """The charge nurse and a colleague; the record says both."""
    async with open_desk(demo_world({BLIND: 30})) as desk, script(desk, NURSE) as client, script(desk, CHARGE) as charge:
        name = await miscount(desk, client)
        path = f"/api/v1/discrepancies/{name}/resolution"
        alone = await charge.post(path, json={"reason": "miscounted"})
        assert (alone.status_code, alone.json()["code"]) == (409, "witness.needed")
        signed = {"reason": "miscounted", "note": "two lay under the insert", "badge": f"badge-{OTHER_NURSE}", "secret": PIN}
        refused = await charge.post(path, json=signed)
        assert refused.json()["code"] == "discrepancy.recount", "a reason that says what nobody did"
        assert "miscounted" not in dict((await charge.get(f"/api/v1/discrepancies/{name}")).json()["reasons"])
        await done(desk, charge, "again", 1, kind="count", item=BLIND)
        assert "miscounted" in dict((await charge.get(f"/api/v1/discrepancies/{name}")).json()["reasons"])
        one = (await charge.post(path, json=signed)).json()
        assert (one["is_open"], one["resolution"]["by"], one["resolution"]["witness"]) == (False, "Erin Walsh", "Ben Okafor")
        assert (await charge.get("/api/v1/discrepancies")).json() == []
        assert (await charge.post(path, json=signed)).json()["code"] == "discrepancy.settled"


@virtual
async def test_who_neither_settles_nor_sees_balances_is_told_no_number() -> None:
    """A technician counts that pocket blind tomorrow."""
    async with open_desk(demo_world({BLIND: 30})) as desk, script(desk, NURSE) as client, script(desk, TECHNICIAN) as technician:
        name = await miscount(desk, client)
        one = (await technician.get(f"/api/v1/discrepancies/{name}")).json()
        assert one["is_hidden"]
        assert (one["expected"], one["entered"], one["accesses"], one["causes"]) == (None, None, [], [])
        refused = await technician.post(f"/api/v1/discrepancies/{name}/resolution", json={"reason": "miscounted"})
        assert refused.json()["code"] == "policy.role"


@virtual
async def test_the_pages_lead_from_the_end_of_the_access_to_the_settled_discrepancy() -> None:
    """The access's last screen, the list of what needs attention, the one page with all of it, and its form."""
    async with open_desk(demo_world({BLIND: 30})) as desk, script(desk, NURSE) as client, screen(desk, PHARMACIST) as browser:
        name = await miscount(desk, client)
        async with screen(desk, NURSE) as own:
            assert f"/discrepancies/{name}" in (await own.get("/accesses/a1")).text
        assert f"/discrepancies/{name}" in (await browser.get("/attention")).text
        assert f"/discrepancies/{name}" in (await browser.get("/discrepancies")).text
        page = (await browser.get(f"/discrepancies/{name}")).text
        assert "Having had the pocket open proves nothing" in page
        assert "Ana Reyes" in page
        form = {"reason": "unexplained", "badge": f"badge-{OTHER_NURSE}", "secret": PIN}
        refused = await browser.post(f"/discrepancies/{name}/resolution", data=form)
        assert "discrepancy.note" in refused.text
        form["note"] = "searched with the charge nurse"
        settled = (await browser.post(f"/discrepancies/{name}/resolution", data=form)).text
        assert "signed by Ben Okafor" in settled
        assert "Settle it" not in settled


@virtual
async def test_the_second_person_signs_by_the_badge_that_they_hold_to_the_reader() -> None:
    """Nobody knows the number on their card. They see what they sign; who settles it does not sign it too."""
    async with open_desk(demo_world({BLIND: 30})) as desk, script(desk, NURSE) as client, screen(desk, PHARMACIST) as browser:
        name = await miscount(desk, client)
        form = {"reason": "unexplained", "note": "searched twice"}
        asks = await browser.post(f"/discrepancies/{name}/resolution", data=form)
        assert asks.url.path == f"/discrepancies/{name}/signature"
        assert "searched twice" in asks.text
        for holder, left in ((PHARMACIST, "witness.same_person"), (OTHER_NURSE, "")):
            desk.wall.hold(f"badge-{holder}")
            page = (await browser.get(str(asks.url))).text
            assert "Badge read." in page
            mark = page.partition('name="shown" value="')[2].partition('"')[0]
            done = await browser.post(f"/discrepancies/{name}/resolution", data={**form, "shown": mark, "secret": PIN})
            assert left in str(done.url)
        assert "signed by Ben Okafor" in done.text


@virtual
async def test_the_wrong_count_of_the_first_three_minutes() -> None:
    """1:40 a wrong count: recount, then a discrepancy with interval and evidence, and the nurse goes on with the medicine in hand."""
    async with open_desk(demo_world({BLIND: 30})) as desk:
        patient = next(iter(desk.core.world.patients))
        async with script(desk, OTHER_NURSE) as before:
            await asked(before, "a0", kind="withdraw", item=BLIND, units=1, patient=patient)
            await desk.calm()
            await before.post("/api/v1/accesses/a0/count", json={"units": 30})
            await before.post("/api/v1/accesses/a0/confirm", json={"units": 1})
            await desk.shut()
        async with script(desk, NURSE) as client:
            name = await miscount(desk, client, 27)
            assert (await client.get("/api/v1/accesses/a1")).json()["phase"] == "disputed"
            one = (await client.get(f"/api/v1/discrepancies/{name}")).json()
        assert (one["since"]["by"], one["since"]["units"], one["until"]["units"]) == ("Ben Okafor", 30, 27)
        assert [row["by"] for row in one["accesses"]] == ["Ben Okafor", "Ana Reyes"]
        assert desk.units_in(one["pocket"]) == 26

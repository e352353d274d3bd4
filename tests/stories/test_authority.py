"""On whose word something leaves the cabinet, by API and page: the Vanderbilt case, the RSI-kit case, and what the ward asks of orders."""

import uuid
from dataclasses import replace

import httpx
import pytest

from cabinet.domain.core import World
from cabinet.domain.layout import Drawer
from cabinet.domain.vocabulary import ItemId
from tests.stories.caller import asked, screen, script
from tests.stories.desk import CHARGE, NURSE, PHARMACIST, Desk, demo_world, open_desk
from tests.virtual import virtual

PATIENT = "p-301"
VECURONIUM, MIDAZOLAM, KIT = "vecuronium-10-vial", "midazolam-2-vial", "rsi-kit"
FLUSH, OPIOID, PLAIN = "sodium-chloride-flush", "oxycodone-5-tab", "acetaminophen-325-tab"
REASON = "Emergency"


def holding_vecuronium(world: World, *, with_midazolam: bool) -> World:
    """The demo ward with vecuronium in the pocket of hydralazine, and perhaps without any midazolam: the cabinet at Vanderbilt."""
    swaps = {ItemId("hydralazine-25-tab"): ItemId(VECURONIUM)}
    if not with_midazolam:
        swaps[ItemId(MIDAZOLAM)] = ItemId("diazepam-5-tab")

    def swapped(drawer: Drawer) -> Drawer:
        return replace(drawer, pockets=tuple(replace(one, item=swaps.get(one.item or ItemId(""), one.item)) for one in drawer.pockets))

    return replace(world, layout=replace(world.layout, drawers=tuple(map(swapped, world.layout.drawers))))


async def finish(desk: Desk, client: httpx.AsyncClient, access: str, units: int) -> None:
    """Count where it is asked, take, confirm, close."""
    await desk.calm()
    view = (await client.get(f"/api/v1/accesses/{access}")).json()
    if "count_before" in view["asks"]:
        await client.post(f"/api/v1/accesses/{access}/count", json={"units": desk.units_in(view["pocket"])})
    answer = await client.post(f"/api/v1/accesses/{access}/confirm", json={"units": units})
    assert answer.status_code == 200, answer.text
    await desk.shut()


@pytest.mark.parametrize("with_midazolam", [True, False])
@virtual
async def test_vanderbilt_ve_on_override_ends_without_vecuronium(with_midazolam: bool) -> None:
    """ISMP: "VE" was typed for Versed, vecuronium was offered, and the patient died. Neither letters, page nor API lead there."""
    async with open_desk(holding_vecuronium(demo_world(), with_midazolam=with_midazolam)) as desk:
        async with script(desk, NURSE) as client:
            for letters in ("VE", "VEC", "VECU", "VERSED"):
                found = (await client.get("/api/v1/items", params={"q": letters, "for": "override"})).json()
                assert VECURONIUM not in {item["id"] for item in found["items"]}, letters
            if not with_midazolam:
                assert found["message"].startswith("midazolam (Versed) is not in this cabinet; nearest:")
            wish = {"kind": "withdraw", "item": VECURONIUM, "units": 1, "patient": PATIENT}
            refused = await asked(client, **wish, authority="override", reason=REASON, indication="sedation")
            assert (refused.status_code, refused.json()["code"]) == (403, "override.not_listed")
            assert (await asked(client, **wish, authority="policy")).json()["code"] == "policy.needs_order"
            assert (await asked(client, **wish | {"kind": "emergency"})).json()["code"] == "emergency.not_listed"
        async with screen(desk, NURSE) as page:
            shown = (await page.get(f"/patients/{PATIENT}/find", params={"q": "ve", "for": "override"})).text
            assert "vecuronium" not in shown
            forced = (await page.get(f"/patients/{PATIENT}/items/{VECURONIUM}?for=override")).text
            assert "not on the override list" in forced
            assert 'action="/accesses"' not in forced
        assert desk.hardware.pulses == []


@virtual
async def test_versed_on_override_is_midazolam_with_a_reason_and_its_order_follows() -> None:
    """The same nurse, the same cabinet, and what was meant: found by its whole name, taken with a reason, chased until it is ordered."""
    async with open_desk() as desk, script(desk, NURSE) as client:
        found = (await client.get("/api/v1/items", params={"q": "versed", "for": "override"})).json()
        assert [item["id"] for item in found["items"]] == [MIDAZOLAM]
        wish = {"kind": "withdraw", "item": MIDAZOLAM, "units": 1, "patient": "p-311", "authority": "override"}
        assert (await asked(client, **wish)).json()["code"] == "override.reason"
        high_alert = await asked(client, **wish, reason=REASON)
        assert (high_alert.status_code, high_alert.json()["code"]) == (428, "warning.high_alert")
        strength = desk.core.world.formulary[ItemId(MIDAZOLAM)].strength
        granted = await asked(client, **wish, reason=REASON, acknowledged=[f"warning.high_alert={strength}"])
        assert granted.status_code == 201, granted.text
        await finish(desk, client, "a1", 1)
        debts = {debt["kind"]: debt["id"] for debt in (await client.get("/api/v1/debts")).json()}
        assert "order" in debts
        linked = await client.post(f"/api/v1/debts/{debts['order']}/order", json={"order": "p-311-1"})
        assert linked.status_code == 200, linked.text
        assert "order" not in {debt["kind"] for debt in linked.json()}
        assert desk.core.state.withdrawals["a1"].order == "p-311-1"
        assert "waste" in {debt["kind"] for debt in linked.json()}, "the order says 1 mg, and the vial holds 2"


@virtual
async def test_rsi_ro_on_override_is_the_kit_and_never_romazicon() -> None:
    """ISMP 4: a nurse typed "ro" for rocuronium and got Romazicon. The kit is found by what it holds, warned of, and opened."""
    async with open_desk() as desk, script(desk, NURSE) as client:
        assert (await client.get("/api/v1/items", params={"q": "ro", "for": "override"})).json()["items"] == []
        found = (await client.get("/api/v1/items", params={"q": "rocuronium", "for": "override"})).json()
        assert [item["id"] for item in found["items"]] == [KIT]
        granted = await asked(client, kind="withdraw", item=KIT, units=1, patient=PATIENT, authority="override", reason=REASON)
        assert granted.status_code == 201, granted.text
        await finish(desk, client, "a1", 1)
        assert desk.core.state.accesses["a1"].phase == "settled"


@virtual
async def test_an_override_is_made_on_the_page_with_its_reason_chosen_from_the_list() -> None:
    """Search, item, reason, strength: and what is asked is named."""
    async with open_desk() as desk, screen(desk, NURSE) as page:
        assert "for=override" in (await page.get("/patients/p-304")).text
        item = (await page.get("/patients/p-304/items/naloxone-0-4-vial?for=override")).text
        assert 'value="Severe pain"' in item
        form = {"id": "a1", "kind": "withdraw", "item": "naloxone-0-4-vial", "units": "1", "patient": "p-304", "authority": "override"}
        assert "An override needs a reason from the list." in (await page.post("/accesses", data=form)).text
        await page.post("/accesses", data=form | {"reason": REASON})
        assert desk.core.state.accesses["a1"].reason == REASON


@virtual
async def test_orders_that_wait_are_greyed_with_since_when_and_never_hidden() -> None:
    """2.3: "waiting for pharmacist since 02:10"; verified, they are offered."""
    async with open_desk() as desk, script(desk, PHARMACIST) as pharmacist, screen(desk, NURSE) as page:
        said = {"patient": "p-304", "item": PLAIN, "dose": "650 mg", "route": "oral", "schedule": "every 6 hours"}
        entered = await pharmacist.put("/api/v1/orders/late-1", json=said)
        assert (entered.status_code, entered.json()["phase"]) == (200, "waiting"), entered.text
        shown = (await page.get("/patients/p-304")).text
        assert "650 mg" in shown
        assert "Waiting for a pharmacist." in shown
        assert "since 2026-11-23 07:00" in shown
        assert 'value="late-1"' not in shown
        assert (await pharmacist.post("/api/v1/orders/late-1/verify")).json()["phase"] == "active"
        assert 'value="late-1"' in (await page.get("/patients/p-304")).text


@virtual
async def test_a_patient_is_added_at_the_page_and_merged_with_all_that_was_withdrawn() -> None:
    """Fifteen seconds: a name, perhaps a date of birth, a bed. Nobody waits for the admissions office."""
    async with open_desk() as desk, screen(desk, NURSE) as page:
        assert "/patients/new" in (await page.get("/")).text
        shown = (await page.post("/patients", data={"patient": "here-1", "name": "Unknown Man", "born": "", "bed": "ED 3"})).text
        assert "Unknown Man" in shown
        assert "There is no order for this patient." in shown
        await page.post("/accesses", data={"id": "a1", "kind": "withdraw", "item": FLUSH, "units": "2", "patient": "here-1"})
        await desk.calm()
        await page.post("/accesses/a1/confirm", data={"units": "2"})
        await desk.shut()
        assert "Eleanor Voss" in (await page.get("/patients/here-1/merge")).text
        asked = (await page.get("/patients/here-1/merge", params={"into": PATIENT})).text
        assert "Is this the same person?" in asked
        assert "Withdrawals among it: 1." in asked
        assert desk.core.state.withdrawals["a1"].patient == "here-1"
        assert "Eleanor Voss" in (await page.post("/patients/here-1/merge", data={"into": PATIENT})).text
        assert desk.core.state.withdrawals["a1"].patient == PATIENT
        assert "Unknown Man" not in (await page.get("/")).text


@virtual
async def test_a_flush_needs_no_order_and_is_no_override() -> None:
    """Counting supplies as overrides hides the overrides."""
    async with open_desk() as desk, script(desk, NURSE) as client:
        assert (await asked(client, kind="withdraw", item=FLUSH, units=1, patient=PATIENT, authority="policy")).status_code == 201
        await finish(desk, client, "a1", 1)
        assert (await client.get("/api/v1/debts")).json() == []
        assert desk.core.state.withdrawals["a1"].authority == "policy"


@virtual
async def test_what_was_just_taken_is_shown_as_taken_and_taken_again_with_a_reason_alone() -> None:
    """PRN too soon: the order, its interval and when it was taken; a reason passes (it fell on the floor), and nothing less."""
    async with open_desk() as desk, script(desk, NURSE) as client, screen(desk, NURSE) as page:
        wish = {"kind": "withdraw", "order": "p-301-1"}
        assert (await asked(client, **wish)).status_code == 201
        await finish(desk, client, "a1", 1)
        order = next(one for one in (await client.get(f"/api/v1/patients/{PATIENT}/orders")).json() if one["id"] == "p-301-1")
        assert (order["is_taken"], order["taken_at"][:16]) == (True, "2026-11-23T07:00")
        shown = (await page.get(f"/patients/{PATIENT}")).text
        assert "Last taken at 2026-11-23 07:00" in shown
        assert '<span class="status is-soon">Taken</span>' in shown
        assert "Remove 1 tablet again" in shown
        form = {"id": str(uuid.uuid4()), "kind": "withdraw", "order": "p-301-1"}
        asks = await page.post("/accesses", data=form)
        assert asks.status_code == 428
        assert "This dose was taken out already." in asks.text or "This order was taken just now." in asks.text
        again = await asked(client, "a2", **wish)
        assert (again.status_code, again.json()["code"]) == (428, "warning.already_taken")
        reason = ["warning.already_taken=dropped on the floor"]
        assert (await asked(client, "a2", **wish, acknowledged=reason)).status_code == 201


@virtual
async def test_ten_times_the_dose_asks_for_strength_and_dose() -> None:
    """The tenfold check: more than three injectable packages, whatever the order says."""
    async with open_desk() as desk, script(desk, PHARMACIST) as pharmacist, script(desk, NURSE) as client:
        said = {"patient": "p-304", "item": "furosemide-40-vial", "dose": "400 mg", "route": "iv", "schedule": "once", "is_verified": True}
        assert (await pharmacist.put("/api/v1/orders/late-2", json=said)).status_code == 200
        stopped = await asked(client, kind="withdraw", order="late-2")
        assert (stopped.status_code, stopped.json()["code"]) == (428, "warning.tenfold")
        assert desk.hardware.pulses == []
        strength = desk.core.world.formulary[ItemId("furosemide-40-vial")].strength
        wrong = await asked(client, kind="withdraw", order="late-2", acknowledged=["warning.tenfold=yes"])
        assert wrong.json()["code"] == "warning.tenfold"
        right = await asked(client, kind="withdraw", order="late-2", acknowledged=[f"warning.tenfold={strength}; 400 mg"])
        assert right.status_code == 201, right.text


@virtual
async def test_expired_stock_is_given_in_an_emergency_and_the_screen_says_so() -> None:
    """Blocked from ordinary withdrawal; in an emergency it is given, with an explicit warning."""
    world = demo_world()
    every = replace(world.policy.authority, emergency=frozenset(world.formulary))
    async with open_desk(replace(world, policy=replace(world.policy, authority=every))) as desk, script(desk, NURSE) as client:
        lines = desk.core.state.lines.values()
        line = next(one for one in lines if one.units and (one.earliest_expiry or "9999") < "2026-11-23")
        ordinary = await asked(client, kind="withdraw", pocket=line.pocket, units=1, patient=PATIENT)
        assert ordinary.json()["code"] == "stock.expired"
        given = (await asked(client, "e1", kind="emergency", pocket=line.pocket, units=1, patient=PATIENT)).json()
        assert given["warnings"][0].startswith("EXPIRED on ")
        async with screen(desk, NURSE) as page:
            await desk.calm()
            assert "EXPIRED on " in (await page.get("/accesses/e1")).text


@virtual
async def test_items_and_levels_change_at_the_api_for_everybody() -> None:
    """What a pharmacist changes is searched, judged and restocked by at once; a charge nurse changes neither."""
    async with open_desk() as desk, script(desk, PHARMACIST) as pharmacist, script(desk, CHARGE) as charge:
        rows = {row["id"]: row for row in (await pharmacist.get("/api/v1/formulary")).json()}
        record = {key: value for key, value in rows[PLAIN].items() if key != "id"} | {"therapeutic_class": "non-opioid analgesic"}
        assert (await charge.put(f"/api/v1/formulary/{PLAIN}", json=record)).json()["code"] == "policy.role"
        changed = await pharmacist.put(f"/api/v1/formulary/{PLAIN}", json=record)
        assert changed.status_code == 200, changed.text
        found = (await charge.get("/api/v1/items", params={"q": "acetaminophen"})).json()
        assert "non-opioid analgesic" in {item["therapeutic_class"] for item in found["items"]}
        levels = await pharmacist.put("/api/v1/pars/m1-01", json={"par": 70, "min": 30, "critical_low": 10})
        assert levels.json()["is_changed"], levels.text
        assert next(line for line in (await charge.get("/api/v1/stock")).json() if line["pocket"] == "m1-01")["par"] == 70

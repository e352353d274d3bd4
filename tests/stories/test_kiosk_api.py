"""Stories of scripts and screens that speak to the kiosk's API, in virtual time on a cabinet in memory."""

import asyncio
import json
from dataclasses import replace
from typing import Any

import httpx
import pytest

from cabinet.domain.authority import Mode
from cabinet.domain.core import World
from tests.stories.caller import asked, ordered, script, stranger
from tests.stories.desk import CHARGE, NURSE, OTHER_NURSE, PHARMACIST, PIN, TECHNICIAN, TELLTALE, Desk, demo_world, open_desk
from tests.virtual import virtual

BLIND = "oxycodone-5-tab"
VERIFIED = "lorazepam-1-tab"
PLAIN = "acetaminophen-325-tab"
PATIENT = "p-301"


def needing_orders(world: World) -> World:
    """The same ward where a withdrawal follows an order."""
    return replace(world, policy=replace(world.policy, authority=replace(world.policy.authority, mode=Mode.PROFILE)))


async def settled_withdrawal(desk: Desk, client: httpx.AsyncClient, access: str, item: str, units: int) -> dict[str, Any]:
    """One withdrawal of an ordinary item, from asking to closing."""
    assert (await asked(client, access, kind="withdraw", item=item, units=units, patient=PATIENT)).status_code == 201
    await desk.calm()
    await client.post(f"/api/v1/accesses/{access}/confirm", json={"units": units})
    await desk.shut()
    view: dict[str, Any] = (await client.get(f"/api/v1/accesses/{access}")).json()
    return view


@virtual
async def test_a_withdrawal_goes_from_asking_to_settled_and_takes_the_units_out() -> None:
    """The shortest story there is; every other one is a way of leaving it."""
    async with open_desk() as desk, script(desk, NURSE) as client:
        pocket = desk.pocket_of(PLAIN)
        before = desk.units_in(pocket)
        first = await asked(client, kind="withdraw", item=PLAIN, units=2, patient=PATIENT)
        assert (first.json()["phase"], first.json()["asks"]) == ("released", ["open"])
        await desk.calm()
        view = (await client.get("/api/v1/accesses/a1")).json()
        assert (view["phase"], view["asks"], view["pocket"]) == ("open", ["confirm", "close"], pocket)
        view = (await client.post("/api/v1/accesses/a1/confirm", json={"units": 2})).json()
        assert view["asks"] == ["close"]
        await desk.shut()
        view = (await client.get("/api/v1/accesses/a1")).json()
        assert (view["phase"], view["asks"], view["units_confirmed"]) == ("settled", [], 2)
        assert view["message"] == "2 tablets of acetaminophen 325 mg removed."
        assert desk.units_in(pocket) == before - 2


@virtual
async def test_an_order_brings_item_patient_units_and_authority_along() -> None:
    """Three touches are enough only if the order says the rest."""
    async with open_desk(needing_orders(demo_world())) as desk, script(desk, NURSE) as client:
        orders = (await client.get(f"/api/v1/patients/{PATIENT}/orders")).json()
        order = next(order for order in orders if order["item"]["id"] == PLAIN)
        view = (await asked(client, kind="withdraw", order=order["id"])).json()
        assert (view["item"]["id"], view["patient"], view["units"]) == (PLAIN, PATIENT, order["units"])
        assert desk.core.state.accesses["a1"].authority == "order"


@virtual
async def test_the_expected_number_of_a_blind_count_is_in_no_answer_before_the_count_is_in() -> None:
    """A count that could be copied off a screen counts nothing, and theft hides behind it."""
    async with open_desk(demo_world({BLIND: TELLTALE})) as desk, script(desk, NURSE) as client:
        bodies: list[str] = []

        async def note(response: httpx.Response) -> None:
            await response.aread()
            bodies.append(response.text)

        client.event_hooks["response"].append(note)
        await asked(client, kind="withdraw", item=BLIND, units=1, patient=PATIENT)
        await desk.calm()
        paths = (
            "/accesses/a1", "/items?q=oxycodone", "/items?q=oxycodone&for=refill", f"/patients/{PATIENT}/orders", "/stock", "/restock",
            "/discrepancies", "/debts", "/faults",
        )  # fmt: skip
        for path in paths:
            assert (await client.get(f"/api/v1{path}")).status_code == 200
        await client.get("/metrics")
        wrong = await client.post("/api/v1/accesses/a1/count", json={"units": TELLTALE - 1})
        assert wrong.json()["asks"] == ["count_before", "close"]
        await asked(client, "a2", kind="withdraw", item=BLIND, units=9_000, patient=PATIENT)
        assert [body for body in bodies if str(TELLTALE) in body or f"{TELLTALE:,}" in body] == []
        right = await client.post("/api/v1/accesses/a1/count", json={"units": TELLTALE})
        assert right.json()["counted"] == TELLTALE


@virtual
async def test_a_verify_count_shows_what_is_expected() -> None:
    """Less guarded items are confirmed, not counted in the dark; that is faster."""
    async with open_desk(demo_world({VERIFIED: 26})) as desk, script(desk, NURSE) as client:
        await asked(client, kind="withdraw", item=VERIFIED, units=1, patient=PATIENT)
        await desk.calm()
        view = (await client.get("/api/v1/accesses/a1")).json()
        assert (view["count_style"], view["expected"], view["asks"]) == ("verify", 26, ["count_before", "close"])


@virtual
async def test_a_count_that_differs_twice_is_a_discrepancy_and_the_nurse_goes_on() -> None:
    """The patient is waiting; the difference is looked at by others, and the record names nobody."""
    async with open_desk(demo_world({BLIND: 30})) as desk, script(desk, NURSE) as client:
        await asked(client, kind="withdraw", item=BLIND, units=1, patient=PATIENT)
        await desk.calm()
        for _ in range(2):
            view = (await client.post("/api/v1/accesses/a1/count", json={"units": 29})).json()
        assert view["asks"] == ["confirm", "close"]
        await client.post("/api/v1/accesses/a1/confirm", json={"units": 1})
        await desk.shut()
        view = (await client.get("/api/v1/accesses/a1")).json()
        assert view["phase"] == "disputed"
        assert (view["discrepancy"]["expected"], view["discrepancy"]["counted"]) == (30, 29)
        found = (await client.get("/api/v1/discrepancies")).json()
        assert [(one["pocket"], one["is_open"]) for one in found] == [(view["pocket"], True)]
        assert NURSE not in str(found)


@virtual
async def test_the_same_id_returns_the_same_access_and_pulses_once() -> None:
    """A script that repeats itself after a lost answer must not open a drawer twice."""
    async with open_desk() as desk, script(desk, NURSE) as client:
        first = await asked(client, "A1-b", kind="withdraw", item=PLAIN, units=1, patient=PATIENT)
        second = await asked(client, "a1-B", kind="withdraw", item=PLAIN, units=1, patient=PATIENT)
        assert (first.status_code, second.status_code) == (201, 200)
        assert first.json()["id"] == second.json()["id"] == "a1-b"
        await desk.calm()
        assert len(desk.hardware.pulses) == 1
        async with script(desk, OTHER_NURSE) as other:
            refused = await asked(other, "a1-b", kind="withdraw", item=PLAIN, units=1, patient=PATIENT)
            assert (refused.status_code, refused.json()["code"]) == (409, "access.repeated")


@virtual
async def test_a_drawer_that_does_not_open_is_tried_again_and_then_marked_failed_and_recovered() -> None:
    """The screen says at each step what was recorded and what to do; a nurse alone at night gets out of it."""
    async with open_desk() as desk, script(desk, NURSE) as client:
        desk.hardware.jammed.update(desk.world.layout.locks)
        await asked(client, kind="withdraw", item=PLAIN, units=1, patient=PATIENT)
        view = (await client.get("/api/v1/accesses/a1?wait_s=10")).json()
        assert (view["phase"], view["code"]) == ("authorised", "drawer.not_opened")
        assert view["recorded"] == "The try was recorded. Nothing was taken."
        assert view["remedy"]
        for _ in range(2):
            again = await client.post("/api/v1/accesses/a1/confirm", json={"step": "open"})
            assert again.json()["phase"] == "released"
            view = (await client.get("/api/v1/accesses/a1?wait_s=10")).json()
        assert (view["phase"], view["code"]) == ("cancelled", "drawer.failed")
        fault = (await client.get("/api/v1/faults")).json()[0]
        assert (fault["kind"], fault["code"], fault["is_failing"]) == ("drawer", "drawer.jammed", True)
        assert fault["sentence"]
        assert fault["remedy"]
        assert fault["cause"]
        assert fault["raised_at"]
        refused = await asked(client, "a2", kind="withdraw", item=PLAIN, units=1, patient=PATIENT)
        assert refused.json()["code"] == "drawer.failed"
        assert (await client.post(f"/api/v1/faults/{fault['id']}/recovery")).json() == []
        again = await client.post(f"/api/v1/faults/{fault['id']}/recovery")
        assert again.json()["code"] == "drawer.not_failed"
        assert (await client.get("/api/v1/debts")).json()


@virtual
async def test_a_lost_line_is_a_fault_with_a_remedy() -> None:
    """A pulse whose reply is lost is looked for all the same, and what did not open may be tried again."""
    async with open_desk() as desk, script(desk, NURSE) as client:
        desk.hardware.silent.update(desk.world.layout.locks)
        await asked(client, kind="withdraw", item=PLAIN, units=1, patient=PATIENT)
        view = (await client.get("/api/v1/accesses/a1?wait_s=10")).json()
        assert (view["phase"], view["code"]) == ("authorised", "drawer.not_opened")
        cancelled = (await client.post("/api/v1/accesses/a1/cancel")).json()
        assert (cancelled["phase"], cancelled["message"]) == ("cancelled", "Cancelled. Nothing was taken.")


REFUSALS: list[tuple[str, str, dict[str, Any], int]] = [
    (NURSE, "policy.role", {"kind": "refill", "item": PLAIN, "units": 1}, 403),
    (TECHNICIAN, "policy.role", {"kind": "withdraw", "item": PLAIN, "units": 1, "patient": PATIENT}, 403),
    (PHARMACIST, "policy.role", {"kind": "withdraw", "item": PLAIN, "units": 1, "patient": PATIENT}, 403),
    (NURSE, "access.kind_unknown", {"kind": "borrow", "item": PLAIN, "units": 1, "patient": PATIENT}, 422),
    (NURSE, "access.purpose", {"kind": "withdraw", "item": PLAIN, "units": 1}, 422),
    (NURSE, "access.patient_unknown", {"kind": "withdraw", "item": PLAIN, "units": 1, "patient": "p-999"}, 404),
    (NURSE, "access.units", {"kind": "withdraw", "item": PLAIN, "units": 0, "patient": PATIENT}, 422),
    (NURSE, "pocket.unknown", {"kind": "withdraw", "pocket": "z-99", "units": 1, "patient": PATIENT}, 404),
    (NURSE, "stock.not_here", {"kind": "withdraw", "item": "vecuronium-10-vial", "units": 1, "patient": PATIENT}, 404),
    (NURSE, "stock.short", {"kind": "withdraw", "item": PLAIN, "units": 999, "patient": PATIENT}, 409),
    (NURSE, "order.unknown", {"kind": "withdraw", "order": "nobody-1", "item": PLAIN, "patient": PATIENT}, 404),
    (NURSE, "order.unknown", {"kind": "withdraw", "authority": "order", "item": PLAIN, "units": 1, "patient": PATIENT}, 404),
    (NURSE, "order.other_item", {"kind": "withdraw", "order": "p-301-2", "item": BLIND, "units": 1}, 409),
]


@pytest.mark.parametrize(("who", "code", "wish", "status"), REFUSALS)
@virtual
async def test_every_refusal_says_what_happened_what_to_do_and_what_was_recorded(
    who: str, code: str, wish: dict[str, Any], status: int
) -> None:
    """A "no" that explains itself is left without help; one that does not ends in a workaround."""
    async with open_desk() as desk, script(desk, who) as client:
        answer = await asked(client, **wish)
        body = answer.json()
        assert (answer.status_code, body["code"], body["status"]) == (status, code, status)
        assert answer.headers["content-type"] == "application/problem+json"
        assert body["title"]
        assert body["remedy"]
        assert body["recorded"] == "That it was asked for and refused was recorded. No stock was changed."
        assert desk.hardware.pulses == []


@virtual
async def test_what_has_expired_or_run_out_is_refused() -> None:
    """Nobody takes what may not be given, and the sentence tells them where to turn."""
    async with open_desk(demo_world({PLAIN: 0})) as desk, script(desk, NURSE) as client:
        out = await asked(client, kind="withdraw", pocket=desk.pocket_of(PLAIN), units=1, patient=PATIENT)
        assert (out.status_code, out.json()["code"]) == (409, "stock.out")
        stock = (await client.get("/api/v1/stock?status=expired")).json()
        old = await asked(client, "a2", kind="withdraw", pocket=stock[0]["pocket"], units=1, patient=PATIENT)
        assert (old.status_code, old.json()["code"]) == (409, "stock.expired")


@virtual
async def test_an_unverified_order_is_shown_and_cannot_be_followed() -> None:
    """A hidden order is asked for twice; one that waits says so."""
    world = demo_world()
    patients = {
        key: replace(patient, orders=tuple(replace(order, is_verified=False) for order in patient.orders))
        for key, patient in world.patients.items()
    }
    async with open_desk(replace(world, patients=patients)) as desk, script(desk, NURSE) as client:
        orders = (await client.get(f"/api/v1/patients/{PATIENT}/orders")).json()
        assert orders
        answer = await asked(client, kind="withdraw", order=orders[0]["id"])
        assert (answer.status_code, answer.json()["code"]) == (403, "order.unverified")


@virtual
async def test_where_orders_are_needed_nothing_leaves_without_one() -> None:
    """A profile area is one because of this."""
    async with open_desk(needing_orders(demo_world())) as desk, script(desk, NURSE) as client:
        answer = await asked(client, kind="withdraw", item=PLAIN, units=1, patient=PATIENT, authority="policy")
        assert (answer.status_code, answer.json()["code"]) == (403, "policy.needs_order")


@virtual
async def test_one_factor_keeps_from_controlled_items() -> None:
    """An id and a PIN can both be watched over a shoulder; a badge has to be stolen."""
    async with open_desk() as desk, script(desk, NURSE, by="id") as client:
        answer = await asked(client, kind="withdraw", item=BLIND, units=1, patient=PATIENT)
        assert (answer.status_code, answer.json()["code"]) == (403, "policy.factors")
        assert (await asked(client, "a2", kind="withdraw", item=PLAIN, units=1, patient=PATIENT)).status_code == 201


@virtual
async def test_a_drawer_in_use_is_refused() -> None:
    """Two hands in one drawer leave nobody answerable."""
    async with open_desk() as desk, script(desk, NURSE) as client, script(desk, OTHER_NURSE) as other:
        await asked(client, "a1", kind="withdraw", item=PLAIN, units=1, patient=PATIENT)
        await desk.calm()
        answer = await asked(other, "b1", kind="withdraw", item=PLAIN, units=1, patient=PATIENT)
        assert (answer.status_code, answer.json()["code"]) == (409, "drawer.in_use")


@virtual
async def test_an_access_belongs_to_its_person() -> None:
    """What somebody takes, and for whom, is nobody else's business; and nobody finishes it for them."""
    async with open_desk() as desk, script(desk, NURSE) as client, script(desk, OTHER_NURSE) as other:
        await asked(client, kind="withdraw", item=PLAIN, units=1, patient=PATIENT)
        await desk.calm()
        for answer in (
            await other.get("/api/v1/accesses/a1"),
            await other.post("/api/v1/accesses/a1/confirm", json={"units": 1}),
            await other.post("/api/v1/accesses/a1/cancel"),
            await other.post("/api/v1/accesses/a1/scan", json={"code": "]d2"}),
        ):
            assert (answer.status_code, answer.json()["code"]) == (403, "access.not_yours")
            assert PATIENT not in answer.text


@virtual
async def test_a_step_that_is_not_asked_for_is_refused() -> None:
    """A script out of step learns it at once, and nothing moves."""
    async with open_desk() as desk, script(desk, NURSE) as client:
        await asked(client, kind="withdraw", item=PLAIN, units=1, patient=PATIENT)
        looking = await client.post("/api/v1/accesses/a1/cancel")
        assert looking.json()["code"] == "access.looking"
        await desk.calm()
        count = await client.post("/api/v1/accesses/a1/count", json={"units": 1})
        scan = await client.post("/api/v1/accesses/a1/scan", json={"code": "]d2"})
        witness = await client.post("/api/v1/accesses/a1/witness", json={"is_missing": True})
        nothing = await client.post("/api/v1/accesses/none/count", json={"units": 1})
        assert (count.status_code, count.json()["code"]) == (409, "access.not_now")
        assert witness.json()["code"] == "access.not_asked"
        assert scan.json()["code"] == "scan.unreadable", "what is removed may be scanned unasked"
        assert (nothing.status_code, nothing.json()["code"]) == (404, "access.unknown")
        assert (await client.post("/api/v1/discrepancies/d1/resolution", json={"reason": "other"})).status_code == 404


@virtual
async def test_a_refill_wants_lot_and_a_date_that_is_one() -> None:
    """What goes in without its expiry cannot be taken out in time."""
    async with open_desk() as desk, script(desk, TECHNICIAN) as client:
        need = next(need for need in (await client.get("/api/v1/restock")).json() if need["why"] == "below_min")
        await asked(client, kind="refill", pocket=need["pocket"], units=need["units_needed"])
        await desk.calm()
        view = (await client.get("/api/v1/accesses/a1")).json()
        assert view["expected"] == need["units"]
        await client.post("/api/v1/accesses/a1/count", json={"units": view["expected"]})
        for expiry, code in (("June", "access.date"), ("2026-02-30", "access.date"), ("2020-01-01", "access.lot_expired")):
            answer = await client.post("/api/v1/accesses/a1/confirm", json={"units": 12, "lot": "L9", "expiry": expiry})
            assert answer.json()["code"] == code
        await client.post("/api/v1/accesses/a1/confirm", json={"units": need["units_needed"], "lot": "L9", "expiry": "2031-06-30"})
        await desk.shut()
        assert desk.units_in(need["pocket"]) == need["par"]
        assert need["pocket"] not in [need["pocket"] for need in (await client.get("/api/v1/restock")).json()]


@pytest.mark.parametrize("who", [NURSE, CHARGE, TECHNICIAN, PHARMACIST])
@pytest.mark.parametrize("kind", ["withdraw", "refill", "count"])
@virtual
async def test_roles_ask_for_what_the_policy_says_and_for_nothing_else(who: str, kind: str) -> None:
    """Roles times kinds, every cell: the policy file is the only place where this is decided."""
    async with open_desk() as desk, script(desk, who) as client:
        role = desk.world.staff[who].role  # type: ignore[index]
        answer = await asked(client, kind=kind, item=PLAIN, units=1, patient=PATIENT)
        assert answer.status_code == (201 if kind in desk.world.policy.may[role] else 403)


@pytest.mark.parametrize("who", [TECHNICIAN, PHARMACIST])
@virtual
async def test_who_takes_nothing_for_patients_sees_no_patients(who: str) -> None:
    """A name that is not needed is a name that leaks."""
    async with open_desk() as desk, script(desk, who) as client:
        for path in ("/patients", f"/patients/{PATIENT}/orders"):
            answer = await client.get(f"/api/v1{path}")
            assert (answer.status_code, answer.json()["code"]) == (403, "policy.role")


@virtual
async def test_the_search_keeps_look_alikes_apart_and_names_what_is_not_here() -> None:
    """The paralytic must never be offered for "VE" because the sedative is out of stock."""
    async with open_desk() as desk, script(desk, NURSE) as client:
        both = (await client.get("/api/v1/items?q=ve&for=override")).json()
        assert (both["items"], both["needs_more_letters"], both["message"]) == ([], True, "Type more letters.")
        absent = (await client.get("/api/v1/items?q=vecuronium&for=override")).json()
        assert absent["items"] == []
        assert absent["message"].startswith("vecuronium")
        assert "is not in this cabinet; nearest: " in absent["message"]
        brand = (await client.get("/api/v1/items?q=tylenol&for=withdraw")).json()
        assert [item["id"] for item in brand["items"]] == [PLAIN]
        assert brand["items"][0]["where"][0]["units"] == desk.units_in(desk.pocket_of(PLAIN))


@virtual
async def test_the_stock_can_be_asked_for_by_status() -> None:
    """What is low is found without reading what is not."""
    async with open_desk() as desk, script(desk, TECHNICIAN) as client:
        everything = (await client.get("/api/v1/stock")).json()
        low = (await client.get("/api/v1/stock?status=low")).json()
        assert low == [line for line in everything if line["status"] == "low"]
        assert {"pocket", "item", "units", "par", "min", "critical_low", "status"} <= set(low[0])


@virtual
async def test_nobody_gets_in_without_both_factors_and_the_attempt_is_recorded() -> None:
    """A badge alone, a PIN alone and a wrong pair open nothing, and all look the same from outside."""
    async with open_desk() as desk, stranger(desk) as client:
        answers = [
            await client.post("/api/v1/sessions", json=body)
            for body in (
                {"badge": f"badge-{NURSE}", "secret": "000000"},
                {"badge": "badge-nobody", "secret": PIN},
                {"id": NURSE, "secret": "000000"},
                {"id": "nobody", "secret": PIN},
            )
        ]
        assert {answer.status_code for answer in answers} == {401}
        assert len({answer.text for answer in answers}) == 1
        assert answers[0].json()["recorded"] == "The attempt was recorded."
        for body in ({"badge": f"badge-{NURSE}"}, {"secret": PIN}, {"badge": "b", "id": "i", "secret": PIN}):
            malformed = await client.post("/api/v1/sessions", json=body)
            assert (malformed.status_code, malformed.json()["code"]) == (422, "request.malformed")
            assert PIN not in malformed.text
        for path in ("/items", "/patients", "/stock", "/restock", "/discrepancies", "/debts", "/faults", "/events", "/accesses/a1"):
            assert (await client.get(f"/api/v1{path}")).json()["code"] == "session.missing"


@virtual
async def test_a_token_is_no_session_id_and_dies_with_the_session() -> None:
    """The session's id stands in the journal for ever; whoever reads it must not be able to act."""
    async with open_desk() as desk, script(desk, NURSE) as client:
        token = client.headers["Authorization"].removeprefix("Bearer ")
        session = next(iter(desk.core.state.sessions))
        assert token != session
        as_session = await client.get("/api/v1/stock", headers={"Authorization": f"Bearer {session}"})
        assert as_session.status_code == 401
        assert (await client.delete("/api/v1/sessions")).status_code == 204
        gone = await client.get("/api/v1/stock")
        assert (gone.status_code, gone.json()["code"]) == (401, "session.unknown")


@virtual
async def test_nobody_signs_out_with_a_drawer_open() -> None:
    """An open drawer with nobody's name on it is how things go missing."""
    async with open_desk() as desk, script(desk, NURSE) as client:
        await asked(client, kind="withdraw", item=PLAIN, units=1, patient=PATIENT)
        await desk.calm()
        answer = await client.delete("/api/v1/sessions")
        assert (answer.status_code, answer.json()["code"]) == (409, "session.drawer_open")


@virtual
async def test_a_fresh_cabinet_answers_nobody_until_staff_are_enrolled() -> None:
    """No default account: an empty staff list opens nothing but the enrolment of the first administrator, and says so."""
    async with open_desk(replace(demo_world(), staff={})) as desk, stranger(desk) as client:
        described = (await client.get("/api/v1/openapi.json")).json()["paths"]
        ways = [(way, path) for path, ways in described.items() for way in ways if path != "/api/v1/setup"]
        answers = [await client.request(way, path, json={"badge": "b", "secret": "s"}) for way, path in ways]
        assert {(answer.status_code, answer.json()["code"]) for answer in answers} == {(503, "cabinet.no_staff")}


@pytest.mark.parametrize(
    "body",
    [
        {"kind": "withdraw"},
        {"id": "a b", "kind": "withdraw"},
        {"id": "a1", "kind": "withdraw", "units": "2"},
        {"id": "a1", "kind": "withdraw", "units": -1},
        {"id": "a1", "kind": "withdraw", "units": 2.5},
        {"id": "a1", "kind": "withdraw", "units": 2**63},
        {"id": "a1", "kind": "withdraw", "colour": "red"},
        {"id": "a1", "kind": "withdraw", "authority": "mine"},
        {"id": "a1", "kind": "withdraw", "reason": "\ud800"},
    ],
)
@virtual
async def test_a_body_that_is_not_what_was_agreed_is_refused_at_the_door(body: dict[str, Any]) -> None:
    """Inside, nothing is a dict: what comes in is parsed once, and what is not known is an error."""
    async with open_desk() as desk, script(desk, NURSE) as client:
        seq = desk.core.state.seq
        answer = await client.post("/api/v1/accesses", content=json.dumps(body), headers={"Content-Type": "application/json"})
        assert (answer.status_code, answer.json()["code"]) == (422, "request.malformed")
        assert desk.core.state.seq == seq


@virtual
async def test_a_long_poll_returns_when_the_access_moves_and_not_before() -> None:
    """A script that waits costs nothing and sees the drawer open within the same moment."""
    async with open_desk() as desk, script(desk, NURSE) as client:
        desk.hardware.jammed.update(desk.world.layout.locks)
        view = (await asked(client, kind="withdraw", item=PLAIN, units=1, patient=PATIENT)).json()
        began_s = desk.controller.clock.now().mono_s
        moved = (await client.get(f"/api/v1/accesses/a1?wait_s=30&after={view['seq']}")).json()
        assert moved["seq"] > view["seq"]
        assert 2.5 < desk.controller.clock.now().mono_s - began_s < 3.5
        again = (await client.get("/api/v1/accesses/a1?wait_s=5")).json()
        assert again["seq"] == moved["seq"]


@virtual
async def test_changes_name_ids_and_nobody() -> None:
    """Whoever listens to the stream learns that a pocket moved, and never for whom."""
    async with open_desk() as desk, script(desk, NURSE) as client:
        wish = await ordered(client, {"kind": "withdraw", "item": PLAIN, "units": 1, "patient": PATIENT})
        changes = desk.app.state.floor.live.changes()
        waiting = asyncio.ensure_future(anext(changes))
        await desk.calm()
        await asked(client, **wish)
        change = await waiting
        await changes.aclose()
        assert change.accesses == ("a1",)
        assert change.pockets == (desk.pocket_of(PLAIN),)
        assert (change.mode, change.seq > 0) == ("ready", True)


@virtual
async def test_health_figures_and_the_description_are_open_to_all_and_name_nobody() -> None:
    """Monitoring needs no account, and so must learn nothing about anybody."""
    async with open_desk() as desk, script(desk, NURSE) as client, stranger(desk) as anyone:
        await settled_withdrawal(desk, client, "a1", PLAIN, 1)
        health = (await anyone.get("/healthz")).json()
        assert (health["status"], health["mode"]) == ("ok", "ready")
        figures = (await anyone.get("/metrics")).text
        assert 'adc_accesses_ended_total{phase="settled"} 1.0' in figures
        assert NURSE not in figures
        assert PATIENT not in figures
        described = (await anyone.get("/api/v1/openapi.json")).json()
        assert described["openapi"].startswith("3.1")
        assert "/api/v1/accesses/{access_id}/confirm" in described["paths"]


@virtual
async def test_every_answer_carries_the_headers_that_keep_a_page_to_itself() -> None:
    """A frame, a sniffed type or a cached screen is how the next person sees the former patient."""
    async with open_desk() as desk, stranger(desk) as client:
        for path in ("/", "/healthz", "/api/v1/stock", "/nowhere"):
            headers = (await client.get(path)).headers
            assert headers["content-security-policy"] == (
                "default-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'"
            )
            assert headers["x-content-type-options"] == "nosniff"
            assert headers["referrer-policy"] == "no-referrer"
            assert headers["cache-control"] == "no-store"

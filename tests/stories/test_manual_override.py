"""The manual, override: from the list of the care area, with a reason, and an order that is chased until it is linked."""

from dataclasses import replace
from datetime import date
from typing import Any

from cabinet.domain.facts import AccessRequested, OrderLinked
from cabinet.domain.people import Role
from cabinet.domain.vocabulary import ItemId, StaffId
from cabinet.rehearsal.prescribing import prescribe
from tests.stories.caller import asked, screen, script
from tests.stories.desk import CHARGE, MORNING, NURSE, demo_world, open_desk
from tests.stories.manual import code, done, facts
from tests.virtual import virtual

PATIENT, LISTED, UNLISTED = "p-304", "ondansetron-4-vial", "lisinopril-10-tab"
WISH: dict[str, Any] = {"kind": "withdraw", "authority": "override", "units": 1, "patient": PATIENT}


@virtual
async def test_an_override_needs_an_item_of_the_list_a_reason_of_the_list_and_a_role_that_may() -> None:
    """ISMP 2019, 3.b and 3.c: per care area and role, and the reason is not free text."""
    world = demo_world()
    student = replace(world.staff[StaffId("dev-patel")], role=Role.STUDENT)
    async with open_desk(replace(world, staff={**world.staff, student.id: student})) as desk, script(desk, NURSE) as client:
        assert code(await asked(client, "o1", item=UNLISTED, reason="Emergency", **WISH)) == "override.not_listed"
        assert code(await asked(client, "o2", item=LISTED, **WISH)) == "override.reason"
        assert code(await asked(client, "o3", item=LISTED, reason="because", **WISH)) == "override.reason"
        async with script(desk, "dev-patel") as other:
            assert code(await asked(other, "o4", item=LISTED, reason="Emergency", **WISH)) == "policy.role"
        assert desk.hardware.pulses == []
        assert (await asked(client, "o5", item=LISTED, reason="Emergency", **WISH)).status_code == 201


@virtual
async def test_an_order_is_owed_after_an_override_until_it_has_come() -> None:
    """ISMP 2019, 3.d and 3.e; best practice 16 (b): an order is required even then, and is owed until it has come; it links itself."""
    async with open_desk() as desk, script(desk, NURSE) as client:
        await done(desk, client, "o1", item=LISTED, reason="Severe pain", **WISH)
        request = facts(desk, AccessRequested)[-1]
        assert (request.authority, request.reason, request.order) == ("override", "Severe pain", None)
        [owed] = [debt for debt in (await client.get("/api/v1/debts")).json() if debt["kind"] == "order"]
        wrong = await client.post(f"/api/v1/debts/{owed['id']}/order", json={"order": "p-301-1"})
        assert wrong.status_code >= 400, "another patient's order is not the one"
        order = await prescribe(desk.controller, PATIENT, LISTED, 1)
        assert "order" not in {debt["kind"] for debt in (await client.get("/api/v1/debts")).json()}
        assert [(fact.access, fact.order) for fact in facts(desk, OrderLinked)] == [("o1", order)]


@virtual
async def test_a_charge_nurse_draws_the_overrides_by_item_person_and_area_with_those_not_linked() -> None:
    """ISMP 2019, 3.f; MM.08.01.01: the evidence of the daily review."""
    async with open_desk() as desk:
        async with script(desk, NURSE) as client:
            await done(desk, client, "o1", item=LISTED, reason="Severe pain", **WISH)
        async with script(desk, CHARGE) as charge:
            report = (await charge.get("/api/v1/reports/overrides?format=csv")).text
        for word in ("ondansetron", "Ana Reyes", "Severe pain", "medical-surgical"):
            assert word in report, word


@virtual
async def test_an_item_that_wants_an_indication_is_not_overridden_without_one() -> None:
    """ISMP call to action 2024: what it is for, said before the lid opens."""
    world = demo_world()
    guarded = replace(world.formulary[ItemId(LISTED)], needs_indication=True)
    async with open_desk(replace(world, formulary={**world.formulary, guarded.id: guarded})) as desk, script(desk, NURSE) as client:
        answer = await asked(client, "o1", item=LISTED, reason="Emergency", **WISH)
        assert (code(answer), desk.hardware.pulses) == ("override.indication", [])
        said = await asked(client, "o2", item=LISTED, reason="Emergency", indication="vomits since midnight", **WISH)
        assert said.status_code == 201, said.text
        assert facts(desk, AccessRequested)[-1].indication == "vomits since midnight"


@virtual
async def test_the_patients_own_orders_come_before_the_override() -> None:
    """Best practice 16 (b), order first: one touch leads on from the orders to the override, and none the other way around it."""
    async with open_desk() as desk, screen(desk, NURSE) as page:
        shown = (await page.get(f"/patients/{PATIENT}")).text
        assert shown.index("for=override") < shown.index('action="/accesses"')
        assert f"/patients/{PATIENT}/find?for=override" not in (await page.get("/")).text


def test_the_override_list_bears_the_day_it_was_last_reviewed() -> None:
    """ISMP 2019, 3.g; best practice 16 (d)."""
    assert date.fromisoformat(demo_world().policy.authority.reviewed) <= MORNING.date()

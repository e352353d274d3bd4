"""Returning, wasting with a witness, emergencies and what stays owed, by the API, as a nurse's screen does it."""

from typing import Any

import httpx
import pytest

from tests.stories.caller import asked, script
from tests.stories.desk import PIN, Desk, open_desk
from tests.stories.test_kiosk_api import NURSE, PATIENT, PLAIN
from tests.virtual import virtual

COLLEAGUE, CHARGE, STUDENT_ROLE = "ben-okafor", "erin-walsh", "student"
OPIOID = "oxycodone-5-tab"


async def take(desk: Desk, client: httpx.AsyncClient, item: str, units: int, access: str = "w1", **more: Any) -> None:
    """A whole withdrawal, counted where it is asked for."""
    answer = await asked(client, access, **{"kind": "withdraw", "item": item, "units": units, "patient": PATIENT, **more})
    assert answer.status_code == 201, answer.text
    await desk.calm()
    view = (await client.get(f"/api/v1/accesses/{access}")).json()
    if "count_before" in view["asks"]:
        units_there = desk.controller.core.state.lines[view["pocket"]].units
        await client.post(f"/api/v1/accesses/{access}/count", json={"units": units_there})
    answer = await client.post(f"/api/v1/accesses/{access}/confirm", json={"units": units})
    assert answer.status_code == 200, answer.text
    desk.hardware.shut_all()
    await desk.calm()


@virtual
async def test_half_a_tablet_is_wasted_with_a_colleague_and_not_with_oneself() -> None:
    """The first three minutes, 1:40: refused when it is the same person."""
    async with open_desk() as desk, script(desk, NURSE) as client:
        await take(desk, client, OPIOID, 1)
        wish = {"kind": "waste", "withdrawal": "w1", "amount": "2.5 mg", "reason": "half of it was due"}
        view = (await asked(client, "x1", **wish)).json()
        assert view["asks"] == ["witness"]
        assert "2.5 mg" in view["message"], "the witness's screen names item, amount and reason"
        assert "half of it was due" in view["message"]
        myself = await client.post("/api/v1/accesses/x1/witness", json={"badge": f"badge-{NURSE}", "secret": PIN})
        assert myself.json()["code"] == "witness.same_person"
        nobody = await client.post("/api/v1/accesses/x1/witness", json={"is_missing": True})
        assert nobody.json()["code"] == "witness.needed"
        signed = await client.post("/api/v1/accesses/x1/witness", json={"badge": f"badge-{COLLEAGUE}", "secret": PIN})
        assert (signed.json()["phase"], signed.json()["witness"]) == ("settled", COLLEAGUE)
        assert COLLEAGUE not in {session.staff for session in desk.controller.core.state.sessions.values()}, "a signature is no session"


@virtual
async def test_an_amount_that_cannot_be_read_wastes_nothing() -> None:
    """Never a guess."""
    async with open_desk() as desk, script(desk, NURSE) as client:
        await take(desk, client, OPIOID, 1)
        for amount in ("some", "2.5 mL", "100 mg"):
            answer = await asked(client, "x1", kind="waste", withdrawal="w1", amount=amount, reason="dropped")
            assert answer.json()["code"] in {"withdrawal.amount", "withdrawal.more"}, answer.text
        assert "x1" not in desk.controller.core.state.accesses


@virtual
async def test_a_return_lies_in_the_bin_until_it_is_emptied() -> None:
    """Isolated from the stock that can be withdrawn."""
    async with open_desk() as desk, script(desk, NURSE) as client:
        await take(desk, client, PLAIN, 2)
        answer = await asked(client, "r1", kind="return", withdrawal="w1", units=1)
        assert answer.json()["phase"] == "settled", answer.text
        assert desk.controller.core.state.places == {"bin": {PLAIN: 1}}


@virtual
async def test_what_an_emergency_skipped_is_listed_and_done_afterwards() -> None:
    """Reason, order and count: never in front of the drug."""
    async with open_desk() as desk, script(desk, NURSE) as client:
        await take(desk, client, OPIOID, 1, "e1", kind="emergency")
        owed = {debt["kind"]: debt for debt in (await client.get("/api/v1/debts")).json()}
        assert {"reason", "order", "count"} <= set(owed)
        assert owed["reason"]["is_mine"]
        done = await client.post(f"/api/v1/debts/{owed['reason']['id']}/close", json={"reason": "seizure"})
        assert "reason" not in {debt["kind"] for debt in done.json()}
        handed = await client.post(f"/api/v1/debts/{owed['order']['id']}/hand-over", json={"badge": f"badge-{COLLEAGUE}", "secret": PIN})
        assert handed.status_code == 200, handed.text
        assert "order" not in {debt["kind"] for debt in handed.json()}, "it is the colleague's now"
        async with script(desk, CHARGE) as charge:
            listed = {debt["kind"]: debt for debt in (await charge.get("/api/v1/debts")).json()}
            assert listed["order"]["owner"] == COLLEAGUE, "the charge nurse sees everybody's"


@pytest.mark.parametrize("path", ["hand-over", "witness"])
@virtual
async def test_a_debt_is_no_door_for_strangers(path: str) -> None:
    """A colleague who takes it over proves who they are."""
    async with open_desk() as desk, script(desk, NURSE) as client:
        await take(desk, client, OPIOID, 1, "e1", kind="emergency")
        answer = await client.post(f"/api/v1/debts/order-e1/{path}", json={"badge": f"badge-{COLLEAGUE}", "secret": "000000"})
        assert answer.status_code == 401, answer.text

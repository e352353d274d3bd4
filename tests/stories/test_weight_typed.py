"""A dose goes by weight, and nobody had weighed the patient: the nurse types it once, and everybody has it from then on."""

from typing import Any

from tests.stories.caller import asked, script
from tests.stories.desk import NURSE, OTHER_NURSE, open_desk
from tests.virtual import virtual

LEILA, BY_WEIGHT = "p-311", "p-311-3"


@virtual
async def test_the_next_nurse_is_not_asked_for_the_weight_again() -> None:
    """It stands beside the dose with its age and where it came from; a weight that nobody has is refused before anything opens."""
    async with open_desk() as desk, script(desk, NURSE) as client, script(desk, OTHER_NURSE) as colleague:
        slip = await asked(client, "w0", kind="withdraw", order=BY_WEIGHT, amount="6100 kg", units=1)
        assert slip.json()["code"] == "dose.weight_range"
        answer = await asked(client, "w1", kind="withdraw", order=BY_WEIGHT, amount="61.4 kg")
        assert answer.status_code == 201, answer.text
        orders = {one["id"]: one for one in (await colleague.get(f"/api/v1/patients/{LEILA}/orders")).json()}
        assert orders[BY_WEIGHT]["questions"] == []
        assert orders[BY_WEIGHT]["weight"] == "61.4 kg, weighed today, typed at the cabinet"


@virtual
async def test_twice_the_weight_is_asked_about_and_is_nobodys_record() -> None:
    """Whoever types a weight that is far from the one on record says why; what the record says stays until somebody weighs again."""
    async with open_desk() as desk, script(desk, NURSE) as client, script(desk, OTHER_NURSE) as colleague:
        assert (await asked(client, "w1", kind="withdraw", order=BY_WEIGHT, amount="61.4 kg")).status_code == 201
        await desk.calm()
        assert (await client.post("/api/v1/accesses/w1/cancel", json={})).status_code == 200
        await desk.shut()
        twice: dict[str, Any] = {"kind": "withdraw", "order": BY_WEIGHT, "amount": "122 kg"}
        stopped = await asked(colleague, "w2", **twice)
        assert (stopped.status_code, stopped.json()["code"]) == (428, "warning.weight")
        assert "122 kg was typed; the record says 61.4 kg" in stopped.json()["detail"]
        answers = ["warning.weight=weighed in bed, twice", "warning.more_than_order=the prescriber was asked"]
        assert (await asked(colleague, "w3", acknowledged=answers, **twice)).status_code == 201
        orders = {one["id"]: one for one in (await client.get(f"/api/v1/patients/{LEILA}/orders")).json()}
        assert orders[BY_WEIGHT]["weight"].startswith("61.4 kg")

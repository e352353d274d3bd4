"""Two strengths of one tablet: the cabinet proposes the one that wastes least, and the nurse may choose the other."""

from dataclasses import replace
from typing import Any

from cabinet.domain.core import World
from cabinet.domain.dose.amount import Amount, Measure
from cabinet.domain.formulary import Population
from cabinet.domain.vocabulary import ItemId
from tests.stories.caller import asked, screen, script
from tests.stories.desk import NURSE, PHARMACIST, demo_world, open_desk
from tests.virtual import virtual

PATIENT, OF_25, OF_50 = "p-301", ItemId("metoprolol-25-tab"), ItemId("metoprolol-50-tab")
ORDER = {"patient": PATIENT, "item": OF_25, "dose": "50 mg", "route": "oral", "schedule": "every 12 hours", "is_verified": True}


def ward_of_two(**changes: Any) -> World:
    """The demo ward, with metoprolol 50 mg where hydralazine stood."""
    world = demo_world()
    held = Amount(50 * 10**6, Measure.MASS, "mg")
    fifty = replace(world.formulary[OF_25], id=OF_50, strength="50 mg", unit_amount=(held,), ndc="0000-9050-01", **changes)
    drawers = tuple(
        replace(drawer, pockets=tuple(replace(one, item=OF_50) if one.item == "hydralazine-25-tab" else one for one in drawer.pockets))
        for drawer in world.layout.drawers
    )
    return replace(world, formulary=world.formulary | {OF_50: fifty}, layout=replace(world.layout, drawers=drawers))


@virtual
async def test_the_strength_that_takes_fewest_is_proposed_and_the_other_is_one_touch_away() -> None:
    """50 mg is one tablet of 50 mg, or two of 25 mg; each is asked for with the order and its item, and planned for itself."""
    async with open_desk(ward_of_two()) as desk, script(desk, PHARMACIST) as pharmacist, script(desk, NURSE) as nurse:
        await pharmacist.put("/api/v1/orders/o-meto", json=ORDER)
        orders = {one["id"]: one for one in (await nurse.get(f"/api/v1/patients/{PATIENT}/orders")).json()}
        assert [(one["item"], one["units"]) for one in orders["o-meto"]["strengths"]] == [(OF_50, 1), (OF_25, 2)]
        async with screen(desk, NURSE) as page:
            shown = (await page.get(f"/patients/{PATIENT}")).text
        assert shown.index("1 tablet of 50 mg") < shown.index("2 tablets of 25 mg")
        answer = await asked(nurse, "w1", kind="withdraw", order="o-meto", item=OF_25)
        assert (answer.status_code, answer.json()["units"]) == (201, 2), answer.text
        await desk.calm()
        await nurse.post("/api/v1/accesses/w1/confirm", json={"units": 2})
        await desk.shut()
        again = await asked(nurse, "w2", kind="withdraw", order="o-meto", item=OF_50)
        assert again.json()["code"] == "warning.already_taken", "it is the same order in whatever strength"


@virtual
async def test_a_strength_for_children_is_not_listed_beside_one_for_adults() -> None:
    """And nobody has to choose where there is no choice."""
    async with open_desk(ward_of_two(population=Population.PAEDIATRIC)) as desk, script(desk, PHARMACIST) as pharmacist:
        await pharmacist.put("/api/v1/orders/o-meto", json=ORDER)
        async with script(desk, NURSE) as nurse:
            orders = {one["id"]: one for one in (await nurse.get(f"/api/v1/patients/{PATIENT}/orders")).json()}
            assert orders["o-meto"]["strengths"] == []
            assert orders["o-meto"]["units"] == 2

"""The manual, out of the fridge for good: at room temperature an item gets a new last day, which is said and kept to."""

import asyncio
from dataclasses import replace
from datetime import timedelta

from cabinet.domain.core import World
from cabinet.domain.facts import RoomExpirySet
from cabinet.domain.vocabulary import ItemId
from tests.stories.caller import asked, script
from tests.stories.desk import MORNING, NURSE, TECHNICIAN, demo_world, open_desk
from tests.stories.manual import begun, code, facts, said
from tests.virtual import virtual

COLD, FREE = ItemId("famotidine-20-vial"), "m2-08"


def for_a_fortnight() -> World:
    """The demo ward, where famotidine may be kept out of the fridge for fourteen days."""
    world = demo_world()
    vial = replace(world.formulary[COLD], room_days=14)
    return replace(world, formulary={**world.formulary, COLD: vial})


@virtual
async def test_what_is_loaded_outside_the_fridge_gets_the_shorter_expiry_and_is_refused_past_it() -> None:
    """Ward, items: moving an item to room temperature sets a new expiry; the label says next year, the cabinet a fortnight."""
    async with open_desk(for_a_fortnight()) as desk:
        last = (MORNING + timedelta(days=14)).date().isoformat()
        async with script(desk, TECHNICIAN) as client:
            view = await begun(desk, client, "l1", kind="load", pocket=FREE, item=COLD, units=5, levels=(5, 2, 1))
            assert any("fridge" in warning for warning in view["warnings"]), view["warnings"]
            await said(client, "l1", "count", units=0)
            view = await said(client, "l1", "confirm", units=5, lot="L9", expiry="2028-01-31")
            assert any(last in warning for warning in view["warnings"]), view["warnings"]
            await desk.shut()
        [set_here] = facts(desk, RoomExpirySet)
        assert (set_here.expiry, set_here.labelled, desk.core.state.lines[FREE].earliest_expiry) == (last, "2028-01-31", last)
        await asyncio.sleep(timedelta(days=15).total_seconds())
        async with script(desk, NURSE) as client:
            wish = {"kind": "withdraw", "pocket": FREE, "units": 1, "patient": "p-301"}
            assert code(await asked(client, "w1", **wish)) == "stock.expired"

"""What goes to another cabinet, what comes from one, and what is moved out of the cold: over the API, as a technician does it."""

from dataclasses import replace
from datetime import timedelta

from cabinet.domain.facts import Account, RoomExpirySet, UnitsMoved
from cabinet.domain.vocabulary import ItemId
from tests.stories.caller import asked, script
from tests.stories.desk import CHARGE, TECHNICIAN, demo_world, open_desk
from tests.stories.manual import code, done, facts
from tests.virtual import virtual

TABLET, COLD, FREE = "metoprolol-25-tab", ItemId("insulin-glargine-pen"), "m2-08"


@virtual
async def test_what_is_sent_to_another_cabinet_and_what_comes_back_add_up() -> None:
    """Five tablets go to intensive care, three come back; both stand in the report with where they went."""
    async with open_desk() as desk, script(desk, TECHNICIAN) as client, script(desk, CHARGE) as charge:
        pocket = desk.pocket_of(TABLET)
        before = desk.units_in(pocket)
        assert code(await asked(client, "t0", kind="refill", pocket=pocket, units=3, place="atlantis")) == "transfer.cabinet"
        await done(desk, client, "t1", 5, kind="transfer", pocket=pocket, place="icu")
        assert desk.units_in(pocket) == before - 5
        await done(desk, client, "t2", 3, kind="refill", pocket=pocket, place="icu", lot="L7", expiry="2031-01-31")
        assert desk.units_in(pocket) == before - 2
        ways = [(one.source, one.target, one.units, one.place) for one in facts(desk, UnitsMoved) if one.place == "icu"]
        assert ways == [(Account.POCKET, Account.TRANSIT, 5, "icu"), (Account.TRANSIT, Account.POCKET, 3, "icu")]
        assert "icu" in (await charge.get("/api/v1/reports/transfers")).text


@virtual
async def test_what_is_moved_to_room_temperature_gets_the_days_that_it_has_there() -> None:
    """A pen that is kept at 20 degrees is good for so many days, whatever its label says; what has none stays in the cold."""
    world = demo_world()
    pen = replace(world.formulary[COLD], room_days=28)
    async with open_desk(replace(world, formulary={**world.formulary, COLD: pen})) as desk, script(desk, TECHNICIAN) as client:
        levels = [4, 1, 1]
        await done(desk, client, "l1", 2, kind="load", pocket=FREE, item=COLD, levels=levels, lot="L1", expiry="2028-08-31")
        last = (desk.controller.clock.now().utc + timedelta(days=28)).date().isoformat()
        [moved] = facts(desk, RoomExpirySet)
        assert (moved.expiry, moved.labelled, moved.units) == (last, "2028-08-31", 2)
        assert desk.core.state.lines[FREE].earliest_expiry == last
        cold = desk.pocket_of(COLD)
        assert desk.core.state.lines[cold].earliest_expiry == "2028-08-31", "in its fridge the label counts"
    async with open_desk() as desk, script(desk, TECHNICIAN) as client:
        refused = await asked(client, "l1", kind="load", pocket=FREE, item=COLD, units=2, levels=levels)
        assert code(refused) == "place.cold"

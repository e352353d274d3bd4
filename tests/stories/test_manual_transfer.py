"""The manual, from one cabinet to another: named at both ends, in transit between them, and both told to be compared."""

from cabinet.domain.facts import UnitsMoved
from tests.stories.caller import asked, screen, script, touched
from tests.stories.desk import NURSE, PHARMACIST, TECHNICIAN, demo_world, open_desk
from tests.stories.manual import code, done, facts
from tests.virtual import virtual

ITEM, THERE = "acetaminophen-325-tab", "icu"


@virtual
async def test_what_is_sent_to_another_cabinet_is_in_transit_until_it_is_there() -> None:
    """Transfer: out of the pocket here by the other cabinet's name; no patient had it, and nobody lost it."""
    async with open_desk(demo_world({ITEM: 20})) as desk, script(desk, TECHNICIAN) as client:
        pocket = desk.pocket_of(ITEM)
        assert code(await asked(client, "t0", kind="transfer", pocket=pocket, units=5, place="atlantis")) == "transfer.cabinet"
        assert code(await asked(client, "t0", kind="transfer", pocket=pocket, units=5)) == "transfer.where", "no cabinet is chosen for them"
        view = await done(desk, client, "t1", 5, kind="transfer", pocket=pocket, place=THERE)
        assert (view["phase"], desk.units_in(pocket)) == ("settled", 15)
        sent = facts(desk, UnitsMoved)[-1]
        assert (sent.source, sent.target, sent.units, sent.place) == ("pocket", "transit", 5, THERE)


@virtual
async def test_the_screen_of_a_pocket_takes_in_what_another_cabinet_sent() -> None:
    """Transfer, the other end: whoever holds the bag touches who sent it, so that both ends are told to be compared."""
    async with open_desk(demo_world({ITEM: 20})) as desk, screen(desk, TECHNICIAN) as browser:
        pocket = desk.pocket_of(ITEM)
        assert "Sent here by another cabinet" in (await browser.get(f"/pockets/{pocket}")).text
        await touched(browser, {"id": "r1", "kind": "refill", "pocket": pocket, "units": "1", "place": THERE, "sheet": ""})
        assert desk.core.state.accesses["r1"].place == THERE


@virtual
async def test_what_another_cabinet_sent_is_filled_in_by_its_name_and_both_ways_are_reported() -> None:
    """Transfer: received is compared with sent; a nurse neither sends nor receives."""
    async with open_desk(demo_world({ITEM: 20})) as desk, script(desk, TECHNICIAN) as client:
        pocket = desk.pocket_of(ITEM)
        await done(desk, client, "r1", 4, kind="refill", pocket=pocket, place=THERE, lot="L9", expiry="2028-01-31")
        got = facts(desk, UnitsMoved)[-1]
        assert (got.source, got.target, got.units, got.place) == ("transit", "pocket", 4, THERE)
        await done(desk, client, "t1", 6, kind="transfer", pocket=pocket, place=THERE)
        async with script(desk, NURSE) as nurse:
            assert code(await asked(nurse, "t2", kind="transfer", pocket=pocket, units=1, place=THERE)) == "policy.role"
        async with script(desk, PHARMACIST) as pharmacist:
            report = (await pharmacist.get("/api/v1/reports/transfers", params={"format": "csv"})).text
            assert "Intensive Care (icu),acetaminophen 325 mg tablet,not controlled,6,4" in report, "sent, received"

"""The manual, refilling: from the list of what is needed, counted first, scanned, with lot and expiry, and nothing lost on the way."""

from dataclasses import replace

from cabinet.domain.facts import PackageScanned, PocketCounted, QuantityConfirmed, UnitsMoved
from cabinet.domain.people import Role
from cabinet.domain.witness import WitnessRule
from tests.stories.caller import asked, screen, script
from tests.stories.desk import NURSE, OTHER_NURSE, PHARMACIST, TECHNICIAN, demo_world, open_desk
from tests.stories.manual import badge_of, begun, code, done, entries, said
from tests.stories.test_kiosk_shown import package
from tests.virtual import virtual

PLAIN, POCKET = "acetaminophen-325-tab", "m1-01"


@virtual
async def test_the_list_says_how_much_brings_a_pocket_to_par_and_shrinks_as_it_is_filled() -> None:
    """Refilling 1: at or below the refill point a pocket is on the list, with the number that brings it to its par."""
    async with open_desk(demo_world({PLAIN: 3})) as desk, script(desk, TECHNICIAN) as client:
        [need] = [one for one in (await client.get("/api/v1/restock")).json() if one["pocket"] == POCKET]
        assert (need["units"], need["units_needed"]) == (3, need["par"] - 3)
        await done(desk, client, "r1", need["units_needed"], kind="refill", pocket=POCKET, lot="L9", expiry="2031-06-30")
        assert POCKET not in [one["pocket"] for one in (await client.get("/api/v1/restock")).json()]


@virtual
async def test_what_is_there_is_counted_before_anything_is_added_and_a_difference_is_found_then() -> None:
    """Refilling 4: a par on top of a wrong count is a wrong par; the refill goes on all the same."""
    async with open_desk(demo_world({PLAIN: 12})) as desk, script(desk, TECHNICIAN) as client:
        view = await begun(desk, client, "r1", kind="refill", pocket=POCKET, units=10)
        assert view["asks"][0] == "count_before"
        for _ in range(2):
            view = await said(client, "r1", "count", units=11)
        assert "confirm" in view["asks"]
        await said(client, "r1", "confirm", units=10, lot="L9", expiry="2031-06-30")
        await desk.shut()
        assert desk.units_in(POCKET) == 21
        [found] = (await client.get("/api/v1/discrepancies")).json()
        assert (found["expected"], found["counted"]) == (12, 11)


@virtual
async def test_a_known_wrong_item_is_refused_by_both_names_and_the_right_one_fills_lot_and_expiry() -> None:
    """ISMP 2019, 6: a wrong strength or a wrong drug never goes in by a scan; the right one saves the typing."""
    async with open_desk(demo_world({PLAIN: 12})) as desk, script(desk, TECHNICIAN) as client:
        await begun(desk, client, "r1", kind="refill", pocket=POCKET, units=10)
        refused = await client.post("/api/v1/accesses/r1/scan", json={"code": package(desk, "hydralazine-25-tab")})
        assert code(refused) == "scan.other_item"
        assert {"acetaminophen", "hydralazine"} <= {word.lower() for word in refused.text.replace("(", " ").split()}
        right = await said(client, "r1", "scan", code=package(desk, PLAIN, lot="L9", expiry="310630"))
        assert (right["scan"]["lot"], right["scan"]["expiry"]) == ("L9", "2031-06-30")
        [scanned] = entries(desk, PackageScanned)
        assert scanned.staff == TECHNICIAN


@virtual
async def test_more_than_fits_is_warned_of_and_goes_in() -> None:
    """Over capacity warns: whoever stands before the drawer sees whether it fits, says so with one touch, and that is on record."""
    async with open_desk() as desk, script(desk, TECHNICIAN) as client, screen(desk, TECHNICIAN) as page:
        there = desk.units_in(POCKET)
        view = await begun(desk, client, "r1", kind="refill", pocket=POCKET, units=200)
        assert view["warnings"] == [], "before the count is in it would tell the balance"
        view = await said(client, "r1", "count", units=there)
        assert any("100" in warning for warning in view["warnings"]), view["warnings"]
        full = {"units": "200", "lot": "L9", "expiry": "2031-06-30"}
        told = await page.post("/accesses/r1/confirm", data=full)
        assert "Seen: put it in all the same" in told.text
        assert desk.units_in(POCKET) == there, "first it is said"
        await page.post("/accesses/r1/confirm", data={**full, "acknowledged": "place.capacity"})
        await desk.shut()
        assert desk.units_in(POCKET) == there + 200
        [stated] = entries(desk, QuantityConfirmed)
        assert (stated.staff, stated.fact.acknowledged) == (TECHNICIAN, ["place.capacity"])  # type: ignore[attr-defined]


@virtual
async def test_nurses_are_served_at_the_other_drawers_while_a_pocket_is_open_for_refill() -> None:
    """A refill keeps nobody waiting who wants another drawer; it yields the screen between two pockets."""
    async with open_desk() as desk, script(desk, TECHNICIAN) as client:
        await begun(desk, client, "r1", kind="refill", pocket=POCKET, units=10)
        async with script(desk, NURSE) as nurse:
            assert (await done(desk, nurse, "w1", 1, kind="withdraw", item="sodium-chloride-flush", purpose="code_tray"))[
                "phase"
            ] == "settled"


@virtual
async def test_the_record_of_a_refill_says_begin_count_added_lot_expiry_and_who() -> None:
    """Refilling, record; and a nurse may not refill at all."""
    async with open_desk(demo_world({PLAIN: 12})) as desk, script(desk, TECHNICIAN) as client:
        await done(desk, client, "r1", 10, kind="refill", pocket=POCKET, lot="L9", expiry="2031-06-30")
        mine = [entry for entry in entries(desk, PocketCounted, UnitsMoved) if entry.access == "r1"]
        counted, moved = mine[0].fact, mine[1].fact
        assert isinstance(counted, PocketCounted)
        assert isinstance(moved, UnitsMoved)
        assert (counted.counted, moved.units, moved.lot, moved.expiry, moved.source) == (12, 10, "L9", "2031-06-30", "pharmacy")
        assert {entry.staff for entry in mine} == {TECHNICIAN}
        async with script(desk, OTHER_NURSE) as nurse:
            assert code(await asked(nurse, "r2", kind="refill", pocket=POCKET, units=10)) == "policy.role"


@virtual
async def test_where_a_hospital_wants_each_refill_scanned_nothing_is_typed_in_without_its_package() -> None:
    """ISMP 2019, 6: scan every refill. Nothing was put in is still an answer, and the wrong package is no scan."""
    world = demo_world({PLAIN: 12})
    strict = replace(world.policy, placing=replace(world.policy.placing, is_scan_needed=True))
    async with open_desk(replace(world, policy=strict)) as desk, script(desk, TECHNICIAN) as client:
        await begun(desk, client, "r1", kind="refill", pocket=POCKET, units=10)
        await said(client, "r1", "count", units=12)
        typed = {"units": 10, "lot": "L9", "expiry": "2031-06-30"}
        assert code(await client.post("/api/v1/accesses/r1/confirm", json=typed)) == "scan.needed"
        await client.post("/api/v1/accesses/r1/scan", json={"code": package(desk, "hydralazine-25-tab")})
        assert code(await client.post("/api/v1/accesses/r1/confirm", json=typed)) == "scan.needed"
        await said(client, "r1", "scan", code=package(desk, PLAIN, lot="L9", expiry="310630"))
        await said(client, "r1", "confirm", **typed)
        await desk.shut()
        assert desk.units_in(POCKET) == 22


@virtual
async def test_a_high_alert_item_is_checked_by_a_second_person_when_it_is_filled() -> None:
    """ISMP 2019, 6: an independent check, where policy asks for it; before the lock moves, and of high-alert items whatever their class."""
    world = demo_world()
    check = WitnessRule(frozenset({"refill"}), frozenset(), frozenset({Role.PHARMACIST}), is_high_alert=True)
    strict = replace(world.policy, witness=(check, *world.policy.witness))
    async with open_desk(replace(world, policy=strict)) as desk, script(desk, TECHNICIAN) as client:
        answer = await asked(client, "r1", kind="refill", item="heparin-5000-vial", units=5)
        assert (answer.json()["asks"], desk.hardware.pulses) == (["witness"], [])
        assert code(await client.post("/api/v1/accesses/r1/witness", json={"is_missing": True})) == "witness.needed"
        assert code(await client.post("/api/v1/accesses/r1/witness", json=badge_of(NURSE))) == "witness.role"
        await said(client, "r1", "witness", **badge_of(PHARMACIST))
        await desk.calm()
        assert desk.hardware.pulses
        other = await asked(client, "r2", kind="refill", item="hydroxyzine-25-tab", units=5)
        assert other.json()["asks"] == ["open"], "what is not high-alert asks for nobody"

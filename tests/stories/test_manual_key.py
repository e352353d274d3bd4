"""The manual, the mechanical key: its use shows as an opening with nobody named, owes a count, and is printed."""

from cabinet.domain.facts import DrawerMoved
from tests.stories.caller import script
from tests.stories.desk import CHARGE, NURSE, PHARMACIST, demo_world, open_desk
from tests.stories.manual import done, entries, seen
from tests.virtual import virtual

PLAIN = "acetaminophen-325-tab"


@virtual
async def test_a_drawer_opened_by_key_names_nobody_and_what_is_within_reach_owes_a_count() -> None:
    """Ward, emergency access: under closed lids nothing is owed; the report lists the opening until everything is counted."""
    async with open_desk(demo_world({PLAIN: 20})) as desk:
        layout, pocket = desk.world.layout, desk.pocket_of(PLAIN)
        lock = layout.drawer_of(next(one for one in layout.pockets.values() if one.id == pocket)).lock
        desk.hardware.force(lock)
        await desk.calm()
        opened = entries(desk, DrawerMoved)[-1]
        assert (opened.fact.lock, opened.staff, opened.access) == (lock.name, None, None)  # type: ignore[attr-defined]
        desk.hardware.shut(lock)
        await desk.calm()
        assert desk.core.state.lines[pocket].owes
        async with script(desk, CHARGE) as charge:
            owed = {debt["pocket"] for debt in (await charge.get("/api/v1/debts")).json() if debt["kind"] == "count"}
            assert pocket in owed
        async with script(desk, PHARMACIST) as pharmacist:
            report = await pharmacist.get("/api/v1/reports/keys", params={"format": "csv"})
            assert report.status_code == 200, report.text
            assert layout.drawer_of(next(one for one in layout.pockets.values() if one.id == pocket)).name in report.text
        async with script(desk, NURSE) as nurse:
            view = await done(desk, nurse, "w1", 2, kind="withdraw", order="p-301-2")
            assert view["phase"] == "settled", "nobody waits for the count"


@virtual
async def test_what_was_taken_by_key_is_found_at_the_next_count_and_blames_nobody() -> None:
    """Ward, emergency access: the interval holds the opening, and the discrepancy names no person."""
    async with open_desk(demo_world({"oxycodone-5-tab": 20})) as desk, script(desk, NURSE) as nurse:
        layout, pocket = desk.world.layout, desk.pocket_of("oxycodone-5-tab")
        for lock in layout.path(next(one for one in layout.pockets.values() if one.id == pocket)):
            desk.hardware.force(lock)
        await desk.calm()
        await desk.shut()
        await done(desk, nurse, "w1", 1, kind="withdraw", order="p-301-1", count=18)
        assert (await seen(nurse, "w1"))["phase"] == "disputed"
        [found] = desk.core.state.discrepancies.values()
        async with script(desk, PHARMACIST) as pharmacist:
            one = (await pharmacist.get(f"/api/v1/discrepancies/{found.id}")).json()
        assert one["openings"], one

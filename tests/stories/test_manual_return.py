"""The manual, returning: to the bin by default, to the pocket or the fridge's shelf only where that is safe, and never what was opened."""

from dataclasses import replace

from cabinet.domain.core import World
from cabinet.domain.facts import AccessRequested, UnitsMoved
from cabinet.domain.formulary import ControlClass
from cabinet.domain.vocabulary import ItemId
from tests.stories.caller import asked, screen, script
from tests.stories.desk import NURSE, OTHER_NURSE, demo_world, open_desk
from tests.stories.manual import badge_of, begun, code, done, entries, facts, said, seen
from tests.stories.test_kiosk_shown import package
from tests.virtual import virtual

PATIENT, OPIOID, PLAIN, COLD = "p-301", "oxycodone-5-tab", "acetaminophen-325-tab", "famotidine-20-vial"


def with_pocket_returns() -> World:
    """The demo ward of a hospital whose policy lets unopened packages go back to their pocket, controlled ones too."""
    world = demo_world()
    custody = replace(world.policy.custody, pocket_return_classes=frozenset({ControlClass.NONE, ControlClass.C2}))
    return replace(world, policy=replace(world.policy, custody=custody))


@virtual
async def test_a_return_names_its_withdrawal_and_is_never_more_than_was_taken() -> None:
    """Returning, record: which withdrawal, how many, where to."""
    async with open_desk() as desk, script(desk, NURSE) as client:
        await done(desk, client, "w1", 2, kind="withdraw", order="p-301-2")
        assert code(await asked(client, "r1", kind="return", withdrawal="w1", units=3)) == "withdrawal.more"
        assert (await asked(client, "r2", kind="return", withdrawal="w1", units=1)).json()["phase"] == "settled"
        back = facts(desk, UnitsMoved)[-1]
        assert (back.withdrawal, back.units, back.target, back.place) == ("w1", 1, "return_bin", "bin")
        assert code(await asked(client, "r3", kind="return", withdrawal="w1", units=2)) == "withdrawal.more"


@virtual
async def test_an_opened_controlled_item_is_wasted_and_never_returned() -> None:
    """Whoever has opened it throws it away before a witness; the bin is not the place to hide half a tablet."""
    async with open_desk() as desk, script(desk, NURSE) as client:
        await done(desk, client, "w1", 1, kind="withdraw", order="p-301-1")
        assert code(await asked(client, "r1", kind="return", withdrawal="w1", units=1)) == "return.opened"
        whole = await asked(client, "r2", kind="return", withdrawal="w1", units=1, is_intact=True)
        assert whole.json()["asks"] == ["witness"]
        await client.post("/api/v1/accesses/r2/witness", json=badge_of(OTHER_NURSE))
        assert (await seen(client, "r2"))["witness"] == OTHER_NURSE


@virtual
async def test_back_into_the_pocket_only_where_policy_lets_it_unopened_and_counted() -> None:
    """ISMP 2019, 6: the original pocket is the exception; the count before it goes in is what makes it one."""
    async with open_desk() as desk, script(desk, NURSE) as client:
        await done(desk, client, "w1", 1, kind="withdraw", order="p-301-1")
        refused = await asked(
            client, "r1", kind="return", withdrawal="w1", units=1, place="pocket", pocket=desk.pocket_of(OPIOID), is_intact=True
        )
        assert code(refused) == "return.not_to_pocket"
    async with open_desk(with_pocket_returns()) as desk, script(desk, NURSE) as client:
        pocket = desk.pocket_of(OPIOID)
        before = desk.units_in(pocket)
        await done(desk, client, "w1", 1, kind="withdraw", order="p-301-1")
        wish = {"kind": "return", "withdrawal": "w1", "place": "pocket", "pocket": pocket}
        assert code(await asked(client, "r1", units=1, **wish)) == "return.opened"
        view = await begun(desk, client, "r2", witness=OTHER_NURSE, units=1, is_intact=True, **wish)
        assert "count_before" in view["asks"]
        await said(client, "r2", "count", units=before - 1)
        await said(client, "r2", "confirm", units=1)
        await desk.shut()
        assert desk.units_in(pocket) == before


@virtual
async def test_back_into_the_pocket_only_what_was_scanned_where_a_hospital_wants_scans() -> None:
    """To the pocket only unopened, scanned and counted: a tablet that looks alike goes to the bin, where a pharmacist looks."""
    world = with_pocket_returns()
    strict = replace(world.policy, placing=replace(world.policy.placing, is_scan_needed=True))
    async with open_desk(replace(world, policy=strict)) as desk, script(desk, NURSE) as client:
        pocket = desk.pocket_of(PLAIN)
        before = desk.units_in(pocket)
        await done(desk, client, "w1", 2, kind="withdraw", order="p-301-2")
        back = {"kind": "return", "withdrawal": "w1", "place": "pocket", "pocket": pocket, "is_intact": True, "units": 1}
        await begun(desk, client, "r1", **back)
        await said(client, "r1", "count", units=before - 2)
        assert code(await client.post("/api/v1/accesses/r1/confirm", json={"units": 1})) == "scan.needed"
        await said(client, "r1", "scan", code=package(desk, PLAIN))
        await said(client, "r1", "confirm", units=1)
        await desk.shut()
        assert desk.units_in(pocket) == before - 1


@virtual
async def test_a_cold_item_says_how_long_it_was_out_and_past_its_limit_goes_to_the_bin_alone() -> None:
    """Fridge items have a named place, and time out of the fridge is asked for."""
    world = demo_world()
    cold = replace(world.formulary[ItemId(COLD)], room_minutes=30)
    async with open_desk(replace(world, formulary={**world.formulary, cold.id: cold})) as desk, script(desk, NURSE) as client:
        await done(desk, client, "w1", 2, kind="withdraw", item=COLD, patient=PATIENT)
        there = {"kind": "return", "withdrawal": "w1", "units": 1}
        assert code(await asked(client, "r1", place="fridge-shelf", **there)) == "return.time_out"
        assert code(await asked(client, "r2", place="fridge-shelf", minutes_out=45, **there)) == "return.too_warm"
        assert (await asked(client, "r3", place="fridge-shelf", minutes_out=10, **there)).status_code == 201
        assert (await asked(client, "r4", **there)).status_code == 201
        assert desk.core.state.places == {"fridge-shelf": {COLD: 1}, "bin": {COLD: 1}}


@virtual
async def test_what_a_charge_and_a_credit_need_stands_in_the_facts() -> None:
    """Removing 12, return 3: it posts no charge; whoever does finds patient, item, units and moment of what went out and came back."""
    async with open_desk() as desk, script(desk, NURSE) as client:
        await done(desk, client, "w1", 2, kind="withdraw", order="p-301-2")
        assert (await asked(client, "r1", kind="return", withdrawal="w1", units=1, reason="Refused")).json()["phase"] == "settled"
        charged, credited = (next(one for one in entries(desk, UnitsMoved) if one.access == access) for access in ("w1", "r1"))
        assert isinstance(charged.fact, UnitsMoved)
        assert isinstance(credited.fact, UnitsMoved)
        assert (charged.fact.item, charged.fact.units, charged.fact.target) == ("acetaminophen-325-tab", 2, "patient")
        assert (credited.fact.item, credited.fact.units, credited.fact.source, credited.fact.withdrawal) == (
            charged.fact.item,
            1,
            "patient",
            "w1",
        )
        [asked_for] = [one.fact for one in entries(desk, AccessRequested) if one.access == "w1"]
        assert isinstance(asked_for, AccessRequested)
        assert (asked_for.patient, asked_for.order) == ("p-301", "p-301-2")
        assert desk.world.formulary[charged.fact.item].ndc


@virtual
async def test_the_shelf_is_proposed_only_where_it_is_known_how_long_a_cold_item_may_be_out() -> None:
    """A form that proposes what is always refused is a detour: where nobody stated a limit, the bin, and the pharmacy decides."""
    world = demo_world()
    cold = replace(world.formulary[ItemId(COLD)], room_minutes=30)
    limited = {**world.formulary, cold.id: cold}
    for known, first, said_of_it in ((world.formulary, "bin", "Nobody stated"), (limited, "fridge-shelf", "After 30 minutes")):
        async with open_desk(replace(world, formulary=known)) as desk, script(desk, NURSE) as client, screen(desk, NURSE) as page:
            await done(desk, client, "w1", 1, kind="withdraw", item=COLD, patient=PATIENT)
            form = (await page.get("/withdrawals/w1/return")).text
            assert f'name="place" value="{first}" checked' in form
            assert said_of_it in form

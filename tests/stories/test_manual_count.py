"""The manual, counting: blind or verified, by one or by two, and a difference is asked for once more before it is one."""

import re
from dataclasses import replace

from cabinet.domain.facts import PocketCounted
from cabinet.domain.formulary import ControlClass
from cabinet.domain.people import Role
from cabinet.domain.withdrawal.rule import CONTROLLED
from cabinet.domain.witness import WitnessRule
from tests.stories.caller import screen, script
from tests.stories.desk import NURSE, OTHER_NURSE, TELLTALE, demo_world, open_desk
from tests.stories.manual import begun, done, entries, facts, said, seen
from tests.virtual import virtual

OPIOID, VERIFIED, PLAIN, BULK, VOLUME = (
    "oxycodone-5-tab", "lorazepam-1-tab", "acetaminophen-325-tab", "sodium-chloride-flush", "morphine-oral-soln",
)  # fmt: skip


@virtual
async def test_a_cycle_count_is_blind_for_c_ii_and_shown_for_c_iv_and_the_record_keeps_both_numbers() -> None:
    """ISMP 2019, 2.f; Counting: what is expected is in no answer of a blind count, and in the journal of every one."""
    async with open_desk(demo_world({OPIOID: TELLTALE, VERIFIED: 26})) as desk, script(desk, NURSE) as client:
        view = await begun(desk, client, "c1", kind="count", item=OPIOID, units=0)
        assert (view["count_style"], view["expected"], str(TELLTALE) in str(view)) == ("blind", None, False)
        await said(client, "c1", "count", units=TELLTALE)
        await desk.shut()
        view = await begun(desk, client, "c2", kind="count", item=VERIFIED, units=0)
        assert (view["count_style"], view["expected"]) == ("verify", 26)
        await said(client, "c2", "count", units=26)
        await desk.shut()
        assert [(fact.counted, fact.expected) for fact in facts(desk, PocketCounted)] == [(TELLTALE, TELLTALE), (26, 26)]


@virtual
async def test_a_round_of_counts_goes_through_a_drawer_or_all_that_is_controlled_the_longest_uncounted_first() -> None:
    """Domain 2.11: choose class, drawer or all controlled items."""
    async with open_desk(demo_world({OPIOID: 20, VERIFIED: 26})) as desk, screen(desk, NURSE) as page, script(desk, NURSE) as client:
        controlled = (await page.get("/count?of=controlled")).text
        assert all(f'name="pocket" value="{desk.pocket_of(item)}"' in controlled for item in (OPIOID, VERIFIED))
        assert f'name="pocket" value="{desk.pocket_of(PLAIN)}"' not in controlled
        drawer = desk.core.world.layout.drawer_of(desk.core.world.layout.pockets[desk.pocket_of(PLAIN)])
        assert f'href="/count?of={drawer.id}"' in controlled
        one = (await page.get(f"/count?of={drawer.id}")).text
        held = re.findall(r'name="pocket" value="([^"]+)"', one)
        assert held
        assert set(held) <= {pocket.id for pocket in drawer.pockets}
        first = re.findall(r'name="pocket" value="([^"]+)"', controlled)[0]
        item = desk.core.state.lines[first].item
        await done(desk, client, "c1", desk.units_in(first), kind="count", item=item)
        assert re.findall(r'name="pocket" value="([^"]+)"', (await page.get("/count?of=controlled")).text)[-1] == first


@virtual
async def test_two_people_count_where_policy_wants_two_and_it_may_be_owed() -> None:
    """The weekly count by two: the second signs the first one's count, or the signature is owed where nobody is there."""
    world = demo_world()
    two = WitnessRule(frozenset({"count"}), CONTROLLED, frozenset({Role.NURSE}), may_be_owed=True)
    world = replace(world, policy=replace(world.policy, witness=(two, *world.policy.witness)))
    async with open_desk(world) as desk, script(desk, NURSE) as client:
        await done(desk, client, "c1", 0, kind="count", item=OPIOID, witness=OTHER_NURSE)
        assert (await seen(client, "c1"))["witness"] == OTHER_NURSE
        await done(desk, client, "c2", 0, kind="count", item=OPIOID)
        assert [debt.kind for debt in desk.core.state.debts.values()] == ["witness"]


@virtual
async def test_a_count_pays_what_a_pocket_owes() -> None:
    """A drawer opened by key owes a count of everything within reach, and nobody is named; the count ends it."""
    async with open_desk() as desk, script(desk, NURSE) as client:
        pocket = desk.pocket_of(PLAIN)
        layout = desk.world.layout
        desk.hardware.force(layout.path(next(one for one in layout.pockets.values() if one.id == pocket))[0])
        await desk.calm()
        await desk.shut()
        assert desk.core.state.lines[pocket].owes
        await done(desk, client, "c1", 0, kind="count", pocket=pocket)
        assert not desk.core.state.lines[pocket].owes
        assert [entry.staff for entry in entries(desk, PocketCounted)] == [NURSE]


@virtual
async def test_bulk_is_told_by_how_full_it_is_and_a_volume_within_its_variance_is_no_discrepancy() -> None:
    """Each pocket has a count mode: flushes are full, half or low; a liquid is read off, within what its item allows."""
    async with open_desk(demo_world({VOLUME: 340})) as desk, script(desk, NURSE) as client:
        view = await begun(desk, client, "c1", kind="count", item=BULK, units=0)
        assert view["count_style"] == "level"
        await said(client, "c1", "count", level="half")
        await desk.shut()
        await done(desk, client, "c2", 0, kind="count", item=VOLUME, count=339)
        assert not desk.core.state.discrepancies
        assert desk.units_in(desk.pocket_of(VOLUME)) == 339


@virtual
async def test_what_is_not_controlled_is_counted_at_refill_and_by_cycle_count_and_not_at_a_removal() -> None:
    """Counting that stands in the way of a headache tablet is counting that is done badly."""
    async with open_desk() as desk, script(desk, NURSE) as client:
        assert desk.world.policy.at_withdrawal[ControlClass.NONE] == "none"
        view = await begun(desk, client, "w1", kind="withdraw", order="p-301-2")
        assert "count_before" not in view["asks"]
        await said(client, "w1", "confirm", units=2)
        await desk.shut()
        view = await begun(desk, client, "c1", kind="count", item=PLAIN, units=0)
        assert (view["count_style"], view["asks"][0]) == ("blind", "count_before")

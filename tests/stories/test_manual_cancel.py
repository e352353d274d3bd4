"""The manual, cancelling: nobody gets out of a controlled pocket without a count, and nobody is accused of a count that was never asked."""

from cabinet.domain.facts import AccessMoved, CancelAsked, PocketCounted, UnitsMoved
from tests.stories.caller import asked, script
from tests.stories.desk import NURSE, demo_world, open_desk
from tests.stories.manual import begun, entries, facts, said, seen
from tests.virtual import virtual

OPIOID = "oxycodone-5-tab"


@virtual
async def test_a_controlled_pocket_that_was_open_is_counted_before_a_cancel_is_over() -> None:
    """Cancelling: "I cancelled and did not count; now I am asked where the tablets went" cannot be said here."""
    async with open_desk(demo_world({OPIOID: 28})) as desk, script(desk, NURSE) as client:
        pulled = len([fact for fact in facts(desk, UnitsMoved) if fact.item == OPIOID])
        await begun(desk, client, "w1", kind="withdraw", order="p-301-1")
        view = await said(client, "w1", "cancel")
        assert "count_before" in view["asks"], view
        await desk.shut()
        view = await seen(client, "w1")
        assert view["phase"] not in {"cancelled", "incomplete"}, "shutting it is no way around"
        assert "count_before" in view["asks"]
        assert (await said(client, "w1", "count", units=28))["phase"] == "cancelled"
        assert len([fact for fact in facts(desk, UnitsMoved) if fact.item == OPIOID]) == pulled


@virtual
async def test_a_cancel_that_finds_fewer_is_a_discrepancy_of_the_interval() -> None:
    """Cancelling is a classic way to hide what was taken: the count says so in the same access, and names nobody."""
    async with open_desk(demo_world({OPIOID: 28})) as desk, script(desk, NURSE) as client:
        await begun(desk, client, "w1", kind="withdraw", order="p-301-1")
        await said(client, "w1", "cancel")
        for _ in range(2):
            await said(client, "w1", "count", units=27)
        await desk.shut()
        assert (await seen(client, "w1"))["phase"] == "disputed"
        [found] = (await client.get("/api/v1/discrepancies")).json()
        assert (found["expected"], found["counted"]) == (28, 27)


@virtual
async def test_the_record_of_a_cancelled_withdrawal_says_who_when_it_was_open_and_what_was_counted() -> None:
    """Cancelling, record: how often somebody cancels is a report's business, so each cancel is one of its facts."""
    async with open_desk(demo_world({OPIOID: 28})) as desk, script(desk, NURSE) as client:
        await begun(desk, client, "w1", kind="withdraw", order="p-301-1")
        await said(client, "w1", "cancel")
        await said(client, "w1", "count", units=28)
        await desk.shut()
        mine = [entry for entry in entries(desk, AccessMoved, CancelAsked, PocketCounted) if entry.access == "w1"]
        assert {entry.staff for entry in mine} == {NURSE}
        assert any(isinstance(entry.fact, CancelAsked) for entry in mine)
        assert [entry.fact.target for entry in mine if isinstance(entry.fact, AccessMoved)][-1] == "cancelled"
        assert [entry.fact.counted for entry in mine if isinstance(entry.fact, PocketCounted)] == [28]


@virtual
async def test_before_anything_opened_a_cancel_asks_for_nothing() -> None:
    """The sentence says that nothing was taken, and the patient's list is where it was."""
    async with open_desk() as desk, script(desk, NURSE) as client:
        desk.hardware.jammed.update(desk.world.layout.locks)
        await asked(client, "w1", kind="withdraw", order="p-301-2")
        await client.get("/api/v1/accesses/w1?wait_s=10")
        view = await said(client, "w1", "cancel")
        assert (view["phase"], view["asks"], view["message"]) == ("cancelled", [], "Cancelled. Nothing was taken.")

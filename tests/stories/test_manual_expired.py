"""The manual, pulling what expires: find by date, look into each pocket, say how many were taken and what is left."""

from datetime import timedelta

from cabinet.domain.facts import Account, ExpiryStated, UnitsMoved, WitnessSigned
from tests.stories.caller import asked, script
from tests.stories.desk import MORNING, NURSE, PHARMACIST, TECHNICIAN, open_desk
from tests.stories.manual import begun, code, done, entries, facts, said, signed
from tests.virtual import virtual

OLD, OPIOID, PLAIN = "m1-08", "n1-01", "m1-01"


@virtual
async def test_the_list_to_pull_is_found_by_date_and_longer_around_holidays() -> None:
    """Pulling 2 to 5: what expires within eight days as a rule, or as many as are asked for, each with its pocket and number."""
    async with open_desk() as desk, script(desk, TECHNICIAN) as client:
        week = (await client.get("/api/v1/pulls")).json()
        assert [(pull["pocket"], pull["units"]) for pull in week] == [(OLD, 7)]
        days = (await client.get("/api/v1/pulls?days=400")).json()
        until = (MORNING + timedelta(days=400)).date().isoformat()
        assert {pull["pocket"] for pull in days} == {
            line.pocket for line in desk.core.state.lines.values() if (line.earliest_expiry or "9") <= until
        }


@virtual
async def test_expired_stock_is_pulled_counted_and_belongs_to_no_pocket_any_more() -> None:
    """Pulling 10, 11: inspect, take out, say how many."""
    async with open_desk() as desk, script(desk, TECHNICIAN) as client:
        await done(desk, client, "x1", 7, kind="expire", pocket=OLD)
        gone = facts(desk, UnitsMoved)[-1]
        assert (gone.units, gone.source, gone.target) == (7, Account.POCKET, Account.EXPIRED)
        assert OLD not in {pull["pocket"] for pull in (await client.get("/api/v1/pulls")).json()}


@virtual
async def test_found_none_is_an_answer_and_what_is_left_gets_the_date_that_was_read() -> None:
    """Pulling 11, 12: zero is allowed, and the shortest date of what remains is what counts, sooner than the record or later."""
    async with open_desk() as desk, script(desk, TECHNICIAN) as client:
        there = desk.units_in(PLAIN)
        for access, read in (("x1", "2027-01-31"), ("x2", "2032-01-31")):
            view = await done(desk, client, access, 0, kind="expire", pocket=PLAIN, expiry=read)
            assert view["phase"] == "settled"
            assert (desk.units_in(PLAIN), desk.core.state.lines[PLAIN].earliest_expiry) == (there, read)
        assert [entry.staff for entry in entries(desk, ExpiryStated)] == [TECHNICIAN] * 2


@virtual
async def test_expired_controlled_stock_is_counted_and_signed_for() -> None:
    """What is destroyed later leaves the cabinet before two people, or the signature is owed (21 CFR 1317)."""
    async with open_desk() as desk, script(desk, TECHNICIAN) as client:
        view = await begun(desk, client, "x1", kind="expire", pocket=OPIOID, units=2, sheet="out-1")
        assert view["asks"][0] == "count_before"
        await said(client, "x1", "count", units=28)
        view = await said(client, "x1", "confirm", units=2)
        assert view["asks"] == ["witness", "close"]
        await signed(client, "x1", view, PHARMACIST)
        await desk.shut()
        assert [(one.fact.said, one.witness) for one in entries(desk, WitnessSigned)] == [("2 tablet", PHARMACIST)]
        assert desk.units_in(OPIOID) == 26


@virtual
async def test_who_gives_medicines_pulls_none() -> None:
    """The role table says who does."""
    async with open_desk() as desk, script(desk, NURSE) as client:
        assert code(await asked(client, "x1", kind="expire", pocket=OLD, units=7)) == "policy.role"

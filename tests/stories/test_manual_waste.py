"""The manual, wasting: given + wasted + returned is what was removed; before a witness; owed as long as it takes, and in nobody's way."""

import pytest

from cabinet.domain.facts import Account, DebtOwed, DebtSettled, UnitsMoved
from tests.stories.caller import asked, script
from tests.stories.desk import CHARGE, NURSE, OTHER_NURSE, Desk, open_desk
from tests.stories.manual import begun, code, done, facts, said
from tests.virtual import virtual

PATIENT, OPIOID = "p-301", "oxycodone-5-tab"
HALF_LORAZEPAM, HALF_METOPROLOL = "p-307-1", "p-304-3"


def wasted(desk: Desk) -> list[tuple[int, int]]:
    """What went into waste: units and thousandths."""
    return [(fact.units, fact.part_m) for fact in facts(desk, UnitsMoved) if fact.target is Account.WASTE]


@virtual
async def test_half_a_controlled_tablet_is_owed_as_waste_from_the_removal_on_and_half_a_metoprolol_is_not() -> None:
    """A part unit owes a witnessed waste only for controlled or listed items."""
    async with open_desk() as desk, script(desk, NURSE) as client:
        await done(desk, client, "w1", 1, kind="withdraw", order=HALF_METOPROLOL)
        assert facts(desk, DebtOwed) == []
        await done(desk, client, "w2", 1, kind="withdraw", order=HALF_LORAZEPAM)
        assert [(debt.kind, debt.units_m) for debt in facts(desk, DebtOwed)] == [("waste", 500)]


@virtual
async def test_owed_waste_keeps_nobody_from_the_next_medicine_and_is_settled_when_it_is_done() -> None:
    """It never blocks a withdrawal; the list of "my shift" is where it stands until it is done with a colleague."""
    async with open_desk() as desk, script(desk, NURSE) as client:
        await done(desk, client, "w1", 1, kind="withdraw", order=HALF_LORAZEPAM)
        assert (await done(desk, client, "w2", 1, kind="withdraw", order="p-301-1"))["phase"] == "settled"
        [owed] = [debt for debt in (await client.get("/api/v1/debts")).json() if debt["kind"] == "waste"]
        assert owed["is_mine"]
        await begun(desk, client, "x1", kind="waste", withdrawal="w1", amount="0.5 mg", reason="half was due", witness=OTHER_NURSE)
        assert wasted(desk) == [(0, 500)]
        assert "waste" not in {debt["kind"] for debt in (await client.get("/api/v1/debts")).json()}


@pytest.mark.parametrize(("amount", "refused"), [("1 tablet", ""), ("2 tablets", "withdrawal.more"), ("10 mg", "withdrawal.more")])
@virtual
async def test_no_more_is_wasted_than_was_removed(amount: str, refused: str) -> None:
    """Given + wasted + returned = removed, in milligrams as well as in units."""
    async with open_desk() as desk, script(desk, NURSE) as client:
        await done(desk, client, "w1", 1, kind="withdraw", order="p-301-1")
        assert code(await asked(client, "x1", kind="waste", withdrawal="w1", amount=amount, reason="dropped")) == refused


@virtual
async def test_a_waste_without_its_witness_moves_nothing_and_is_still_owed() -> None:
    """A "Cancel" touched instead of "Exit" elsewhere lost a waste and ended a career: here what was owed before is owed after."""
    async with open_desk() as desk, script(desk, NURSE) as client:
        await done(desk, client, "w1", 1, kind="withdraw", order=HALF_LORAZEPAM)
        await asked(client, "x1", kind="waste", withdrawal="w1", amount="0.5 mg", reason="half was due")
        assert (await said(client, "x1", "cancel"))["phase"] == "cancelled"
        assert wasted(desk) == []
        assert [debt.kind for debt in desk.core.state.debts.values()] == ["waste"]


@virtual
async def test_waste_owed_by_somebody_who_has_left_is_closed_by_the_charge_nurse_with_a_reason() -> None:
    """Not by oneself, and not without words: her name stands beside it."""
    async with open_desk() as desk:
        async with script(desk, NURSE) as client:
            await done(desk, client, "w1", 1, kind="withdraw", order=HALF_LORAZEPAM)
            [owed] = [debt for debt in (await client.get("/api/v1/debts")).json() if debt["kind"] == "waste"]
            path = f"/api/v1/debts/{owed['id']}/close"
            assert (await client.post(path, json={"reason": "I am off"})).status_code == 403
            await client.delete("/api/v1/sessions")
        async with script(desk, CHARGE) as charge:
            assert (await charge.post(path, json={"reason": ""})).status_code == 422
            assert (await charge.post(path, json={"reason": "seen in the sink by me, nurse went home sick"})).status_code == 200
        [settled] = [entry for entry in desk.journal.entries(0) if isinstance(entry.fact, DebtSettled)]
        assert (settled.staff, settled.fact.how) == (CHARGE, "closed")  # type: ignore[attr-defined]


@virtual
async def test_a_waste_is_done_at_another_cabinet_by_naming_the_item() -> None:
    """Taken out on the next ward: the pharmacy joins the two, and nobody walks back."""
    async with open_desk() as desk, script(desk, NURSE) as client:
        what = {"kind": "waste", "item": OPIOID, "units": 1, "patient": PATIENT, "reason": "dropped"}
        assert code(await asked(client, "x0", **what)) == "withdrawal.not_named"
        view = await begun(desk, client, "x1", witness=OTHER_NURSE, purpose="found", **what)
        assert view["phase"] == "settled", view
        [owed] = [debt["sentence"] for debt in (await client.get("/api/v1/debts")).json() if debt["kind"] == "review"]
        assert "no withdrawal of it is on record here" in owed
        assert wasted(desk) == [(1, 0)]

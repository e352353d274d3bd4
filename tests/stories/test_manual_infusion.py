"""The manual, a controlled infusion: nothing is left over while it runs; what is left when it ends is said, and wasted before a witness."""

from cabinet.domain.events import OrderChangeAsked
from cabinet.domain.facts import InfusionEnded
from cabinet.domain.orders import Order
from cabinet.domain.vocabulary import ItemId, OrderId, PatientId, Units, utc_text
from tests.stories.caller import asked, screen, script
from tests.stories.desk import CHARGE, NURSE, OTHER_NURSE, Desk, open_desk
from tests.stories.manual import badge_of, done, entries, said
from tests.virtual import virtual

PATIENT, DRIP = "p-301", "midazolam-2-vial"


async def ordered(desk: Desk) -> OrderId:
    """A verified order that runs in over time; its id."""
    now, order = desk.controller.clock.now(), OrderId("rx-drip")
    told = Order(order, PatientId(PATIENT), ItemId(DRIP), "2 mg", Units(0), "IV", "continuous infusion", True, 0, utc_text(now.utc))
    assert await desk.controller.ask(OrderChangeAsked(now, None, told)) is None
    return order


def owed(debts: list[dict[str, str]], kind: str) -> list[str]:
    """What is owed of one kind, in words."""
    return [debt["sentence"] for debt in debts if debt["kind"] == kind]


@virtual
async def test_what_is_left_of_an_infusion_is_owed_when_it_ends_and_not_before() -> None:
    """Ward, waste: given + wasted + returned = removed; for infusions due only when the bag ends, and listed until somebody says so."""
    async with open_desk() as desk, script(desk, NURSE) as client:
        await done(desk, client, "w1", 1, kind="withdraw", order=await ordered(desk))
        debts = (await client.get("/api/v1/debts")).json()
        assert (owed(debts, "waste"), len(owed(debts, "infusion"))) == ([], 1)
        async with script(desk, CHARGE) as charge:
            assert owed((await charge.get("/api/v1/debts")).json(), "infusion"), "the charge nurse sees that it runs"
        assert (await client.post("/api/v1/withdrawals/w1/ended", json={"amount": "0.5 mg"})).status_code == 204
        debts = (await client.get("/api/v1/debts")).json()
        assert (owed(debts, "waste"), owed(debts, "infusion")) == (["0.5 mg to be wasted with a witness"], [])
        assert (await asked(client, "x1", kind="waste", withdrawal="w1", amount="0.5 mg", reason="Part of a dose")).status_code == 201
        await said(client, "x1", "witness", **badge_of(OTHER_NURSE))
        assert owed((await client.get("/api/v1/debts")).json(), "waste") == []
        [ended] = entries(desk, InfusionEnded)
        assert (ended.staff, ended.fact.said) == (NURSE, "0.5 mg")  # type: ignore[attr-defined]


@virtual
async def test_the_end_of_an_infusion_is_said_on_the_page_of_what_is_owed() -> None:
    """My shift: one touch leads to where it is said, in the item's own units; what is left is owed from then on."""
    async with open_desk() as desk, script(desk, NURSE) as client, screen(desk, NURSE) as page:
        await done(desk, client, "w1", 1, kind="withdraw", order=await ordered(desk))
        assert "Do it now" in (await page.get("/shift")).text
        shown = (await page.get("/debts/infusion-w1")).text
        assert "It ended; left in the bag" in shown
        assert 'value="mg"' in shown
        refused = await page.post("/debts/infusion-w1/ended", data={"amount": "some", "unit": "mg"})
        assert "withdrawal.amount" in refused.text
        await page.post("/debts/infusion-w1/ended", data={"amount": "0.5", "unit": "mg"})
        debts = (await client.get("/api/v1/debts")).json()
        assert (owed(debts, "waste"), owed(debts, "infusion")) == (["0.5 mg to be wasted with a witness"], [])

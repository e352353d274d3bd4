"""A controlled vial for many doses at the kiosk: how much was drawn is asked on the page where it is put back, and adds up afterwards."""

from dataclasses import replace

from cabinet.domain.core import World
from cabinet.domain.facts import DoseDrawn
from cabinet.domain.vocabulary import ItemId
from tests.stories.caller import asked, screen, script
from tests.stories.desk import NURSE, OTHER_NURSE, demo_world, open_desk
from tests.stories.manual import badge_of, begun, code, facts, said, seen
from tests.virtual import virtual

MIDAZOLAM = ItemId("midazolam-2-vial")


def with_a_vial_for_many_doses() -> World:
    """The demo ward whose midazolam stands in a vial that is put back after each dose."""
    world = demo_world()
    vial = replace(world.formulary[MIDAZOLAM], is_multi_dose=True, open_days=28)
    return replace(world, formulary={**world.formulary, MIDAZOLAM: vial})


@virtual
async def test_what_is_drawn_is_said_and_what_is_over_is_wasted() -> None:
    """1.5 mg drawn for a dose of 1 mg: a quarter of the vial is wasted before a colleague, and nothing stays open."""
    async with open_desk(with_a_vial_for_many_doses()) as desk, script(desk, NURSE) as client, screen(desk, NURSE) as page:
        view = await begun(desk, client, "w1", kind="withdraw", order="p-311-1")
        before = desk.units_in(view["pocket"])
        await said(client, "w1", "count", units=before)
        assert "Drawn, with its unit" in (await page.get("/accesses/w1")).text
        silent = await client.post("/api/v1/accesses/w1/confirm", json={"units": 0})
        assert code(silent) == "dose.drawn"
        await said(client, "w1", "confirm", units=0, drawn="1.5 mg")
        await desk.shut()
        assert (await seen(client, "w1"))["phase"] == "settled"
        [drawn] = facts(desk, DoseDrawn)
        assert (drawn.said, drawn.drawn_m, desk.units_in(view["pocket"])) == ("1.5 mg", 750, before)
        [owed] = [debt for debt in (await client.get("/api/v1/debts")).json() if debt["kind"] == "waste"]
        assert "0.5 mg" in owed["sentence"]
        assert (await asked(client, "x1", kind="waste", withdrawal="w1", amount="0.5 mg", reason="Part of a dose")).status_code == 201
        await said(client, "x1", "witness", **badge_of(OTHER_NURSE))
        assert not [debt for debt in (await client.get("/api/v1/debts")).json() if debt["kind"] == "waste"]

"""A scan instead of a touch: what is held to the scanner at a removal says that it was taken, or that it is another item."""

from cabinet.domain.facts import QuantityConfirmed
from tests.stories.caller import screen, script
from tests.stories.desk import NURSE, open_desk
from tests.stories.manual import begun, code, entries, said
from tests.stories.test_kiosk_shown import package
from tests.virtual import virtual


@virtual
async def test_a_scan_may_take_the_place_of_the_touch_and_notices_the_pocket_beside() -> None:
    """Who holds the package to the scanner has said that they took what was asked for; what came from the pocket beside is named."""
    async with open_desk() as desk, script(desk, NURSE) as client, screen(desk, NURSE) as page:
        view = await begun(desk, client, "w1", kind="withdraw", order="p-303-2")
        assert "Or hold one to the scanner" in (await page.get("/accesses/w1")).text
        before = desk.units_in(view["pocket"])
        wrong = await client.post("/api/v1/accesses/w1/scan", json={"code": package(desk, "lisinopril-10-tab")})
        assert code(wrong) == "scan.other_item"
        assert desk.units_in(view["pocket"]) == before, "nothing was taken by it"
        view = await said(client, "w1", "scan", code=package(desk, "hydroxyzine-25-tab"))
        assert (view["asks"], desk.units_in(view["pocket"])) == (["close"], before - 1)
        await desk.shut()
        [taken] = entries(desk, QuantityConfirmed)
        assert (taken.staff, taken.fact.units) == (NURSE, 1)

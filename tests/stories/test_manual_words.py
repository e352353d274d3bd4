"""The manual in the site's own words: who says Dispense reads Dispense, on screens and on paper; codes and the API keep theirs."""

from dataclasses import replace

from cabinet.domain.term import Terms
from tests.stories.caller import screen, script
from tests.stories.desk import NURSE, PHARMACIST, demo_world, open_desk
from tests.stories.manual import done
from tests.virtual import virtual


@virtual
async def test_a_site_reads_its_own_words_on_screens_and_reports() -> None:
    """Words on the screen: defaults of the trade, and a file of the site above them."""
    world = demo_world()
    said = dict(world.terms.words) | {"withdraw": "Dispense", "attention": "To do", "access": "Movement"}
    async with open_desk(replace(world, terms=Terms(said, world.terms.usual))) as desk:
        async with script(desk, NURSE) as client, screen(desk, NURSE) as page:
            shown = (await page.get("/patients/p-301")).text
            assert "Dispense" in shown
            assert "Remove" not in shown
            assert "To do" in (await page.get("/attention")).text
            view = await done(desk, client, "w1", 2, kind="withdraw", order="p-301-2")
            assert view["kind"] == "withdraw", "the API keeps the project's words"
        async with script(desk, PHARMACIST) as pharmacist:
            report = (await pharmacist.get("/api/v1/reports/activity", params={"format": "json"})).text
            assert "Movement" in report
            assert "Transactions" not in report

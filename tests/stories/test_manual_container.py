"""The manual, a container for many doses: withdrawn, drawn from and put back in one access, with a last day from its first opening on."""

import asyncio
import io
from datetime import timedelta

from pypdf import PdfReader

from cabinet.domain.facts import ContainerOpened
from tests.stories.caller import asked, screen, script
from tests.stories.desk import MORNING, NURSE, TECHNICIAN, demo_world, open_desk
from tests.stories.manual import begun, code, done, facts, said
from tests.virtual import virtual

PATIENT, VIAL = "p-301", "insulin-regular-vial"
DAYS = 28


@virtual
async def test_a_vial_is_put_back_keeps_its_balance_and_has_a_last_day_that_is_enforced() -> None:
    """Ward, counting: the balance falls when it is discarded; the last day is set at the first opening, shown, printed, and kept to."""
    async with open_desk(demo_world({VIAL: 1})) as desk:
        pocket = desk.pocket_of(VIAL)
        async with script(desk, NURSE) as client:
            await begun(desk, client, "w1", kind="withdraw", item=VIAL, units=1, patient=PATIENT)
            await said(client, "w1", "confirm", units=0)
            async with screen(desk, NURSE) as page:
                closing = (await page.get("/accesses/w1")).text
                assert "Recorded: used and put back." in closing, "before the door is shut neither"
                assert "0 vials" not in closing
            await desk.shut()
            told = (await client.get("/api/v1/accesses/w1")).json()["message"]
            assert told == "insulin regular 100 units/mL, 10 mL: used and put back.", "nobody reads that none was removed"
        assert desk.units_in(pocket) == 1
        [opened] = facts(desk, ContainerOpened)
        last = (MORNING + timedelta(days=DAYS)).date().isoformat()
        assert opened.use_by == last
        async with screen(desk, TECHNICIAN) as page:
            assert last in (await page.get("/pockets")).text
        async with screen(desk, NURSE) as page:
            assert f'href="/pockets/{pocket}/label"' in (await page.get("/purposes/discarded/find")).text
            label = await page.get(f"/pockets/{pocket}/label")
            assert label.headers["content-type"] == "application/pdf"
            assert f"USE BY {last}" in PdfReader(io.BytesIO(label.content)).pages[0].extract_text()
            other = await page.get(f"/pockets/{desk.pocket_of('acetaminophen-325-tab')}/label")
            assert (other.status_code, "pocket.unknown" in other.text) == (404, True)
        await asyncio.sleep(timedelta(days=DAYS + 1).total_seconds())
        async with script(desk, NURSE) as client:
            assert code(await asked(client, "w2", kind="withdraw", item=VIAL, units=1, patient=PATIENT)) == "stock.expired"
            view = await done(desk, client, "d1", 1, kind="withdraw", item=VIAL, purpose="discarded")
            assert (view["phase"], desk.units_in(pocket)) == ("settled", 0), "throwing it away is what its last day asks for"

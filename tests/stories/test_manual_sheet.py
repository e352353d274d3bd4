"""The manual, from the vault to the cabinet: controlled lines travel on a numbered sheet, and are received by count."""

import asyncio
from dataclasses import replace
from html import unescape

from cabinet.domain.core import World
from cabinet.domain.facts import DiscrepancyFound, SheetIssued, UnitsMoved
from cabinet.domain.formulary import ControlClass
from cabinet.domain.vocabulary import StaffId
from tests.stories.caller import asked, screen, script
from tests.stories.desk import NURSE, OTHER_NURSE, PHARMACIST, TECHNICIAN, demo_world, open_desk
from tests.stories.manual import begun, code, done, entries, facts, said, signed
from tests.virtual import virtual

OPIOID = "oxycodone-5-tab"
SHEET = {"sheet": "s-0042", "item": OPIOID, "units": 10, "issued_by": "vera", "carried_by": "carl"}
REFILL = {"kind": "refill", "sheet": "s-0042", "lot": "L9", "expiry": "2028-01-31"}


def on_sheets() -> World:
    """The demo ward of a hospital whose C-II comes and goes on numbered sheets."""
    world = demo_world({OPIOID: 12})
    custody = replace(world.policy.custody, sheet_classes=frozenset({ControlClass.C2}))
    return replace(world, policy=replace(world.policy, custody=custody))


@virtual
async def test_what_left_the_vault_is_received_by_count_and_closes_its_sheet() -> None:
    """Vault: item, quantity, issued by, carried by; without its sheet nothing controlled goes in."""
    async with open_desk(on_sheets()) as desk, script(desk, TECHNICIAN) as client:
        pocket = desk.pocket_of(OPIOID)
        assert code(await asked(client, "r0", kind="refill", pocket=pocket, units=10)) == "sheet.needed"
        assert (await client.post("/api/v1/sheets", json=SHEET)).status_code == 201
        view = await done(desk, client, "r1", 10, pocket=pocket, **REFILL)
        assert (view["phase"], desk.units_in(pocket), (await client.get("/api/v1/sheets")).json()) == ("settled", 22, [])
        [issued] = facts(desk, SheetIssued)
        assert (issued.issued_by, issued.carried_by, issued.units) == ("vera", "carl", 10)
        assert facts(desk, UnitsMoved)[-1].source == "transit"


@virtual
async def test_what_is_not_there_within_two_hours_raises_an_alarm() -> None:
    """Vault: received within two hours, or somebody looks for it."""
    async with open_desk(on_sheets()) as desk, script(desk, TECHNICIAN) as client:
        await client.post("/api/v1/sheets", json=SHEET)
        await asyncio.sleep(7190)
        assert not desk.core.state.faults_at("s-0042")
        await asyncio.sleep(20)
        [late] = desk.core.state.faults_at("s-0042")
        assert "carried by carl" in late.detail
        async with screen(desk, PHARMACIST) as page:
            assert "s-0042" in (await page.get("/attention")).text


@virtual
async def test_a_sheet_names_who_carries_it_as_people_are_called() -> None:
    """Vault: whoever looks for a late sheet looks for a person; an id says less than a name, and the vault's own words stay."""
    async with open_desk(on_sheets()) as desk, script(desk, TECHNICIAN) as client:
        carrier = desk.core.scene.staff(StaffId(TECHNICIAN))
        assert carrier is not None
        await client.post("/api/v1/sheets", json={**SHEET, "carried_by": TECHNICIAN})
        async with screen(desk, PHARMACIST) as page:
            shown = (await page.get("/sheets")).text
        assert f"carried by {carrier.name}" in unescape(shown)
        assert TECHNICIAN not in shown
        assert "vera" in shown
        await asyncio.sleep(7210)
        [late] = desk.core.state.faults_at("s-0042")
        assert f"carried by {carrier.name}" in late.detail
        assert OPIOID not in late.detail, "whoever reads the alarm knows the item by its name"


@virtual
async def test_issued_minus_received_is_a_discrepancy_in_transit_that_names_nobody() -> None:
    """Vault: eight of ten arrived; the sheet is closed with a reason by somebody who neither issued nor carried it."""
    async with open_desk(on_sheets()) as desk, script(desk, TECHNICIAN) as client:
        await client.post("/api/v1/sheets", json=SHEET)
        await done(desk, client, "r1", 8, pocket=desk.pocket_of(OPIOID), **REFILL)
        [open_one] = (await client.get("/api/v1/sheets")).json()
        assert (open_one["issued"], open_one["received"]) == (10, 8)
        async with script(desk, PHARMACIST) as pharmacist:
            closed = await pharmacist.post("/api/v1/sheets/s-0042/close", json={"reason": "two broken on the way"})
            assert closed.json() == []
        [found] = facts(desk, DiscrepancyFound)
        assert (found.pocket, found.expected, found.counted) == ("transit", 10, 8)
        async with screen(desk, PHARMACIST) as page:
            for path in ("/discrepancies", "/attention", f"/discrepancies/{found.discrepancy}"):
                shown = unescape((await page.get(path)).text)
                assert "In transit" in shown, path
                assert "ocket transit" not in shown, path
            assert "Having had the pocket open" not in shown, "there was no pocket"


@virtual
async def test_what_goes_back_to_the_vault_does_so_on_a_sheet_too() -> None:
    """Vault: unloads go back the same way, before a second person where policy wants one, and are looked for until they arrive."""
    async with open_desk(on_sheets()) as desk, script(desk, TECHNICIAN) as client:
        pocket = desk.pocket_of(OPIOID)
        assert code(await asked(client, "u0", kind="unload", pocket=pocket, units=12)) == "sheet.needed"
        view = await begun(desk, client, "u1", kind="unload", pocket=pocket, units=12, sheet="b-0007")
        if "count_before" in view["asks"]:
            await said(client, "u1", "count", units=12)
        await signed(client, "u1", await said(client, "u1", "confirm", units=12), PHARMACIST)
        await desk.shut()
        [back] = facts(desk, SheetIssued)
        assert (back.sheet, back.units, back.is_inbound) == ("b-0007", 12, False)
        assert entries(desk, UnitsMoved)[-1].staff == TECHNICIAN


@virtual
async def test_who_closes_a_sheet_that_went_away_says_how_many_arrived() -> None:
    """Vault: the screen tells where it went, since when, and what is to be done; its form asks for the number that was counted there."""
    async with open_desk(on_sheets()) as desk, script(desk, TECHNICIAN) as client:
        pocket, way = desk.pocket_of(OPIOID), {"kind": "transfer", "place": str(desk.world.neighbours[0].id), "sheet": "w3-77"}
        view = await begun(desk, client, "t1", pocket=pocket, units=4, **way)
        if "count_before" in view["asks"]:
            await said(client, "t1", "count", units=desk.units_in(pocket))
        await signed(client, "t1", await said(client, "t1", "confirm", units=4), PHARMACIST)
        await desk.shut()
        told = (await client.get("/api/v1/accesses/t1")).json()
        name = desk.world.neighbours[0].name
        assert f"sent to {name}" in told["message"]
        async with script(desk, PHARMACIST) as pharmacist:
            report = (await pharmacist.get("/api/v1/reports/transfers", params={"format": "csv"})).text
            assert "Farid Haddad,Hugo Marchetti" in report, "who signed stands beside who sent, though they signed after it was taken out"
        assert "W3-77" in told["remedy"]
        async with screen(desk, PHARMACIST) as page:
            shown = unescape((await page.get("/sheets")).text)
            assert f"to {name}" in shown
            assert "of 4 arrived" not in shown
            form = {"reason": "counted on the telephone", "received": "4"}
            await page.post("/sheets/w3-77/close", data={"reason": form["reason"]})
            assert "w3-77" in desk.core.state.sheets, "how many arrived was not said"
            await page.post("/sheets/w3-77/close", data=form)
        assert not desk.core.state.sheets
        assert facts(desk, DiscrepancyFound) == []


@virtual
async def test_issued_is_compared_with_received_on_paper() -> None:
    """Vault: a compare report for any day, which the pharmacist signs beside the one of the vault."""
    async with open_desk(on_sheets()) as desk, script(desk, TECHNICIAN) as client, script(desk, PHARMACIST) as pharmacist:
        await client.post("/api/v1/sheets", json=SHEET)
        await done(desk, client, "r1", 8, pocket=desk.pocket_of(OPIOID), **REFILL)
        told = (await pharmacist.get("/api/v1/reports/sheets?format=json")).json()
        [row] = [row for table in told["tables"] for row in table["rows"] if "s-0042" in row.values()]
        assert {10, 8} <= set(row.values())


@virtual
async def test_what_lay_in_the_return_bin_leaves_for_the_pharmacy_on_any_unused_sheet() -> None:
    """Who empties the bin reads where a number is to be had; the list says that it left, when, and not that it goes to the bin."""
    async with open_desk(on_sheets()) as desk:
        async with script(desk, NURSE) as nurse:
            await done(desk, nurse, "w1", 1, kind="withdraw", order="p-301-1")
            await begun(desk, nurse, "r1", kind="return", withdrawal="w1", units=1, is_intact=True, witness=OTHER_NURSE)
        await asyncio.sleep(600)
        async with screen(desk, TECHNICIAN) as page:
            wish = {"id": "e1", "kind": "empty_bin", "item": OPIOID, "place": "bin", "units": "1"}
            asks = (await page.post("/accesses", data=wish)).text
            assert "or of a blank one that you take now" in asks
            await page.post("/accesses", data={**wish, "sheet": "b-77"})
            await page.post("/accesses/e1/alone")
            [out] = facts(desk, SheetIssued)
            assert (out.place, out.units) == (None, 1)
            listed = (await page.get("/sheets")).text
            assert "to the pharmacy" in listed
            assert "left 2026-11-23 07:10" in listed

"""A sealed kit with something controlled in it, handed out: it stands on the list of what needs attention until it is accounted for."""

from dataclasses import replace
from html import unescape

from cabinet.domain.core import World
from cabinet.domain.facts import WitnessSigned
from cabinet.domain.formulary import ControlClass
from cabinet.domain.vocabulary import ItemId
from tests.stories.caller import asked, screen, script
from tests.stories.desk import NURSE, OTHER_NURSE, PIN, TECHNICIAN, demo_world, open_desk
from tests.stories.manual import badge_of, entries, said
from tests.virtual import virtual

KIT, KETAMINE = ItemId("rsi-kit"), ItemId("ketamine-500-vial")


def with_ketamine_in_the_kit() -> World:
    """The demo ward whose intubation kit holds a vial of ketamine."""
    world = demo_world()
    kit = replace(world.formulary[KIT], kit=(*world.formulary[KIT].kit, (KETAMINE, 1)), control_class=ControlClass.NONE)
    return replace(world, formulary={**world.formulary, KIT: kit})


@virtual
async def test_a_tray_that_is_out_is_listed_until_its_ketamine_is_accounted_for() -> None:
    """Taken in an emergency by its tag; the list asks until somebody says what was given and what is left."""
    async with open_desk(with_ketamine_in_the_kit()) as desk, script(desk, NURSE) as client, screen(desk, NURSE) as page:
        answer = await asked(client, "e1", kind="emergency", item=KIT, units=1, patient="p-301")
        assert answer.status_code == 201, answer.text
        await desk.calm()
        await said(client, "e1", "kit", tag="00417", is_intact=True)
        await said(client, "e1", "confirm", units=1)
        await desk.shut()
        assert "tray 00417 is out" in (await page.get("/shift")).text
        listed = (await page.get("/attention")).text
        assert "Tag 00417" in listed
        assert "It is out" in listed
        form = (await page.get("/kits")).text
        assert f'name="given:{KETAMINE}"' in form
        said_of_it = {f"left:{KETAMINE}": "0", f"given:{KETAMINE}": "1"}
        asks = await page.post("/kits/00417/contents", data=said_of_it)
        assert asks.url.path == "/kits/00417/signature", "two people count what is controlled"
        assert "<b>1</b> given" in unescape(asks.text), "and the second one sees what they sign"
        assert "tray 00417 is out" in (await page.get("/shift")).text, "until then it stays owed"
        for who, no in ((NURSE, "witness.same_person"), (TECHNICIAN, "witness.role"), (OTHER_NURSE, "")):
            done = await page.post("/kits/00417/contents", data={**said_of_it, "badge": f"badge-{who}", "secret": PIN})
            assert no in str(done.url)
        [signed] = entries(desk, WitnessSigned)
        assert (signed.staff, signed.witness, signed.access, signed.fact.said) == (NURSE, OTHER_NURSE, "e1", "0 left, 1 given")  # type: ignore[attr-defined]
        assert "Tag 00417" not in (await page.get("/attention")).text
        assert "tray 00417 is out" not in (await page.get("/shift")).text
        assert not desk.core.state.discrepancies


@virtual
async def test_a_word_that_is_no_number_counts_nothing() -> None:
    """And who may not count is shown no field."""
    async with open_desk(with_ketamine_in_the_kit()) as desk, screen(desk, TECHNICIAN) as page:
        answer = await page.post("/kits/00417/contents", data={f"left:{KETAMINE}": "two"})
        assert answer.status_code == 422


@virtual
async def test_a_tray_that_comes_back_opened_is_returned_once_its_ketamine_was_counted_by_two() -> None:
    """Issued, opened, not used after all: what is left is counted, then the tray goes into the bin, and nothing is owed or missing."""
    async with open_desk(with_ketamine_in_the_kit()) as desk, script(desk, NURSE) as client:
        await asked(client, "e1", kind="emergency", item=KIT, units=1, patient="p-301")
        await desk.calm()
        await said(client, "e1", "kit", tag="00417", is_intact=True)
        await said(client, "e1", "confirm", units=1)
        await desk.shut()
        back = {"kind": "return", "withdrawal": "e1", "units": 1, "place": "bin", "is_intact": False}
        assert (await asked(client, "r1", **back)).json()["code"] == "kit.uncounted"
        counted = {"counts": {KETAMINE: 1}, "given": {}}
        assert (await client.post("/api/v1/kits/00417/contents", json=counted)).json()["code"] == "witness.needed"
        assert (await client.post("/api/v1/kits/00417/contents", json={**counted, "witness": badge_of(OTHER_NURSE)})).status_code == 200
        assert (await asked(client, "r1", **back)).status_code == 201
        kits = {one["tag"]: one for one in (await client.get("/api/v1/kits")).json()}
        assert (kits["00417"]["where"], kits["00417"]["stands"]) == ("return_bin", "broken")
        assert not [debt for debt in desk.core.state.debts.values() if debt.kind == "kit"]
        assert not desk.core.state.discrepancies

"""The page of the scales, and what of their doubts reaches whom: a technician all, a nurse the one sentence about a label."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import httpx
import pytest

from cabinet.app.world import world_of
from cabinet.domain.core import World
from cabinet.domain.events import SheetAnnounced
from cabinet.domain.layout import Pocket
from cabinet.domain.scale.counting import Teaching
from cabinet.domain.vocabulary import ItemId, Units
from config.load import load_site
from tests.stories.caller import asked, screen, script, touched
from tests.stories.desk import DEMO, NURSE, TECHNICIAN, Desk, open_desk
from tests.virtual import virtual

POCKET, SCALE = "n1-02", "scale-2"
FULL, PIECE = 212_700, 9_150
PATIENT = "p-301"
SHEET = "260302-001"
READ_THE_LABEL = "Read the label"
CHECK = {"test": "100", "division": "0.01"}


def weighed_world(first: Teaching | None = None) -> World:
    """The demo ward with its scales, and without photo-eyes; `first` is what the site says of the weighed pieces."""
    world = world_of(load_site(DEMO))
    drawers = (replace(one, pockets=tuple(_fitted(pocket, first) for pocket in one.pockets)) for one in world.layout.drawers)
    return replace(world, layout=replace(world.layout, drawers=tuple(drawers)))


def _fitted(pocket: Pocket, first: Teaching | None) -> Pocket:
    weighed = pocket.weighed
    return replace(pocket, bin=None, weighed=weighed if weighed is None or first is None else replace(weighed, teaching=first))


@asynccontextmanager
async def weighing_desk(first: Teaching | None = None) -> AsyncIterator[Desk]:
    """A cabinet with something on one of its scales; the others give no weight."""
    async with open_desk(weighed_world(first)) as desk:
        desk.hardware.weights[SCALE] = FULL
        await asyncio.sleep(301)
        yield desk


async def move(desk: Desk, browser: httpx.AsyncClient, kind: str, units: int, grams: float, access: str = "a1") -> str:
    """A whole access through the screens, in which the scale changes by so much; returns the last page."""
    await asyncio.sleep(5)
    form = {"id": access, "kind": kind, "pocket": POCKET, "units": str(units)}
    await touched(browser, form | ({"patient": PATIENT} if kind == "withdraw" else {"sheet": SHEET}))
    await desk.calm()
    await browser.post(f"/accesses/{access}/count", data={"units": str(desk.units_in(POCKET))})
    said = {"units": str(units), "lot": "NEW" if kind == "refill" else "", "acknowledged": "place.capacity"}
    await browser.post(f"/accesses/{access}/confirm", data=said)
    desk.hardware.weights[SCALE] += round(1000 * grams)
    await desk.shut()
    await asyncio.sleep(5)
    return (await browser.get(f"/accesses/{access}")).text


@virtual
async def test_a_nurse_is_asked_to_read_the_label_and_told_nothing_else_of_scales() -> None:
    """Two syringes of another mass: one sentence, and no word about a scale."""
    async with weighing_desk() as desk, screen(desk, NURSE) as browser:
        assert READ_THE_LABEL in await move(desk, browser, "withdraw", 2, -2 * 12.0)
        page = (await browser.get("/attention")).text
        assert "does not weigh what this item weighs" in page
        assert "scale gave no weight" not in page, "the other scales are silent, and that is not a nurse's matter"


@virtual
async def test_a_nurse_reads_no_doubt_of_a_scale_from_the_api() -> None:
    """What the page keeps from a nurse, a script under a nurse's badge is not told either: a weight says how much is there."""
    async with weighing_desk() as desk, script(desk, NURSE) as nurse, script(desk, TECHNICIAN) as technician:
        told = {who: {fault["code"] for fault in (await who.get("/api/v1/faults")).json()} for who in (nurse, technician)}
        assert "scale.bad_reading" in told[technician]
        assert not {code for code in told[nurse] if code.startswith("scale.")}


@virtual
async def test_a_good_weight_says_nothing_on_the_screen() -> None:
    """The screen of a withdrawal does not know that there are scales."""
    async with weighing_desk() as desk, screen(desk, NURSE) as browser:
        page = await move(desk, browser, "withdraw", 2, -2 * 9.15)
        assert "removed." in page
        assert READ_THE_LABEL not in page
        assert "scale" not in page.partition("<main")[2]


@virtual
async def test_a_technician_checks_a_scale_and_sees_its_history() -> None:
    """Passed with a point, failed with a comma; each a line with who and by how much."""
    async with weighing_desk() as desk, screen(desk, TECHNICIAN) as browser:
        await browser.post(f"/scales/{SCALE}/checks", data={**CHECK, "shown": "100.01"})
        page = (await browser.post(f"/scales/{SCALE}/checks", data={**CHECK, "shown": "100,05"})).text
        assert "+0.010 g" in page
        assert "+0.050 g" in page
        assert "A scale failed its check." in page
        assert "Farid Haddad" in page
        page = (await browser.post(f"/scales/{SCALE}/checks", data={**CHECK, "shown": "100"})).text
        assert "A scale failed its check." not in page


@pytest.mark.parametrize(
    ("first", "says"),
    [(Teaching(10, 91_500, 10), "from a count of the pocket"), (Teaching(9, 90_000, 10), "The pieces of lot")],
    ids=["learned", "waits"],
)
@virtual
async def test_what_a_count_taught_tells_no_balance(first: Teaching, says: str) -> None:
    """This pocket is counted blind: who looks at the scales before counting it learns what a piece weighs, and not how many there are."""
    async with weighing_desk(first) as desk, screen(desk, TECHNICIAN) as browser, script(desk, TECHNICIAN) as technician:
        await move(desk, browser, "count", 0, 0.0)
        page = (await browser.get("/scales")).text
        assert says in page
        assert "9.15 g each" in page
        assert f"{desk.units_in(POCKET)} pieces" not in page
        scale = next(one for one in (await technician.get("/api/v1/scales")).json() if one["scale"] == SCALE)
        told = scale["sample"]["units"] if first.sample < 10 else scale["lessons"][0]["sample"]
        assert told is None


@pytest.mark.parametrize("shown", ["", "much", "1e9", "NaN"])
def test_what_is_no_mass_is_told_so(shown: str) -> None:
    """A slip of the finger is no measurement."""

    @virtual
    async def story() -> None:
        async with weighing_desk() as desk, screen(desk, TECHNICIAN) as browser:
            refused = await browser.post(f"/scales/{SCALE}/checks", data={**CHECK, "shown": shown})
            assert refused.status_code >= 400
            assert desk.core.state.scales.get(SCALE) is None

    story()


@virtual
async def test_a_technician_lets_the_mass_of_a_new_lot_be_learned() -> None:
    """Another manufacturer's syringes: the scale's page offers what they weigh, and learns it on a touch."""
    async with weighing_desk() as desk, screen(desk, TECHNICIAN) as browser:
        sent = SheetAnnounced(
            desk.controller.clock.now(), None, SHEET, ItemId(desk.core.state.lines[POCKET].item), Units(12), "vera", "tom"
        )
        assert await desk.controller.ask(sent) is None
        await move(desk, browser, "refill", 12, 12 * 10.2)
        page = (await browser.get("/scales")).text
        assert "12 pieces of lot NEW were put in and weigh 10.2 g each." in page
        page = (await browser.post(f"/pockets/{POCKET}/teaching")).text
        assert "Lot NEW: 10.2 g each, from 12 pieces" in page


@virtual
async def test_a_nurse_enters_no_check() -> None:
    """By the screen or by the API."""
    async with weighing_desk() as desk, script(desk, NURSE) as nurse:
        refused = await nurse.post(
            f"/api/v1/scales/{SCALE}/checks", json={"test_mass_mg": 100_000, "reading_mg": 100_000, "division_mg": 10}
        )
        assert refused.status_code == 403
        assert refused.json()["code"] == "policy.role"
        refused = await nurse.post(f"/api/v1/pockets/{POCKET}/teaching")
        assert refused.status_code == 403


@virtual
async def test_the_api_tells_no_weight_of_a_pocket() -> None:
    """Morphine is counted blind: neither its weight nor how many lie there, only what the scale knows of one piece."""
    async with weighing_desk() as desk, script(desk, TECHNICIAN) as technician:
        await asked(technician, kind="count", pocket="m1-01")
        answer = await technician.get("/api/v1/scales")
        [scale] = [one for one in answer.json() if one["scale"] == SCALE]
        assert scale["lessons"][0]["unit_mass_ug"] == 1000 * PIECE
        assert str(FULL) not in answer.text

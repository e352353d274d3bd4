"""Stories of what is shown instead of typed: a badge at the reader, a package at the scanner; in virtual time."""

import asyncio
import re
from typing import Any

import pytest

from cabinet.app.readers import for_open_access
from cabinet.domain.package.ndc import ten_digits
from cabinet.domain.refusal import Refusal
from tests.stories.caller import asked, screen, script, stranger
from tests.stories.desk import NURSE, PIN, TECHNICIAN, Desk, open_desk
from tests.virtual import virtual

CEFAZOLIN, HYDRALAZINE, HYDROXYZINE = "cefazolin-1g-vial", "hydralazine-25-tab", "hydroxyzine-25-tab"
GS = "\x1d"


def gtin_of(desk: Desk, item: str) -> str:
    """The GTIN on the packages of an item of the demo ward."""
    ndc = next(entry.ndc for entry in desk.world.formulary.values() if entry.id == item)
    body = f"003{min(ten_digits(ndc))}"
    return body + str(-sum(int(digit) * (3, 1)[place % 2] for place, digit in enumerate(body)) % 10)


def package(desk: Desk, item: str, lot: str = "AB12C", expiry: str = "310630") -> str:
    """What a scanner sends for a package."""
    return f"]d201{gtin_of(desk, item)}17{expiry}10{lot}{GS}21SN0001"


def mark_of(page: str) -> str:
    """The mark of the badge that waits for its PIN."""
    found = re.search(r'name="shown" value="([^"]*)"', page)
    return "" if found is None else found[1]


async def refilling(desk: Desk, client: Any, item: str = CEFAZOLIN) -> str:
    """An open pocket, counted, that waits to be told what was put in."""
    pocket = desk.pocket_of(item)
    await asked(client, kind="refill", pocket=pocket, units=12)
    await desk.calm()
    await client.post("/api/v1/accesses/a1/count", json={"units": desk.units_in(pocket)})
    return pocket


@virtual
async def test_a_badge_at_the_reader_leaves_only_the_pin_to_be_typed() -> None:
    """And its number stands on no page."""
    async with open_desk() as desk, stranger(desk) as browser:
        browser.headers["Sec-Fetch-Site"] = "same-origin"
        browser.follow_redirects = True
        assert mark_of((await browser.get("/")).text) == ""
        desk.wall.hold(f"badge-{NURSE}")
        page = (await browser.get("/")).text
        assert "Badge read." in page
        assert f"badge-{NURSE}" not in page
        answer = await browser.post("/sign-in", data={"shown": mark_of(page), "secret": PIN})
        assert "Ana Reyes" in answer.text
        assert desk.wall.shown == ["green"]
        await browser.post("/sign-out")
        assert mark_of((await browser.get("/")).text) == ""


@virtual
async def test_the_screen_hears_of_a_badge_by_itself() -> None:
    """The page asks for itself again when something changed, and never says which badge."""
    async with open_desk() as desk:
        changes = desk.app.state.floor.live.changes()
        change = asyncio.ensure_future(anext(changes))
        await desk.calm()
        desk.wall.hold("1001")
        assert (await change).accesses == (await change).pockets == ()
        await changes.aclose()


@virtual
async def test_a_wrong_pin_keeps_the_badge_and_shows_red() -> None:
    """A slip of the finger is no reason to fetch the badge out again."""
    async with open_desk() as desk, stranger(desk) as browser:
        browser.headers["Sec-Fetch-Site"] = "same-origin"
        desk.wall.hold(f"badge-{NURSE}")
        mark = mark_of((await browser.get("/")).text)
        refused = await browser.post("/sign-in", data={"shown": mark, "secret": "000000"})
        assert "Badge and PIN do not match." in refused.text
        assert mark_of(refused.text) == mark
        assert (await browser.post("/sign-in", data={"shown": mark, "secret": PIN})).status_code == 303
        assert desk.wall.shown == ["red", "green"]


@virtual
async def test_an_unknown_badge_is_told_after_the_pin_and_not_before() -> None:
    """Who stands there with a found badge learns nothing from the reader."""
    async with open_desk() as desk, stranger(desk) as browser:
        browser.headers["Sec-Fetch-Site"] = "same-origin"
        desk.wall.hold("4711")
        page = (await browser.get("/")).text
        assert "Badge read." in page
        refused = await browser.post("/sign-in", data={"shown": mark_of(page), "secret": PIN})
        assert "Badge and PIN do not match." in refused.text
        assert "4711" not in page + refused.text


@virtual
async def test_a_badge_is_forgotten_after_half_a_minute() -> None:
    """The next person must not sign in as the one before; the newest badge counts."""
    async with open_desk() as desk, stranger(desk) as browser:
        browser.headers["Sec-Fetch-Site"] = "same-origin"
        desk.wall.hold(f"badge-{NURSE}")
        first = mark_of((await browser.get("/")).text)
        desk.wall.hold(f"badge-{TECHNICIAN}")
        second = mark_of((await browser.get("/")).text)
        gone = await browser.post("/sign-in", data={"shown": first, "secret": PIN})
        assert "The badge was shown too long ago." in gone.text
        await asyncio.sleep(31)
        assert mark_of((await browser.get("/")).text) == ""
        gone = await browser.post("/sign-in", data={"shown": second, "secret": PIN})
        assert gone.status_code == 409
        assert desk.wall.shown == []


@virtual
async def test_a_scan_fills_lot_and_expiry_of_a_refill() -> None:
    """By the API: what is printed need not be copied by hand, and is confirmed by a person all the same."""
    async with open_desk() as desk, script(desk, TECHNICIAN) as client:
        pocket = await refilling(desk, client)
        answer = await client.post("/api/v1/accesses/a1/scan", json={"code": package(desk, CEFAZOLIN)})
        assert answer.status_code == 200, answer.text
        assert answer.json()["scan"] == {"lot": "AB12C", "expiry": "2031-06-30", "code": "", "message": "", "remedy": ""}
        assert answer.json()["asks"] == ["confirm", "close"]
        assert desk.units_in(pocket) == 8
        assert [fact.type for fact in facts(desk)][-1] == "package_scanned"


def facts(desk: Desk) -> list[Any]:
    """All facts so far."""
    return [entry.fact for entry in desk.journal.entries()]


@virtual
async def test_the_wrong_package_is_refused_in_a_clear_sentence() -> None:
    """hydrOXYzine into the pocket of hydrALAZINE is how people come to harm; and the near miss is in the journal."""
    async with open_desk() as desk, script(desk, TECHNICIAN) as client:
        await refilling(desk, client, HYDRALAZINE)
        answer = await client.post("/api/v1/accesses/a1/scan", json={"code": package(desk, HYDROXYZINE)})
        problem = answer.json()
        assert (answer.status_code, problem["code"]) == (409, "scan.other_item")
        assert problem["detail"] == "this is hydrOXYzine 25 mg tablet, the pocket holds hydrALAZINE 25 mg tablet"
        assert "refused was recorded" in problem["recorded"]
        assert facts(desk)[-1].found == HYDROXYZINE
        view = (await client.get("/api/v1/accesses/a1")).json()
        assert "hydrOXYzine" in view["scan"]["message"]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda text: text.replace(GS, ""), "scan.doubtful"),
        (lambda text: text[3:], "scan.no_prefix"),
        (lambda text: text[:20], "scan.unreadable"),
        (lambda text: text.replace("17310630", "17260131"), "scan.expired"),
        (lambda _: "]d20103000000000017" + "17310630", "scan.unreadable"),
        (lambda _: "]E05901234123457", "scan.unknown"),
    ],
)
def test_a_scan_that_cannot_be_believed_fills_nothing(change: Any, code: str) -> None:
    """Separator lost, prefix missing, cut short, expired, a wrong check digit, nobody's."""

    @virtual
    async def story() -> None:
        async with open_desk() as desk, script(desk, TECHNICIAN) as client:
            await refilling(desk, client)
            answer = await client.post("/api/v1/accesses/a1/scan", json={"code": change(package(desk, CEFAZOLIN))})
            assert answer.json()["code"] == code
            view = (await client.get("/api/v1/accesses/a1")).json()
            assert (view["scan"]["lot"], view["scan"]["expiry"], view["scan"]["code"]) == (None, None, code)

    story()


@virtual
async def test_a_scanner_on_its_own_line_fills_the_refill_that_is_open() -> None:
    """It does not know whose hand it is in; the page shows what it said, the wrong package in words."""
    async with open_desk() as desk, screen(desk, TECHNICIAN) as browser, script(desk, TECHNICIAN) as client:
        scan = for_open_access(desk.controller)
        scan(package(desk, CEFAZOLIN))
        await desk.calm()
        assert "package_scanned" not in [fact.type for fact in facts(desk)]
        await refilling(desk, client)
        scan(package(desk, HYDROXYZINE))
        await desk.calm()
        page = (await browser.get("/accesses/a1")).text
        assert "this is hydrOXYzine 25 mg tablet, the pocket holds ceFAZolin 1 g vial" in page
        scan(Refusal("scan.unreadable"))
        await desk.calm()
        assert "This code cannot be read" in (await browser.get("/accesses/a1")).text
        scan(package(desk, CEFAZOLIN))
        await desk.calm()
        page = (await browser.get("/accesses/a1")).text
        assert 'name="lot" value="AB12C"' in page
        assert 'name="expiry" value="2031-06-30"' in page
        await browser.post("/accesses/a1/confirm", data={"units": "12", "lot": "AB12C", "expiry": "2031-06-30"})
        await desk.shut()
        line = desk.core.state.lines[desk.pocket_of(CEFAZOLIN)]
        assert (line.units, line.batches[-1].lot) == (20, "AB12C")

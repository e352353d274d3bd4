"""The virtual cabinet's page under real fingers, while a whole cabinet works on the boards behind it: hands, cables, every fault.

A kind that the page cannot cause, or offers where nothing comes of it, is a failure that no technician gets to see; and what a hand can
do to the steel box, a hand can do to its picture.
"""

import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from statistics import median
from typing import Any, Literal, cast

import pytest
from playwright.async_api import Page, expect

import config
from cabinet.domain.vocabulary import BoardId, Channel
from cabinet.ports import DeviceFault
from config.load import load_site
from firmware_sim.aim import places
from firmware_sim.fault import KINDS
from tests.browser import gallery
from tests.browser.test_kiosk_touch import chromium, served
from tests.stories.workshop import Workshop, open_workshop

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

SITES = Path(config.__file__).parent / "sites"
PULSE_MS = 300
TRIES = 40
AT_THE_COIL = ("latch_sticks", "lock_slow", "relay_welded", "relay_dead", "write_ignored", "supply_sags", "board_busy", "line_disturbed")
AT_THE_PUSH = ("drawer_jammed", "latch_slack", "drawer_creeps_open")


class Technician:
    """Somebody at the page, who knows how to let each fault show."""

    def __init__(self, page: Page, shop: Workshop) -> None:
        self.page, self.shop, self.faults = page, shop, shop.sim.faults

    async def causes(self, kind: str) -> str:
        """Choose a kind, and the first place that is offered for it, and break it; returns the place."""
        await self.page.locator("#kind").select_option(kind)
        await self.page.locator("#target").select_option(index=0)
        target = await self.page.locator("#target").input_value()
        await expect(self.page.locator("#sentence")).not_to_be_empty()
        await self.page.locator("#cause").click()
        return target

    async def sees(self, kind: str, target: str) -> None:
        """Let it show: the page says so by itself."""
        shown = self.page.locator(f'[id="fault-{kind}-{target}"]', has_text="has shown")
        for _ in range(TRIES):
            with suppress(DeviceFault):
                await self._occasion(kind, target)()
            with suppress(AssertionError):
                await expect(shown).to_be_visible(timeout=500)
                return
        pytest.fail(f"{kind} at {target} never showed")

    async def mends(self, kind: str, target: str) -> None:
        """One touch on what is broken."""
        await self.page.locator(f'[id="fault-{kind}-{target}"]').click()
        await expect(self.page.locator("#faulty")).to_have_text("Nothing is broken.")
        if kind == "board_new":  # the new board stays, and is given its address as `adc hw address` does (tests/drills/test_address.py)
            address = next(board.address for board in self.shop.sim.boards if board.id == target)
            cast("Any", self.shop.sim.devices[target]).address = address

    def _occasion(self, kind: str, target: str) -> Callable[[], Awaitable[object]]:
        if kind in AT_THE_COIL:
            return self._pulse
        if kind in AT_THE_PUSH:
            return lambda: self._push(target)
        if kind == "address_doubled" or kind.startswith("scale_"):
            return lambda: self.shop.house.hardware.weigh(BoardId(target), is_after=False)
        if kind == "adapter_renamed":  # a line that is not open just now is unplugged again
            return self.page.locator("#cause").click
        return self._scan if kind.startswith("scanner_") else self._wait

    async def releases(self, lock: str) -> None:
        """Have the cabinet's board pulse one lock."""
        await self.shop.house.hardware.release(Channel.parse(lock), PULSE_MS)

    async def _pulse(self) -> None:
        self.shop.house.hardware.call(())  # somebody is there: what an earlier fault put out of trust is proven again at once
        for lock in ("wave:0", "hook:0"):
            with suppress(DeviceFault):
                await self.shop.house.hardware.release(Channel.parse(lock), PULSE_MS)

    async def _push(self, drawer: str) -> None:
        if not await self.page.locator(f"#drawer-{drawer}.stands-open").is_visible():
            await self.page.locator(f"#plate-{drawer}").click()
            await self.page.locator("#force").click()
        await self.page.locator(f"#handle-{drawer}", has_text="Push").click()

    async def _scan(self) -> None:
        await self.page.locator(".object.is-scanner").first.click()
        await self.page.locator("#code").fill("]d20100312345678906<GS>10AB7")
        await self.page.locator("#scan").click()

    async def _wait(self) -> None:
        """The cabinet asks its boards by itself."""


@asynccontextmanager
async def technician(folder: Path, site: str, size: tuple[int, int] = (1280, 800)) -> AsyncIterator[Technician]:
    """A cabinet at work, its virtual cabinet's page, and somebody before it."""
    loaded = load_site(SITES / f"{site}.toml")
    async with open_workshop(folder, loaded, has_readers=True) as shop, served(shop.page) as address, chromium() as browser:
        page = await browser.new_page(viewport={"width": size[0], "height": size[1]})
        page.set_default_timeout(10_000)
        complaints: list[str] = []
        page.on("pageerror", lambda error: complaints.append(str(error)))
        await page.goto(address)
        await expect(page.locator("#link")).to_have_text("live")
        await page.locator("summary").click()
        yield Technician(page, shop)
        assert complaints == []


async def test_every_kind_of_fault_is_caused_shows_and_is_mended_by_hand(tmp_path: Path) -> None:
    """The workshop has a board of every family: not one kind is left out there, and none is offered where nothing comes of it."""
    async with technician(tmp_path, "workshop") as hand:
        offered = await hand.page.locator("#kind option").evaluate_all("(all) => all.map((one) => one.value)")
        assert set(offered) == set(KINDS)
        for kind in offered:
            target = await hand.causes(kind)
            assert target in places(hand.shop.sim, kind)
            await hand.sees(kind, target)
            assert [(fault.kind, fault.target) for fault in hand.faults.active()] == [(kind, target)]
            assert hand.faults.fired[kind]
            await hand.mends(kind, target)
            assert hand.faults.active() == ()


async def test_a_kind_is_found_by_its_words_and_aimed_at_what_was_touched(tmp_path: Path) -> None:
    """Over fifty kinds in one list; what is impossible in this cabinet is not among them, and a figure has its unit."""
    async with technician(tmp_path, "demo") as hand:
        page = hand.page
        assert await page.locator("#kind option[value=board_busy]").count() == 0
        await page.locator("#find").fill("eye")
        assert set(await page.locator("#kind option").all_inner_texts()) == {"bin covered", "bin blind"}
        await page.locator("#glass").click()
        await page.locator("#pocket-m1-05").click()
        await expect(page.locator("#target")).to_have_value("m1-05")
        await page.locator("#find").fill("later")
        await page.locator("#kind").select_option("reply_late")
        await expect(page.locator("#knob-field")).to_contain_text("ms")
        await page.locator("#knob").fill("700")
        await page.locator("#cause").click()
        await expect(page.locator("#broken")).to_contain_text("700 ms")
        await page.locator("#find").fill("no such thing")
        await expect(page.locator("#cause")).to_be_disabled()
        await page.locator("#mend").click()
        await expect(page.locator("#faulty")).to_have_text("Nothing is broken.")
        refused = await page.request.post(f"{page.url}api/v1/faults", data={"kind": "board_busy", "target": "locks-a"})
        assert refused.status == 422
        assert "nor anywhere else here" in (await refused.json())["detail"]


CHANGES = 12
LIVE_MS = 100


async def test_a_drawer_that_is_released_comes_out_and_a_hand_takes_counts_and_errs(tmp_path: Path) -> None:
    """What a nurse does at the steel box, a newcomer does here: nothing of it needs hardware."""
    async with technician(tmp_path, "demo", (1024, 600)) as hand:
        page, plant = hand.page, hand.shop.sim.plant
        await expect(page.locator("#drawer-n1")).not_to_contain_text("open")
        await page.locator("#handle-n1").click()
        await expect(page.locator("#said")).to_contain_text("It holds")
        await hand.releases("locks-a:1")
        await expect(page.locator("#drawer-n1.stands-open")).to_be_visible()
        await hand.releases("lids-n1:0")
        await expect(page.locator("#pocket-n1-01")).to_contain_text("28")
        await page.locator("#pocket-n1-01").click()
        await page.locator("#take-1").click()
        await expect(page.locator("#pocket-n1-01")).to_contain_text("27")
        assert plant.pieces("n1-01") == 27
        switches = await page.locator("#panel .fault").evaluate_all("(all) => all.map((one) => one.innerText)")
        assert len(switches) == len(set(switches)), "a lock and its switch may share a channel, and break there once"
        await page.locator("#what-n1-01").select_option("fentanyl-100-vial")
        await page.locator("#put-form-n1-01 button").click()
        await expect(page.locator("#pocket-n1-01")).to_contain_text("wrong item")
        await page.locator("#panel").get_by_text("Take out 1 × fentaNYL").click()
        await expect(page.locator("#pocket-n1-01")).not_to_contain_text("wrong item")
        await page.locator("#panel").get_by_text("Lean a hand on it").click()
        await expect(page.locator("#scale-face")).to_have_text("over its range")
        await page.locator("#panel").get_by_text("Take the hand away").click()
        await expect(page.locator("#scale-face")).to_contain_text("g · steady")
        await page.locator("#close-lid").click()
        await page.locator("#handle-n1").click()
        await expect(page.locator("#drawer-n1")).to_contain_text("latched")
        await page.locator("#handle-m1").click()
        await expect(page.locator("#said")).to_contain_text("It holds")
        await hand.releases("locks-a:0")
        await page.locator("#plate-m1").click()
        await expect(page.locator("#panel .fault", has_text="relay welded")).to_have_count(1)
        await page.locator("#handle-m1").click()
        await expect(page.locator("#said")).to_be_empty(timeout=1_500)  # why the pull before could not be is over


async def test_cables_mains_and_boards_are_pulled_and_put_back(tmp_path: Path) -> None:
    """A visitor breaks a cabinet as life does: by a plug, by the mains, by a board that is dark."""
    async with technician(tmp_path, "demo") as hand:
        page, faults = hand.page, hand.faults
        for plug, said, kind in (("#cable-bins", "pulled", "line_unplugged"), ("#mains-ups", "cut", "mains_lost")):
            await page.locator(plug).click()
            await expect(page.locator(plug)).to_contain_text(said)
            assert [fault.kind for fault in faults.active()] == [kind]
            await page.locator(plug).click()
            await expect(page.locator("#faulty")).to_have_text("Nothing is broken.")
        await page.locator("#board-scale-1").click()
        await page.locator("#toggle-board_silent-scale-1").click()
        await expect(page.locator("#scale-face")).to_contain_text("no power")
        await page.locator("#mend").click()
        await expect(page.locator("#scale-face")).to_contain_text("g")


async def test_a_badge_is_held_to_the_reader_and_a_piece_dropped_into_the_return_bin(tmp_path: Path) -> None:
    """Badges and boxes lie about where the site tells of them; a number can always be typed."""
    async with technician(tmp_path, "demo") as hand:
        page = hand.page
        await page.locator(".object.is-reader").click()
        await page.locator("#badge").fill("1001")
        await page.locator("#show-badge").click()
        await expect(page.locator("#said")).to_contain_text("held to the reader")
        await page.locator("#bin-bin").click()
        await page.locator("#dropped").select_option("oxycodone-5-tab")
        await page.locator("#drop-form button").click()
        await expect(page.locator("#bin-bin")).to_contain_text("1 in it")
        await page.locator("#empty-bin").click()
        await expect(page.locator("#bin-bin")).to_contain_text("empty")


async def test_everything_is_reached_by_keyboard_alone(tmp_path: Path) -> None:
    """No pointer: Tab to it, Enter does it, and the focus stays where the finger was while the picture changes under it."""
    async with technician(tmp_path, "demo", (1024, 600)) as hand:
        page = hand.page
        await reach(page, "plate-m1")
        await page.keyboard.press("Enter")
        await reach(page, "force")
        await page.keyboard.press("Enter")
        await expect(page.locator("#drawer-m1.stands-open")).to_be_visible()
        await reach(page, "pocket-m1-03", back=True)
        await page.keyboard.press("Enter")
        await reach(page, "take-1")
        for left in (23, 22):
            await page.keyboard.press("Enter")
            await expect(page.locator("#pocket-m1-03")).to_contain_text(str(left))
        assert await page.evaluate("document.activeElement.id") == "take-1"
        await reach(page, "handle-m1", back=True)
        await page.keyboard.press("Enter")
        await expect(page.locator("#drawer-m1")).to_contain_text("latched")


async def test_a_change_is_painted_within_a_tenth_of_a_second(tmp_path: Path) -> None:
    """Whoever watches two screens side by side sees one world."""
    async with technician(tmp_path, "demo") as hand:
        await hand.page.evaluate(
            "new MutationObserver(() => { window.painted = performance.timeOrigin + performance.now(); })"
            ".observe(document.querySelector('#drawer-m1'), { attributes: true })"
        )
        took_ms = []
        for turn in range(CHANGES):
            mark = "stands-open" if turn % 2 == 0 else "is-matrix"
            moved = hand.shop.sim.hand.force if turn % 2 == 0 else hand.shop.sim.hand.push
            began_ms = time.time() * 1000
            assert moved("m1")
            await hand.page.wait_for_function("(since) => window.painted > since", arg=began_ms, polling=5)
            await expect(hand.page.locator(f"#drawer-m1.{mark}")).to_be_visible()
            took_ms.append(await hand.page.evaluate("window.painted") - began_ms)
        assert median(took_ms) < LIVE_MS, took_ms


async def test_each_face_of_the_page_suits_fingers_eyes_and_screen_readers(tmp_path: Path) -> None:
    """WCAG 2.2 AA by axe-core in light and dark, and no target under 48 px, whatever stands open or is broken."""
    async with technician(tmp_path, "demo", (1024, 600)) as hand:
        page, sim = hand.page, hand.shop.sim
        await page.emulate_media(reduced_motion="reduce")
        assert await wrongs(page, "light") == []
        for drawer in ("m1", "n1", "f1"):
            assert sim.hand.force(drawer)
        assert sim.hand.force_lid("n1-01")
        sim.hand.put("n1-01", 1, "fentanyl-100-vial")
        await page.locator("#mains-ups").click()
        await page.locator("#cable-bench").click()
        for thing, scheme in (("#pocket-n1-01", "dark"), (".object.is-reader", "light"), ("#board-scale-1", "dark"), ("#bin-bin", None)):
            await page.locator(thing).click()
            assert await wrongs(page, scheme) == [], thing


async def wrongs(page: Page, scheme: Literal["light", "dark"] | None) -> list[str]:
    """What is wrong with the page as it stands; without a scheme only its targets are measured."""
    said = []
    if scheme is not None:
        await page.emulate_media(color_scheme=scheme)
        said += await gallery.violations(page)
    for width, height in ((1920, 1080), (1024, 600)):
        await page.set_viewport_size({"width": width, "height": height})
        found = await page.evaluate(gallery.FINGERS, gallery.FINGER_PX)
        said += [fault for fault in found if fault.startswith(("small", "wider"))]
    return said


async def reach(page: Page, thing: str, *, back: bool = False) -> None:
    """Tab until the focus is on it."""
    for _ in range(200):
        if await page.evaluate("document.activeElement.id") == thing:
            return
        await page.keyboard.press("Shift+Tab" if back else "Tab")
    pytest.fail(f"{thing} is not to be reached by Tab")

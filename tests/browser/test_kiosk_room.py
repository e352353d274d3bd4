"""Room on every screen: nothing wider than it, at the kiosk's sizes and on a technician's phone, with the longest names and empty lists."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from config.load import LoadedSite
from config.schema import Site
from firmware_sim.fault import Fault
from tests.browser.test_kiosk_touch import OUT_OF_REACH, SIZES, SMALL_TARGETS, chromium, served
from tests.stories.workshop import NURSE, PIN, TECHNICIAN, Workshop, demo, open_workshop

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]

PHONE = (400, 800)
LONG = "Maximiliana-Guadalupe von Hohenstein-Oettingen-Wallerstein y Villalobos"
JAMMED = "locks-a:0"

TOO_WIDE = """() => [...document.querySelectorAll("body *")].filter((it) => it.checkVisibility() && !it.closest(".visually-hidden"))
  .map((it) => [it, it.getBoundingClientRect()]).filter(([it, box]) => box.width && (box.right > innerWidth + 1 || box.left < -1))
  .map(([it, box]) => `${it.tagName}.${it.className} ${Math.round(box.left)} to ${Math.round(box.right)}`)"""
CUT_OFF = """() => [...document.querySelectorAll("main, main .scroll, main .card, main .notice, main section")]
  .filter((it) => it.checkVisibility() && it.scrollWidth > it.clientWidth + 2).map((it) => `${it.tagName}.${it.className}`)"""


def crowded() -> LoadedSite:
    """The demo ward with the longest names, and a fridge that is out of range as soon as it is read."""
    plain = demo()
    assert plain.people is not None
    first, *others = plain.people.patients
    first = first.model_copy(update={"name": LONG, "allergies": ("penicillins", "sulfonamides", "nonsteroidal anti-inflammatory drugs")})
    staff = tuple(one.model_copy(update={"name": LONG}) for one in plain.people.staff)
    people = plain.people.model_copy(update={"patients": (first, *others), "staff": staff})
    table = plain.site.model_dump(mode="json", by_alias=True)
    fridge = next(drawer for drawer in table["drawer"] if drawer["temperature"])
    fridge["temperature"] |= {"high_mc": 2500, "alarm_after_s": 0, "alarm_after_open_s": 0}
    return replace(plain, site=Site.model_validate(table), people=people)


def empty() -> LoadedSite:
    """The demo ward on its first morning: nobody lies there."""
    plain = demo()
    assert plain.people is not None
    return replace(plain, people=plain.people.model_copy(update={"patients": ()}))


class Onlooker:
    """Somebody who looks at one screen after the other."""

    def __init__(self, page: Page, address: str, shop: Workshop) -> None:
        self.page, self.address, self.shop = page, address, shop

    async def sign_in(self, who: str) -> None:
        """Another person at the same screen."""
        await self.page.context.clear_cookies()
        await self.page.goto(self.address)
        await self.page.locator("[name=badge]").fill(f"badge-{who}")
        await self.page.locator("[name=secret]").fill(PIN)
        await self.page.locator("main button[type=submit]").click()
        await expect(self.page.locator("text=Sign out")).to_be_visible()

    async def looks_at(self, path: str, text: str) -> None:
        """Go there and look."""
        await self.page.goto(f"{self.address}{path}")
        await self.looks(text)

    async def looks(self, text: str) -> None:
        """Nothing is wider than the screen or cut off at its side, nothing is too small to hit; only a phone may be scrolled."""
        await expect(self.page.locator("body")).to_contain_text(text)
        await self.page.wait_for_load_state("load")
        where = self.page.url
        assert (where, await self.page.evaluate(TOO_WIDE)) == (where, [])
        assert (where, await self.page.evaluate(CUT_OFF)) == (where, [])
        assert (where, await self.page.evaluate(SMALL_TARGETS)) == (where, [])
        if self.page.viewport_size != {"width": PHONE[0], "height": PHONE[1]}:
            assert (where, await self.page.evaluate(OUT_OF_REACH)) == (where, [])

    async def withdraws(self) -> None:
        """From the list of patients to a drawer that jams."""
        await self.page.locator(f".tile:has-text('{LONG}')").click()
        await self.looks("every 6 hours")
        await self.page.locator(".line:has-text('acetaminophen') button.is-primary").click()
        await self.looks("Remove")
        for number in (1, 2):
            await expect(self.page.locator("main")).to_contain_text(f"Try {number} of 3.")
            await self.looks("did not open")
            await self.page.locator("button:has-text('Try again')").click()
        await expect(self.page.locator("main")).to_contain_text("This drawer does not open.")
        await self.looks("Back to")


@asynccontextmanager
async def onlooker(folder: Path, size: tuple[int, int], loaded: LoadedSite) -> AsyncIterator[Onlooker]:
    """A whole cabinet and a screen of this size."""
    async with open_workshop(folder, loaded) as shop, served(shop.app) as address, chromium() as browser:
        context = await browser.new_context(viewport={"width": size[0], "height": size[1]}, has_touch=True)
        page = await context.new_page()
        page.set_default_timeout(10_000)
        yield Onlooker(page, address, shop)


@pytest.mark.parametrize("size", [*SIZES, PHONE])
async def test_no_screen_is_wider_than_its_glass(tmp_path: Path, size: tuple[int, int]) -> None:
    """What runs off the side is not read, and a button there is not there; names are as long as people's names are."""
    async with onlooker(tmp_path, size, crowded()) as eye:
        await eye.looks_at("/", "Sign in")
        await eye.sign_in(NURSE)
        await eye.looks_at("/patients/p-301/find", "first letters")
        await eye.looks_at("/patients/p-301/find?q=lorazepam", "LORazepam")
        await eye.looks_at("/patients/p-301/items/lorazepam-1-tab?for=override", "Remove")
        await eye.looks_at("/count", "Count")
        await eye.looks_at("/", "Remove for")
        await eye.looks_at("/more", "Cases")
        await eye.looks_at("/shift", "My shift")
        await eye.looks_at("/emergency", "One touch opens.")
        await eye.looks_at("/purposes", "Code tray")
        await eye.looks_at("/purposes/code_tray/find", "first letters")
        await eye.looks_at("/purposes/code_tray/items/lorazepam-1-tab", "code tray")
        await eye.looks_at("/purposes/discarded/find", "No opened container")
        await eye.looks_at("/patients/p-301/withdrawals", "in the last days")
        await eye.looks_at("/cases", "Begin one for")
        await eye.looks_at("/quarantines", "Nothing is blocked.")
        await eye.looks_at("/sheets", "No sheet")
        await eye.looks_at("/", "Remove for")
        eye.shop.sim.faults.cause(Fault("drawer_jammed", "m1"))
        await eye.withdraws()
        await eye.sign_in(TECHNICIAN)
        await eye.looks_at("/attention", "Bring it back")
        await eye.looks_at("/attention", "out of range")
        await eye.looks_at("/locks", "At first")
        await eye.looks_at("/scales", "Enter check")
        await eye.looks_at("/refill", "Refill list")
        await eye.looks_at("/more", "Pockets")
        await eye.looks_at("/pockets", "Open…")
        await eye.looks_at("/pockets/m1-01", "Transfer")
        await eye.looks_at("/pockets/m1-01/load", "first letters")
        await eye.looks_at("/pulls?days=90", "Pull list")
        await eye.looks_at("/bin", "Nothing lies in the return bin.")
        await eye.looks_at("/sheets/new/items/morphine-4-syr", "Carried by")
        await eye.looks_at(f"/drawers/{JAMMED}/recovery", "Try it")
        await eye.looks_at("/bench", "Commissioning")
        await eye.page.locator("text=Take into maintenance").click()
        await eye.looks("In maintenance")


@pytest.mark.parametrize("size", [*SIZES, PHONE])
async def test_a_list_with_nothing_in_it_says_so(tmp_path: Path, size: tuple[int, int]) -> None:
    """An empty screen looks like a broken one."""
    async with onlooker(tmp_path, size, empty()) as eye:
        await eye.sign_in(NURSE)
        await eye.looks_at("/", "No patient is listed on this ward.")


async def test_a_check_of_a_scale_is_typed_on_the_screens_own_keys(tmp_path: Path) -> None:
    """No keyboard hangs at a cabinet: figures with a point come from a pad that appears with the field."""
    async with onlooker(tmp_path, (800, 480), demo()) as eye:
        await eye.sign_in(TECHNICIAN)
        await eye.looks_at("/scales", "Not checked yet.")
        form = eye.page.locator(".check").first
        await expect(form.locator(".pad")).to_be_hidden()
        for name, typed in (("test", "20"), ("shown", "19.99")):
            await form.locator(f"[name={name}]").tap()
            for key in typed:
                await form.locator(f'[data-key="{key}"]').tap()
        await eye.looks("Enter check")
        await form.locator("button[type=submit]").tap()
        await expect(eye.page.locator("main")).to_contain_text("-0.010 g")

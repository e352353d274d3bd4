"""The controller is killed, or the mains is cut, while a screen of each kind is shown: the screen says what to do, and comes back usable.

Why it matters: a dead screen that looks alive is touched, believed and left; a person with a hand in a drawer needs one sentence.
Real processes, the simulator's own API for the power, a real browser.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import ExitStack, asynccontextmanager
from pathlib import Path

import httpx
import pytest
from playwright.async_api import Page, expect

from cabinet.rehearsal.company import Company, Ports
from cabinet.rehearsal.enrol import Enrolled, enrol
from config.load import load_site
from tests.broker import free_port
from tests.browser.test_kiosk_touch import chromium
from tests.drills.bedside import CENTRAL, SITE

pytestmark = [pytest.mark.browser, pytest.mark.real, pytest.mark.timeout(300)]

PATIENCE_MS = 30_000
SUPPLY = {"kind": "mains_lost", "target": "ups"}


class Screen:
    """One screen, and whoever is before it."""

    def __init__(self, page: Page, address: str, person: Enrolled) -> None:
        self.page, self._address, self._person = page, address, person
        self.lost, self.alarms = page.locator(".lost"), page.locator(".alarms")

    async def goes(self, path: str) -> None:
        """A page by its address."""
        await self.page.goto(f"{self._address}{path}")

    async def signs_in(self) -> None:
        """Badge and PIN."""
        await self.goes("/")
        await self.page.locator("[name=badge]").fill(self._person.badge)
        await self.page.locator("[name=secret]").fill(self._person.pin)
        await self.page.locator("form.sign-in button[type=submit]").click()
        await expect(self.page.locator(".who")).to_be_visible(timeout=PATIENCE_MS)

    async def is_dead(self) -> bool:
        """Whether nothing on it can be touched, and it says why."""
        await expect(self.lost).to_contain_text("Nothing you touch is recorded. This screen comes back by itself.", timeout=PATIENCE_MS)
        await expect(self.lost).to_be_visible(timeout=PATIENCE_MS)
        return bool(await self.page.evaluate("document.querySelector('main').inert"))

    async def is_usable(self) -> bool:
        """Whether it can be touched; who is not signed in any more reads no patient's name."""
        await expect(self.lost).to_be_hidden(timeout=PATIENCE_MS)
        await expect(self.page.locator("main button, main a").first).to_be_enabled(timeout=PATIENCE_MS)
        if await self.page.locator(".who").count() == 0:
            await expect(self.page.locator("main")).not_to_contain_text("Eleanor", timeout=PATIENCE_MS)
        return not await self.page.evaluate("document.querySelector('main').inert")


async def at_sign_in(screen: Screen) -> None:
    """Nobody is there."""
    await screen.goes("/")


async def at_home(screen: Screen) -> None:
    """The list of patients."""
    await screen.signs_in()


async def at_a_search(screen: Screen) -> None:
    """Letters that were typed."""
    await screen.signs_in()
    await screen.goes("/patients/p-301/find?q=loraz")


async def at_an_open_drawer(screen: Screen) -> None:
    """A question at an open pocket."""
    await screen.signs_in()
    await screen.goes("/patients/p-301")
    await screen.page.locator(".line:has-text('acetaminophen') button.is-primary").click()
    await screen.page.locator("button:has-text('Took')").wait_for()


async def at_a_refill(screen: Screen) -> None:
    """A technician's list."""
    await screen.signs_in()
    await screen.goes("/refill")


async def at_a_form(screen: Screen) -> None:
    """Half filled in."""
    await screen.signs_in()
    await screen.goes("/staff/new")
    await screen.page.locator("[name=name]").fill("Zoe")


KINDS: dict[str, Callable[[Screen], Awaitable[None]]] = {
    "dev-patel": at_sign_in, "ben-okafor": at_home, "carla-lindqvist": at_a_search, "farid-haddad": at_a_refill, "erin-walsh": at_a_form,
    "ana-reyes": at_an_open_drawer,
}  # fmt: skip
"""A screen of each kind, and who stands before it."""


@asynccontextmanager
async def running(state: Path) -> AsyncIterator[tuple[Company, dict[str, Enrolled]]]:
    """The demo's processes and people."""
    loaded, staff = load_site(SITE), list[Enrolled]()
    company = Company(SITE, CENTRAL, state, Ports(*(free_port() for _ in range(4))))
    with ExitStack() as stack:
        await asyncio.to_thread(stack.enter_context, company.started(meanwhile=lambda: staff.extend(enrol(loaded, state))))
        yield company, {person.id: person for person in staff}


async def test_every_kind_of_screen_says_what_to_do_and_comes_back(tmp_path: Path) -> None:
    """The mains is cut: a line above every page. The controller is killed: nothing can be touched, and nothing moves by itself."""
    async with running(tmp_path) as (company, staff), chromium() as browser:
        address = f"http://127.0.0.1:{company.ports.kiosk}"
        screens = []
        for who, comes_to in KINDS.items():
            page = await (await browser.new_context(viewport={"width": 1024, "height": 600})).new_page()
            page.set_default_timeout(PATIENCE_MS)
            screens.append(Screen(page, address, staff[who]))
            await comes_to(screens[-1])
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{company.ports.virtual_cabinet}/api/v1", timeout=20) as plant:
            (await plant.post("/faults", json=SUPPLY)).raise_for_status()
            for screen in screens:
                await expect(screen.alarms).to_contain_text("On battery: drawers open for", timeout=PATIENCE_MS)
            (await plant.delete("/faults", params=SUPPLY)).raise_for_status()
            for screen in screens:
                await expect(screen.alarms).not_to_contain_text("On battery", timeout=PATIENCE_MS)
            await asyncio.to_thread(company.kill, "run")
            assert all([await screen.is_dead() for screen in screens])
            await asyncio.to_thread(company.start_cabinet)
            await asyncio.to_thread(company.wait_for_cabinet)
            assert all([await screen.is_usable() for screen in screens])
            drawers = {one["id"]: one["is_open"] for one in (await plant.get("/plant")).json()["drawers"]}
            assert [name for name, is_open in drawers.items() if is_open] == ["m1"]
        await screens[0].signs_in()
        await expect(screens[0].page.locator("body")).to_contain_text("Drawer 1", timeout=PATIENCE_MS)

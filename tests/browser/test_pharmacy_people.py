"""The pharmacy's door, people, formulary and interfaces in a real browser, light and dark, wide and narrow."""

import tomllib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from playwright.async_api import Page, expect

import config
from cabinet.adapters.secrets import InlineSecrets
from central.app import make_app
from central.database.place import MEMORY, Database
from central.document.room import DocumentRoom
from central.formulary import pages as formulary
from central.formulary.shelf import FormularyShelf
from central.gate import Gate
from central.hl7 import pages as hl7
from central.office import Office
from central.person.room import make_desk
from config.schema import Formulary
from tests.browser.gallery import violations
from tests.browser.test_kiosk_touch import chromium, served
from tests.domain.hl7_message import adt, rde
from tests.ports.test_hl7_room import UNKNOWN, House, sent

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]

NOW = datetime(2026, 3, 2, 7, 5, tzinfo=UTC)
ITEMS = Formulary.model_validate(tomllib.loads((Path(config.__file__).parent / "formulary" / "demo.toml").read_text())).items


async def _never(_job: object) -> object:
    raise AssertionError("nothing is stored here")


@asynccontextmanager
async def pharmacy(folder: Path) -> AsyncIterator[tuple[str, Page, list[str]]]:
    """A pharmacy with an administrator and a link that heard something; its address, a page, and what the browser complained of."""
    database = Database(MEMORY).prepare()
    documents = DocumentRoom(database, Ed25519PrivateKey.generate(), lambda: NOW)
    desk = make_desk(database, documents.office.shelf, InlineSecrets(), lambda: NOW)
    await desk.set_secret("grace-kim", "correct horse", by="test", name="Grace Kim", role="administrator")
    office = Office(database, _never, lambda: NOW)
    async with House(folder).open() as room:
        await sent(room, adt("A01"), rde(rxe=UNKNOWN), b"junk")
        shelf = FormularyShelf(documents.office, ITEMS)
        plugs = [hl7.plug(room, shelf.items), formulary.plug(shelf, office.inquiry)]
        app = make_app(office, "Test pharmacy", documents, Gate(people=desk), plugs=plugs)
        async with served(app) as address, chromium() as browser:
            page = await browser.new_page(viewport={"width": 1280, "height": 800})
            complaints: list[str] = []
            page.on("pageerror", lambda error: complaints.append(str(error)))
            yield address, page, complaints
            office.feed.close()


async def faults(page: Page) -> list[str]:
    """What is wrong with the page as it is: wider than the screen, or against WCAG 2.2 AA, in either scheme."""
    found: list[str] = []
    for width in (1280, 800):
        await page.set_viewport_size({"width": width, "height": 800})
        wide = await page.evaluate("() => document.documentElement.scrollWidth - innerWidth")
        found += [f"{width}: {wide} px wider than the screen"] if wide > 1 else []
    for scheme in ("dark", "light"):
        await page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        found += [f"{scheme}: {fault}" for fault in await violations(page)]
    return found


async def sign_in(page: Page, who: str, secret: str) -> None:
    await page.fill("[name=id]", who)
    await page.fill("[name=secret]", secret)
    await page.click("main button[type=submit]")


async def test_an_administrator_takes_somebody_in_who_chooses_a_secret_and_works(tmp_path: Path) -> None:
    """From nothing to an approved code of a package in two people's hands, each in their own name."""
    async with pharmacy(tmp_path) as (address, page, complaints):
        await page.goto(f"{address}/people")
        assert await faults(page) == [], "the door"
        await sign_in(page, "grace-kim", "wrong")
        await expect(page.get_by_role("alert")).to_have_text("Person or secret is wrong.")
        await sign_in(page, "grace-kim", "correct horse")
        await expect(page.locator("h1")).to_have_text("People and rights")
        await page.fill("[name=id]", "hugo")
        await page.fill("[name=full_name]", "Hugo Marchetti")
        await page.select_option("[name=role]", "pharmacist")
        await page.click("text=Send to every cabinet")
        await page.locator("tr[data-person=hugo]").get_by_role("button", name="New code").click()
        code = await page.locator(".code").text_content()
        assert await faults(page) == [], "people"
        await page.click("text=Sign out")

        await page.goto(f"{address}/formulary/furosemide-40-vial")
        await sign_in(page, "hugo", code or "")
        await expect(page.locator("h1")).to_have_text("Choose a secret")
        assert await faults(page) == [], "the secret"
        for name, text in (("old", code or ""), ("new", "my own words"), ("again", "my own words")):
            await page.fill(f"[name={name}]", text)
        await page.click("text=Keep it")
        await expect(page.locator(".visitor")).to_contain_text("Hugo Marchetti")

        await page.goto(f"{address}/formulary?q=hydr")
        assert await faults(page) == [], "the formulary"
        await page.goto(f"{address}/formulary/hydroxyzine-25-tab")
        assert await faults(page) == [], "an item"
        await page.fill("[name=code]", "00304069001013")
        await page.click("text=This code is this item")
        await expect(page.locator("main")).to_contain_text("00304069001013")
        await page.goto(f"{address}/documents")
        await expect(page.locator("tr", has_text="formulary")).to_contain_text("hugo")
        assert await faults(page) == [], "documents"
        assert complaints == []


async def test_a_pharmacist_links_a_code_that_the_hospital_uses(tmp_path: Path) -> None:
    """The monitor says what waits; once it is linked, nothing does."""
    async with pharmacy(tmp_path) as (address, page, complaints):
        await page.goto(f"{address}/interfaces")
        await sign_in(page, "grace-kim", "correct horse")
        await expect(page.locator("#waiting")).to_contain_text("zebraline 5 mg")
        assert await faults(page) == [], "the monitor"
        await page.select_option("select[name=item]", "oxycodone-5-tab")
        await page.click("#waiting button")
        await expect(page.locator("select[name=item]")).to_have_count(0)
        await page.click("a[href='/interfaces/messages/3']")
        await expect(page.locator("pre").first).to_contain_text("junk")
        assert await faults(page) == [], "a message"
        assert complaints == []

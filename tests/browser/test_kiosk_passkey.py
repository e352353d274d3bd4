"""Passkeys in a real browser with Chromium's virtual authenticator: one is made for a nurse by who enrols, and she signs in with it."""

from dataclasses import replace
from typing import Any

import pytest
from playwright.async_api import Browser, Page, expect

from cabinet.domain.facts import CredentialChanged, SessionOpened
from cabinet.domain.people import Role, Staff
from cabinet.domain.vocabulary import StaffId
from tests.browser.test_kiosk_touch import chromium, served
from tests.stories.desk import NURSE, PIN, Desk, demo_world, open_desk

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]

ADMIN = "ada"
AUTHENTICATOR = {
    "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True, "isUserVerified": True,
    "automaticPresenceSimulation": True,
}  # fmt: skip


async def with_authenticator(browser: Browser) -> tuple[Page, Any, str]:
    """A page whose computer has an authenticator; its handle, to say whether its owner's finger is on it."""
    page = await browser.new_page()
    handle = await page.context.new_cdp_session(page)
    await handle.send("WebAuthn.enable")
    made = await handle.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
    return page, handle, made["authenticatorId"]


async def sign_in(page: Page, here: str, who: str) -> None:
    """By badge and PIN."""
    await page.goto(here)
    await page.fill("input[name=badge]", f"badge-{who}")
    await page.fill("input[name=secret]", PIN)
    await page.click("form.sign-in button.is-primary")
    await expect(page.locator(".who")).to_be_visible()


def facts(desk: Desk, kind: type) -> list[Any]:
    """What the journal holds of one kind."""
    return [entry.fact for entry in desk.journal.entries(0) if isinstance(entry.fact, kind)]


async def test_a_passkey_is_made_by_who_enrols_and_signs_its_owner_in() -> None:
    """A second way beside the PIN; without the owner's finger it proves nothing, and that counts as a failure like a wrong PIN."""
    world = demo_world()
    admin = Staff(StaffId(ADMIN), "Ada Admin", Role.ADMINISTRATOR)
    world = replace(world, staff={**world.staff, admin.id: admin})
    async with open_desk(world) as desk, served(desk.app) as address, chromium() as browser:
        here = address.replace("127.0.0.1", "localhost")
        page, handle, authenticator = await with_authenticator(browser)
        await sign_in(page, here, ADMIN)
        await page.goto(f"{here}/staff/{NURSE}")
        await page.click("[data-make-passkey]")
        await expect(page.get_by_text("1 passkey", exact=True)).to_be_visible()
        assert facts(desk, CredentialChanged)[-1] == CredentialChanged(StaffId(NURSE), "passkey", True)
        await page.click("text=Sign out")
        await page.click("[data-passkey]")
        await expect(page.locator(".who")).to_contain_text("Ana Reyes")
        assert facts(desk, SessionOpened)[-1].factors == ["passkey"]
        await page.click("text=Sign out")
        await handle.send("WebAuthn.setUserVerified", {"authenticatorId": authenticator, "isUserVerified": False})
        await page.click("[data-passkey]")
        await expect(page.get_by_text("Passkey not accepted")).to_be_visible()
        assert len(facts(desk, SessionOpened)) == 2
        await page.close()


async def test_a_page_of_a_number_offers_no_passkey() -> None:
    """Browsers give passkeys to localhost and https alone; a button that never works is worse than none."""
    async with open_desk() as desk, served(desk.app) as address, chromium() as browser:
        page, _, _ = await with_authenticator(browser)
        await page.goto(address)
        await expect(page.locator("[data-passkey]")).to_be_hidden()
        await page.close()

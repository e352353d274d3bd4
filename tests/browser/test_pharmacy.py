"""The pharmacy's pages in a real browser over real wards: the map, a cabinet, what is watched, and a recall from preview to quarantine."""

import pytest
from playwright.async_api import expect

from tests.browser.gallery import picture
from tests.browser.pharmacy import SMALL_TARGETS, pharmacy

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]

NALOXONE, LOT = "naloxone-0-4-vial", "NX5502"


async def test_the_map_shows_wards_in_words_and_leads_to_a_cabinet_with_its_drawers() -> None:
    """A pharmacist sees at one glance which ward needs them, and what stands in its drawers."""
    async with pharmacy("ward-4-south", "surgery") as found:
        page = found.page
        await page.goto(found.address)
        await expect(page.locator("#line")).to_have_text("live")
        await expect(page.locator(".tile", has_text="Ward 4 South").locator(".status")).to_have_text("fine")
        surgery = page.locator(".tile", has_text="Surgery")
        for word in ("fridge out of range", "on battery", "downtime"):
            await expect(surgery.get_by_text(word, exact=True)).to_be_visible()
        assert await found.looks() == []
        await picture(page, "pharmacy-map")
        await page.click("text=Surgery")
        await expect(page.locator("h1")).to_have_text("Surgery")
        await expect(page.locator(".drawer")).to_have_count(4)
        await page.wait_for_function(
            """() => [...document.querySelectorAll(".cup")].find(cup => cup.textContent.includes("m1-05")).querySelector(".fill")
                .getBoundingClientRect().height > 5"""
        )
        await expect(page.locator(".facts")).to_contain_text("9.1 °C")
        assert await found.looks() == []
        assert await page.evaluate(SMALL_TARGETS.replace('"a, button', '"main button, nav a, header button')) == []
        assert found.complaints == []


async def test_a_recall_from_its_preview_to_quarantine_without_touching_the_page_again() -> None:
    """One action calls back; each cabinet blocks its pockets, and the open page says so by itself."""
    async with pharmacy("ward-4-south", "icu") as found:
        page = found.page
        await page.goto(f"{found.address}/recalls")
        for name, value in (("item", NALOXONE), ("value", LOT), ("number", "D-0412-2026"), ("why", "glass particles")):
            await page.fill(f"[name={name}]", value)
        assert await found.looks() == []
        await page.click("text=See what is where")
        await expect(page.locator("main")).to_contain_text("4 pockets of 2 cabinets")
        await expect(page.locator("main")).to_contain_text("certain")
        assert await found.looks() == []
        assert found.recalls.book.all() == [], "nothing is called back by looking"
        await page.click("text=Call back at every cabinet")
        await expect(page.locator("h2").first).to_have_text("0 of 4 pockets pulled")
        await expect(page.locator(".status", has_text="quarantined")).to_have_count(3)
        await expect(page.locator(".status", has_text="out of reach")).to_have_count(1)
        assert await found.looks() == []
        await page.click("text=Who received it")
        await expect(page.locator("h1")).to_have_text("Who received it")
        assert await page.locator("tbody tr").count() > 0
        assert found.complaints == []


async def test_what_is_watched_is_seen_to_with_one_touch() -> None:
    """Whoever sees to it is on every page at once, with when."""
    async with pharmacy("emergency", "surgery") as found:
        page, other = found.page, await found.browser.new_page()
        await other.goto(f"{found.address}/watch")
        await page.goto(f"{found.address}/watch")
        for heading in ("Fridges out of range", "On battery", "Out of stock", "Critically low", "Running out"):
            await expect(page.get_by_role("heading", name=heading)).to_be_visible()
        assert await found.looks() == []
        await picture(page, "pharmacy-watch")
        await page.locator("li", has_text="Surgery, fridge f1").get_by_role("button").click()
        await expect(page.locator("li", has_text="Surgery, fridge f1")).to_contain_text("sees to it since")
        await expect(other.locator("li", has_text="Surgery, fridge f1")).to_contain_text("sees to it since")
        assert found.complaints == []


async def test_what_takes_longer_than_a_moment_says_so() -> None:
    """Nobody presses twice because nothing seems to happen."""
    async with pharmacy("ward-4-south") as found:
        page = found.page
        await page.goto(found.address)
        await expect(page.locator("#busy")).to_be_hidden()
        await page.evaluate("() => { window.over = work('Counting every pocket'); }")
        await expect(page.locator("#busy")).to_contain_text("Counting every pocket … 1 s")
        await page.evaluate("() => over()")
        await expect(page.locator("#busy")).to_be_hidden()


async def test_a_form_that_is_sent_says_what_it_waits_for_and_cannot_be_sent_twice() -> None:
    """Two touches on "Call back" are one recall."""
    async with pharmacy("ward-4-south") as found:
        page = found.page
        await page.goto(f"{found.address}/recalls")
        said = await page.evaluate("""async () => {
            const form = document.querySelector("main form");
            form.target = "elsewhere"; // an answer that never comes would hold the test up
            form.dispatchEvent(new Event("submit", { bubbles: true, cancelable: true }));
            await new Promise((done) => setTimeout(done, 900));
            return [document.getElementById("busy").textContent, form.querySelector("button").disabled];
        }""")
        assert "Looking through every cabinet" in said[0]
        assert said[1]

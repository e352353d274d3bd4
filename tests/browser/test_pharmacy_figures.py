"""The pages of figures and of use in a browser: charts are drawn under the page's own policy, and doubt is drawn beside each number."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
import uvicorn
from playwright.async_api import Page, async_playwright

from central.activity.follower import Follower
from central.activity.store import Store
from central.app import make_app
from central.database.place import Database, url_of_file
from central.figure.definition import DEFINITIONS
from central.figure.pages import plug as figure_plug
from central.figure.room import FigureRoom
from central.ingest.store import Store as Ingest
from central.office import Office
from central.surveillance.pages import plug as use_plug
from central.surveillance.room import SurveillanceRoom
from config.surveillance import Surveillance
from tests.broker import free_port
from tests.ports.test_plan import never
from tests.ports.test_surveillance import STAFF, a_month
from tests.post import NOW, journal_post
from tests.tale import BEGIN

pytestmark = [pytest.mark.real, pytest.mark.timeout(180)]

TODAY = BEGIN + timedelta(days=29)


@pytest.fixture
async def page(tmp_path: Path) -> AsyncIterator[Page]:
    database = Database(url_of_file(tmp_path / "central.db")).prepare()
    ingest = Ingest(database)
    ingest.take([journal_post(a_month().envelopes)], NOW)
    ingest.close()
    Follower(Store(database)).follow()
    figures, use = FigureRoom(database, lambda: TODAY), SurveillanceRoom(database, Surveillance(), lambda: STAFF, lambda: TODAY)
    plugs = [figure_plug(figures), use_plug(use)]
    app, port = make_app(Office(database, never, lambda: TODAY), "Test", plugs=plugs), free_port()
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="warning", lifespan="off", timeout_graceful_shutdown=1))
    serving = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110 - uvicorn tells by a flag
        await asyncio.sleep(0.02)
    async with async_playwright() as play:
        chromium = await play.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-dev-shm-usage"])
        yield await chromium.new_page(viewport={"width": 1280, "height": 800}, base_url=f"http://127.0.0.1:{port}")
        await chromium.close()
    server.should_exit = True
    await serving
    database.close()


async def test_every_figure_that_has_values_is_drawn_over_time(page: Page) -> None:
    """A blocked script or style would leave empty boxes that nobody misses."""
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    await page.goto("/figures")
    await page.wait_for_selector("#figure-stock_out canvas")
    assert await page.locator(".figure-cards > section").count() == len(DEFINITIONS)
    drawn = await page.locator(".chart canvas").count()
    assert 5 <= drawn < len(DEFINITIONS)  # nothing was counted or discrepant: those stay empty
    assert said == []


async def test_use_is_shown_after_a_reason_with_its_doubt(page: Page) -> None:
    """Whoever asks to be looked at stands first, and the way to the facts is one touch."""
    await page.goto("/use")
    await page.fill("input[name=why]", "monthly")
    await page.fill("input[name=by]", "pia")
    await page.click("button.is-primary")
    first = page.locator("[data-person]").first
    assert await first.get_attribute("data-person") == "eve"
    assert "asks to be looked at" in await first.inner_text()
    assert await first.locator("svg.ratio").count() == 4
    await first.locator("text=The accesses").first.click()
    await page.wait_for_selector("text=none of them is wrong by itself")
    assert await page.locator("tbody tr").count() == 20
    await page.goto("/use")
    assert "eve: cancelled" in await page.inner_text("main")

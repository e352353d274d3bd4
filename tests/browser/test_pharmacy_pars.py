"""A pharmacist at the par workbench in a browser: advice, a plan sent to one cabinet, to the rest, and taken back."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
import uvicorn
from playwright.async_api import Page, async_playwright

from central.app import make_app
from central.database.place import Database, url_of_file
from central.office import Office
from central.plan.pages import plug
from tests.broker import free_port
from tests.ports.test_plan import TODAY, Pharmacy, never, rooms_of

pytestmark = [pytest.mark.real, pytest.mark.timeout(180)]


@pytest.fixture
async def pharmacy(tmp_path: Path) -> AsyncIterator[tuple[Pharmacy, Page]]:
    database = Database(url_of_file(tmp_path / "central.db")).prepare()
    plans, documents = rooms_of(database)
    app = make_app(Office(database, never, lambda: TODAY), "Test", documents, plugs=[plug(plans)])
    port = free_port()
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="warning", lifespan="off", timeout_graceful_shutdown=1))
    serving = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110 - uvicorn tells by a flag
        await asyncio.sleep(0.02)
    async with async_playwright() as play:
        chromium = await play.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-dev-shm-usage"])
        page = await chromium.new_page(viewport={"width": 1280, "height": 800}, base_url=f"http://127.0.0.1:{port}")
        yield Pharmacy(plans, documents, httpx.AsyncClient()), page
        await chromium.close()
    server.should_exit = True
    await serving
    database.close()


async def test_a_par_is_sent_to_one_ward_then_to_all_and_taken_back(pharmacy: tuple[Pharmacy, Page]) -> None:
    """From advice to every cabinet and back, by who answers for it, and never to all at once."""
    server, page = pharmacy
    await page.goto("/pars")
    await page.click("text=Work out the advice for all")
    await page.wait_for_selector("text=The advice is worked out")
    await page.click("text=Show it")
    await page.click("text=north")
    await page.click("#why-p-fast summary")
    assert "times refused and counted" in await page.inner_text("#why-p-fast")
    for pocket in ("p-rescue", "p-slow"):
        await page.uncheck(f"input[name=choose][value={pocket}]")
    await page.fill("[name='par:p-fast']", "40")
    await page.click("text=What if? Live through it")
    await page.wait_for_selector("text=With what you chose")
    assert await page.input_value("[name='par:p-fast']") == "40"
    await page.check("input[name=everywhere]")
    await page.fill("form.stack input[name=why]", "runs out each evening")
    await page.fill("form.stack input[name=by]", "pia")
    await page.click("text=Make a plan of what is chosen")
    await page.fill("input[name=by]", "pia")
    await page.click("button[value=pilot]")
    await page.wait_for_selector("[data-stage=north] .status:has-text('on its way')")
    assert await page.is_disabled("button[value=rest]")
    assert server.levels("north")["p-fast"][0] == 40
    assert server.levels("south") == {}
    server.has("north", 1)
    await page.reload()
    await page.fill("input[name=by]", "pia")
    await page.click("button[value=rest]")
    await page.wait_for_selector("[data-stage=west] .status:has-text('on its way')")
    assert server.levels("south")["p-fast"][0] > 6
    await page.fill("input[name=by]", "hugo")
    await page.fill("input[name=why]", "the ward disagrees")
    await page.click("button[value=undo]")
    await page.wait_for_selector("[data-stage=west] .status:has-text('undone')")
    assert {cabinet: server.levels(cabinet)["p-fast"] for cabinet in ("north", "south", "west")} == dict.fromkeys(
        ("north", "south", "west"), (6, 2, 0)
    )

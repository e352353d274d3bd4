"""The demo's other wards: five cabinets that are real but for their boards, each in another state, heard by one pharmacy.

Why it matters: a pharmacy that looks after one cabinet shows nothing of what it is for; and a state that is only painted on a page would
let a page pass that no cabinet's report ever reaches.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from random import Random

from cabinet.adapters.clock import LoopClock
from cabinet.courier.twin import TwinBroker, TwinCourier
from cabinet.rehearsal.neighbour import Neighbour
from cabinet.rehearsal.neighbour_past import lived
from cabinet.rehearsal.neighbourhood import SILENT_MIN, Ward, site_of, wards
from central.office import Office
from config.load import load_site
from tests.stories.desk import DEMO
from tests.virtual import virtual

NOW = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)


@asynccontextmanager
async def pharmacy_of(*cabinets: str) -> AsyncIterator[Office]:
    """A pharmacy that has heard all that these wards have to say."""
    loaded, broker, loop = load_site(DEMO), TwinBroker(Random(1)), asyncio.get_running_loop()
    office, courier = Office.in_memory(lambda: NOW), TwinCourier(broker, "pharmacy")
    office.attach(courier)
    async with AsyncExitStack() as stack:
        storing = asyncio.create_task(office.run())
        await courier.start()
        for ward in wards(loaded, NOW):
            if ward.cabinet in cabinets:
                await stack.enter_async_context(
                    _neighbour(ward, LoopClock(loop, NOW - timedelta(minutes=ward.silent_min)), broker).at_work()
                )
        await asyncio.sleep(30)
        await office.idle()
        yield office
        storing.cancel()
    await courier.stop()


def _neighbour(ward: Ward, clock: LoopClock, broker: TwinBroker) -> Neighbour:
    past = partial(lived, week=ward.week, now=clock.now().utc, seed=ward.cabinet)
    return Neighbour(site_of(load_site(DEMO), ward), TwinCourier(broker, ward.cabinet), clock, past, weather=ward.weather)


def statuses(office: Office, cabinet: str) -> Counter[str]:
    return Counter(row.status for row in office.inquiry.stock(cabinet=cabinet))


@virtual
async def test_a_ward_that_is_fine_and_one_that_runs_short() -> None:
    """Where is stock short: seen by the server's own sums of a week of facts."""
    async with pharmacy_of("ward-4-south", "emergency") as office:
        calm, short = statuses(office, "ward-4-south"), statuses(office, "emergency")
        assert calm["ok"] > 4 * (calm["out"] + calm["critical"] + calm["low"])
        assert short["out"] > 1
        assert short["critical"] + short["low"] > 4
        rows = {row.cabinet: row for row in office.inquiry.cabinets()}
        assert (rows["emergency"].name, rows["emergency"].area, rows["emergency"].state) == ("Emergency", "emergency", "online")


@virtual
async def test_a_ward_whose_drawer_has_failed() -> None:
    """Whatever lies behind the drawer cannot be had, whatever its balance."""
    async with pharmacy_of("icu") as office:
        assert statuses(office, "icu")["failed"] > 1
        assert "drawer.jammed" in {alert.code for alert in office.inquiry.alerts("icu")}


@virtual
async def test_a_ward_on_battery_with_a_warm_fridge_that_hears_nobody() -> None:
    """Three things at once, as life has it: each is reported in its own place."""
    async with pharmacy_of("surgery") as office:
        health = office.inquiry.report("surgery", "health")
        assert health is not None
        assert health["power"]["state"] == "battery"
        assert [fridge["state"] for fridge in health["fridges"]] == ["excursion"]
        assert office.inquiry.cabinets("surgery")[0].mode == "downtime"


@virtual
async def test_a_ward_that_went_silent_said_so_when_it_did() -> None:
    """Its last words are as old as its clock, however late they are read."""
    async with pharmacy_of("ward-5-east") as office:
        loaded = load_site(DEMO)
        silent = next(ward for ward in wards(loaded, NOW) if ward.silent_min)
        assert silent.silent_min == SILENT_MIN
        since = office.inquiry.cabinets("ward-5-east")[0].since
        assert since < f"{NOW - timedelta(minutes=SILENT_MIN - 1):%Y-%m-%dT%H:%M}"

"""The self-test by itself: once a day at its hour and after each update, never under somebody's hands, and never what stops a cabinet.

Why it matters: a scale that died in the night is found before it is needed.
"""

import asyncio
from datetime import timedelta
from pathlib import Path

from cabinet.app.daily import SETTLED_S, Daily
from cabinet.domain.facts import SelftestDone
from cabinet.domain.state import Selftest
from cabinet.domain.vocabulary import utc_text
from firmware_sim.fault import Fault
from tests.stories.workshop import MORNING, open_workshop
from tests.virtual import running, virtual


@virtual
async def test_new_software_is_tested_at_once_and_once(tmp_path: Path) -> None:
    """An update is believed after every board was looked at."""
    async with open_workshop(tmp_path) as shop:
        daily = Daily(shop.house.controller, shop.house.hardware)
        shop.sim.faults.cause(Fault("scale_unsteady", "scale-4"))
        async with running(daily.run()):
            await asyncio.sleep(SETTLED_S + 15)
        (done,) = shop.facts(SelftestDone)
        assert any("scale-4" in finding for finding in done.findings)
        assert shop.house.core.state.mode == "ready"


@virtual
async def test_it_is_due_at_its_hour(tmp_path: Path) -> None:
    """Four in the morning, unless the policy says otherwise."""
    async with open_workshop(tmp_path) as shop:
        daily = Daily(shop.house.controller, shop.house.hardware)
        assert daily.due_in_s() == 0
        software = shop.house.core.state.software
        shop.house.core.state.selftest = Selftest(utc_text(MORNING), software, True, [])
        hours = (MORNING.replace(hour=4) + timedelta(days=1) - shop.house.controller.clock.now().utc).total_seconds()
        assert abs(daily.due_in_s() - hours) < 1
        shop.house.core.state.selftest = Selftest(utc_text(MORNING), "adc of last week", True, [])
        assert daily.due_in_s() == 0


@virtual
async def test_nobody_is_disturbed(tmp_path: Path) -> None:
    """A board's check begins by switching everything off."""
    async with open_workshop(tmp_path) as shop, shop.bench() as bench:
        await bench.take()
        daily = Daily(shop.house.controller, shop.house.hardware)
        async with running(daily.run()):
            await asyncio.sleep(SETTLED_S + 15)
            assert shop.facts(SelftestDone) == []
            await bench.give_back()
            await asyncio.sleep(70)
        assert len(shop.facts(SelftestDone)) == 1

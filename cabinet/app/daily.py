"""What a cabinet does once a day and after each update, when nobody is at it: the self-test.

Alone knows: when a self-test is due. Must not know: what it looks at (`selftest.py`), or what is done about what it finds.
"""

import asyncio
from datetime import datetime, timedelta

from cabinet.app.hardware import CabinetHardware
from cabinet.app.selftest import is_idle, look_at_all
from cabinet.controller import Controller
from cabinet.domain.events import SelftestFinished
from cabinet.domain.vocabulary import parse_utc

SETTLED_S = 30.0
"""After a start the boards get this long to be looked at first."""
SERVING = frozenset({"ready", "downtime", "critical_override"})
"""The modes in which the boards are the ward's, and may be looked at."""
BUSY_S = 60.0
"""A cabinet that somebody is at is looked at again after this."""


class Daily:
    """Runs the self-test of one cabinet when it is due."""

    def __init__(self, controller: Controller, hardware: CabinetHardware) -> None:
        self._controller, self._hardware = controller, hardware

    async def run(self) -> None:
        """Wait, test, and again, until cancelled."""
        await asyncio.sleep(SETTLED_S)
        while True:
            wait_s = self.due_in_s()
            if wait_s > 0:
                await asyncio.sleep(wait_s)
            elif self._controller.core.state.mode not in SERVING or not is_idle(self._controller.core):
                await asyncio.sleep(BUSY_S)
            else:
                await self.test()

    def due_in_s(self) -> float:
        """Seconds until the next self-test; at once where this software has made none yet."""
        core, now = self._controller.core, self._controller.clock.now().utc
        last = core.state.selftest
        if last is None or last.software != core.state.software:
            return 0.0
        return (_next(parse_utc(last.at), core.world.policy.selftest_hour) - now).total_seconds()

    async def test(self) -> None:
        """Look at every board, and let the journal know."""
        core = self._controller.core
        findings = await look_at_all(core, self._hardware.devices)
        await self._controller.ask(SelftestFinished(self._controller.clock.now(), core.state.software, not findings, findings))


def _next(last: datetime, hour: int) -> datetime:
    """The first full `hour` (UTC) after `last`."""
    at = last.replace(hour=hour, minute=0, second=0, microsecond=0)
    return at if at > last else at + timedelta(days=1)

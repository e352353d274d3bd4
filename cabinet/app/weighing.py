"""How a scale is read for whoever decides by its weight: at rest, and told of each time that it lost its zero.

Alone knows: how long a pocket swings after a closing, and of which restarts the cabinet has taken notice. A technician who reads a scale,
or a self-test, may hear of a restart first: it is told here all the same.
Must not know: what a weight means, or which board is trusted.
"""

import asyncio
from collections.abc import Mapping

from cabinet.domain.vocabulary import BoardId, Weighing
from cabinet.ports import Scale, ScaleRestarted

SETTLE_S = 0.4
"""A scale is read this long after a closing: the pocket has stopped swinging and the coil's interference is over."""

STEADY_WITHIN_S = 3.0


class Scales:
    """The scales of one cabinet."""

    def __init__(self, scales: Mapping[BoardId, Scale]) -> None:
        self._scales = scales
        self._restarts: dict[BoardId, int] = {}
        """Of how many restarts of a scale the cabinet knows."""

    async def weigh(self, scale: BoardId, *, is_after: bool) -> Weighing:
        """See Hardware. Raises DeviceFault; ScaleRestarted once after every restart, whoever else has heard of it."""
        if not is_after:
            return await self._read(scale)
        loop = asyncio.get_running_loop()
        until_s = loop.time() + STEADY_WITHIN_S
        await asyncio.sleep(SETTLE_S)
        weighing = await self._read(scale)
        while not weighing.is_steady and loop.time() < until_s:
            await asyncio.sleep(SETTLE_S / 4)
            weighing = await self._read(scale)
        return weighing

    async def _read(self, name: BoardId) -> Weighing:
        device, known = self._scales[name], self._restarts.get(name, 0)
        try:
            weighing = await device.weigh()
        except ScaleRestarted:
            self._restarts[name] = device.restarts
            raise
        if device.restarts != known:
            self._restarts[name] = device.restarts
            raise ScaleRestarted(name, "it was switched on since it was last weighed: check its zero with the tray empty")
        return weighing

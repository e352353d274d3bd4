"""Thermometers and the power supply: read now and then for as long as the cabinet runs, and told to the watcher.

Alone knows: how often each is read, and that one which answers without saying anything certain is as good as lost.
Must not know: what is too warm, what is done on battery, or any board.

They never hold up a lock: a reading has the lowest rank on its line, and what is slow has a line of its own. That a board does not answer
at all is told by the health of its line. At `rest`, in virtual time while nothing can move, they are read every `REST_S` only, so that a
day passes quickly and a fridge is still looked at.
"""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from typing import Any

import structlog

from cabinet.domain.vocabulary import BoardId, Channel
from cabinet.ports import DeviceFault, StaleReading, Supply, Thermometer, Watcher
from config.schema import Site

REST_S = 300.0
AGAIN_S = 2.0
"""After a reading that failed the next one is tried this soon, or when it is due, whichever is sooner."""
STALE_READINGS = 3
"""So many readings in a row without anything certain, and the instrument is lost."""

Spawn = Callable[[Coroutine[Any, Any, Any]], None]

log = structlog.get_logger()


class Instruments:
    """Every thermometer of a site with a probe in a fridge or beside a scale, and the supply that feeds the cabinet."""

    def __init__(self, site: Site, thermometers: Mapping[BoardId, Thermometer], supplies: Mapping[BoardId, Supply]) -> None:
        probes = _probes_of(site)
        self._probes = {board: [probe for probe in probes if probe.board == board] for board in thermometers}
        self._thermometers, self._supplies = thermometers, supplies
        self._supply = None if site.power is None else BoardId(site.power.supply)
        self._temperature_s, self._power_s = float(site.timing.temperature_read_s), float(site.timing.power_read_s)
        self._stale: dict[BoardId, int] = {}
        self._is_resting = False
        self._naps: set[asyncio.Future[None]] = set()
        self._watcher: Watcher | None = None

    def start(self, watcher: Watcher, spawn: Spawn) -> None:
        """Read all of them for as long as `spawn` lets it run; returns at once."""
        self._watcher = watcher
        for board, probes in self._probes.items():
            if probes:
                spawn(self._go_on(board, self._temperature_s, self._read_temperatures))
        if self._supply is not None:
            spawn(self._go_on(self._supply, self._power_s, self._read_power))

    def rest(self) -> None:
        """Read seldom, until `wake`."""
        self._is_resting = True

    def wake(self) -> None:
        """Read as often as ever, from now on."""
        self._is_resting = False
        for nap in self._naps:
            _end(nap)

    async def _go_on(self, board: BoardId, period_s: float, read: Callable[[BoardId], Awaitable[None]]) -> None:
        loop = asyncio.get_running_loop()
        while True:
            begun_s = loop.time()
            try:
                await read(board)
            except StaleReading as fault:
                self._note_stale(board, fault)
                await self._nap_until(begun_s, min(period_s, AGAIN_S))
            except DeviceFault:  # told by the health of its line, once
                await self._nap_until(begun_s, min(period_s, AGAIN_S))
            else:
                await self._nap_until(begun_s, period_s)

    async def _read_temperatures(self, board: BoardId) -> None:
        assert self._watcher is not None
        readings = await self._thermometers[board].read_temperatures()
        self._note_good(board)
        for probe in self._probes[board]:
            self._watcher.temperature_read(probe, readings[probe.number])

    async def _read_power(self, board: BoardId) -> None:
        assert self._watcher is not None
        power = await self._supplies[board].read_power()
        self._note_good(board)
        self._watcher.power_read(board, power)

    def _note_stale(self, board: BoardId, fault: DeviceFault) -> None:
        assert self._watcher is not None
        count = self._stale[board] = self._stale.get(board, 0) + 1
        if count == STALE_READINGS:
            log.warning("instrument says nothing certain", board=board, code=fault.code, detail=fault.detail)
            self._watcher.board_lost(board, fault)

    def _note_good(self, board: BoardId) -> None:
        """It says something again, which is told before what it says."""
        assert self._watcher is not None
        if self._stale.pop(board, 0) >= STALE_READINGS:
            self._watcher.board_back(board)

    async def _nap_until(self, begun_s: float, period_s: float) -> None:
        """Wait until the next turn is due; that changes with `rest` and `wake`."""
        loop = asyncio.get_running_loop()
        while (due_s := begun_s + (max(REST_S, period_s) if self._is_resting else period_s)) > loop.time():
            nap: asyncio.Future[None] = loop.create_future()
            self._naps.add(nap)
            timer = loop.call_at(due_s, _end, nap)
            try:
                await nap
            finally:
                timer.cancel()
                self._naps.discard(nap)


def _probes_of(site: Site) -> list[Channel]:
    """Each once: one probe may tell of a fridge and of the scales in it, or of a row of scales."""
    in_fridges = [drawer.temperature.probe for drawer in site.drawers if drawer.temperature is not None]
    weighed = [pocket.weighed for drawer in site.drawers for pocket in drawer.pockets if pocket.weighed is not None]
    beside_scales = [table.probe for table in weighed if table.probe is not None]
    return [Channel.parse(probe) for probe in dict.fromkeys([*in_fridges, *beside_scales])]


def _end(nap: asyncio.Future[None]) -> None:
    if not nap.done():
        nap.set_result(None)

"""The boards of one cabinet behind `cabinet.ports.Hardware`: which driver speaks to which board over which line.

Alone knows: how a site's buses and boards become lines, owners, wardens and drivers, and that a lock is released only where the
switch that tells of its door was read just now. Whose word is believed is decided by health (`drivers/health.py`), and a board that is
not believed is not ordered anything either.
Must not know: what a drawer or an access is.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable, Coroutine
from pathlib import Path
from typing import Any, Protocol

import structlog

from cabinet.app.boards import device_of, dialect_of
from cabinet.app.instruments import Instruments
from cabinet.app.readers import LISTENED, Readers
from cabinet.app.trace import TraceRing
from cabinet.app.weighing import Scales
from cabinet.domain.vocabulary import BoardId, Channel, Weighing
from cabinet.messages import PartHealth
from cabinet.ports import Device, DeviceFault, LineLost, OutputBoard, Quality, Quarantined, Scale, StaleInput, Watcher
from config.load import LoadedSite
from config.models import MODELS
from config.schema import Bus, SerialBus, Site
from drivers.exchange import Pace, Rank
from drivers.health import Disturbance
from drivers.line import Line, Port, SerialLine, TcpLine
from drivers.owner import Owner
from drivers.scan import Scanner, ScanPlan
from drivers.warden import Ward, Warden
from drivers.watched import RankedInputs

DISTURBED_S = 0.3
"""A solenoid that lets go is heard on the lines for about so long."""

ADAPTING = frozenset({"rtu", "mbap", "kerong"})
"""Framings whose boards take as long for one question as for another, so that a slow answer is told from none early."""

LineFactory = Callable[[Bus], Line]


class IoBoard(OutputBoard, RankedInputs, Protocol):
    """A board with outputs and inputs, as all that drive locks have both."""


log = structlog.get_logger()


def real_lines(state: Path) -> LineFactory:
    """Serial ports and sockets as the site names them; what it leaves open is where the simulator of `state` put it."""

    def line(bus: Bus) -> Line:
        if isinstance(bus, SerialBus):
            path = bus.port or str(state / "lines" / bus.id)
            return SerialLine(Port(path, bus.baud, bus.parity, bus.stop_bits))
        return TcpLine(bus.host, bus.port or simulated_port(state, bus.id))

    return line


def simulated_port(state: Path, bus: str) -> int:
    """The port that the simulator chose where the site says 0. Raises LineLost when it has not."""
    try:
        return int(json.loads((state / "ports.json").read_text())[bus])
    except (OSError, ValueError, KeyError) as problem:
        raise LineLost(bus, f"no port in the site, and none in {state / 'ports.json'}: {problem}") from problem


class CabinetHardware:
    """All boards of one cabinet. See `cabinet.ports.Hardware`."""

    def __init__(self, loaded: LoadedSite, line_of: LineFactory) -> None:
        site = loaded.site
        self._site = site
        self.trace = TraceRing()
        self._disturbance = Disturbance()
        self.readers = Readers(site, line_of)
        self._asked = tuple(bus for bus in site.buses if bus.framing not in LISTENED)
        self.owners = {bus.id: self._owner(bus, line_of) for bus in self._asked}
        self._boards: dict[BoardId, IoBoard] = self._devices("io")
        self._scales: dict[BoardId, Scale] = self._devices("scale")
        self._weighed = Scales(self._scales)
        thermometers, supplies = self._devices("thermometer"), self._devices("supply")
        self._slow: dict[BoardId, Device] = {**thermometers, **supplies}
        self.instruments = Instruments(site, thermometers, supplies)
        self.wardens = {bus.id: self._warden(bus) for bus in self._asked}
        self._warden_of = {BoardId(board.id): self.wardens[board.bus] for board in site.boards if board.bus in self.wardens}
        self._closed_by = _closed_by(site)
        self._lost: set[BoardId] = set()
        self._tasks: set[asyncio.Task[Any]] = set()
        self._watcher: Watcher | None = None
        self.scanner: Scanner | None = None

    def _owner(self, bus: Bus, line_of: LineFactory) -> Owner:
        pace = Pace(bus.reply_timeout_ms / 1000, bus.quiet_ms / 1000, adapts=bus.framing in ADAPTING)
        owner = Owner(bus.id, line_of(bus), dialect_of(bus), pace, self.trace.of(bus.id, bus.framing))
        owner.health.disturbance = self._disturbance
        return owner

    def _warden(self, bus: Bus) -> Warden:
        """Boards of doors first: whoever waits at the start waits for them."""
        boards = [BoardId(board.id) for board in self._site.boards if board.bus == bus.id]
        known = {**self._boards, **self._scales, **self._slow}
        boards.sort(key=lambda board: board not in self._boards)
        drivers: dict[str, Ward] = {board: known[board] for board in boards if board in known}
        return Warden(self.owners[bus.id], drivers, (bus.reply_timeout_ms + bus.quiet_ms) / 1000)

    @property
    def devices(self) -> dict[BoardId, Device]:
        """The driver of every board, for the technician's bench."""
        return {**self._boards, **self._scales, **self._slow, **self.readers.devices}

    def _devices(self, kind: str) -> dict[BoardId, Any]:
        """The drivers of all boards of one kind; each does what `cabinet.ports` says of that kind."""
        lights = [Channel.parse(p.light) for d in self._site.drawers for p in d.pockets if p.light is not None]
        return {
            BoardId(board.id): device_of(
                self.owners[board.bus], board, frozenset(light.number for light in lights if light.board == board.id)
            )
            for board in self._site.boards
            if MODELS[board.model].kind == kind
        }

    async def start(self, watcher: Watcher, on_crash: Callable[[BaseException], None]) -> None:
        """See Hardware."""
        self._watcher = watcher
        self.scanner = Scanner(self._boards, watcher, self._plan())
        for board in self._boards:
            self.scanner.set_trust(board, is_trusted=False)
        for bus in self._asked:
            self.owners[bus.id].health.listener = self
        for owner in self.owners.values():
            self._spawn(owner.run(), on_crash)
        for name in {board.bus for board in self._site.boards if board.id in self._boards}:
            await self.owners[name].tried.wait()
        await asyncio.gather(*(warden.look_at(self._boards.keys()) for warden in self.wardens.values()))
        for warden in self.wardens.values():
            self._spawn(warden.run(), on_crash)
        self._spawn(self.scanner.run(), on_crash)
        self.instruments.start(watcher, lambda work: self._spawn(work, on_crash))
        self.readers.start(watcher, lambda work: self._spawn(work, on_crash))

    # --- what the lines' health tells

    def health_changed(self, part: str, before: str, after: str, why: str) -> None:
        """See HealthListener."""
        log.warning("health changed", part=part, before=before, after=after, why=why)
        assert self._watcher is not None
        self._watcher.health_changed(part, before, after, why)

    def distrusted(self, unit: str, fault: DeviceFault) -> None:
        """See HealthListener."""
        assert self._watcher is not None
        board = BoardId(unit)
        self._warden_of[board].distrusted(unit)
        if board in self._boards and self.scanner is not None:
            self.scanner.set_trust(board, is_trusted=False)
        self._lost.add(board)
        self._watcher.board_lost(board, fault)

    def trusted(self, unit: str) -> None:
        """See HealthListener."""
        assert self._watcher is not None
        board = BoardId(unit)
        if board in self._lost:
            self._lost.discard(board)
            self._watcher.board_back(board)
        if board in self._boards and self.scanner is not None:
            self.scanner.set_trust(board, is_trusted=True)

    def _plan(self) -> ScanPlan:
        site, timing = self._site, self._site.timing
        doors = {Channel.parse(drawer.closed).board for drawer in site.drawers}
        doors |= {Channel.parse(p.lid).board for drawer in site.drawers for p in drawer.pockets if p.lid is not None}
        doors |= {Channel.parse(drawer.home).board for drawer in site.drawers if drawer.home is not None}
        buses = tuple(
            tuple(BoardId(board.id) for board in site.boards if board.bus == bus.id and board.id in self._boards) for bus in site.buses
        )
        return ScanPlan(buses, frozenset(doors), timing.scan_ms, timing.bin_scan_ms, timing.settle_ms)

    def _spawn(self, work: Coroutine[Any, Any, Any], on_crash: Callable[[BaseException], None]) -> None:
        def ended(task: asyncio.Task[Any]) -> None:
            self._tasks.discard(task)
            if not task.cancelled() and (bug := task.exception()) is not None:
                on_crash(bug)

        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(ended)

    async def stop(self) -> None:
        """See Hardware."""
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def release(self, coil: Channel, hold_ms: int) -> Awaitable[object]:
        """See Hardware. A board that is not trusted is asked nothing; nor is one whose door was last looked at too long ago."""
        closed = self._closed_by.get(coil)
        if closed is not None and self.scanner is not None and not self.scanner.is_fresh(closed.board):
            return self._look_and_release(closed, coil, hold_ms)
        return self._pulse(coil, hold_ms)

    def _pulse(self, coil: Channel, hold_ms: int) -> Awaitable[object]:
        pulse = self._boards[coil.board].pulse(coil.number, hold_ms)
        self._disturbance.until_s = asyncio.get_running_loop().time() + hold_ms / 1000 + DISTURBED_S
        return pulse

    async def _look_and_release(self, closed: Channel, coil: Channel, hold_ms: int) -> None:
        assert self.scanner is not None
        await self.scanner.look((closed.board,))
        sensed = self.scanner.reading(closed)
        if sensed.quality is not Quality.GOOD:
            raise StaleInput(str(closed), f"{sensed.quality}, {sensed.age_s:.1f} s old")
        await self._pulse(coil, hold_ms)

    async def switch(self, light: Channel, is_on: bool) -> None:
        """See Hardware."""
        await self._boards[light.board].switch(light.number, is_on)

    async def weigh(self, scale: BoardId, *, is_after: bool) -> Weighing:
        """See Hardware. A scale that is not trusted may be asked, and is not believed."""
        if scale in self._lost:
            raise Quarantined(scale, "it is out of trust")
        return await self._weighed.weigh(scale, is_after=is_after)

    async def look(self, inputs: tuple[Channel, ...]) -> tuple[tuple[Channel, bool], ...]:
        """See Hardware. A board that is not trusted may be asked, and is not believed: what an eye sees may be held against a person."""
        boards = {channel.board for channel in inputs}
        for board in boards & self._lost:
            raise Quarantined(board, "it is out of trust")
        seen = {board: await self._boards[board].read_inputs(Rank.VERIFY) for board in sorted(boards)}
        return tuple((channel, seen[channel.board][channel.number]) for channel in inputs)

    async def all_off(self) -> None:
        """See Hardware: every board is tried, then the first fault is raised."""
        results = await asyncio.gather(*(board.all_off() for board in self._boards.values()), return_exceptions=True)
        for result in results:
            if isinstance(result, BaseException):
                raise result

    def watch_closely(self, channels: tuple[Channel, ...]) -> None:
        """See Hardware."""
        if self.scanner is not None:
            self.scanner.focus({channel.board for channel in channels})
        for warden in self.wardens.values():
            warden.is_patient = bool(channels)

    def call(self, boards: tuple[BoardId, ...]) -> None:
        """See Hardware."""
        for warden in self.wardens.values():
            warden.call(boards or None)

    def health_report(self) -> list[PartHealth]:
        """How every line and every board on it is."""
        found = []
        for owner in self.owners.values():
            health, units = owner.health, list(owner.health.units.values())
            scan_ms = 0 if self.scanner is None else self.scanner.scan_ms(unit.name for unit in units)
            exchanges, errors = sum(one.exchanges for one in units), sum(one.errors for one in units)
            at_pulses = sum(one.emi for one in units)
            found.append(PartHealth(owner.name, "line", health.bus.state, health.bus.why, exchanges, errors, at_pulses, scan_ms))
            found += [
                PartHealth(one.name, "board", one.state, one.why, one.exchanges, one.errors, one.emi, round(one.reply_s * 1000))
                for one in units
            ]
        return found

    def rest(self) -> None:
        """Read no inputs and probe nobody until `wake`: for virtual time, while nothing can move."""
        for sleeper in (self.instruments, *self.wardens.values(), *((self.scanner,) if self.scanner is not None else ())):
            sleeper.rest()

    def wake(self) -> None:
        """Read the inputs again."""
        for sleeper in (self.instruments, *self.wardens.values(), *((self.scanner,) if self.scanner is not None else ())):
            sleeper.wake()


def _closed_by(site: Site) -> dict[Channel, Channel]:
    """Which input tells of the door of each lock."""
    doors = [(drawer.lock, drawer.closed) for drawer in site.drawers]
    doors += [(pocket.lock, pocket.lid) for drawer in site.drawers for pocket in drawer.pockets if pocket.lock and pocket.lid]
    return {Channel.parse(lock): Channel.parse(closed) for lock, closed in doors}

"""Who watches the doors in a process of its own: the cabinet with all its real parts, or the peer.

Alone knows: how each is started on a line and asked to pulse a lock.
Must not know: what is made of the moments.

The cabinet is `House` as `adc run` puts it together (journal thread on disk, paho over a real socket, pyserial or a TCP connection, the
cabinet's own event loop), without the kiosk. Both are told by a pipe: a number is so many unlocks, each at a moment of chance, answered
by how long each took to its first byte; None is the end.
"""

import asyncio
import multiprocessing
import os
import random
import sys
import uuid
from collections.abc import Awaitable, Callable
from multiprocessing.connection import Connection
from pathlib import Path

import structlog

from bench.loop import Books, HandLoop, join
from bench.rig import CHANNELS, TOPIC
from cabinet.adapters.clock import SystemClock
from cabinet.adapters.journal import JournalThread, Origin
from cabinet.adapters.precise_loop import precise_loop
from cabinet.app.hardware import real_lines
from cabinet.app.house import House
from cabinet.app.live import broker_of, keep_for_good
from cabinet.app.software import BUILT, SOFTWARE
from cabinet.courier.mqtt import MqttCourier
from cabinet.domain.vocabulary import BoardId, Channel
from config.load import LoadedSite
from config.schema import Bus, SerialBus
from drivers.line import Line, OnBytes, OnLost

UNLOCK_EVERY_S = (0.02, 0.06)
HOLD_MS = 100

Unlock = Callable[[int, int], Awaitable[float]]
"""Pulses a lock (unit, number) and returns how many seconds after the asking its first byte was written."""


class Watcher:
    """The process, once it has looked at every door."""

    def __init__(self, work: Callable[..., Awaitable[None]], *settings: object) -> None:
        self._pipe, theirs = multiprocessing.Pipe()
        self._process = multiprocessing.get_context("fork").Process(target=_run, args=(work, theirs, settings))
        self._process.start()
        assert self._pipe.recv() == "ready"

    def unlock(self, times: int) -> list[float]:
        """How long each of so many unlocks took to the wire, in seconds."""
        self._pipe.send(times)
        took_s: list[float] = self._pipe.recv()
        return took_s

    def stop(self) -> None:
        """End it."""
        self._pipe.send(None)
        self._process.join()


def _run(work: Callable[..., Awaitable[None]], pipe: Connection, settings: tuple[object, ...]) -> None:
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
    with asyncio.Runner(loop_factory=precise_loop) as runner:
        runner.run(work(pipe, *settings))  # type: ignore[arg-type]  # it is a coroutine
    os._exit(0)


async def _serve(pipe: Connection, units: list[int], unlock: Unlock) -> None:
    loop, letters = asyncio.get_running_loop(), asyncio.Queue[int | None]()
    loop.add_reader(pipe.fileno(), lambda: letters.put_nowait(pipe.recv()))
    pipe.send("ready")
    while (times := await letters.get()) is not None:
        took_s = []
        for _ in range(times):
            await asyncio.sleep(random.uniform(*UNLOCK_EVERY_S))
            took_s.append(await unlock(random.choice(units), random.randrange(CHANNELS)))
        pipe.send(took_s)
    loop.remove_reader(pipe.fileno())


class StampedLine:
    """A Line that notes when an unlock was written."""

    def __init__(self, line: Line) -> None:
        self._line = line
        self.unlocked_s = 0.0

    def attach(self, on_bytes: OnBytes, on_lost: OnLost) -> None:
        """See Line."""
        self._line.attach(on_bytes, on_lost)

    async def open(self) -> None:
        """See Line."""
        await self._line.open()

    def write(self, data: bytes) -> None:
        """See Line."""
        if data[1:3] == b"\x05\x02" or data[7:9] == b"\x05\x02":
            self.unlocked_s = asyncio.get_running_loop().time()
        self._line.write(data)

    def close(self) -> None:
        """See Line."""
        self._line.close()


def unlocking(house: House, line: StampedLine) -> Unlock:
    """An unlock as the shell orders it: by the call itself, its intent durable already."""
    loop = asyncio.get_running_loop()

    async def unlock(unit: int, number: int) -> float:
        coil = Channel(BoardId(f"b{unit}"), number)
        asked_s = loop.time()
        await house.hardware.release(coil, HOLD_MS)
        return line.unlocked_s - asked_s

    return unlock


async def house(pipe: Connection, loaded: LoadedSite, units: list[int], folder: Path, broker_port: int) -> None:
    """The cabinet."""
    origin = Origin(loaded.site.cabinet, SOFTWARE, BUILT)
    clock = SystemClock()
    journal = JournalThread.open(folder / "journal.db", origin, now=clock.now, new_id=lambda: str(uuid.uuid4()))
    lines: list[StampedLine] = []

    def line_of(bus: Bus) -> StampedLine:
        lines.append(StampedLine(real_lines(folder)(bus)))
        return lines[-1]

    courier = MqttCourier(broker_of(loaded, port=broker_port))
    one = House(loaded, journal=journal, courier=courier, clock=clock, line_of=line_of)
    running = asyncio.create_task(one.run())
    await one.ready()
    while not courier.is_up:  # noqa: ASYNC110 - a bench may look again
        await asyncio.sleep(0.05)
    keep_for_good()
    await _serve(pipe, units, unlocking(one, lines[0]))
    running.cancel()
    await asyncio.wait([running])
    journal.close()


async def hand(pipe: Connection, loaded: LoadedSite, units: list[int], folder: Path, broker_port: int) -> None:
    """The peer, on the same line."""
    loop = asyncio.get_running_loop()
    bus, timing = loaded.site.buses[0], loaded.site.timing
    where, baud = (bus.port, bus.baud) if isinstance(bus, SerialBus) else (bus.port, 0)
    books = Books(folder / "by-hand.db", broker_port, TOPIC)
    loop_by_hand = HandLoop(units, books.tell, baud=baud, settle_s=timing.settle_ms / 1000, period_s=timing.scan_ms / 1000)
    await join(loop_by_hand, where)
    running = asyncio.create_task(loop_by_hand.run())
    await asyncio.sleep(0.5)

    async def unlock(unit: int, number: int) -> float:
        asked_s = loop.time()
        await loop_by_hand.unlock(unit, number)
        return loop_by_hand.unlocked_s - asked_s

    await _serve(pipe, units, unlock)
    running.cancel()
    await asyncio.wait([running])

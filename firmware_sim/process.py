"""The simulator as a process of its own: lines, page, plan and the plant's file, from start to SIGTERM.

Alone knows: in which order a simulator comes up and goes down, and where in the state folder its parts lie.
Must not know: how any part works.
"""

import asyncio
import contextlib
import json
import signal
import socket
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import uvicorn

from config import schema
from firmware_sim.assembly import Bench, build
from firmware_sim.line import Plug, PtyEnd, TcpEnd
from firmware_sim.osdp import OsdpReader
from firmware_sim.page import make_page
from firmware_sim.plan import Plan, follow
from firmware_sim.scenery import Scenery
from firmware_sim.store import keep

Announce = Callable[[list[dict[str, Any]]], None]
LOOPBACK = "127.0.0.1"
GRACE_S = 1


@dataclass(frozen=True, slots=True)
class Run:
    """What one simulator is to be; without `page_port` there is no page."""

    site: schema.Site
    state: Path
    seed: int = 0
    speed: float = 1.0
    plan: Plan | None = None
    page_port: int | None = None
    scenery: Scenery | None = None


@contextlib.asynccontextmanager
async def serve(bench: Bench, site: schema.Site, state: Path) -> AsyncIterator[dict[str, PtyEnd | TcpEnd]]:
    """Open every line of the site to other processes, by bus id; close them at the end.

    A serial bus is linked at `<state>/lines/<bus>`; a network bus with port 0 gets the port that `<state>/ports.json` names, or a free one
    that is written there. Raises OSError when a port is taken.
    """
    _hand_keys(bench, state)
    ports = _kept_ports(state)
    ends: dict[str, PtyEnd | TcpEnd] = {}
    try:
        for bus in site.buses:
            plug = Plug(bench.segments[bus.id], bus.framing, bench.paces[bus.id], bench.plant.clock, bench.faults, bench.speed)
            end = ends[bus.id] = _end(plug, bus, state, ports)
            await end.open()
            if isinstance(end, TcpEnd):
                ports[bus.id] = end.port
        _keep_ports(state, ports)
        yield ends
    finally:
        for end in ends.values():
            end.close()


def _hand_keys(bench: Bench, state: Path) -> None:
    """Badge readers were given their keys in the workshop: those that this state folder keeps, as soon as it does."""
    for device in bench.devices.values():
        if isinstance(device, OsdpReader):
            device.key = partial(_kept_key, state / "keys" / f"{device.id}.scbk")


def _kept_key(path: Path) -> bytes | None:
    """Sixteen bytes as hexadecimal digits, or None while there is no such file."""
    return bytes.fromhex(path.read_text(encoding="ascii")) if path.exists() else None


def _kept_ports(state: Path) -> dict[str, int]:
    state.mkdir(parents=True, exist_ok=True)
    kept = state / "ports.json"
    ports: dict[str, int] = json.loads(kept.read_text(encoding="utf-8")) if kept.exists() else {}
    return ports


def _keep_ports(state: Path, ports: Mapping[str, int]) -> None:
    (state / "ports.json").write_text(json.dumps(ports) + "\n", encoding="utf-8")


def _end(plug: Plug, bus: schema.SerialBus | schema.TcpBus, state: Path, ports: Mapping[str, int]) -> PtyEnd | TcpEnd:
    if isinstance(bus, schema.SerialBus):
        return PtyEnd(plug, state / "lines" / bus.id)
    return TcpEnd(plug, bus.host, bus.port or ports.get(bus.id, 0))


def described(site: schema.Site, ends: Mapping[str, PtyEnd | TcpEnd]) -> list[dict[str, Any]]:
    """One line for each bus: where it answers, how it speaks, and who is on it."""
    return [_described(bus, ends[bus.id], site) for bus in site.buses]


def _described(bus: schema.SerialBus | schema.TcpBus, end: PtyEnd | TcpEnd, site: schema.Site) -> dict[str, Any]:
    serial = bus if isinstance(bus, schema.SerialBus) else None
    return {
        "bus": bus.id,
        "pty": str(end.link.absolute()) if isinstance(end, PtyEnd) else None,
        "tcp": f"{end.host}:{end.port}" if isinstance(end, TcpEnd) else None,
        "framing": bus.framing,
        "baud": serial.baud if serial else None,
        "parity": serial.parity if serial else None,
        "units": [{"address": board.address, "board": board.model, "id": board.id} for board in site.boards if board.bus == bus.id],
    }


async def simulate(run: Run, announce: Announce) -> None:
    """Be a cabinet's hardware until SIGTERM or SIGINT; `announce` is called once every line and the page answer. Raises OSError."""
    loop = asyncio.get_running_loop()
    start_s = loop.time()
    bench = build(run.site, run.seed, lambda: start_s + (loop.time() - start_s) * run.speed, speed=run.speed)
    asked_to_stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, asked_to_stop.set)
    keep(bench.plant, run.state / "plant.json")
    async with serve(bench, run.site, run.state) as ends, _page(run, bench, ends):
        announce(described(run.site, ends))
        async with asyncio.TaskGroup() as group:
            following = group.create_task(follow(run.plan or Plan(), bench))
            await asked_to_stop.wait()
            following.cancel()


class _Server(uvicorn.Server):
    """uvicorn without its own signal handlers: the process has one owner."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@contextlib.asynccontextmanager
async def _page(run: Run, bench: Bench, ends: Mapping[str, PtyEnd | TcpEnd]) -> AsyncIterator[None]:
    if run.page_port is None:
        yield
        return
    tallies = {bus: end.plug.tally for bus, end in ends.items()}
    app = make_page(bench, run.scenery or Scenery(run.site.name), tallies)
    with socket.create_server((LOOPBACK, run.page_port)) as listening:
        config = uvicorn.Config(app, log_level="warning", lifespan="off", timeout_graceful_shutdown=GRACE_S)
        server = _Server(config)
        serving = asyncio.create_task(server.serve(sockets=[listening]))
        try:
            yield
        finally:
            server.should_exit = True
            await serving

"""The ward's listener, served beside a cabinet: on the address and by the certificate that the site names.

Alone knows: how it is served, and how much of the machine its network gets: so many connections at once and in a second.
Must not know: what is served, or any rule of the core.

Whatever becomes of it, the cabinet goes on: a port that is taken or a certificate that is gone is told and tried again, and none of the
kiosk's connections is among those counted here.
"""

import asyncio
import contextlib
import socket
import ssl
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from weakref import WeakSet
from zoneinfo import ZoneInfo

import structlog
import uvicorn
from fastapi import FastAPI

from cabinet.app.house import House
from cabinet.app.listener import BACKLOG, CONNECTIONS, Listener
from cabinet.kiosk.gate import LOOPBACK
from cabinet.ward.app import create_ward
from cabinet.ward.pace import Bucket
from config.load import LoadedSite
from config.schema import WardTable

log = structlog.get_logger()

AGAIN_S = 60.0
CONNECTIONS_PER_S, CONNECTIONS_AT_ONCE = 10.0, 32.0
"""A handshake costs the loop that watches the doors most of a millisecond."""


class Doorway(socket.socket):
    """A listening socket that hangs up on whoever is one too many, before a byte is read or a handshake begun."""

    def __init__(self, address: tuple[str, int], now_s: Callable[[], float]) -> None:
        """Raises OSError."""
        super().__init__(socket.AF_INET6 if ":" in address[0] else socket.AF_INET, socket.SOCK_STREAM)
        self._taken: WeakSet[socket.socket] = WeakSet()
        self._pace = Bucket(CONNECTIONS_PER_S, CONNECTIONS_AT_ONCE, now_s)
        try:
            self.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            self.bind(address)
            self.listen(BACKLOG)
            self.setblocking(False)
        except OSError:
            self.close()
            raise

    def accept(self) -> tuple[socket.socket, Any]:
        """The next connection. Raises BlockingIOError where there is none, and ConnectionAbortedError where it was one too many."""
        taken, address = super().accept()
        is_too_many = sum(one.fileno() != -1 for one in self._taken) >= CONNECTIONS
        if is_too_many or not self._pace.take():
            taken.close()
            raise ConnectionAbortedError
        self._taken.add(taken)
        return taken, address


class _Server(uvicorn.Server):
    """A server inside a program that has its own idea of signals."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave the signals to the program."""
        yield


def guard_of(loaded: LoadedSite) -> ssl.SSLContext | None:
    """What encrypts; None where the site names no certificate. Raises OSError."""
    table = loaded.site.ward
    if table is None or table.cert_file is None or table.key_file is None:
        return None
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    folder = Path(loaded.path).parent
    context.load_cert_chain(folder / table.cert_file, folder / table.key_file)
    return context


def names_of(table: WardTable) -> tuple[str, ...]:
    """What it answers to."""
    own = (f"[{table.host}]" if ":" in table.host else table.host,)
    return (*LOOPBACK, *table.names) if table.is_on_loopback else (*own, *table.names)


def ward_of(house: House, kiosk: FastAPI) -> FastAPI:
    """The application of a site that has the table; it shares the kiosk's directory, and its ear for what changes."""
    table, floor = house.loaded.site.ward, kiosk.state.floor
    assert table is not None
    return create_ward(
        house.controller, floor.reception.directory, floor.live, names=names_of(table),
        zone=ZoneInfo(house.loaded.site.time_zone), languages=house.loaded.site.languages,
    )  # fmt: skip


class WardPart:
    """Serves the ward's listener beside each cabinet whose site has the table. `port` stands in for the site's."""

    def __init__(self, port: int | None = None) -> None:
        self._port = port

    async def run(self, house: House, kiosk: FastAPI) -> None:
        """Serve until cancelled; where there is no such table, wait until then."""
        while (table := house.loaded.site.ward) is not None:
            serving = asyncio.ensure_future(self._serve(house.loaded, table, ward_of(house, kiosk)))
            try:
                await asyncio.wait((serving,))
            finally:
                serving.cancel()
                await asyncio.gather(serving, return_exceptions=True)
            log.error("nobody can look in from the ward", problem=repr(serving.exception()), again_in_s=AGAIN_S)
            await asyncio.sleep(AGAIN_S)
        await asyncio.Event().wait()

    async def _serve(self, loaded: LoadedSite, table: WardTable, app: FastAPI) -> None:
        guard = guard_of(loaded)
        with Doorway((table.host, table.port if self._port is None else self._port), asyncio.get_running_loop().time) as doorway:
            config = uvicorn.Config(
                app, log_level="warning", lifespan="off", timeout_graceful_shutdown=1, http=Listener, ws="none", backlog=BACKLOG,
            )  # fmt: skip
            config.load()
            config.ssl = guard
            server = _Server(config)
            serving = asyncio.ensure_future(server.serve(sockets=[doorway]))
            try:
                await asyncio.shield(serving)
            finally:
                server.should_exit = True
                await asyncio.gather(serving, return_exceptions=True)

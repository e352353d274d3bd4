"""The guide served beside a running demo, until any of the demo's processes ends.

Alone knows: how visitor, network cable, journal and page are joined over one company. Must not know: what a visitor sees.
"""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Iterator, Sequence

import uvicorn

from cabinet.rehearsal.company import Company
from cabinet.rehearsal.enrol import Enrolled
from cabinet.rehearsal.guide.page import Addresses, make_guide
from cabinet.rehearsal.guide.tour import Network, Tour
from cabinet.rehearsal.guide.visitor import Places, Visitor

LOOK_S = 0.5
GRACE_S = 1


class _Server(uvicorn.Server):
    """uvicorn without its own signal handlers: the command has them."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


async def serve(company: Company, staff: Sequence[Enrolled], cabinet: str) -> str:
    """Serve the guide, where the company has a port for it.

    Returns the name of the first process of the demo that ended by itself. Raises OSError where the port is taken.
    """
    async with _guide(company, staff, cabinet) if company.ports.guide else contextlib.AsyncExitStack():
        while (ended := company.first_ended()) is None:  # noqa: ASYNC110 - processes tell nobody that they end
            await asyncio.sleep(LOOK_S)
    return ended


@contextlib.asynccontextmanager
async def _guide(company: Company, staff: Sequence[Enrolled], cabinet: str) -> AsyncIterator[None]:
    ports = company.ports
    kiosk, plant, pharmacy = (f"http://127.0.0.1:{port}" for port in (ports.kiosk, ports.virtual_cabinet, ports.pharmacy))
    network = Network(company.pull_network, company.plug_network, lambda: company.is_networked)
    async with Visitor(Places(kiosk, pharmacy, plant, cabinet), staff) as visitor:
        app = make_guide(Tour(visitor, network, company.state / "journal.db"), Addresses(kiosk, plant, pharmacy))
        with socket.create_server(("127.0.0.1", ports.guide)) as listening:
            server = _Server(uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=GRACE_S))
            serving = asyncio.create_task(server.serve(sockets=[listening]))
            try:
                yield
            finally:
                server.should_exit = True
                await serving

"""How a technician's command reaches a cabinet: through the running controller, or by being it for as long as the command runs.

Alone knows: when there is a controller to speak to, and what is put together where there is none.
Must not know: what is done at the bench.

Where no controller runs, the command takes the journal's and the lines' locks, runs the very same cabinet without a listener, and speaks to
its kiosk inside this process: one mechanism, the same facts.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import httpx

from cabinet.adapters.journal_lock import holder_of
from cabinet.app.live import Premises, broker_of
from cabinet.workbench.bench import ANSWERS_WITHIN_S, Unreachable
from config.load import LoadedSite

STANDS_WITHIN_S = 20.0
LOOK_S = 0.1


@asynccontextmanager
async def reach(loaded: LoadedSite, state: Path, kiosk_port: int) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the cabinet's kiosk. Raises Unreachable, JournalHeld, or whatever ends a cabinet that is begun here.

    Who writes this state folder's journal decides, not who answers at a port: that may be another cabinet.
    """
    holder = holder_of(state / "journal.db")
    if not holder:
        async with _own(loaded, state) as own:
            yield own
        return
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{kiosk_port}", timeout=ANSWERS_WITHIN_S) as remote:
        if not await _answers(remote):
            raise Unreachable(f"{holder} runs this cabinet, and its kiosk does not answer at port {kiosk_port}: name it with --kiosk-port")
        yield remote


async def _answers(client: httpx.AsyncClient) -> bool:
    try:
        answer = await client.get("/healthz")
        return "mode" in answer.json()
    except (httpx.TransportError, ValueError):
        return False


@asynccontextmanager
async def _own(loaded: LoadedSite, state: Path) -> AsyncIterator[httpx.AsyncClient]:
    premises = Premises(loaded, state)
    try:
        house, app = premises.furnish(loaded, broker_of(loaded))
        running = asyncio.ensure_future(house.run())
        try:
            await _until_it_stands(running, lambda: house.core.state.mode)
            inside = httpx.ASGITransport(app)
            async with httpx.AsyncClient(transport=inside, base_url="http://localhost", timeout=ANSWERS_WITHIN_S) as client:
                yield client
        finally:
            running.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await running
    finally:
        premises.close()


async def _until_it_stands(running: "asyncio.Future[None]", mode: Callable[[], str]) -> None:
    until_s = asyncio.get_running_loop().time() + STANDS_WITHIN_S
    while mode() == "starting":
        if running.done():
            running.result()
        if asyncio.get_running_loop().time() > until_s:
            raise Unreachable("the cabinet's doors could not all be looked at; `adc doctor` says what is wrong")
        await asyncio.sleep(LOOK_S)

"""The pharmacy server as a process: a real broker, a file, HTTP, and a kill."""

import asyncio
import json
import signal
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest

from cabinet.courier.mqtt import MqttCourier
from cabinet.courier.port import Broker, Parcel
from cabinet.messages import Ack, JournalReport, decode, encode, topic
from tests.broker import Mosquitto, mosquitto
from tests.post import CABINET, DAY

__all__ = ["mosquitto"]
pytestmark = pytest.mark.real

CONFIG = Path(__file__).parents[2] / "config/central/demo.toml"


@asynccontextmanager
async def pharmacy(broker: Mosquitto, state: Path) -> AsyncIterator[tuple[str, asyncio.subprocess.Process]]:
    """A running server and its address."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "cabinet.cli", "central", "--config", str(CONFIG), "--http-port", "0", "--mqtt-port", str(broker.port),
        "--state", str(state), "--json", stdout=asyncio.subprocess.PIPE, cwd=CONFIG.parents[2],
    )  # fmt: skip
    assert process.stdout is not None
    try:
        async with asyncio.timeout(60):
            yield json.loads(await process.stdout.readline())["pharmacy"], process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()
        process._transport.close()  # type: ignore[attr-defined]  # noqa: SLF001 - else it is closed by the collector, noisily


async def cabinet_courier(broker: Mosquitto, hear: Callable[[Parcel], None]) -> MqttCourier:
    courier = MqttCourier(Broker("cabinet", port=broker.port))
    up = asyncio.Event()
    courier.watch(up.set, up.clear)
    courier.subscribe([topic(CABINET, "down/ack")], hear)
    await courier.start()
    await up.wait()
    return courier


async def healthy(http: httpx.AsyncClient) -> None:
    while (await http.get("/healthz")).status_code != 200:  # noqa: ASYNC110 - it is another process
        await asyncio.sleep(0.01)


async def acked(acks: asyncio.Queue[Ack], seq: int) -> None:
    while (await acks.get()).seq != seq:
        pass


async def test_facts_survive_the_servers_death_and_a_signal_ends_it_in_order(mosquitto: Mosquitto, tmp_path: Path) -> None:
    """What is acknowledged is on the disk; an open event stream does not keep the server from stopping."""
    acks: asyncio.Queue[Ack] = asyncio.Queue()
    courier = await cabinet_courier(mosquitto, lambda parcel: acks.put_nowait(decode(parcel.payload, Ack)))

    def send(first: int, last: int) -> None:
        courier.publish(topic(CABINET, "up/journal"), encode(JournalReport(1, first, DAY[first - 1 : last])))

    async with pharmacy(mosquitto, tmp_path) as (address, process), httpx.AsyncClient(base_url=address) as http:
        await healthy(http)
        send(1, 5)
        await acked(acks, 5)
        process.kill()
        await process.wait()
    async with pharmacy(mosquitto, tmp_path) as (address, process), httpx.AsyncClient(base_url=address) as http:
        await healthy(http)
        async with http.stream("GET", "/api/v1/events") as events:
            send(4, 9)
            await acked(acks, 9)
            lines = events.aiter_lines()
            while not (await anext(lines)).startswith("event: changed"):
                pass
            facts = (await http.get(f"/api/v1/facts?cabinet={CABINET}")).json()["facts"]
            assert facts == DAY
            process.send_signal(signal.SIGTERM)
            assert await process.wait() == 0
    await courier.stop()

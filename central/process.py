"""The pharmacy server as a process: broker, database, office and HTTP, started in order and stopped in order.

Alone knows: what a live pharmacy server is made of. Must not know: what any part does.
"""

import asyncio
import contextlib
import signal
import socket
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path

import uvicorn

from cabinet.courier.mqtt import MqttCourier
from cabinet.courier.port import Broker
from central.app import make_app
from central.office import Office
from config.central import Central

GRACE_S = 1
"""Whoever does not let go is cut off after this long when the server stops."""


async def serve(
    central: Central, names: dict[str, str], *, now: Callable[[], datetime], ready: Callable[[str], None] = lambda _: None
) -> None:
    """Run until SIGINT or SIGTERM; `ready` is called with the address once HTTP answers."""
    with ThreadPoolExecutor(max_workers=1, thread_name_prefix="pharmacy-store") as writer:
        office = _open_office(central, names, writer, now)
        courier = MqttCourier(broker_of(central))
        office.attach(courier)
        http = _Server(central, office, ready)
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, http.leave)
        async with asyncio.TaskGroup() as tasks:
            storing = tasks.create_task(office.run(), name="office")
            await courier.start()
            try:
                await http.serve()
            finally:
                await courier.stop()
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(GRACE_S):
                        await office.idle()
                storing.cancel()
    office.close()


def _open_office(central: Central, names: dict[str, str], writer: ThreadPoolExecutor, now: Callable[[], datetime]) -> Office:
    state = Path(central.state)
    state.mkdir(parents=True, exist_ok=True)
    office = Office.on_disk(state / central.store.path, writer, now)
    office.inquiry.names = names
    return office


def broker_of(central: Central) -> Broker:
    """Where the server's broker is."""
    mqtt = central.mqtt
    return Broker(
        client_id=f"pharmacy-{socket.gethostname()}"[:64],
        host=mqtt.host,
        port=mqtt.port,
        protocol=mqtt.protocol,
        username=mqtt.username,
        password=Path(mqtt.password_file).read_text().strip() if mqtt.password_file else "",
        ca_file=mqtt.ca_file,
        cert_file=mqtt.cert_file,
        key_file=mqtt.key_file,
    )


class _Server(uvicorn.Server):
    """Uvicorn that says where it listens, and leaves signals to the process: its own way ends the process before the courier's good-bye."""

    def __init__(self, central: Central, office: Office, ready: Callable[[str], None]) -> None:
        app = make_app(office, central.name)
        super().__init__(
            uvicorn.Config(
                app, central.http.host, central.http.port, log_level="warning", timeout_graceful_shutdown=GRACE_S, lifespan="off"
            )
        )
        self._ready = ready
        self._office = office

    def leave(self) -> None:
        """Answer what was asked, end the streams, then end."""
        self._office.feed.close()
        self.should_exit = True

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Listen, then tell."""
        await super().startup(sockets)
        if self.started:
            self._ready(f"http://{self.config.host}:{self.servers[0].sockets[0].getsockname()[1]}")

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Capture none."""
        yield

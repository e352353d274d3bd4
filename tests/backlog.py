"""A fleet of cabinets that come back with a backlog: each on a connection of its own, sending again what nobody acknowledged.

Alone knows: how a cabinet sends facts (window and patience as in `cabinet/adapters/sender.py`), so small that thousands fit into a process.
Must not know: who stores facts, or who is killed meanwhile.
"""

import asyncio
import contextlib
import time
from collections.abc import Sequence

import msgspec

from bench.flood import EPOCH, Chain
from cabinet.courier.frame import Frames, publish
from cabinet.messages import Ack, topic

BATCH = 50
WINDOW = 16
"""So many batches at most are under way without an ack; one at first, and after each ack twice as many."""
PATIENCE_S, LONGEST_PATIENCE_S = 2.0, 16.0
"""Without an ack for this long, a cabinet sends again from the last one, one batch first; and waits twice as long."""
AGAIN_S = 0.2


class Sender(asyncio.Protocol):
    """One cabinet. `acked` is the highest fact that the pharmacy has acknowledged."""

    def __init__(self, cabinet: str, facts: int, port: int) -> None:
        chain = Chain(cabinet)
        self.cabinet = cabinet
        self.facts = facts
        self.acked = 0
        self.times_connected = 0
        self.is_level = asyncio.Event()
        self._sent = 0
        self._port = port
        self._topic = topic(cabinet, "up/journal")
        self._batches = []
        for first in range(1, facts + 1, BATCH):
            some = b",".join(chain.facts(min(BATCH, facts + 1 - first)))
            self._batches.append(b'{"epoch":%d,"first_seq":%d,"facts":[%b]}' % (EPOCH, first, some))
        self._line: asyncio.Transport | None = None
        self._frames = Frames(has_properties=False)
        self._lost = asyncio.Event()
        self._heard_s = 0.0
        self._window = 1
        self._patience_s = PATIENCE_S

    async def run(self) -> None:
        """Connect, and again whenever the line is lost, until everything is acknowledged."""
        loop = asyncio.get_running_loop()
        while not self.is_level.is_set():
            self._lost = asyncio.Event()
            with contextlib.suppress(OSError):
                await loop.create_connection(lambda: self, "127.0.0.1", self._port)
                await self._go_on()
            await asyncio.sleep(AGAIN_S)

    async def _go_on(self) -> None:
        """Until level or the line is lost, look now and then whether acks still come."""
        while not self._lost.is_set() and not self.is_level.is_set():
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(PATIENCE_S):
                    await self._lost.wait()
            if time.monotonic() - self._heard_s > self._patience_s:
                self._patience_s = min(2 * self._patience_s, LONGEST_PATIENCE_S)
                self._send_from_the_ack()
        if self._line is not None:
            self._line.close()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """CONNECT with a clean session, SUBSCRIBE to the own acks."""
        assert isinstance(transport, asyncio.Transport)
        self._line, self._frames = transport, Frames(has_properties=False)
        self.times_connected += 1
        name, about = self.cabinet.encode(), topic(self.cabinet, "down/ack").encode()
        hello = b"\x00\x04MQTT\x04\x02\x00\x00" + len(name).to_bytes(2) + name
        wish = b"\x00\x01" + len(about).to_bytes(2) + about + b"\x00"
        transport.write(b"\x10" + bytes([len(hello)]) + hello + b"\x82" + bytes([len(wish)]) + wish)
        self._send_from_the_ack()

    def connection_lost(self, _exc: Exception | None) -> None:
        """Come again."""
        self._line = None
        self._lost.set()

    def data_received(self, data: bytes) -> None:
        """Acks; whatever else comes says nothing here."""
        for message in self._frames.take(data)[0]:
            ack = msgspec.json.decode(message.payload, type=Ack)
            if ack.epoch == EPOCH and ack.seq > self.acked:
                self.acked, self._heard_s = ack.seq, time.monotonic()
                self._window, self._patience_s = min(2 * self._window, WINDOW), PATIENCE_S
        self._send_on()
        if self.acked >= self.facts:
            self.is_level.set()
            self._lost.set()

    def _send_from_the_ack(self) -> None:
        self._sent, self._heard_s, self._window = self.acked // BATCH, time.monotonic(), 1
        self._send_on()

    def _send_on(self) -> None:
        while self._line is not None and self._sent < min(len(self._batches), self.acked // BATCH + self._window):
            self._line.write(publish(self._topic, self._batches[self._sent], is_retained=False, has_properties=False))
            self._sent += 1


async def drained(senders: Sequence[Sender]) -> None:
    """All of them at once, until the last one is level."""
    async with asyncio.TaskGroup() as tasks:
        for sender in senders:
            tasks.create_task(sender.run())

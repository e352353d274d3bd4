"""One connection to a broker over a real socket: paho driven by our own event loop, without its thread.

Alone knows: paho, and when a socket is read and written.
Must not know: topics, payloads, what is done when the line is lost.

The blocking part of connecting (names, TCP, TLS) runs in a thread of the default executor; from then on the socket belongs to the loop.
Parcels are handed on after paho's own read is done, so that whoever hears one may publish at once. Messages themselves pass paho by
(`frame.py`).
"""

import asyncio
import socket
import ssl
import threading
from collections.abc import Sequence

import structlog
from paho.mqtt.client import Client, ConnectFlags, DisconnectFlags, MQTTv5, MQTTv311
from paho.mqtt.enums import CallbackAPIVersion, MQTTErrorCode
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from cabinet.courier.frame import Broken, Frames, publish
from cabinet.courier.port import Broker, Parcel, Receive, Will
from cabinet.courier.tls import guarded_by

ANSWER_S = 5.0
"""An attempt to connect is given up after this long without CONNACK and SUBACK."""
TICK_S = 1.0
GOOD_BYE_S = 1.0
READ_BYTES = 256 * 1024

log = structlog.get_logger()


class _FedClient(Client):
    """A paho client that reads no socket: it is handed every packet but the messages, which are read by the thousand."""

    _fed = b""
    _is_over = False

    def feed(self, packets: bytes | None) -> None:
        """Have whole packets read; None is the end of the line."""
        self._is_over = packets is None
        self._fed = packets or b""
        while self._fed or self._is_over:
            if self.loop_read() != MQTTErrorCode.MQTT_ERR_SUCCESS:
                return

    def _sock_recv(self, bufsize: int) -> bytes:
        """What paho takes for its socket."""
        if not self._fed and not self._is_over:
            raise BlockingIOError
        taken, self._fed = self._fed[:bufsize], self._fed[bufsize:]
        return taken


class Connection:
    """One life of one socket: opened, up, lost."""

    def __init__(self, broker: Broker, will: Will | None, hear: Receive) -> None:
        self._loop = asyncio.get_running_loop()
        self._thread = threading.get_ident()
        self._broker = broker
        self._hear = hear
        self._has_properties = broker.protocol != "3.1.1"
        self._frames = Frames(has_properties=self._has_properties)
        self._own: list[bytes] = []
        self._begun = b""
        self._fd = -1
        self._answered: asyncio.Future[str] = self._loop.create_future()
        self._topics: list[tuple[str, int]] = []
        self._is_writing = False
        self._unsettled = 0
        self._settled = asyncio.Event()
        self._settled.set()
        self._ticker: asyncio.TimerHandle | None = None
        self._client = self._make_client(will)
        self.lost: asyncio.Future[str] = self._loop.create_future()
        self.is_up = False
        self._is_held = False

    def _make_client(self, will: Will | None) -> _FedClient:
        broker = self._broker
        client = _FedClient(
            CallbackAPIVersion.VERSION2,
            client_id=broker.client_id,
            clean_session=True if broker.protocol == "3.1.1" else None,
            protocol=MQTTv311 if broker.protocol == "3.1.1" else MQTTv5,
            reconnect_on_failure=False,
        )
        client.connect_timeout = ANSWER_S
        if broker.username:
            client.username_pw_set(broker.username, broker.password)
        if broker.ca_file:
            client.tls_set_context(guarded_by(broker))
        if will is not None:
            client.will_set(will.topic, will.payload, qos=1, retain=True)
        client.on_connect = self._on_connect
        client.on_subscribe = self._on_subscribe
        client.on_disconnect = self._on_disconnect
        client.manual_ack_set(True)
        client.on_publish = self._on_publish
        client.on_socket_close = self._on_socket_close
        client.on_socket_register_write = _leave_writing_to_us
        return client

    async def open(self, topics: Sequence[tuple[str, int]]) -> str:
        """Connect and subscribe; empty when the line is up, else why not. A cancelled attempt closes its socket by itself."""
        self._topics = list(topics)
        attempt = self._loop.run_in_executor(None, self._connect_in_thread)
        try:
            await asyncio.shield(attempt)
        except asyncio.CancelledError:
            attempt.add_done_callback(self._abandon)
            raise
        except (OSError, ValueError) as problem:
            return str(problem) or type(problem).__name__
        sock = self._client.socket()
        if sock is None:
            return "the broker closed the connection"
        assert isinstance(sock, socket.socket)
        # Nagle would hold a fact back behind our answer to the last ack, up to the 40 ms after which the broker's side acknowledges that.
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._fd = sock.fileno()
        self._loop.add_reader(self._fd, self._on_readable)
        self._flush()
        self._tick()
        try:
            async with asyncio.timeout(ANSWER_S):
                why = await self._answered
        except TimeoutError:
            return f"no answer within {ANSWER_S} s"
        self.is_up = not why
        return why

    def _connect_in_thread(self) -> None:
        self._client.connect(self._broker.host, self._broker.port, keepalive=self._broker.keepalive_s)

    def _abandon(self, attempt: asyncio.Future[None]) -> None:
        """Close what an attempt that nobody waits for any more has opened; why it failed no longer matters."""
        if not attempt.cancelled():
            attempt.exception()
        self.close()

    def publish(self, topic: str, payload: bytes, *, qos: int, retain: bool) -> bool:
        """Queue and write; False once the line is lost."""
        if not self.is_up:
            return False
        if qos == 0:
            self._own.append(publish(topic, payload, is_retained=retain, has_properties=self._has_properties))
            if len(self._own) == 1:
                self._loop.call_soon(self._flush)
            return True
        self._unsettled += 1
        self._settled.clear()
        self._client.publish(topic, payload, qos=qos, retain=retain)
        self._flush()
        return self.is_up

    def subscribe(self, topics: Sequence[tuple[str, int]]) -> None:
        """Ask for more topics on a line that is up."""
        if topics:
            self._client.subscribe(list(topics))
            self._flush()

    async def say_good_bye(self) -> None:
        """DISCONNECT after everything published before it has reached the broker; waits a second at most for each of the two."""
        self._flush()
        self.is_up = False
        try:
            async with asyncio.timeout(GOOD_BYE_S):
                await self._settled.wait()
            self._client.disconnect()
            self._flush()
            async with asyncio.timeout(GOOD_BYE_S):
                await asyncio.shield(self.lost)
        except TimeoutError:
            log.warning("broker slow to say good-bye", host=self._broker.host)

    def close(self) -> None:
        """Let go of socket and timers."""
        self.is_up = False
        if self._ticker is not None:
            self._ticker.cancel()
        self._forget_socket()
        sock = self._client.socket()
        if sock is not None:
            sock.close()

    # What follows is called by the loop, or by paho from within one of its calls.

    def _on_readable(self) -> None:
        sock = self._client.socket()
        assert isinstance(sock, socket.socket)
        try:
            data = sock.recv(READ_BYTES)
            messages, others = self._frames.take(data)
        except (BlockingIOError, ssl.SSLWantReadError):
            return
        except (OSError, Broken):
            data, messages, others = b"", [], b""
        for message in messages:
            if message.qos:
                self._client.ack(message.mid, message.qos)
        self._client.feed(others if data else None)
        self._flush()
        if isinstance(sock, ssl.SSLSocket) and sock.pending():
            self._loop.call_soon(self._on_pending)
        for message in messages:
            self._hear(Parcel(message.topic, message.payload, message.is_retained))

    def _on_pending(self) -> None:
        """What TLS has decrypted already does not wake the loop."""
        if self._fd >= 0 and not self._is_held:
            self._on_readable()

    def hold(self, *, is_held: bool) -> None:
        """Read no more for the time being, or again."""
        self._is_held = is_held
        if self._fd < 0:
            return
        if is_held:
            self._loop.remove_reader(self._fd)
        else:
            self._loop.add_reader(self._fd, self._on_readable)
            self._loop.call_soon(self._on_pending)

    def _flush(self) -> None:
        """Write what is queued, paho's packets and our own; where the socket is full, the loop calls again when it is not."""
        if not self._begun and self._client.want_write():
            self._client.loop_write()
        if not self._client.want_write() or self._begun:
            self._write_own()
        must_wait = self._fd >= 0 and (bool(self._begun) or self._client.want_write())
        if must_wait and not self._is_writing:
            self._loop.add_writer(self._fd, self._flush)
        elif self._is_writing and not must_wait and self._fd >= 0:
            self._loop.remove_writer(self._fd)
        self._is_writing = must_wait

    def _write_own(self) -> None:
        """Between two of paho's packets, and whole ones before any more of paho's."""
        sock = self._client.socket()
        if not (self._begun or self._own) or not isinstance(sock, socket.socket):
            return
        self._begun, self._own = self._begun + b"".join(self._own), []
        try:
            self._begun = self._begun[sock.send(self._begun) :]
        except (BlockingIOError, ssl.SSLWantWriteError):
            return
        except OSError:
            self._begun = b""  # a line that is lost is noticed by reading

    def _tick(self) -> None:
        """Keep-alive: paho pings when it is time and gives the line up when no answer comes."""
        self._ticker = self._loop.call_later(TICK_S, self._tick)
        self._client.loop_misc()
        self._flush()

    def _on_connect(self, client: Client, _data: object, _flags: ConnectFlags, reason: ReasonCode, _props: Properties | None) -> None:
        if reason.is_failure:
            self._answer(f"the broker refuses us: {reason}")
        elif self._topics:
            client.subscribe(self._topics)
        else:
            self._answer("")

    def _on_subscribe(self, _client: Client, _data: object, _mid: int, reasons: list[ReasonCode], _props: Properties | None) -> None:
        refused = [str(reason) for reason in reasons if reason.is_failure]
        self._answer(f"the broker refuses a subscription: {refused[0]}" if refused else "")

    def _on_disconnect(
        self, _client: Client, _data: object, _flags: DisconnectFlags, reason: ReasonCode, _props: Properties | None
    ) -> None:
        self.is_up = False
        self._answer(str(reason))
        if not self.lost.done():
            self.lost.set_result(str(reason))

    def _answer(self, why: str) -> None:
        if not self._answered.done():
            self._answered.set_result(why)

    def _on_publish(self, _client: Client, _data: object, _mid: int, _reason: ReasonCode, _props: Properties) -> None:
        self._unsettled -= 1
        if not self._unsettled:
            self._settled.set()

    def _on_socket_close(self, *_: object) -> None:
        if threading.get_ident() == self._thread:
            self._forget_socket()

    def _forget_socket(self) -> None:
        if self._fd >= 0:
            self._loop.remove_reader(self._fd)
            self._loop.remove_writer(self._fd)
            self._fd = -1


def _leave_writing_to_us(*_: object) -> None:
    """With this callback set, paho queues what it wants to write and touches no socket until `loop_write`."""

"""MQTT over a real socket: paho driven by our own event loop, without its thread.

Alone knows: paho, TLS settings, how long to wait before the next attempt.
Must not know: topics, payloads, what anything means.

Every connection is a new paho client with a clean start, thrown away when the line is lost: a queue that outlives its
connection would publish old retained parcels over newer ones. The blocking part of connecting (names, TCP, TLS) runs in a
thread of the default executor; from then on the socket belongs to the loop. Parcels are handed on after paho's own
read is done, so that whoever hears one may publish at once.
"""

import asyncio
import socket
import ssl
import threading
from collections.abc import Callable, Sequence

import structlog
from paho.mqtt.client import Client, ConnectFlags, DisconnectFlags, MQTTMessage, MQTTv5, MQTTv311
from paho.mqtt.enums import CallbackAPIVersion, MQTTErrorCode
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from cabinet.courier.port import Broker, Parcel, Receive, Will, matches

FIRST_WAIT_S = 0.25
LONGEST_WAIT_S = 10.0
ANSWER_S = 5.0
"""An attempt to connect is given up after this long without CONNACK and SUBACK."""
TICK_S = 1.0
GOOD_BYE_S = 1.0
READS_AT_ONCE = 256

log = structlog.get_logger()


class MqttCourier:
    """A courier over TCP or TLS; meets `cabinet.courier.port.Courier`."""

    def __init__(self, broker: Broker) -> None:
        self._broker = broker
        self._connection: _Connection | None = None
        self._subscriptions: list[tuple[tuple[str, ...], Receive]] = []
        self._watchers: list[tuple[Callable[[], None], Callable[[], None]]] = []
        self._will: Callable[[], Will] | None = None
        self._life: asyncio.Task[None] | None = None

    @property
    def is_up(self) -> bool:
        """Whether the broker accepted us and every subscription stands."""
        return self._connection is not None and self._connection.is_up

    def publish(self, topic: str, payload: bytes, *, qos: int = 1, retain: bool = False) -> bool:
        """Hand a parcel to the connection, in order; it is written to the socket before this returns, if the socket takes it."""
        return self._connection is not None and self._connection.publish(topic, payload, qos=qos, retain=retain)

    def subscribe(self, topics: Sequence[str], receive: Receive) -> None:
        """Ask for topics, now and after every reconnection."""
        self._subscriptions.append((tuple(topics), receive))
        if self._connection is not None:
            self._connection.subscribe(topics)

    def watch(self, on_up: Callable[[], None], on_down: Callable[[], None]) -> None:
        """Be told when the line comes up and when it is lost."""
        self._watchers.append((on_up, on_down))

    def bequeath(self, will: Callable[[], Will]) -> None:
        """Leave a will, asked anew before every attempt."""
        self._will = will

    async def start(self) -> None:
        """Begin to connect, for ever; returns at once."""
        self._life = asyncio.create_task(self._live(), name="courier")

    async def stop(self) -> None:
        """Send what was published, say good-bye and close."""
        life, self._life = self._life, None
        if life is None:
            return
        connection = self._connection
        if connection is not None:
            await connection.say_good_bye()
        life.cancel()
        await asyncio.wait([life])

    async def _live(self) -> None:
        wait_s = FIRST_WAIT_S
        was_told = False
        while True:
            connection = _Connection(self._broker, self._will() if self._will is not None else None, self._hear)
            try:
                why = await connection.open([topic for topics, _ in self._subscriptions for topic in topics])
                if not why:
                    self._connection = connection
                    wait_s, was_told = FIRST_WAIT_S, False
                    log.info("broker found", host=self._broker.host, port=self._broker.port)
                    self._tell(is_up=True)
                    why = await connection.lost
                    self._connection = None
                    self._tell(is_up=False)
            finally:
                self._connection = None
                connection.close()
            if not was_told:
                log.warning("broker lost", host=self._broker.host, port=self._broker.port, why=why)
                was_told = True
            await asyncio.sleep(wait_s)
            wait_s = min(2 * wait_s, LONGEST_WAIT_S)

    def _tell(self, *, is_up: bool) -> None:
        for on_up, on_down in list(self._watchers):
            (on_up if is_up else on_down)()

    def _hear(self, parcel: Parcel) -> None:
        for topics, receive in list(self._subscriptions):
            if any(matches(pattern, parcel.topic) for pattern in topics):
                receive(parcel)


class _Connection:
    """One life of one socket: opened, up, lost."""

    def __init__(self, broker: Broker, will: Will | None, hear: Receive) -> None:
        self._loop = asyncio.get_running_loop()
        self._thread = threading.get_ident()
        self._broker = broker
        self._hear = hear
        self._inbox: list[Parcel] = []
        self._fd = -1
        self._answered: asyncio.Future[str] = self._loop.create_future()
        self._topics: list[str] = []
        self._is_writing = False
        self._unsettled = 0
        self._settled = asyncio.Event()
        self._settled.set()
        self._ticker: asyncio.TimerHandle | None = None
        self._client = self._make_client(will)
        self.lost: asyncio.Future[str] = self._loop.create_future()
        self.is_up = False

    def _make_client(self, will: Will | None) -> Client:
        broker = self._broker
        client = Client(
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
            client.tls_set(broker.ca_file, broker.cert_file or None, broker.key_file or None, tls_version=ssl.PROTOCOL_TLS_CLIENT)
        if will is not None:
            client.will_set(will.topic, will.payload, qos=1, retain=True)
        client.on_connect = self._on_connect
        client.on_subscribe = self._on_subscribe
        client.on_disconnect = self._on_disconnect
        client.on_message = self._on_message
        client.on_publish = self._on_publish
        client.on_socket_close = self._on_socket_close
        client.on_socket_register_write = _leave_writing_to_us
        return client

    async def open(self, topics: Sequence[str]) -> str:
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
        self._unsettled += 1
        self._settled.clear()
        self._client.publish(topic, payload, qos=qos, retain=retain)
        self._flush()
        return self.is_up

    def subscribe(self, topics: Sequence[str]) -> None:
        """Ask for more topics on a line that is up."""
        if topics:
            self._client.subscribe([(topic, 1) for topic in topics])
            self._flush()

    async def say_good_bye(self) -> None:
        """DISCONNECT after everything published before it has reached the broker; waits a second at most for each of the two."""
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
        for _ in range(READS_AT_ONCE):
            before = len(self._inbox)
            if self._client.loop_read() != MQTTErrorCode.MQTT_ERR_SUCCESS or len(self._inbox) == before:
                break
        self._flush()
        sock = self._client.socket()
        if isinstance(sock, ssl.SSLSocket) and sock.pending():
            self._loop.call_soon(self._on_readable)
        inbox, self._inbox = self._inbox, []
        for parcel in inbox:
            self._hear(parcel)

    def _flush(self) -> None:
        """Write what is queued; where the socket is full, the loop calls again when it is not."""
        if self._client.want_write():
            self._client.loop_write()
        must_wait = self._fd >= 0 and self._client.want_write()
        if must_wait and not self._is_writing:
            self._loop.add_writer(self._fd, self._flush)
        elif self._is_writing and not must_wait and self._fd >= 0:
            self._loop.remove_writer(self._fd)
        self._is_writing = must_wait

    def _tick(self) -> None:
        """Keep-alive: paho pings when it is time and gives the line up when no answer comes."""
        self._ticker = self._loop.call_later(TICK_S, self._tick)
        self._client.loop_misc()
        self._flush()

    def _on_connect(self, client: Client, _data: object, _flags: ConnectFlags, reason: ReasonCode, _props: Properties | None) -> None:
        if reason.is_failure:
            self._answer(f"the broker refuses us: {reason}")
        elif self._topics:
            client.subscribe([(topic, 1) for topic in self._topics])
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

    def _on_message(self, _client: Client, _data: object, message: MQTTMessage) -> None:
        self._inbox.append(Parcel(message.topic, bytes(message.payload), is_retained=bool(message.retain)))

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

"""MQTT to a broker that may be away for as long as it likes: connect, and again, and tell what is heard.

Alone knows: how long to wait before the next attempt, and who wants to hear what.
Must not know: sockets, packets, what anything means.

Every connection is a new one with a clean start (`connection.py`), thrown away when the line is lost: a queue that outlives its
connection would publish old retained parcels over newer ones.
"""

import asyncio
from collections.abc import Callable, Sequence

import structlog

from cabinet.courier.connection import Connection
from cabinet.courier.port import Broker, Parcel, Receive, Will, matches

FIRST_WAIT_S = 0.25
LONGEST_WAIT_S = 10.0
TOPICS_REMEMBERED = 10_000

log = structlog.get_logger()


class MqttCourier:
    """A courier over TCP or TLS; meets `cabinet.courier.port.Courier`."""

    def __init__(self, broker: Broker) -> None:
        self._broker = broker
        self._connection: Connection | None = None
        self._subscriptions: list[tuple[tuple[str, ...], Receive, int]] = []
        self._receivers: dict[str, list[Receive]] = {}
        self._is_held = False
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

    def subscribe(self, topics: Sequence[str], receive: Receive, *, qos: int = 1) -> None:
        """Ask for topics, now and after every reconnection."""
        self._subscriptions.append((tuple(topics), receive, qos))
        self._receivers.clear()
        if self._connection is not None:
            self._connection.subscribe([(topic, qos) for topic in topics])

    def hold(self, *, is_held: bool) -> None:
        """Leave what comes in the socket, where it presses back on the broker; or read it again."""
        self._is_held = is_held
        if self._connection is not None:
            self._connection.hold(is_held=is_held)

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
            connection = Connection(self._broker, self._will() if self._will is not None else None, self._hear)
            try:
                why = await connection.open([(topic, qos) for topics, _, qos in self._subscriptions for topic in topics])
                if not why:
                    self._connection = connection
                    connection.hold(is_held=self._is_held)
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
        receivers = self._receivers.get(parcel.topic)
        if receivers is None:
            receivers = [receive for topics, receive, _ in self._subscriptions if any(matches(one, parcel.topic) for one in topics)]
            if len(self._receivers) >= TOPICS_REMEMBERED:
                self._receivers.clear()
            self._receivers[parcel.topic] = receivers
        for receive in receivers:
            receive(parcel)

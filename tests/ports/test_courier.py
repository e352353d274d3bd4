"""One suite for every courier: the twin, and paho with a real mosquitto in both versions of the protocol."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Protocol

import pytest

from cabinet.courier.mqtt import MqttCourier
from cabinet.courier.port import Broker, Courier, Parcel, Will, matches
from cabinet.courier.twin import TwinBroker, TwinCourier
from tests.broker import MOSQUITTO, Cable, Mosquitto

SOON_S = 5.0


class World(Protocol):
    """A broker in one of its forms, and what a test may do to it."""

    async def courier(self, client_id: str) -> Courier: ...
    def cut(self, client_id: str) -> None: ...
    def stop(self) -> None: ...
    async def start(self) -> None: ...


class TwinWorld:
    def __init__(self) -> None:
        self._broker = TwinBroker()

    async def courier(self, client_id: str) -> Courier:
        return TwinCourier(self._broker, client_id, retry_s=0.05)

    def cut(self, client_id: str) -> None:
        self._broker.cut(client_id)

    def stop(self) -> None:
        self._broker.stop(is_forgetful=True)

    async def start(self) -> None:
        self._broker.start()


class RealWorld:
    def __init__(self, broker: Mosquitto, protocol: str) -> None:
        self._broker = broker
        self._protocol = protocol
        self.cables: dict[str, Cable] = {}

    async def courier(self, client_id: str) -> Courier:
        cable = self.cables[client_id] = Cable(self._broker.port)
        await cable.lay()
        return MqttCourier(Broker(client_id, port=cable.port, protocol=self._protocol))

    def cut(self, client_id: str) -> None:
        self.cables[client_id].cut()

    def stop(self) -> None:
        self._broker.stop()

    async def start(self) -> None:
        await self._broker.start()


class Listener:
    """A started courier with everything it heard, in queues that a test can wait on."""

    def __init__(self, courier: Courier, *topics: str) -> None:
        self.courier = courier
        self.heard: asyncio.Queue[Parcel] = asyncio.Queue()
        self.lines: asyncio.Queue[str] = asyncio.Queue()
        if topics:
            courier.subscribe(topics, self.heard.put_nowait)
        courier.watch(lambda: self.lines.put_nowait("up"), lambda: self.lines.put_nowait("down"))

    async def next(self) -> tuple[str, bytes, bool]:
        async with asyncio.timeout(SOON_S):
            parcel = await self.heard.get()
        return parcel.topic, parcel.payload, parcel.is_retained

    async def line(self) -> str:
        async with asyncio.timeout(2 * SOON_S):
            return await self.lines.get()


@pytest.fixture(params=["twin", "mqtt-5", "mqtt-3.1.1"])
async def world(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[World]:
    if request.param == "twin":
        yield TwinWorld()
        return
    if MOSQUITTO is None:
        pytest.skip("mosquitto is not installed")
    broker = Mosquitto(tmp_path)
    await broker.start()
    real = RealWorld(broker, request.param.removeprefix("mqtt-"))
    yield real
    for cable in real.cables.values():
        await cable.remove()
    broker.stop()


Join = Callable[..., Awaitable[Listener]]


@pytest.fixture
async def join(world: World) -> AsyncIterator[Join]:
    """Start a courier under a client id, wait until it is up, stop it in the end."""
    joined: list[Listener] = []

    async def do(client_id: str, *topics: str, will: Will | None = None) -> Listener:
        listener = Listener(await world.courier(client_id), *topics)
        if will is not None:
            listener.courier.bequeath(lambda: will)
        joined.append(listener)
        await listener.courier.start()
        assert await listener.line() == "up"
        return listener

    yield do
    for listener in joined:
        await listener.courier.stop()


async def test_a_parcel_reaches_who_subscribed_and_nobody_else(join: Join) -> None:
    """A cabinet must never hear what is meant for its neighbour."""
    a = await join("a", "x/+/one")
    b = await join("b", "x/2/#")
    a.courier.publish("x/2/one", b"to both")
    a.courier.publish("x/1/one", b"to a")
    a.courier.publish("x/2/two", b"to b")
    assert [await a.next(), await a.next()] == [("x/2/one", b"to both", False), ("x/1/one", b"to a", False)]
    assert [await b.next(), await b.next()] == [("x/2/one", b"to both", False), ("x/2/two", b"to b", False)]


async def test_parcels_keep_their_order(join: Join) -> None:
    """Facts are sent in order; a courier that shuffles would make every batch a gap."""
    a = await join("a", "t")
    for number in range(300):
        assert a.courier.publish("t", str(number).encode())
    assert [int((await a.next())[1]) for _ in range(300)] == list(range(300))


async def test_a_retained_parcel_waits_for_who_comes_later_and_an_empty_one_ends_it(join: Join) -> None:
    """The pharmacy server learns the last known stock of a cabinet that spoke before it started."""
    a = await join("a", "end")
    a.courier.publish("r/1", b"kept", retain=True)
    a.courier.publish("r/2", b"kept too", retain=True)
    a.courier.publish("r/1", b"", retain=True)
    a.courier.publish("end", b"")
    await a.next()
    b = await join("b", "r/#")
    assert await b.next() == ("r/2", b"kept too", True)


async def test_a_subscription_made_while_up_stands_at_once(join: Join) -> None:
    """Whoever is plugged in late hears what is retained like everybody else."""
    a = await join("a")
    a.courier.publish("r", b"kept", retain=True)
    a.courier.subscribe(["r"], a.heard.put_nowait)
    assert (await a.next())[:2] == ("r", b"kept")


async def test_the_will_is_published_when_the_line_breaks_and_the_courier_comes_back(world: World, join: Join) -> None:
    """A cabinet that loses power is shown as offline although it could not say so."""
    a = await join("a", "w")
    b = await join("b", "t", will=Will("w", b"gone"))
    world.cut("b")
    assert await a.next() == ("w", b"gone", False)
    assert await b.line() == "down"
    assert await b.line() == "up"
    a.courier.publish("t", b"again")
    assert await b.next() == ("t", b"again", False)


async def test_each_attempt_asks_for_the_will_anew(world: World, join: Join) -> None:
    """The will carries the number of its connection, so that a late one can be told from a fresh one."""
    a = await join("a", "w")
    courier = await world.courier("b")
    b = Listener(courier)
    numbers = iter(range(1, 100))
    courier.bequeath(lambda: Will("w", str(next(numbers)).encode()))
    await courier.start()
    assert await b.line() == "up"
    world.cut("b")
    first = int((await a.next())[1])
    assert [await b.line(), await b.line()] == ["down", "up"]
    world.cut("b")
    assert int((await a.next())[1]) > first
    await courier.stop()


async def test_a_good_bye_sends_what_was_published_and_no_will(join: Join) -> None:
    """A cabinet that is switched off in order says so itself; its last facts are on their way."""
    a = await join("a", "#")
    b = await join("b", will=Will("w", b"gone"))
    for number in range(100):
        b.courier.publish("t", str(number).encode())
    await b.courier.stop()
    assert not b.courier.is_up
    assert [(await a.next())[:2] for _ in range(100)] == [("t", str(number).encode()) for number in range(100)]
    a.courier.publish("end", b"")
    assert (await a.next())[0] == "end"


async def test_what_is_published_while_down_is_dropped_and_said_to_be(world: World, join: Join) -> None:
    """A queue in memory looks like safety and is none; the journal is what resends."""
    a = await join("a", "t")
    world.stop()
    assert await a.line() == "down"
    assert not a.courier.is_up
    assert not a.courier.publish("t", b"lost")
    await world.start()
    assert await a.line() == "up"
    assert a.courier.publish("t", b"kept")
    assert await a.next() == ("t", b"kept", False)


async def test_a_courier_waits_for_a_broker_that_is_not_there_yet(world: World) -> None:
    """Cabinet and broker start in any order after a power cut."""
    world.stop()
    a = Listener(await world.courier("a"), "t")
    await a.courier.start()
    assert not a.courier.is_up
    await world.start()
    assert await a.line() == "up"
    await a.courier.stop()


async def test_a_courier_stops_while_it_looks_for_its_broker(world: World) -> None:
    """Switching a cabinet off never waits for a network."""
    world.stop()
    a = Listener(await world.courier("a"), "t")
    await a.courier.start()
    await a.courier.stop()
    assert a.lines.empty()


async def test_a_parcel_of_a_megabyte_goes_through_in_one_piece(join: Join) -> None:
    """A formulary document is larger than a socket's buffer; the loop writes the rest when there is room."""
    a = await join("a", "t")
    a.courier.publish("t", b"x" * 1_000_000)
    assert len((await a.next())[1]) == 1_000_000


@pytest.mark.parametrize(
    ("pattern", "topic", "is_match"),
    [
        ("a/+/c", "a/b/c", True),
        ("a/+/c", "a/b/d", False),
        ("a/#", "a/b/c", True),
        ("a/#", "a", True),
        ("#", "a/b", True),
        ("a/+", "a", False),
        ("a/+", "a/b/c", False),
        ("a/b", "a/b", True),
        ("a/b", "a/b/c", False),
    ],
)
def test_topic_filters_match_as_mqtt_says(pattern: str, topic: str, *, is_match: bool) -> None:
    """MQTT 5, section 4.7: one courier hands one parcel to every subscription that takes it in, and to no other."""
    assert matches(pattern, topic) is is_match

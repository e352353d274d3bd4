"""A broker and its couriers inside one process: retained parcels, wills, and bad weather on request.

Alone knows: how a broker behaves when nothing but loop time passes.
Must not know: topics, payloads, sockets, threads.

Everything moves by `loop.call_at`, so it runs in virtual time. A line keeps its order, as MQTT does for each topic, except
where the weather says otherwise; quality of service is ignored, as nobody here relies on it.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random

from cabinet.courier.port import SHARED, Parcel, Receive, Will, matches


@dataclass(frozen=True, slots=True)
class Weather:
    """How a line treats each parcel: shares from 0 to 1, and the time one takes."""

    loss: float = 0.0
    duplicate: float = 0.0
    reorder: float = 0.0
    delay_s: float = 0.001


class TwinBroker:
    """The broker. `stop` and `start` are its outage, `forget` the loss of everything retained."""

    def __init__(self, chance: Random | None = None) -> None:
        self.chance = chance or Random(0)  # noqa: S311 - weather is repeated from its seed
        self.weather = Weather()
        self.is_running = True
        self.retained: dict[str, bytes] = {}
        self._lines: dict[str, _Line] = {}
        self._turns: dict[str, int] = {}

    def stop(self, *, is_forgetful: bool = False) -> None:
        """Go away: every line breaks, no will is published (a broker that dies cannot). Retained parcels stay on its disk."""
        self.is_running = False
        if is_forgetful:
            self.forget()
        for line in list(self._lines.values()):
            line.break_off()
        self._lines.clear()

    def start(self) -> None:
        """Come back; couriers find it at their next attempt."""
        self.is_running = True

    def forget(self) -> None:
        """Lose everything retained."""
        self.retained.clear()

    def cut(self, client_id: str) -> None:
        """Break one line; its will is published."""
        line = self._lines.pop(client_id, None)
        if line is not None:
            line.break_off()
            self._publish_will(line)

    def attach(self, courier: "TwinCourier") -> "_Line | None":
        """A line for a courier, or None while the broker is away. The same client id pushes an older line off."""
        if not self.is_running:
            return None
        self.cut(courier.client_id)
        line = _Line(self, courier)
        self._lines[courier.client_id] = line
        return line

    def detach(self, line: "_Line") -> None:
        """A good-bye: what is on its way still arrives, the will is dropped."""
        if self._lines.get(line.courier.client_id) is line:
            del self._lines[line.courier.client_id]

    def take(self, topic: str, payload: bytes, *, retain: bool) -> None:
        """A parcel reached the broker: keep it if asked to, hand it to every line that wants it."""
        if not self.is_running:
            return
        if retain and payload:
            self.retained[topic] = payload
        elif retain:
            self.retained.pop(topic, None)
        groups: dict[str, list[_Line]] = {}
        for line in list(self._lines.values()):
            if line.courier.wants(topic):
                line.down.send(Parcel(topic, payload))
            for group in line.courier.shares(topic):
                groups.setdefault(group, []).append(line)
        for group, lines in groups.items():
            self._turns[group] = self._turns.get(group, 0) + 1
            lines[self._turns[group] % len(lines)].down.send(Parcel(topic, payload))

    def hand_retained(self, line: "_Line", topics: Sequence[str]) -> None:
        """Send a new subscriber what was kept."""
        for topic, payload in self.retained.items():
            if any(_is_own(pattern) and matches(pattern, topic) for pattern in topics):
                line.down.send(Parcel(topic, payload, is_retained=True))

    def _publish_will(self, line: "_Line") -> None:
        if line.will is not None:
            self.take(line.will.topic, line.will.payload, retain=True)


class _Pipe:
    """One direction of a line: a queue with a delay, and the weather."""

    def __init__(self, broker: TwinBroker, deliver: Callable[[Parcel], None]) -> None:
        self._broker = broker
        self._deliver = deliver
        self._waiting: deque[tuple[float, Parcel]] = deque()
        self._timer: asyncio.TimerHandle | None = None

    def send(self, parcel: Parcel) -> None:
        weather, chance = self._broker.weather, self._broker.chance
        if weather.loss and chance.random() < weather.loss:
            return
        copies = 2 if weather.duplicate and chance.random() < weather.duplicate else 1
        due_s = asyncio.get_running_loop().time() + weather.delay_s
        for _ in range(copies):
            self._waiting.append((due_s, parcel))
            if weather.reorder and len(self._waiting) > 1 and chance.random() < weather.reorder:
                place = chance.randrange(len(self._waiting))
                self._waiting[place], self._waiting[-1] = self._waiting[-1], self._waiting[place]
        self._arm()

    def _arm(self) -> None:
        if self._timer is None and self._waiting:
            self._timer = asyncio.get_running_loop().call_at(self._waiting[0][0], self._arrive)

    def _arrive(self) -> None:
        self._timer = None
        now_s = asyncio.get_running_loop().time()
        while self._waiting and self._waiting[0][0] <= now_s:
            self._deliver(self._waiting.popleft()[1])
        self._arm()

    def drop(self) -> None:
        self._waiting.clear()
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None


class _Line:
    """One connection: up towards the broker, down towards the courier."""

    def __init__(self, broker: TwinBroker, courier: "TwinCourier") -> None:
        self.courier = courier
        self.will: Will | None = None
        self.up = _Pipe(broker, self._reached_broker)
        self.down = _Pipe(broker, courier.receive)
        self._broker = broker

    def send(self, topic: str, payload: bytes, *, retain: bool) -> None:
        self.up.send(Parcel(topic, payload, is_retained=retain))

    def _reached_broker(self, parcel: Parcel) -> None:
        self._broker.take(parcel.topic, parcel.payload, retain=parcel.is_retained)

    def break_off(self) -> None:
        self.up.drop()
        self.down.drop()
        self.courier.lost()


class TwinCourier:
    """A courier of the broker above; meets `cabinet.courier.port.Courier`."""

    def __init__(self, broker: TwinBroker, client_id: str, *, retry_s: float = 1.0) -> None:
        self.client_id = client_id
        self._broker = broker
        self._retry_s = retry_s
        self._line: _Line | None = None
        self._is_up = False
        self._subscriptions: list[tuple[tuple[str, ...], Receive]] = []
        self._watchers: list[tuple[Callable[[], None], Callable[[], None]]] = []
        self._will: Callable[[], Will] | None = None
        self._attempt: asyncio.TimerHandle | None = None
        self._kept: list[Parcel] | None = None

    @property
    def is_up(self) -> bool:
        """Whether the broker accepted us and every subscription stands."""
        return self._is_up

    def publish(self, topic: str, payload: bytes, *, qos: int = 1, retain: bool = False) -> bool:
        """Hand a parcel to the line; False while down. `qos` is ignored."""
        del qos
        if self._line is None or not self._is_up:
            return False
        self._line.send(topic, payload, retain=retain)
        return True

    def subscribe(self, topics: Sequence[str], receive: Receive, *, qos: int = 1) -> None:
        """Ask for topics, now and after every reconnection. `qos` is ignored."""
        del qos
        self._subscriptions.append((tuple(topics), receive))
        if self._line is not None and self._is_up:
            self._broker.hand_retained(self._line, topics)

    def hold(self, *, is_held: bool) -> None:
        """Keep what comes, or hand on what was kept."""
        kept, self._kept = self._kept, [] if is_held else None
        for parcel in kept or ():
            self.receive(parcel)

    def watch(self, on_up: Callable[[], None], on_down: Callable[[], None]) -> None:
        """Be told when the line comes up and when it is lost."""
        self._watchers.append((on_up, on_down))

    def bequeath(self, will: Callable[[], Will]) -> None:
        """Leave a will, asked anew before every attempt."""
        self._will = will

    async def start(self) -> None:
        """Begin to connect."""
        self._attempt = asyncio.get_running_loop().call_later(self._broker.weather.delay_s, self._connect)

    async def stop(self) -> None:
        """Say good-bye: what was published arrives, no will is published."""
        if self._attempt is not None:
            self._attempt.cancel()
        self._attempt = None
        line, self._line, self._is_up = self._line, None, False
        if line is not None:
            self._broker.detach(line)
            line.down.drop()

    def wants(self, topic: str) -> bool:
        """Whether any subscription of its own takes in this topic."""
        return any(_is_own(pattern) and matches(pattern, topic) for topics, _ in self._subscriptions for pattern in topics)

    def shares(self, topic: str) -> set[str]:
        """The groups of its shared subscriptions that take in this topic."""
        patterns = [pattern for topics, _ in self._subscriptions for pattern in topics]
        return {pattern.split("/")[1] for pattern in patterns if not _is_own(pattern) and matches(pattern, topic)}

    def receive(self, parcel: Parcel) -> None:
        """A parcel came down the line."""
        if self._kept is not None:
            self._kept.append(parcel)
            return
        for topics, receive in list(self._subscriptions):
            if any(matches(pattern, parcel.topic) for pattern in topics):
                receive(parcel)

    def lost(self) -> None:
        """The line broke."""
        was_up, self._line, self._is_up = self._is_up, None, False
        self._attempt = asyncio.get_running_loop().call_later(self._retry_s, self._connect)
        if was_up:
            for _, on_down in list(self._watchers):
                on_down()

    def _connect(self) -> None:
        will = self._will() if self._will is not None else None
        line = self._broker.attach(self)
        if line is None:
            self._attempt = asyncio.get_running_loop().call_later(self._retry_s, self._connect)
            return
        line.will, self._line, self._is_up, self._attempt = will, line, True, None
        for topics, _ in self._subscriptions:
            self._broker.hand_retained(line, topics)
        for on_up, _ in list(self._watchers):
            on_up()


def _is_own(pattern: str) -> bool:
    return not pattern.startswith(SHARED + "/")

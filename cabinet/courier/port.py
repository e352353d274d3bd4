"""What both ends need from MQTT: parcels out, parcels in, and word of when the line is up.

Alone knows: the shape of a courier and of what it carries.
Must not know: topics, payloads, brokers, sockets.

A courier keeps nothing. What is published while it is down is dropped, a parcel may be lost, doubled or late, and a broker's
receipt means nothing: whoever needs certainty resends until the other end says in its own words that it holds the matter.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

SHARED = "$share"
"""How the filter of a shared subscription begins; the group and the filter proper follow."""


@dataclass(frozen=True, slots=True)
class Parcel:
    """One message as it came in. `is_retained`: the broker had kept it from before we subscribed."""

    topic: str
    payload: bytes
    is_retained: bool = False


@dataclass(frozen=True, slots=True)
class Will:
    """What the broker publishes for us, retained, when we vanish without a word."""

    topic: str
    payload: bytes


@dataclass(frozen=True, slots=True)
class Broker:
    """Where the broker is and how to be let in. `protocol` is `5` or `3.1.1`; TLS is used when `ca_file` is given."""

    client_id: str
    host: str = "127.0.0.1"
    port: int = 1883
    protocol: str = "5"
    username: str = ""
    password: str = ""
    ca_file: str = ""
    cert_file: str = ""
    key_file: str = ""
    keepalive_s: int = 15


Receive = Callable[[Parcel], None]
"""Hears a parcel, on the event loop."""


class Courier(Protocol):
    """One client of one broker. Connects for ever; every callback runs on the event loop that called `start`."""

    @property
    def is_up(self) -> bool:
        """Whether the broker accepted us and every subscription stands."""
        ...

    def publish(self, topic: str, payload: bytes, *, qos: int = 1, retain: bool = False) -> bool:
        """Hand a parcel to the connection, in order. False while down: then nothing was kept. True promises nothing."""
        ...

    def subscribe(self, topics: Sequence[str], receive: Receive, *, qos: int = 1) -> None:
        """Ask for topics (`+` and `#` as in MQTT), now and after every reconnection; every match of every call is heard.

        Of `$share/<group>/<topics>` (MQTT 5, section 4.8.2) each parcel goes to one courier of the group, and nothing that was retained.
        """
        ...

    def hold(self, *, is_held: bool) -> None:
        """Take no parcels for the time being, so that what comes waits at the broker; or take them again. Lasts over reconnections."""
        ...

    def watch(self, on_up: Callable[[], None], on_down: Callable[[], None]) -> None:
        """Be told once each time the line comes up and once each time it is lost. Not told of the end by `stop`."""
        ...

    def bequeath(self, will: Callable[[], Will]) -> None:
        """Leave a will; asked anew before every attempt to connect, so that it may number the connection."""
        ...

    async def start(self) -> None:
        """Begin to connect; returns at once."""
        ...

    async def stop(self) -> None:
        """Send what was published, say good-bye (no will is published) and close. Ends within 2 s, broker or not."""
        ...


def matches(pattern: str, topic: str) -> bool:
    """Whether an MQTT topic filter takes in a topic (MQTT 5, section 4.7; topics here never begin with `$`)."""
    wanted, levels = pattern.split("/"), topic.split("/")
    if wanted[0] == SHARED:
        wanted = wanted[2:]
    for index, part in enumerate(wanted):
        if part == "#":
            return True
        if index >= len(levels) or part not in ("+", levels[index]):
            return False
    return len(wanted) == len(levels)

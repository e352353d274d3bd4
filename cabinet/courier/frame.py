"""The messages in a stream of MQTT bytes, taken apart many at a time.

Alone knows: how a PUBLISH packet is laid out (MQTT 5, section 3.3; MQTT 3.1.1, section 3.3), and where a packet ends.
Must not know: any other packet, sockets, brokers, what a message means.

paho reads its socket a few bytes at a time and builds an object of every message's properties: 35 us each with MQTT 3.1.1 and 75 us with
MQTT 5, against 3 us here. Everything else than a PUBLISH is handed on to it as it is. Likewise what is sent without
asking for a receipt: the thousands of acks of a round are one write.
"""

from typing import NamedTuple

PUBLISH = 3


class Broken(Exception):
    """Bytes that are no MQTT."""


class Message(NamedTuple):
    """One PUBLISH; `mid` is to be acknowledged where `qos` is 1."""

    topic: str
    payload: bytes
    qos: int
    mid: int
    is_retained: bool


def publish(topic: str, payload: bytes, *, is_retained: bool, has_properties: bool) -> bytes:
    """A PUBLISH packet that asks for no receipt (quality of service 0)."""
    name = topic.encode()
    length = 2 + len(name) + has_properties + len(payload)
    return b"".join((
        b"\x31" if is_retained else b"\x30", _written(length), len(name).to_bytes(2), name, b"\0" if has_properties else b"", payload
    ))  # fmt: skip


class Frames:
    """One connection's incoming bytes. With MQTT 5 (`has_properties`) properties are skipped: nothing here uses any."""

    def __init__(self, *, has_properties: bool) -> None:
        self._has_properties = has_properties
        self._rest = b""

    def take(self, data: bytes) -> tuple[list[Message], bytes]:
        """The whole messages that these bytes complete, and the other packets among them, one after the other. Raises Broken."""
        data = self._rest + data if self._rest else data
        messages: list[Message] = []
        others: list[bytes] = []
        start, size = 0, len(data)
        while start < size:
            length, body = _length(data, start + 1, size)
            end = body + length
            if body < 0 or end > size:
                break
            if data[start] >> 4 == PUBLISH:
                messages.append(self._message(data, start, body, end))
            else:
                others.append(data[start:end])
            start = end
        self._rest = data[start:]
        return messages, b"".join(others)

    def _message(self, data: bytes, start: int, body: int, end: int) -> Message:
        flags = data[start]
        qos = flags >> 1 & 3
        place = body + 2 + int.from_bytes(data[body : body + 2])
        mid = int.from_bytes(data[place : place + 2]) if qos else 0
        payload = place + (2 if qos else 0)
        if self._has_properties:
            length, payload = _length(data, payload, end)
            payload += length
        if payload < 0 or payload > end:
            raise Broken("a PUBLISH packet is shorter than it says")
        try:
            return Message(data[body + 2 : place].decode(), data[payload:end], qos, mid, bool(flags & 1))
        except UnicodeDecodeError as problem:
            raise Broken("a topic is no UTF-8") from problem


def _written(length: int) -> bytes:
    """A variable byte integer."""
    made = bytearray()
    while True:
        length, digit = divmod(length, 128)
        made.append(digit | (0x80 if length else 0))
        if not length:
            return bytes(made)


def _length(data: bytes, place: int, size: int) -> tuple[int, int]:
    """A variable byte integer (section 1.5.5) and where it ends; -1 where it is not whole yet."""
    value = 0
    for shift in (0, 7, 14, 21):
        if place >= size:
            return 0, -1
        byte = data[place]
        place += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:  # noqa: PLR2004 - the highest bit says that more follows
            return value, place
    raise Broken("a length of more than four bytes")

"""The peer: one cabinet's watching of its doors as a good programmer writes it by hand, with nothing in it but what it needs.

Alone knows: raw Modbus frames, round robin, two agreeing readings, one row by sqlite3, one parcel by paho.
Must not know: any code of the cabinet. `python -m bench.loop` runs it as a program of its own, for its memory and its idle time.

One asyncio loop, one question in flight, t3.5 kept on a serial line. A changed reading is read again at once; a value that held for the
debounce is committed (WAL, synchronous FULL) on the loop itself, which is the quickest way, chained by SHA-256, and published in the shape
of `up/journal`. An unlock goes before the next question. No quarantine, no focus, no replay, no rules, no stock.
"""

import asyncio
import hashlib
import json
import os
import sqlite3
import struct
import sys
import tty
from collections import deque
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from uuid import uuid4

from paho.mqtt.client import Client, MQTTv5
from paho.mqtt.enums import CallbackAPIVersion

READ = bytes.fromhex("0200000008")
BITS = 10
REPLY_S = 0.2
MISC_EVERY_S = 1.0
COLUMNS = "epoch, seq, id, at, type, access, staff, witness, body, prev_hash, hash"

Tell = Callable[[int, int, bool], None]


def check_sum(data: bytes) -> bytes:
    """CRC-16 of Modbus, low byte first."""
    crc = 0xFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ 0xA001 if crc & 1 else crc >> 1
    return struct.pack("<H", crc)


def _closed(unit: int, body: bytes) -> bytes:
    """A frame with its check sum."""
    frame = bytes((unit,)) + body
    return frame + check_sum(frame)


class HandLoop:
    """Reads the inputs of `units` and tells what changed. `write` puts bytes on the line; `hear` takes what comes in.

    With `baud` the line is serial (RTU), without it a Modbus TCP connection; `period_s` is the time of one scan, 0: without a pause.
    """

    def __init__(self, units: Sequence[int], tell: Tell, *, baud: int = 0, settle_s: float = 0.0, period_s: float = 0.0) -> None:
        self.units, self.tell, self.settle_s, self.period_s = units, tell, settle_s, period_s
        self.write: Callable[[bytes], object] = lambda _data: None
        self.unlocked_s = self.first_seen_s = 0.0
        self._is_serial = baud > 0
        self._silence_s = 0.0 if not baud else 0.00175 if baud > 19200 else 3.5 * BITS / baud
        self._believed: dict[int, int] = {}
        self._changing: dict[int, dict[int, tuple[bool, float]]] = {unit: {} for unit in units}
        self._look_s: dict[int, float] = {}
        self._urgent: deque[tuple[int, bytes, asyncio.Future[None]]] = deque()
        self._known = {(unit, READ): _closed(unit, READ) for unit in units}
        self._heard = bytearray()
        self._answer: asyncio.Future[bytes] | None = None
        self._number = 0
        self._sleeping: asyncio.Future[None] | None = None

    def hear(self, data: bytes) -> None:
        """Bytes came in."""
        self._heard += data
        if self._answer is None or self._answer.done():
            return
        if self._is_serial:
            heard = bytes(self._heard)
            if len(heard) > 4 and check_sum(heard[:-2]) == heard[-2:]:
                self._answer.set_result(heard[1:-2])
        elif len(self._heard) > 7 and len(self._heard) >= 6 + self._heard[5] and int.from_bytes(self._heard[:2], "big") == self._number:
            self._answer.set_result(bytes(self._heard[7:]))

    async def run(self) -> None:
        """Scan until cancelled."""
        loop = asyncio.get_running_loop()
        turn, next_s = 0, loop.time()
        while True:
            now_s = loop.time()
            if self._urgent:
                await self._pulse()
            elif (unit := self._due(now_s)) is not None:
                await self._read(unit)
            elif turn < len(self.units):
                await self._read(self.units[turn])
                turn += 1
            elif now_s < next_s + self.period_s:
                await self._nap(min([next_s + self.period_s, *self._look_s.values()]))
            else:
                turn, next_s = 0, now_s

    def unlock(self, unit: int, coil: int, tenths: int = 1) -> "asyncio.Future[None]":
        """Pulse a lock before the next question; `unlocked_s` is when it was written."""
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._urgent.append((unit, struct.pack(">BHH", 5, 0x0200 + coil, tenths), done))
        self._wake()
        return done

    async def _nap(self, until_s: float) -> None:
        loop = asyncio.get_running_loop()
        self._sleeping = loop.create_future()
        timer = loop.call_at(until_s, self._wake)
        await self._sleeping
        timer.cancel()

    def _wake(self) -> None:
        if self._sleeping is not None and not self._sleeping.done():
            self._sleeping.set_result(None)

    async def _pulse(self) -> None:
        unit, body, done = self._urgent.popleft()
        if await self._exchange(unit, body) == body:
            done.set_result(None)

    async def _exchange(self, unit: int, body: bytes) -> bytes:
        self._heard.clear()
        self._answer = asyncio.get_running_loop().create_future()
        frame = self._known.get((unit, body)) if self._is_serial else self._numbered(unit, body)
        if body[0] == 5:
            self.unlocked_s = asyncio.get_running_loop().time()
        self.write(frame or _closed(unit, body))
        try:
            async with asyncio.timeout(REPLY_S):
                answer = await self._answer
        except TimeoutError:
            return b""
        if self._is_serial:
            await asyncio.sleep(self._silence_s)
        return answer

    def _numbered(self, unit: int, body: bytes) -> bytes:
        self._number = self._number + 1 & 0xFFFF
        return struct.pack(">HHHB", self._number, 0, len(body) + 1, unit) + body

    def _due(self, now_s: float) -> int | None:
        return next((unit for unit, due_s in self._look_s.items() if due_s <= now_s), None)

    async def _read(self, unit: int) -> None:
        loop = asyncio.get_running_loop()
        asked_s = loop.time()
        answer = await self._exchange(unit, READ)
        if len(answer) != 3:
            return
        bits, heard_s = answer[2], loop.time()
        changing, believed = self._changing[unit], self._believed.setdefault(unit, bits)
        if bits == believed and not changing:
            return
        for number in range(8):
            is_on = bool(bits >> number & 1)
            seen = changing.get(number)
            if is_on == bool(believed >> number & 1):
                changing.pop(number, None)
            elif seen is None:
                changing[number] = (is_on, heard_s)
            elif asked_s - seen[1] >= self.settle_s:
                self._believed[unit] ^= 1 << number
                self.first_seen_s = changing.pop(number)[1]
                self.tell(unit, number, is_on)
        self._look_s.pop(unit, None)
        if changing:
            first_s = [seen_s for _, seen_s in changing.values()]
            self._look_s[unit] = heard_s if heard_s in first_s else min(first_s) + self.settle_s


class Books:
    """Rows by sqlite3, parcels by paho, both by hand."""

    def __init__(self, path: Path, broker_port: int, topic: str) -> None:
        self._conn = sqlite3.connect(path, isolation_level=None)
        self._conn.execute("pragma journal_mode = wal")
        self._conn.execute("pragma synchronous = full")
        self._conn.execute(f"create table facts ({COLUMNS}, primary key (epoch, seq)) without rowid")
        self._seqs, self._last, self._topic = count(1), "0" * 64, topic
        self._client = Client(CallbackAPIVersion.VERSION2, client_id="by-hand", protocol=MQTTv5)
        self._client.connect("127.0.0.1", broker_port)
        asyncio.get_running_loop().add_reader(self._client.socket(), self._client.loop_read)  # type: ignore[arg-type] # it is connected
        self._misc()

    def tell(self, unit: int, number: int, is_on: bool) -> None:
        """Write down that a drawer moved, then publish it."""
        source, target = ("open", "latched") if is_on else ("latched", "open")
        fact = {
            "epoch": 1,
            "seq": next(self._seqs),
            "id": str(uuid4()),
            "at": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
            "type": "drawer_moved",
            "access": None,
            "staff": None,
            "witness": None,
            "body": {"lock": f"b{unit}:{number}", "source": source, "target": target, "why": "seen"},
            "prev_hash": self._last,
        }
        self._last = hashlib.sha256(_json(fact).encode()).hexdigest()
        row = [*(fact | {"body": _json(fact["body"])}).values(), self._last]
        self._conn.execute("insert into facts values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", row)
        report = {"epoch": 1, "first_seq": fact["seq"], "facts": [fact | {"hash": self._last}]}
        self._client.publish(self._topic, _json(report), qos=1)

    def _misc(self) -> None:
        self._client.loop_misc()
        asyncio.get_running_loop().call_later(MISC_EVERY_S, self._misc)


def _json(value: object) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


class _Peer(asyncio.Protocol):
    def __init__(self, hand: HandLoop) -> None:
        self.data_received = hand.hear  # type: ignore[method-assign]


async def join(hand: HandLoop, where: str | int) -> None:
    """Connect to a pseudo-terminal's path or a port on loopback."""
    loop = asyncio.get_running_loop()
    if isinstance(where, int):
        transport, _ = await loop.create_connection(lambda: _Peer(hand), "127.0.0.1", where)
        hand.write = transport.write
        return
    line = os.open(where, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
    tty.setraw(line)
    loop.add_reader(line, lambda: hand.hear(os.read(line, 256)))
    hand.write = lambda data: os.write(line, data)


async def _main(port: int, broker_port: int, path: str, units: int, period_ms: int, settle_ms: int) -> None:
    books = Books(Path(path), broker_port, "adc/v1/bench/up/journal")
    hand = HandLoop(range(2, 2 + units), books.tell, settle_s=settle_ms / 1000, period_s=period_ms / 1000)
    await join(hand, port)
    await hand.run()


if __name__ == "__main__":
    asyncio.run(_main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3], *map(int, sys.argv[4:7])))

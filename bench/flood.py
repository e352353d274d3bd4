"""Facts as cabinets send them, made beforehand and sent as fast as a broker takes them: what the ingest benches share.

Alone knows: how a journal of one cabinet becomes ready-made MQTT packets, and how a process of its own sends them.
Must not know: who takes them.

Run as a program (`python -m bench.flood PORT FILE`) it sends the packets of a file over one connection, says so, and waits to be killed.
"""

import socket
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import msgspec

from cabinet.domain.vocabulary import ZERO_HASH
from cabinet.messages import canonical, hash_of_text, topic

POCKETS = 300
AT = "2026-03-01T07:00:00.000000Z"
EPOCH = 1_772_000_000_000


class Chain:
    """The journal of one cabinet: its beginning, its pockets, then withdrawals for ever."""

    def __init__(self, cabinet: str) -> None:
        self.cabinet = cabinet
        self.seq, self.hash = 0, ZERO_HASH

    def facts(self, count: int) -> list[bytes]:
        """The next facts, as JSON."""
        return [self._fact() for _ in range(count)]

    def _fact(self) -> bytes:
        self.seq += 1
        pocket = f"m{self.seq % POCKETS:03}"
        kind, body = "units_moved", {
            "pocket": pocket, "item": f"item-{self.seq % POCKETS}", "units": 1, "source": "pocket", "target": "patient", "lot": None,
            "expiry": None, "part_m": 0, "withdrawal": f"{self.cabinet}-{self.seq}", "place": None,
        }  # fmt: skip
        if self.seq == 1:
            kind, body = "journal_begun", {"journal": f"of-{self.cabinet}", "cabinet": self.cabinet, "software": "bench"}
        text = canonical(body)
        known = (EPOCH, self.seq, f"{self.cabinet}-{self.seq:030}", AT, kind, f"access-{self.seq:029}", "nurse-1", None)
        made = hash_of_text(*known, text.decode(), self.hash)
        names = ("epoch", "seq", "id", "at", "type", "access", "staff", "witness")
        fact = {**dict(zip(names, known, strict=True)), "body": msgspec.Raw(text), "prev_hash": self.hash, "hash": made}
        self.hash = made
        return msgspec.json.encode(fact)


def packets(chains: list[Chain], messages: int, facts_each: int) -> Iterator[bytes]:
    """PUBLISH packets (quality of service 0, as no receipt is asked for here), one cabinet after the other in turn."""
    for number in range(messages):
        chain = chains[number % len(chains)]
        first = chain.seq + 1
        facts = b",".join(chain.facts(facts_each))
        yield _publish(topic(chain.cabinet, "up/journal"), b'{"epoch":%d,"first_seq":%d,"facts":[%b]}' % (EPOCH, first, facts))


def _publish(name: str, payload: bytes) -> bytes:
    head = len(name).to_bytes(2) + name.encode()
    return b"\x30" + _length(len(head) + len(payload)) + head + payload


def _length(value: int) -> bytes:
    made = b""
    while True:
        value, digit = divmod(value, 128)
        made += bytes([digit | (0x80 if value else 0)])
        if not value:
            return made


def main(port: int, file: Path) -> None:
    """Connect with MQTT 3.1.1, send everything, read whatever comes."""
    line = socket.create_connection(("127.0.0.1", port))
    hello = b"\x00\x04MQTT\x04\x02\x00\x00" + (5).to_bytes(2) + b"flood"
    line.sendall(b"\x10" + _length(len(hello)) + hello)
    line.recv(4)
    line.sendall(file.read_bytes())
    sys.stdout.write("sent\n")
    sys.stdout.flush()
    threading.Event().wait()


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]))

"""What befalls a reply between the board and the line's other end.

Alone knows: how a reply is lost, delayed, cut, garbled, doubled or given another unit's address.
Must not know: what the reply says, or how it is sent.
"""

from collections.abc import Callable
from itertools import zip_longest

from firmware_sim.fault import Faults

MS = 0.001
Arrival = tuple[float, bytes]
"""A reply and how much later than it should it starts (s)."""

Readdress = Callable[[bytes], bytes]


def collide(replies: list[bytes]) -> bytes:
    """Several boards talk at once: the line carries the OR of their bits."""
    return bytes(_or(column) for column in zip_longest(*replies, fillvalue=0))


def _or(column: tuple[int, ...]) -> int:
    mixed = 0
    for byte in column:
        mixed |= byte
    return mixed


def befall(board: str, reply: bytes, faults: Faults, readdress: Readdress) -> list[Arrival]:
    """What arrives of a reply of `board`; `readdress` gives it another unit's address."""
    if not faults:
        return [(0.0, reply)]
    if faults.holds("reply_lost", board):
        return []
    if faults.holds("reply_wrong_unit", board):
        reply = readdress(reply)
    if faults.holds("reply_truncated", board):
        reply = reply[: faults.rng.randrange(1, len(reply))]
    if faults.holds("reply_garbled", board):
        reply = _garble(reply, faults)
    late = faults.strikes("reply_late", board)
    delay_s = late.delay_ms * MS if late is not None else 0.0
    count = 2 if faults.holds("reply_doubled", board) else 1
    return [(delay_s, reply)] * count


def _garble(reply: bytes, faults: Faults) -> bytes:
    garbled = bytearray(reply)
    garbled[faults.rng.randrange(len(garbled))] ^= 1 << faults.rng.randrange(8)
    return bytes(garbled)

"""P1 and P2: from a door switch to the pharmacy's subscriber, and from the asking to the first byte of an unlock.

P1, live: one input of one board changes at a known moment; until the `up/journal` message with that fact is at a subscriber, less the
configured debounce (settle_ms, 40). Four boards of eight inputs (the widest boards there are drivers for), scanned every 5 ms, as fast
as a site may ask. On TCP against the peer (`bench/loop.py`): the same readings, the same row, the same paho, the same boards and broker.
On a pseudo-terminal at 19200 against arithmetic: one scan (all boards once, t3.5 kept) and one exchange (the reading that confirms).
Journals lie in memory (/dev/shm), since the time of a sync is the disk's, and P4's; the same on this machine's disk is shown.

P1, focus: sixteen boards at 115200, the edges of the board whose drawer is released until the first reading that shows them, against the
peer's plain round robin; and openings of 25 ms, of which every one is to be believed, with a debounce of 10 ms. In virtual time: the
order of reading counts, and what either side computes is free. A round robin reads a board once in sixteen exchanges, we once in two, and
both wait for the answer's own time, so against an ideal peer a little less than 8 is the most there is. (Ready-made peers, which waste
time between exchanges, took 88 ms where this was tried by hand.)

P2, live: `Hardware.release`, called as the shell calls it once the intent is durable, until its frame is handed to the line; the boards
are scanned meanwhile. P2 with three of four boards dead: in virtual time, half an hour after they died, against a peer that was
told which board lives and asks no other. The worst case is one probe: the time-out, then the quiet window.

Of each figure the least of several rounds' p99 counts, and the rounds of both take turns: other programs of a shared machine, which the
bench asks to be served before (nice) where it may, only ever add to it. The median of the rounds' p50 is shown beside it.
"""

import random
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles

from bench import virtual, watch
from bench.figure import Figure
from bench.rig import CHANNELS, Boards, Listener, broker, going_first, serial_bus, tcp_bus, units_of, write_site

BOARDS = 4
BAUD = 19200
SETTLE_S = 0.04
SCAN_MS = 5
ROUNDS = 4
EDGES, UNLOCKS = 100, 200
PAUSE_S = (0.01, 0.06)
MEMORY = Path("/dev/shm")  # noqa: S108 - a file system without a disk, where there is one
GOAL, GOAL_SERIAL = 1.3, 1.1
EXCHANGE_MS = (8 + 6) * 10_000 / BAUD + 2 * 35_000 / BAUD


@dataclass(frozen=True, slots=True)
class Run:
    """What one round of one watcher came to, in milliseconds."""

    edge: list[float]
    unlock: list[float]


def measure() -> list[Figure]:
    """All of P1 and P2, about five minutes."""
    memory = MEMORY if MEMORY.is_dir() else Path()
    with going_first():
        tcp = [(_round("house", 0, memory), _round("hand", 0, memory)) for _ in range(ROUNDS)]
        rtu = [(_round("house", BAUD, memory), _round("hand", BAUD, memory)) for _ in range(ROUNDS - 1)]
        disk = [(_round("house", 0, Path()), _round("hand", 0, Path()))]
    return [*_edges(tcp, rtu, disk), *_unlocks(tcp, rtu), *virtual.measure()]


Pair = tuple[Run, Run]


def _edges(tcp: list[Pair], rtu: list[Pair], disk: list[Pair]) -> Iterator[Figure]:
    ours, peer = _columns(tcp, "edge")
    ratio = _least(ours) / _least(peer)
    yield Figure(
        "P1", "door switch to subscriber, TCP, less debounce", _said(ours), f"by hand {_said(peer)}", ratio, f"≤ {GOAL}", ratio <= GOAL
    )  # fmt: skip
    ours, peer = _columns(rtu, "edge")
    limit = BOARDS * EXCHANGE_MS + EXCHANGE_MS
    ratio = _least(ours) / limit
    against = f"scan + exchange {limit:.1f} ms; by hand {_said(peer)}"
    yield Figure("P1", f"the same on RTU at {BAUD}", _said(ours), against, ratio, f"≤ {GOAL_SERIAL}", ratio <= GOAL_SERIAL)
    ours, peer = _columns(disk, "edge")
    ratio = _least(ours) / _least(peer)
    yield Figure("P1", "on TCP with this machine's disk", _said(ours), f"by hand {_said(peer)}", ratio, "shown", ok=True)


def _unlocks(tcp: list[Pair], rtu: list[Pair]) -> Iterator[Figure]:
    for name, pairs in (("TCP", tcp), (f"RTU at {BAUD}", rtu)):
        ours, peer = _columns(pairs, "unlock")
        ratio = _least(ours) / _least(peer)
        yield Figure("P2", f"unlock asked to first byte, {name}", _said(ours), f"by hand {_said(peer)}", ratio, f"≤ {GOAL}", ratio <= GOAL)


def _columns(pairs: list[Pair], what: str) -> tuple[list[list[float]], list[list[float]]]:
    """Our rounds and the peer's."""
    return [getattr(ours, what) for ours, _ in pairs], [getattr(peer, what) for _, peer in pairs]


def _said(rounds: list[list[float]]) -> str:
    return f"p99 {_least(rounds):.2f}, p50 {median(median(one) for one in rounds):.2f} ms"


def _least(rounds: list[list[float]]) -> float:
    return min(_p99(one) for one in rounds)


def _p99(values: list[float]) -> float:
    return quantiles(values, n=100)[98]


def _round(who: str, baud: int, place: Path) -> Run:
    """One watcher from its start to its end."""
    with tempfile.TemporaryDirectory(dir=place) as name:
        folder, units = Path(name), units_of(BOARDS)
        boards = Boards(BOARDS, baud)
        try:
            bus = serial_bus(baud, str(boards.where)) if baud else tcp_bus(int(boards.where))
            loaded = write_site(folder / "site.toml", bus, BOARDS, scan_ms=SCAN_MS)
            with broker(folder) as port:
                watcher = watch.Watcher({"house": watch.house, "hand": watch.hand}[who], loaded, units, folder, port)
                listener = Listener(port)
                try:
                    return Run(_flip(boards, listener, units), [took_s * 1000 for took_s in watcher.unlock(UNLOCKS)])
                finally:
                    watcher.stop()
                    listener.close()
        finally:
            boards.stop()


def _flip(boards: Boards, listener: Listener, units: list[int]) -> list[float]:
    """How long the news of each edge took, less the debounce. The first is for warmth."""
    is_open: set[tuple[int, int]] = set()
    took: list[float] = []
    for _ in range(EDGES + 1):
        time.sleep(random.uniform(*PAUSE_S))
        unit, number = random.choice(units), random.randrange(CHANNELS)
        is_open ^= {(unit, number)}
        at_s = boards.flip(unit, number)
        heard_s = listener.wait_for(f"b{unit}:{number}", "open" if (unit, number) in is_open else "latched")
        took.append((heard_s - at_s - SETTLE_S) * 1000)
    return took[1:]

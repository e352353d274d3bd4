"""Bring every fact to the pharmacy server, in order, until it says that it holds it.

Alone knows: how many facts may be on their way at once, and when to send them again.
Must not know: brokers, topics, what a fact means.

The only receipt is the server's own `down/ack`: the highest fact without a gap that it holds durably. An ack that brings
nothing new, or takes something back (a server put back from a copy), may be late news of facts still on their way; so it never
resends at once, it shortens the patience. When that ends without progress, all is sent again from the ack on, one batch first, so that
an absent server costs next to nothing; every ack that makes progress doubles what may be on its way. Thus a doubled
ack cannot start a storm of doubled facts.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import Any, Protocol

import msgspec
import structlog

from cabinet.domain.facts import Entry
from cabinet.messages import Ack, envelope_of

BATCH_FACTS = 100
BATCH_BYTES = 64 * 1024
WINDOW_BATCHES = 16
HURRY_S = 0.25
"""An ack without progress is waited over this long for facts that are merely on their way."""
PATIENCE_S = 2.0
LONGEST_PATIENCE_S = 16.0

log = structlog.get_logger()


class Outbox(Protocol):
    """The journal, as far as sending it needs to know it."""

    @property
    def epoch(self) -> int:
        """The epoch that is written now."""
        ...

    @property
    def head(self) -> tuple[int, int, str]:
        """(epoch, seq, hash) of the last durable fact."""
        ...

    @property
    def acked(self) -> tuple[int, int]:
        """(epoch, seq) that was kept last; (0, 0) at first."""
        ...

    async def keep_acked(self, epoch: int, seq: int) -> None:
        """Remember durably up to where the server holds everything. A hint that saves sending, nothing more."""
        ...

    def envelopes(self, epoch: int = 0, after_seq: int = 0) -> Iterator[dict[str, Any]]:
        """Durable facts after (`epoch`, `after_seq`), in order, as JSON objects."""
        ...


class FactSender:
    """Window, acks and patience of one cabinet. `publish` takes a `JournalReport` as JSON and tells whether a line took it."""

    def __init__(self, outbox: Outbox, publish: Callable[[bytes], bool]) -> None:
        self._outbox = outbox
        self._publish = publish
        self._is_up = False
        self._head = outbox.head[1]
        epoch, seq = outbox.acked
        self._acked = min(seq, self._head) if epoch == outbox.epoch else 0
        self._sent = self._acked
        self._on_their_way: deque[int] = deque()
        self._window = 1
        self._patience_s = PATIENCE_S
        self._timer: asyncio.TimerHandle | None = None
        self._pump: asyncio.Handle | None = None
        self._unsent: Iterator[dict[str, Any]] = iter(())
        self._unsent_from = -1

    @property
    def acked(self) -> int:
        """The highest fact that the server says it holds."""
        return self._acked

    @property
    def behind(self) -> int:
        """How many facts the server does not hold yet, as far as we know."""
        return self._head - self._acked

    def line_up(self) -> None:
        """Begin after the last ack: what was on its way is lost with its line."""
        self._is_up = True
        self._rewind()

    def line_down(self) -> None:
        """Wait for the line."""
        self._is_up = False
        self._stop_timer()
        if self._pump is not None:
            self._pump.cancel()
            self._pump = None

    def committed(self, entries: Sequence[Entry]) -> None:
        """Take note of new durable facts; sent before this returns where nothing is owed before them."""
        first, self._head = entries[0].seq, entries[-1].seq
        if self._is_up and self._sent == first - 1 and self._has_room() and self._pump is None:
            self._send([msgspec.json.encode(envelope_of(entry)) for entry in entries[:BATCH_FACTS]])
        self._send_rest()

    def take_ack(self, ack: Ack) -> None:
        """Hear what the server holds. An ack of another epoch says that it holds nothing of ours."""
        seq = max(0, ack.seq) if ack.epoch == self._outbox.epoch else 0
        if seq > self._head:
            log.error("the pharmacy server acknowledges facts that this journal does not hold", acked=seq, head=self._head)
            return
        if seq > self._acked:
            self._progress(seq)
        else:
            self._acked = seq
            if seq < self._head:
                self._arm(HURRY_S)

    def _progress(self, seq: int) -> None:
        self._acked = seq
        self._sent = max(self._sent, seq)
        while self._on_their_way and self._on_their_way[0] <= seq:
            self._on_their_way.popleft()
        self._window = min(2 * self._window, WINDOW_BATCHES)
        self._patience_s = PATIENCE_S
        self._stop_timer()
        if self._on_their_way and self._is_up:
            self._arm(self._patience_s)
        self._send_rest()

    def _rewind(self) -> None:
        self._sent = self._acked
        self._on_their_way.clear()
        self._window = 1
        self._stop_timer()
        self._send_rest()

    def _impatient(self) -> None:
        self._timer = None
        if self._acked < self._head:
            self._rewind()
            self._patience_s = min(2 * self._patience_s, LONGEST_PATIENCE_S)

    def _arm(self, wait_s: float) -> None:
        """Let patience end in `wait_s`, or sooner if it does already."""
        loop = asyncio.get_running_loop()
        if not self._is_up or (self._timer is not None and self._timer.when() <= loop.time() + wait_s):
            return
        self._stop_timer()
        self._timer = loop.call_later(wait_s, self._impatient)

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _has_room(self) -> bool:
        return len(self._on_their_way) < self._window

    def _send_rest(self) -> None:
        """One batch at a turn of the loop, so that a month of facts never makes a door switch late."""
        if self._is_up and self._pump is None and self._sent < self._head and self._has_room():
            self._pump = asyncio.get_running_loop().call_soon(self._send_from_journal)

    def _send_from_journal(self) -> None:
        self._pump = None
        if not self._is_up or self._sent >= self._head or not self._has_room():
            return
        if self._unsent_from != self._sent:
            self._unsent = self._outbox.envelopes(self._outbox.epoch, self._sent)
        facts = [msgspec.json.encode(envelope) for envelope in islice(self._unsent, BATCH_FACTS)]
        is_used_up = self._send(facts) == BATCH_FACTS
        self._unsent_from = self._sent if is_used_up else -1
        self._send_rest()

    def _send(self, facts: list[bytes]) -> int:
        """Publish the facts after the last sent one, as many of them as fit one batch; how many were."""
        size, count = 0, 0
        for fact in facts:
            size += len(fact)
            if count and size > BATCH_BYTES:
                break
            count += 1
        report = {"epoch": self._outbox.epoch, "first_seq": self._sent + 1, "facts": [msgspec.Raw(fact) for fact in facts[:count]]}
        if not count or not self._publish(msgspec.json.encode(report)):
            return 0
        self._sent += count
        self._on_their_way.append(self._sent)
        self._arm(self._patience_s)
        return count

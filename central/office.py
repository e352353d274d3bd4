"""The pharmacy server without its pages: post comes in by courier, is stored, and only then acknowledged.

Alone knows: how post is gathered into rounds, and that an ack follows its commit.
Must not know: what a fact means, which courier or disk it was given, pages.

The same office runs live (paho, a file, commits on a thread of their own, since a disk may take 20 ms to sync) and in virtual time
(the twin, memory, commits inline). Whatever waits while a commit runs becomes the next round, so that the slower the disk, the larger
the transactions.
"""

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path

from cabinet.courier.port import Courier, Parcel
from cabinet.domain.vocabulary import utc_text
from cabinet.messages import encode, topic
from central.feed import Feed
from central.inquiry import Inquiry
from central.post import TOPICS, Facts, Post, read
from central.schema import open_reader, open_writer
from central.store import Outcome, Store

ROUND = 1000
INBOX_LIMIT = 20_000
"""Facts that come while this much waits are dropped; their cabinets send them again."""

Work = Callable[[Callable[[], Outcome]], Awaitable[Outcome]]
"""Has a job done where commits are done."""


class Office:
    """One pharmacy server. Run `run` as a task for as long as post shall be stored."""

    def __init__(self, store: Store, inquiry: Inquiry, work: Work, now: Callable[[], datetime]) -> None:
        self.inquiry = inquiry
        self.feed = Feed()
        self.now = now
        self.facts_stored = 0
        self.posts_taken = 0
        self.posts_dropped = 0
        self._store = store
        self._work = work
        self._courier: Courier | None = None
        self._inbox: list[Post] = []
        self._has_post = asyncio.Event()
        self._is_idle = asyncio.Event()
        self._is_idle.set()

    @classmethod
    def in_memory(cls, now: Callable[[], datetime]) -> "Office":
        """An office that keeps everything in memory and commits inline: no thread, no socket, no file."""
        conn = open_writer(None)
        return cls(Store(conn), Inquiry(conn), _inline, now)

    @classmethod
    def on_disk(cls, path: Path, writer: ThreadPoolExecutor, now: Callable[[], datetime]) -> "Office":
        """An office on a file; commits run on the one thread of `writer`, questions on the event loop."""
        store = Store(open_writer(path))

        async def work(job: Callable[[], Outcome]) -> Outcome:
            return await asyncio.get_running_loop().run_in_executor(writer, job)

        return cls(store, Inquiry(open_reader(path)), work, now)

    @property
    def is_up(self) -> bool:
        """Whether the broker is reached."""
        return self._courier is not None and self._courier.is_up

    def attach(self, courier: Courier) -> None:
        """Hear all cabinets through this courier. Before the courier starts."""
        self._courier = courier
        courier.subscribe(TOPICS, self._receive)

    def balances(self, cabinet: str) -> dict[str, int]:
        """Units by pocket, folded from the facts that are held of the cabinet's newest epoch."""
        return self.inquiry.balances(cabinet)

    def close(self) -> None:
        """Let go of the database; nothing may run any more."""
        self._store.close()
        self.inquiry.close()

    async def idle(self) -> None:
        """Wait until everything that came in is stored and acknowledged."""
        await self._is_idle.wait()

    async def run(self) -> None:
        """Store round after round until cancelled. A sqlite3.Error ends it: the process must stop and start from the file."""
        while True:
            await self._has_post.wait()
            self._has_post.clear()
            while self._inbox:
                post, self._inbox = self._inbox[:ROUND], self._inbox[ROUND:]
                now = utc_text(self.now())
                self._settle(await self._work(lambda post=post, now=now: self._store.take(post, now)))  # type: ignore[misc]
                self.posts_taken += len(post)
            self._is_idle.set()

    def _settle(self, outcome: Outcome) -> None:
        """The round is durable: say so."""
        self.facts_stored += outcome.facts
        if self._courier is not None:
            for cabinet, ack in outcome.acks.items():
                self._courier.publish(topic(cabinet, "down/ack"), encode(ack), qos=1, retain=True)
        self.feed.tell(outcome.changed)

    def _receive(self, parcel: Parcel) -> None:
        piece = read(parcel.topic, parcel.payload)
        if piece is None:
            return
        if len(self._inbox) >= INBOX_LIMIT and isinstance(piece, Facts):
            self.posts_dropped += 1
            return
        self._inbox.append(piece)
        self._is_idle.clear()
        self._has_post.set()


async def _inline(job: Callable[[], Outcome]) -> Outcome:
    return job()

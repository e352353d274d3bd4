"""The pharmacy server without its pages: post comes in by courier, is stored, and only then acknowledged.

Alone knows: how post is gathered into rounds, how much of it may wait, and that an ack follows its commit.
Must not know: what a fact means, which courier or database it was given, pages.

The same office runs live (paho, a file or a server, commits on a thread of their own, since a disk may take 20 ms to sync) and in virtual
time (the twin, memory, commits inline). Whatever waits while a commit runs becomes the next round, so that the slower the disk, the larger
the transactions. It keeps nothing that a broker or a cabinet could not give again: several offices may share one database.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import structlog

from cabinet.courier.port import SHARED, Courier, Parcel
from cabinet.domain.vocabulary import utc_text
from cabinet.messages import encode, topic
from central.database.hand import Unreachable
from central.database.place import MEMORY, Database
from central.feed import Feed
from central.ingest.outcome import Outcome
from central.ingest.store import Store
from central.inquiry import Inquiry
from central.post import FACTS, REPORTS, Post, read

LANES = 2
"""Rounds under way at once on PostgreSQL; SQLite has one writer."""
ROUND_POSTS = 5000
ROUND_BYTES = 4 * 1024 * 1024
FULL_BYTES = 16 * 1024 * 1024
"""While more than this waits nothing is taken from the broker."""
AGAIN_S = 0.5
"""A database that went away is asked again this often."""
STORM_POSTS, STORM_S = 64, 1.0
"""A round of so many pieces of post is part of a storm, which is over when none was for this long."""
BUSY_S = 0.002
"""Post of cabinets that another worker writes is tried again after this long."""

FOLLOWS_FACTS = ("facts", "stock", "discrepancies", "alerts")
"""What may have changed where another worker stored facts."""

Work = Callable[[Callable[[], Outcome]], Awaitable[Outcome]]
"""Has a job done where commits are done."""

log = structlog.get_logger()


class _Lane:
    """Post of some of the cabinets, stored round after round through one connection; lanes keep PostgreSQL and us busy at once."""

    def __init__(self, database: Database) -> None:
        self.store = Store(database)
        self.inbox: deque[tuple[Post, int]] = deque()
        self.has_post = asyncio.Event()
        self.is_idle = asyncio.Event()
        self.is_idle.set()

    def put(self, piece: Post, weight: int) -> None:
        """One more piece waits."""
        self.inbox.append((piece, weight))
        self.is_idle.clear()
        self.has_post.set()

    def put_back(self, post: Sequence[Post]) -> None:
        """These come first again; nobody counted them out twice."""
        self.inbox.extendleft((piece, 0) for piece in reversed(post))

    def next_round(self) -> tuple[list[Post], int]:
        """What is stored next, and its weight."""
        post: list[Post] = []
        size = 0
        while self.inbox and len(post) < ROUND_POSTS and size < ROUND_BYTES:
            piece, weight = self.inbox.popleft()
            post.append(piece)
            size += weight
        return post, size


class Office:
    """One pharmacy server. Run `run` as a task for as long as post shall be stored."""

    def __init__(self, database: Database, work: Work, now: Callable[[], datetime], lanes: int = 1) -> None:
        self.database = database
        self.inquiry = Inquiry(database)
        self.feed = Feed(self.is_storing)
        self.now = now
        self.facts_stored = 0
        self.posts_taken = 0
        self.rounds_taken = 0
        self._lanes = [_Lane(database) for _ in range(lanes)]
        self._work = work
        self._courier: Courier | None = None
        self._waiting_bytes = 0
        self._is_held = False
        self._stormy_s = -STORM_S

    @classmethod
    def in_memory(cls, now: Callable[[], datetime]) -> "Office":
        """An office that keeps everything in memory and commits inline: no thread, no socket, no file."""
        return cls(Database(MEMORY).prepare(), _inline, now)

    @classmethod
    def on(cls, database: Database, writer: ThreadPoolExecutor, now: Callable[[], datetime]) -> "Office":
        """An office on a database that is prepared; commits run on the threads of `writer`, questions on the event loop."""

        async def work(job: Callable[[], Outcome]) -> Outcome:
            return await asyncio.get_running_loop().run_in_executor(writer, job)

        return cls(database, work, now, LANES if database.dialect == "postgresql" else 1)

    def is_storing(self) -> bool:
        """Whether facts wait, or a storm of them is hardly over."""
        return self._waiting_bytes > 0 or asyncio.get_running_loop().time() < self._stormy_s + STORM_S

    @property
    def is_up(self) -> bool:
        """Whether the broker is reached."""
        return self._courier is not None and self._courier.is_up

    @property
    def waiting_bytes(self) -> int:
        """How much was taken from the broker and is not stored yet."""
        return self._waiting_bytes

    def attach(self, courier: Courier, *, group: str = "", hears_reports: bool = True) -> None:
        """Hear all cabinets through this courier; before the courier starts.

        `group`: the workers that share the facts (MQTT 5); none: all facts are for this one. Reports are retained, which no shared
        subscription repeats to whoever comes new, so one worker at least hears them all for itself. A fact that is lost on the way
        is sent again, so the broker need not ask for a receipt of each; a report is not.
        """
        self._courier = courier
        courier.subscribe([f"{SHARED}/{group}/{one}" for one in FACTS] if group else FACTS, self._receive, qos=0)
        if hears_reports:
            courier.subscribe(REPORTS, self._receive)

    def overhear(self, courier: Courier) -> None:
        """Hear what other workers acknowledge, so that pages here show what those have stored; before the courier starts."""
        courier.subscribe([topic("+", "down/ack")], self._heard_ack, qos=0)

    def _heard_ack(self, parcel: Parcel) -> None:
        if not parcel.is_retained:
            self.feed.tell({parcel.topic.split("/")[2]: set(FOLLOWS_FACTS)})

    def balances(self, cabinet: str) -> dict[str, int]:
        """Units by pocket, folded from the facts that are held of the cabinet's newest epoch."""
        return self.inquiry.balances(cabinet)

    def close(self) -> None:
        """Let go of the database; nothing may run any more."""
        for lane in self._lanes:
            lane.store.close()
        self.database.close()

    async def idle(self) -> None:
        """Wait until everything that came in is stored and acknowledged."""
        for lane in self._lanes:
            await lane.is_idle.wait()

    async def run(self) -> None:
        """Store round after round until cancelled. An error of the database ends it; a server that went away is waited for."""
        async with asyncio.TaskGroup() as tasks:
            for lane in self._lanes:
                tasks.create_task(self._run(lane))

    async def _run(self, lane: _Lane) -> None:
        while True:
            await lane.has_post.wait()
            lane.has_post.clear()
            while lane.inbox:
                post, size = lane.next_round()
                outcome = await self._take(lane.store, post)
                self._waiting_bytes -= size
                self._settle(outcome)
                if outcome.deferred:
                    lane.put_back(outcome.deferred)
                    await asyncio.sleep(BUSY_S)
                self.posts_taken += len(post) - len(outcome.deferred)
                if len(post) >= STORM_POSTS:
                    self._stormy_s = asyncio.get_running_loop().time()
            lane.is_idle.set()

    async def _take(self, store: Store, post: list[Post]) -> Outcome:
        """Take a round until the database has it: whether a commit reached a server that went away nobody knows, and it does not matter."""
        is_told = False
        while True:
            now = utc_text(self.now())
            try:
                outcome = await self._work(lambda: store.take(post, now))  # noqa: B023 - done before the next turn
            except Unreachable as problem:
                if not is_told:
                    log.warning("database lost", why=str(problem))
                is_told = True
                await asyncio.sleep(AGAIN_S)
                continue
            if is_told:
                log.info("database found")
            return outcome

    def _settle(self, outcome: Outcome) -> None:
        """The round is durable: say so. An ack that is lost is asked for again by the facts that its cabinet sends again."""
        self.facts_stored += outcome.facts
        self.rounds_taken += 1
        if self._courier is not None:
            for cabinet, ack in outcome.acks.items():
                self._courier.publish(topic(cabinet, "down/ack"), encode(ack), qos=0, retain=True)
        if self._is_held and self._waiting_bytes < FULL_BYTES // 2:
            self._hold(is_held=False)
        self.feed.tell(outcome.changed)

    def _receive(self, parcel: Parcel) -> None:
        piece = read(parcel.topic, parcel.payload)
        if piece is None:
            return
        self._lanes[hash(piece.cabinet) % len(self._lanes)].put(piece, len(parcel.payload))
        self._waiting_bytes += len(parcel.payload)
        if self._waiting_bytes > FULL_BYTES and not self._is_held:
            self._hold(is_held=True)

    def _hold(self, *, is_held: bool) -> None:
        """Memory is bounded: what waits beyond that waits at the broker, or is sent again by its cabinet."""
        self._is_held = is_held
        if self._courier is not None:
            self._courier.hold(is_held=is_held)


async def _inline(job: Callable[[], Outcome]) -> Outcome:
    return job()

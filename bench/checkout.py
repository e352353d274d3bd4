"""Checkout: from a nurse's touch to the unlock order, the durable facts included, beside the same rows committed by hand.

The cabinet is its core, its controller and its journal on disk (a writer thread), with the demo's formulary, policy and furniture; the lock
is a stand-in that notes when it is ordered to open. The peer commits the very rows of that touch (request, authorisation, release and
intent: what the journal wrote) with raw sqlite3 in one writer thread, hash by `json.dumps` and SHA-256, no checks, no triggers. Both take
turns, touch by touch, on the same disk; each figure is the least p99 of several runs, since machines are shared.
"""

import asyncio
import gc
import sqlite3
import tempfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from itertools import count
from pathlib import Path
from statistics import quantiles
from typing import Self
from uuid import uuid4

from bench.figure import Figure
from bench.journal import row_by_hand
from cabinet.adapters.clock import SystemClock
from cabinet.adapters.journal import JournalThread, Origin
from cabinet.adapters.journal_schema import COLUMNS
from cabinet.adapters.precise_loop import precise_loop
from cabinet.app.live import keep_for_good
from cabinet.app.software import BUILT, SOFTWARE
from cabinet.app.world import world_of
from cabinet.controller import Controller
from cabinet.domain import events
from cabinet.domain.authority import Mode
from cabinet.domain.core import Core, World
from cabinet.domain.dose.rules import Level
from cabinet.domain.facts import Draft, Entry
from cabinet.domain.layout import Lock
from cabinet.domain.vocabulary import AccessId, BoardId, Channel, ItemId, PatientId, SessionId, StaffId, Units, Weighing
from cabinet.ports import BadReading, Watcher
from config.load import load_site

SITE = Path(__file__).parents[1] / "config/sites/demo.toml"
NURSE, ITEM = StaffId("ana-reyes"), ItemId("acetaminophen-325-tab")
TOUCHES, RUNS, GOAL = 300, 5, 1.5


def measure() -> list[Figure]:
    """About 20 s."""
    with tempfile.TemporaryDirectory(dir=".") as folder:
        runs = []
        for run in range(RUNS):
            home = Path(folder) / str(run)
            home.mkdir()
            with asyncio.Runner(loop_factory=precise_loop) as runner:
                runs.append(runner.run(_run(home)))
    ours, peer = (min(_p99_ms(took[side]) for took in runs) for side in (0, 1))
    half = [sorted(took[side])[len(took[side]) // 2] * 1000 for took in runs[:1] for side in (0, 1)]
    return [
        Figure(
            "checkout", "touch → unlock order, durable facts included, p99", f"{ours:.2f} ms", f"the same rows by hand {peer:.2f} ms",
            ours / peer, f"<= {GOAL}", ours / peer <= GOAL,
        ),
        Figure("checkout", "the same, half of them", f"{half[0]:.2f} ms", f"by hand {half[1]:.2f} ms", half[0] / half[1], "shown", ok=True),
    ]  # fmt: skip


def _p99_ms(took_s: list[float]) -> float:
    return quantiles(took_s, n=100)[98] * 1000


class _Doors:
    """The Hardware port without wires: a lock that is ordered to open notes when, and springs open."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._watcher: Watcher | None = None
        self.released_s = 0.0
        self.is_open = asyncio.Event()
        self._opened: list[Lock] = []

    async def start(self, watcher: Watcher, on_crash: Callable[[BaseException], None]) -> None:  # noqa: ARG002 - nothing here can crash
        """See Hardware."""
        self._watcher = watcher
        for lock in self._world.layout.locks.values():
            self._tell(lock, is_shut=True)

    async def stop(self) -> None:
        """See Hardware."""

    async def release(self, coil: Channel, hold_ms: int) -> None:  # noqa: ARG002 - it springs open at once
        """See Hardware."""
        loop, lock = asyncio.get_running_loop(), self._world.layout.locks[str(coil)]
        self.released_s = loop.time()
        self._opened.append(lock)
        loop.call_soon(lambda: self._tell(lock, is_shut=False))
        self.is_open.set()

    async def switch(self, light: Channel, is_on: bool) -> None:
        """See Hardware."""

    async def weigh(self, scale: BoardId, *, is_after: bool) -> Weighing:  # noqa: ARG002 - there is none
        """See Hardware."""
        raise BadReading(str(scale), "no scale")

    async def look(self, inputs: tuple[Channel, ...]) -> tuple[tuple[Channel, bool], ...]:
        """See Hardware."""
        return tuple((channel, True) for channel in inputs)

    async def all_off(self) -> None:
        """See Hardware."""

    def watch_closely(self, channels: tuple[Channel, ...]) -> None:
        """See Hardware."""

    def call(self, boards: tuple[BoardId, ...]) -> None:
        """See Hardware."""

    def shut_all(self) -> None:
        """A hand pushes everything shut."""
        while self._opened:
            self._tell(self._opened.pop(), is_shut=True)
        self.is_open.clear()

    def _tell(self, lock: Lock, *, is_shut: bool) -> None:
        assert self._watcher is not None
        self._watcher.input_changed(lock.closed, is_shut, asyncio.get_running_loop().time())


class _Heard:
    """What the journal wrote, as drafts, for the peer to write again."""

    def __init__(self) -> None:
        self.rounds: list[list[Draft]] = []

    def committed(self, entries: tuple[Entry, ...]) -> None:
        """See CommitListener."""
        now = SystemClock().now()
        self.rounds.append([Draft(now, one.fact, one.access, one.staff, one.witness) for one in entries])


def _world() -> World:
    """The demo's, in an area where a nurse takes what she needs: the touch is the same, and no order runs out."""
    world = world_of(load_site(SITE))
    authority = replace(world.policy.authority, mode=Mode.NON_PROFILE)
    quiet = replace(world.policy.dosing, warnings=dict.fromkeys(world.policy.dosing.warnings, Level.OFF))
    return replace(world, policy=replace(world.policy, authority=authority, dosing=quiet))


async def _run(home: Path) -> tuple[list[float], list[float]]:
    world, clock = _world(), SystemClock()
    doors, heard = _Doors(world), _Heard()
    origin = Origin(world.layout.cabinet, SOFTWARE, BUILT)
    with closing(JournalThread.open(home / "journal.db", origin, now=clock.now, new_id=lambda: str(uuid4()))) as journal:
        controller = Controller(Core(world), journal, doors, clock)
        controller.listen(heard)
        running = asyncio.create_task(controller.run(boot=1, software=SOFTWARE, config="0" * 64))
        while controller.core.state.mode != "ready":
            await controller.next_round()
        keep_for_good()
        ours, peer = [], []
        with _Peer(home / "by-hand.db") as by_hand:
            for number in range(TOUCHES):
                ours.append(await _touch(controller, doors, heard, number))
                peer.append(await by_hand.write(heard.rounds[0]))
        running.cancel()
        await asyncio.wait([running])
    gc.unfreeze()
    return ours, peer


async def _touch(controller: Controller, doors: _Doors, heard: _Heard, number: int) -> float:
    """One withdrawal; returns how long its first unlock order took from the touch, in seconds."""
    loop, session, access = asyncio.get_running_loop(), SessionId(f"s-{number}"), AccessId(f"a-{number}")
    clock, patient = controller.clock, next(iter(controller.core.world.patients))
    await controller.ask(events.StaffRecognised(clock.now(), session, NURSE, ("badge", "secret")))
    heard.rounds.clear()
    asked_s = loop.time()
    event = events.AccessAsked(
        clock.now(), session, access, "withdraw", "policy", Units(1), item=ITEM, patient=PatientId(patient), reason="bench"
    )
    refusal = await controller.ask(event)
    assert refusal is None, refusal
    await doors.is_open.wait()
    took_s = doors.released_s - asked_s
    while "confirm" not in controller.core.asks(controller.core.state.accesses[access]):
        await controller.next_round()
    await controller.ask(events.QuantityEntered(clock.now(), session, access, Units(0)))
    doors.shut_all()
    while controller.core.state.accesses[access].phase != "settled":
        await controller.next_round()
    await controller.ask(events.SignOutAsked(clock.now(), session))
    return took_s


class _Peer:
    """The same rows by hand, in one writer thread."""

    def __init__(self, path: Path) -> None:
        self._conn = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        self._thread = ThreadPoolExecutor(1)
        self._seqs, self._last = count(1), "0" * 64
        self._insert = f"insert into facts ({COLUMNS}) values ({', '.join('?' * 11)})"  # noqa: S608 - constants

    def __enter__(self) -> Self:
        self._conn.execute("pragma journal_mode = wal")
        self._conn.execute("pragma synchronous = full")
        self._conn.execute(f"create table facts ({COLUMNS}, primary key (epoch, seq)) without rowid")
        return self

    def __exit__(self, *_: object) -> None:
        self._thread.shutdown()
        self._conn.close()

    async def write(self, drafts: list[Draft]) -> float:
        """Commit these rows; how long it took, in seconds."""
        loop = asyncio.get_running_loop()
        began_s = loop.time()
        await loop.run_in_executor(self._thread, self._commit, drafts)
        return loop.time() - began_s

    def _commit(self, drafts: list[Draft]) -> None:
        rows = []
        for draft in drafts:
            row = row_by_hand(draft, next(self._seqs), self._last)
            self._last = row[-1]
            rows.append(row)
        self._conn.execute("begin immediate")
        self._conn.executemany(self._insert, rows)
        self._conn.execute("commit")

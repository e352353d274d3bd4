"""The scan of the inputs: which board is read when, when a changed reading is believed, and for how long.

Alone knows: the order of reading on each bus, and when a reading is too old to be relied on.
Must not know: what an input means, how a board is read, when a reading is believed (`watched.py`), when a board loses its trust
(`health.py`), or what is done about a change.

Boards on one bus are read in sequence, buses at the same time. A changed reading is confirmed by reading that board again at once;
an input is believed once every reading for `settle_ms`, at least two of them, said the same; no other reading is begun that would make the
settling one late. A released drawer's board (`focus`) is read again and again between every two others. A board out of trust is not read,
and nothing of it is believed. What was last read longer than two scans ago is stale: it is still the last that was known, and decides
nothing any more. At `rest` nothing is read at all. Every raw edge, believed or not, is kept for the technician. A board whose inputs are
latched tells of a change that was shorter than a scan (`passed`): both edges are told, for a lock that opened and closed again was open.
"""

import asyncio
from collections import deque
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from cabinet.domain.vocabulary import BoardId, Channel
from cabinet.ports import DeviceFault, InputWatcher, Quality, Sensed
from drivers.exchange import Rank
from drivers.watched import RankedInputs, Watched

STALE_SCANS = 2
"""A reading holds for so many scans."""
FOCUS_TIMES = 6
"""A board in focus is read so often between every two others: the drawer that was released is what matters now."""
RAW_EDGES = 4096
_TRIES = 2
"""A reading that failed is tried again at once, so often in a row; then at its next turn."""


class RawEdge(NamedTuple):
    """A reading that differed from the one before it, when it was heard."""

    mono_s: float
    channel: Channel
    is_on: bool


@dataclass(frozen=True, slots=True)
class ScanPlan:
    """The boards of each bus, which of them watch doors and lids, and how often they are read."""

    buses: tuple[tuple[BoardId, ...], ...]
    doors: frozenset[BoardId]
    scan_ms: int = 50
    bin_scan_ms: int = 400
    settle_ms: int = 40
    focus_ms: int = 10
    """A board in focus is read at least this often, also when no other is due."""


_NEVER_S = float("inf")


def _due(watched: Watched) -> float:
    return watched.due_s


class _Round:
    """The boards of one bus, in the order in which they are read."""

    def __init__(self, watched: list[Watched]) -> None:
        self.watched = watched
        self.trusted = list(watched)
        self.reading_s = 0.0
        """How long the last good reading took, from the asking to the end."""
        self._focus: list[Watched] = []
        self._focus_turns = 0
        self._nap: asyncio.Future[None] | None = None

    def set_focus(self, boards: Collection[BoardId], now_s: float) -> None:
        """Read these of our boards between every two others, from now on."""
        self._focus = [one for one in self.watched if one.id in boards]
        for one in self._focus:
            one.due_s = min(one.due_s, now_s)
        self.kick()

    def see_trust(self) -> None:
        """Whose turn it can be has changed."""
        self.trusted = [one for one in self.watched if one.is_trusted]
        self.kick()

    def stale_after_s(self, watched: Watched) -> float:
        """How long a reading of this board holds: so many scans, as long as one takes on a bus that is too slow for its period."""
        return STALE_SCANS * max(watched.period_s, len(self.trusted) * self.reading_s)

    def is_in_focus(self, watched: Watched) -> bool:
        """Whether this board is read between every two others."""
        return watched in self._focus

    def next(self, now_s: float) -> tuple[Watched | None, float]:
        """Who is read next, and when: what settles goes first, then focus and others in their measure, each by who is due the longest.

        None where no board of this bus is trusted.
        """
        settling = min((one for one in self.watched if one.is_settling), key=_due, default=None)
        if settling is not None and settling.due_s <= now_s + self.reading_s:
            return settling, settling.due_s
        trusted = self.trusted
        if not trusted:
            return None, _NEVER_S
        focused = min((one for one in self._focus if one.is_trusted and not one.misses), key=_due, default=None)
        if focused is None:
            chosen = min(trusted, key=_due)
            return chosen, chosen.due_s
        other = min((one for one in trusted if one.misses or one not in self._focus), key=_due, default=focused)
        if other.due_s > now_s:
            chosen = min(focused, other, key=_due)
            return chosen, chosen.due_s
        self._focus_turns = (self._focus_turns + 1) % (FOCUS_TIMES + 1)
        return (focused if self._focus_turns else other), now_s

    async def nap(self, until_s: float) -> None:
        """Wait until then, or until `kick`."""
        loop = asyncio.get_running_loop()
        self._nap = loop.create_future()
        timer = loop.call_at(until_s, self.kick) if until_s < _NEVER_S else None
        try:
            await self._nap
        finally:
            if timer is not None:
                timer.cancel()
            self._nap = None

    def kick(self) -> None:
        """End the nap."""
        if self._nap is not None and not self._nap.done():
            self._nap.set_result(None)


class Scanner:
    """Reads all boards of the plan for as long as it runs, and tells the watcher what it believes."""

    def __init__(self, boards: Mapping[BoardId, RankedInputs], watcher: InputWatcher, plan: ScanPlan) -> None:
        self._watcher, self._plan = watcher, plan
        self._settle_s = plan.settle_ms / 1000
        self._focus_s = plan.focus_ms / 1000
        periods_s = {board: (plan.scan_ms if board in plan.doors else plan.bin_scan_ms) / 1000 for board in boards}
        self._watched = {board: Watched(board, boards[board], periods_s[board]) for bus in plan.buses for board in bus}
        self._rounds = [_Round([self._watched[board] for board in bus]) for bus in plan.buses if bus]
        self._round_of = {watched.id: one for one in self._rounds for watched in one.watched}
        self._is_awake = asyncio.Event()
        self._is_awake.set()
        self.raw_edges: deque[RawEdge] = deque(maxlen=RAW_EDGES)
        """The latest raw edges, the newest last: what a contact really did, before it was believed."""

    async def run(self) -> None:
        """Scan until cancelled. The first readings report every input."""
        async with asyncio.TaskGroup() as group:
            for one in self._rounds:
                group.create_task(self._go_round(one))

    def focus(self, boards: Collection[BoardId]) -> None:
        """Read these boards between every two others from now on; none puts an end to it."""
        now_s = asyncio.get_running_loop().time()
        for one in self._rounds:
            one.set_focus(boards, now_s)

    def set_trust(self, board: BoardId, *, is_trusted: bool) -> None:
        """Read a board from now on, telling every input afresh; or do not, and believe nothing that it told."""
        watched = self._watched[board]
        watched.is_trusted = is_trusted
        watched.misses = 0
        watched.due_s = asyncio.get_running_loop().time()
        watched.forget()
        self._round_of[board].see_trust()

    def is_fresh(self, board: BoardId) -> bool:
        """Whether what this board told is good enough to decide anything by."""
        watched = self._watched[board]
        return asyncio.get_running_loop().time() - watched.heard_s <= self._round_of[board].stale_after_s(watched)

    def reading(self, channel: Channel) -> Sensed:
        """What is known of an input now, how good that is, and how old."""
        watched = self._watched[channel.board]
        age_s = asyncio.get_running_loop().time() - watched.heard_s
        value = watched.believed[channel.number] if channel.number < len(watched.believed) else None
        if value is None:
            return Sensed(None, Quality.UNKNOWN, age_s)
        return Sensed(value, Quality.GOOD if self.is_fresh(channel.board) else Quality.STALE, age_s)

    def scan_ms(self, boards: Iterable[str]) -> int:
        """How long one reading of all trusted boards of the bus takes that has these."""
        rounds = {self._round_of[BoardId(board)] for board in boards if board in self._round_of}
        return round(sum(len(one.trusted) * one.reading_s for one in rounds) * 1000)

    def rest(self) -> None:
        """Read nothing until `wake`."""
        self._is_awake.clear()

    def wake(self) -> None:
        """Read every board that is due, from now on."""
        self._is_awake.set()

    async def look(self, boards: Collection[BoardId]) -> None:
        """Read these boards now, ahead of the scan and also at rest, until each has settled, failed twice or lost its trust."""
        async with asyncio.TaskGroup() as group:
            for board in boards:
                group.create_task(self._look_at(self._watched[board]))

    async def _look_at(self, watched: Watched) -> None:
        loop = asyncio.get_running_loop()
        await self._read(watched, Rank.VERIFY)
        while watched.is_trusted and (watched.is_settling or 0 < watched.misses < _TRIES):
            await asyncio.sleep(max(0.0, watched.due_s - loop.time()) if watched.is_settling else 0.0)
            await self._read(watched, Rank.VERIFY)

    async def _go_round(self, one: _Round) -> None:
        loop = asyncio.get_running_loop()
        while True:
            if not self._is_awake.is_set():
                await self._is_awake.wait()
            now_s = loop.time()
            watched, due_s = one.next(now_s)
            if watched is None or due_s > now_s:
                await one.nap(due_s)
            else:
                await self._read(watched, Rank.DOOR)
                if not watched.misses:
                    one.reading_s = loop.time() - now_s
                if one.is_in_focus(watched) and not watched.is_settling and not watched.misses:
                    watched.due_s = min(watched.due_s, now_s + self._focus_s)

    async def _read(self, watched: Watched, rank: Rank) -> None:
        """Read one board once, and say when it is to be read again."""
        loop = asyncio.get_running_loop()
        asked_s = loop.time()
        watched.due_s = asked_s + watched.period_s
        try:
            values = await watched.board.read_inputs(rank)
        except DeviceFault:
            watched.misses += 1
            if watched.misses < _TRIES:
                watched.due_s = loop.time()
            return
        if not watched.is_trusted:
            return
        heard_s = loop.time()
        watched.misses = 0
        watched.heard_s = heard_s
        if values != watched.raw:
            self._note_raw(watched, values, heard_s)
        for number, is_on, seen_s in watched.take(values, asked_s, heard_s, self._settle_s):
            self._watcher.input_changed(Channel(watched.id, number), is_on, seen_s)
        for number, value in watched.blips():
            for is_on in (not value, value):
                self.raw_edges.append(RawEdge(heard_s, Channel(watched.id, number), is_on))
                self._watcher.input_changed(Channel(watched.id, number), is_on, heard_s)
        if watched.is_settling:
            watched.due_s = watched.look_again_s(heard_s, self._settle_s)

    def _note_raw(self, watched: Watched, values: tuple[bool, ...], heard_s: float) -> None:
        before, watched.raw = watched.raw, values
        if before:
            changed = (number for number, (was, now) in enumerate(zip(before, values, strict=True)) if was != now)
            self.raw_edges.extend(RawEdge(heard_s, Channel(watched.id, number), values[number]) for number in changed)

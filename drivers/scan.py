"""The scan of the inputs: which board is read when, and when a changed reading is believed.

Alone knows: the order of reading on each bus, the settling of an input, and when a board counts as lost.
Must not know: what an input means, how a board is read, or what is done about a change.

Boards on one bus are read in sequence, buses at the same time. A changed reading is confirmed by reading that board again at once;
an input is believed once every reading for `settle_ms`, at least two of them, said the same; no other reading is begun that would make the
settling one late. A released drawer's board (`focus`) is read between every two others. A lost board is probed ever more seldom, until
all probes of a bus take at most `PROBE_SHARE` of its time, for each holds up whoever wants to unlock; where one comes back, all others are
tried at once, and where all are lost there is nobody to hold up. At `rest` nothing is read at all.
"""

import asyncio
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Protocol

from cabinet.domain.vocabulary import BoardId, Channel
from cabinet.ports import DeviceFault, InputWatcher, LineLost
from drivers.exchange import Rank

PROBE_SHARE = 0.005
"""The part of a line's time that asking silent boards may take while others answer."""

_ROUNDING_S = 1e-6
"""A timer may end this much early."""
_MISSES_TO_LOSE = 2
_PROBE_S = (0.25, 5.0)
"""How long after its loss a board is tried first, and how often it is tried while no board of its bus answers."""


class RankedInputs(Protocol):
    """A cabinet.ports.InputBoard whose reading may be told how urgent it is."""

    async def read_inputs(self, rank: Rank = Rank.DOOR) -> tuple[bool, ...]:
        """See InputBoard."""
        ...


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
    probe_ms: int = 450
    """What asking a silent board costs its line: the time-out and the quiet window."""


class _Watched:
    """One board as the scan sees it: what its inputs are believed to be, and what they seem to become."""

    __slots__ = ("_changing", "believed", "board", "due_s", "id", "is_lost", "misses", "period_s", "probe_s")

    def __init__(self, board_id: BoardId, board: RankedInputs, period_s: float) -> None:
        self.id, self.board, self.period_s = board_id, board, period_s
        self.believed: tuple[bool | None, ...] = ()
        self.due_s = 0.0
        self.misses = 0
        self.is_lost = False
        self.probe_s = _PROBE_S[0]
        self._changing: dict[int, tuple[bool, float]] = {}

    @property
    def is_settling(self) -> bool:
        """Whether an input seems to change and is not believed yet."""
        return bool(self._changing)

    def forget(self) -> None:
        """Believe nothing of this board any more."""
        self.believed = ()
        self._changing.clear()

    def take(self, values: tuple[bool, ...], asked_s: float, heard_s: float, settle_s: float) -> list[tuple[int, bool, float]]:
        """Weigh a reading; returns what is believed from now on: input, value, when first seen.

        A value holds from the first reading that showed it (`heard_s`) to the asking of the latest (`asked_s`), for the input was
        looked at somewhere between the two.
        """
        if values == self.believed and not self._changing:
            return []
        if len(self.believed) != len(values):
            self.believed = (None,) * len(values)
        settled = []
        for number, value in enumerate(values):
            if value == self.believed[number]:
                self._changing.pop(number, None)
                continue
            seen = self._changing.get(number)
            if seen is None or seen[0] != value:
                self._changing[number] = (value, heard_s)
            elif asked_s + _ROUNDING_S >= seen[1] + settle_s:
                settled.append((number, value, seen[1]))
                del self._changing[number]
        if settled:
            believed = list(self.believed)
            for number, value, _ in settled:
                believed[number] = value
            self.believed = tuple(believed)
        return settled

    def look_again_s(self, heard_s: float, settle_s: float) -> float:
        """When a settling board is to be read next: at once after a change was first seen, then when it has settled."""
        first_seen_s = [seen_s for _, seen_s in self._changing.values()]
        return heard_s if heard_s in first_seen_s else min(first_seen_s) + settle_s


def _due(watched: _Watched) -> float:
    return watched.due_s


class _Round:
    """The boards of one bus, in the order in which they are read."""

    def __init__(self, watched: list[_Watched]) -> None:
        self.watched = watched
        self.reading_s = 0.0
        """How long the last good reading took, from the asking to the end."""
        self._focus: list[_Watched] = []
        self._is_others_turn = True
        self._nap: asyncio.Future[None] | None = None

    def set_focus(self, boards: Collection[BoardId], now_s: float) -> None:
        """Read these of our boards between every two others, from now on."""
        self._focus = [one for one in self.watched if one.id in boards]
        for one in self._focus:
            one.due_s = min(one.due_s, now_s)
        self.kick()

    def is_in_focus(self, watched: _Watched) -> bool:
        """Whether this board is read between every two others."""
        return watched in self._focus

    def next(self, now_s: float) -> tuple[_Watched, float]:
        """Who is read next, and when: what settles goes first, then focus and others by turns, each by who is due the longest."""
        settling = min((one for one in self.watched if one.is_settling), key=_due, default=None)
        if settling is not None and settling.due_s <= now_s + self.reading_s:
            return settling, settling.due_s
        focused = min((one for one in self._focus if not one.is_lost), key=_due, default=None)
        if focused is None:
            chosen = min(self.watched, key=_due)
            return chosen, chosen.due_s
        other = min((one for one in self.watched if one.is_lost or one not in self._focus), key=_due, default=focused)
        if other.due_s > now_s:
            chosen = min(focused, other, key=_due)
            return chosen, chosen.due_s
        self._is_others_turn = not self._is_others_turn
        return (other if self._is_others_turn else focused), now_s

    def longest_probe_s(self, cost_s: float) -> float:
        """How long a lost board of this bus is left alone at most, where asking it costs so much."""
        lost = sum(one.is_lost for one in self.watched)
        return _PROBE_S[1] if lost == len(self.watched) else max(_PROBE_S[1], lost * cost_s / PROBE_SHARE)

    def probe_all(self, now_s: float) -> None:
        """Try every lost board of this bus at once, as if it were newly lost."""
        for one in self.watched:
            if one.is_lost:
                one.due_s, one.probe_s = now_s, _PROBE_S[0]

    async def nap(self, until_s: float) -> None:
        """Wait until then, or until `kick`."""
        loop = asyncio.get_running_loop()
        self._nap = loop.create_future()
        timer = loop.call_at(until_s, self.kick)
        try:
            await self._nap
        finally:
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
        self._watched = {board: _Watched(board, boards[board], periods_s[board]) for bus in plan.buses for board in bus}
        self._rounds = [_Round([self._watched[board] for board in bus]) for bus in plan.buses if bus]
        self._round_of = {watched.id: one for one in self._rounds for watched in one.watched}
        self._is_awake = asyncio.Event()
        self._is_awake.set()

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

    def rest(self) -> None:
        """Read nothing until `wake`."""
        self._is_awake.clear()

    def wake(self) -> None:
        """Read every board that is due, from now on."""
        self._is_awake.set()

    async def look(self, boards: Collection[BoardId]) -> None:
        """Read these boards now, ahead of the scan and also at rest, until each has settled or is lost."""
        async with asyncio.TaskGroup() as group:
            for board in boards:
                group.create_task(self._look_at(self._watched[board]))

    async def _look_at(self, watched: _Watched) -> None:
        loop = asyncio.get_running_loop()
        await self._read(watched, Rank.VERIFY)
        while watched.is_settling or 0 < watched.misses < _MISSES_TO_LOSE:
            await asyncio.sleep(max(0.0, watched.due_s - loop.time()) if watched.is_settling else 0.0)
            await self._read(watched, Rank.VERIFY)

    async def _go_round(self, one: _Round) -> None:
        loop = asyncio.get_running_loop()
        while True:
            if not self._is_awake.is_set():
                await self._is_awake.wait()
            now_s = loop.time()
            watched, due_s = one.next(now_s)
            if due_s > now_s:
                await one.nap(due_s)
            else:
                await self._read(watched, Rank.DOOR)
                if not watched.misses:
                    one.reading_s = loop.time() - now_s
                if one.is_in_focus(watched) and not watched.is_settling and not watched.is_lost:
                    watched.due_s = min(watched.due_s, now_s + self._focus_s)

    async def _read(self, watched: _Watched, rank: Rank) -> None:
        """Read one board once, and say when it is to be read again."""
        loop = asyncio.get_running_loop()
        asked_s = loop.time()
        watched.due_s = asked_s + watched.period_s
        try:
            values = await watched.board.read_inputs(rank)
        except DeviceFault as fault:
            self._miss(watched, fault, loop.time())
            return
        heard_s = loop.time()
        if watched.misses:
            self._welcome(watched, heard_s)
        for number, is_on, seen_s in watched.take(values, asked_s, heard_s, self._settle_s):
            self._watcher.input_changed(Channel(watched.id, number), is_on, seen_s)
        if watched.is_settling:
            watched.due_s = watched.look_again_s(heard_s, self._settle_s)

    def _miss(self, watched: _Watched, fault: DeviceFault, now_s: float) -> None:
        """Count a failed reading; the second in a row, or the loss of the line, loses the board and slows its reading."""
        watched.misses = max(watched.misses + 1, _MISSES_TO_LOSE if isinstance(fault, LineLost) else 0)
        if watched.misses < _MISSES_TO_LOSE:
            watched.due_s = now_s
            return
        if not watched.is_lost:
            watched.is_lost = True
            watched.forget()
            watched.probe_s = _PROBE_S[0]
            self._watcher.board_lost(watched.id, fault)
        watched.probe_s = min(watched.probe_s, self._round_of[watched.id].longest_probe_s(self._plan.probe_ms / 1000))
        watched.due_s = now_s + watched.probe_s
        watched.probe_s *= 2

    def _welcome(self, watched: _Watched, now_s: float) -> None:
        """A board that missed readings answers again: what kept it silent may have kept others silent, such as a supply."""
        watched.misses = 0
        if watched.is_lost:
            watched.is_lost = False
            self._round_of[watched.id].probe_all(now_s)
            self._watcher.board_back(watched.id)

"""The one owner of a line: who may speak next, how long the line stays silent, and when an answer is too late.

Alone knows: turns, silence between frames, time-outs, the quiet window and reopening.
Must not know: what a frame looks like (a Dialect does), or what a question is for (a driver does).

Modbus RTU and the scales' dialogue do not number their answers: an answer that comes after its question was given up looks like
the answer to the next one (Modbus over Serial Line V1.02, 2.4.1). So after every exchange that went wrong the line must have been
quiet for `quiet_s`, at least the worst lateness of a board, and what comes meanwhile falls on the floor. So do bytes that come before
the question can have left the line: they are the end of something older. A caller that is cancelled is forgotten, but its exchange
runs to its end: the wire never sees half of one.
"""

import asyncio
from collections import deque
from collections.abc import Callable
from typing import NoReturn

from cabinet.ports import DeviceFault, DeviceRefused, GarbledReply, LineLost, NoReply, WrongReply
from drivers.exchange import Dialect, Pace, Question, Rank, Tally
from drivers.line import Line

Trace = Callable[[float, bool, bytes], None]
"""Hears every frame: loop time, whether we sent it, its bytes."""

_FRAGMENT = 4
"""Fewer stray bytes than this are a glitch of the line's drivers turning round; so many may be a frame."""
_ORDER = tuple(Rank)
_ORDERS = (_ORDER, _ORDER, _ORDER, (*_ORDER[:3], *reversed(_ORDER[3:])))
_BABBLE_QUIETS = 8
"""After so many quiet windows in a row without quiet, those who wait are told that the line never falls silent."""


class _Turn:
    """One question that waits or is in flight."""

    __slots__ = ("future", "question")

    def __init__(self, question: Question, future: asyncio.Future[bytes]) -> None:
        self.question = question
        self.future = future

    def fail(self, fault: DeviceFault) -> None:
        """Tell the caller, unless it has gone."""
        if not self.future.done():
            self.future.set_exception(fault)


class Owner:
    """Runs all exchanges of one line, one at a time, the most urgent first."""

    def __init__(self, name: str, line: Line, dialect: Dialect, pace: Pace, trace: Trace | None = None) -> None:
        self.name = name
        self.tally = Tally()
        self.is_open = False
        self.tried = asyncio.Event()
        """Set once the line has been tried for the first time, whether or not it was there."""
        self._line, self._dialect, self._pace, self._trace = line, dialect, pace, trace
        self._queues: tuple[deque[_Turn], ...] = tuple(deque() for _ in Rank)
        self._heard = bytearray()
        self._turn: _Turn | None = None
        self._turns = 0
        self._asked_at = 0.0
        self._is_early = False
        self._is_hurried = False
        self._deadline = 0.0
        self._watch: asyncio.TimerHandle | None = None
        self._ready_at = 0.0
        self._gap: asyncio.TimerHandle | None = None
        self._strays = 0
        self._draining_since: float | None = None
        self._why = "not opened yet"
        self._gone = asyncio.Event()
        line.attach(self._on_bytes, self._on_lost)

    async def run(self) -> NoReturn:
        """Keep the line open until cancelled; after a loss try again, ever more slowly, for ever."""
        shortest_s, longest_s = self._pace.reopen_s
        backoff_s = shortest_s
        try:
            while True:
                try:
                    await self._line.open()
                except LineLost as fault:
                    self._why = fault.detail
                    self.tried.set()
                else:
                    backoff_s = shortest_s
                    self._opened()
                    await self._gone.wait()
                await asyncio.sleep(backoff_s)
                backoff_s = min(backoff_s * 2, longest_s)
        finally:
            self._on_lost("closed")
            self._line.close()

    async def ask(self, question: Question, rank: Rank, tries: int = 1) -> bytes:
        """Put a question and return the body of its answer; a broadcast returns b"" after its turnaround.

        `tries` is the caller's word that the question may be repeated; never one that moves something. Raises NoReply, WrongReply,
        GarbledReply, DeviceRefused or LineLost, `moved` telling whether an order may have been carried out.
        """
        assert tries == 1 or not question.moves, "what moves is never sent again by itself"
        while True:
            tries -= 1
            try:
                return await self._put(question, rank)
            except (NoReply, WrongReply, GarbledReply):
                if not tries:
                    raise

    def _put(self, question: Question, rank: Rank) -> asyncio.Future[bytes]:
        if not self.is_open:
            raise LineLost(self.name, self._why)
        future: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()
        self._queues[rank].append(_Turn(question, future))
        if self._turn is None:
            self._pump()
        return future

    def _next(self) -> _Turn | None:
        """The most urgent question whose caller still waits."""
        for rank in _ORDERS[self._turns & 3]:
            queue = self._queues[rank]
            while queue:
                turn = queue.popleft()
                if not turn.future.done():
                    return turn
        return None

    def _pump(self) -> None:
        """Send the next question, or see to it that this is tried again when the line has been silent for long enough."""
        loop = asyncio.get_running_loop()
        now = loop.time()
        if now < self._ready_at:
            if self._gap is None:
                self._gap = loop.call_at(self._ready_at, self._on_gap)
            return
        turn = self._next()
        if turn is not None:
            self._send(turn, now)

    def _on_gap(self) -> None:
        self._gap = None
        if self._turn is None and self.is_open:
            self._pump()

    def _send(self, turn: _Turn, now: float) -> None:
        question, dialect = turn.question, self._dialect
        if self._draining_since is not None or not dialect.numbers_answers:
            self._heard.clear()
        self._draining_since = None
        self._strays = 0
        self._turn = turn
        self._turns += 1
        self.tally.exchanges += 1
        self._asked_at = now + dialect.asking_s(question)
        self._is_early = False
        if question.unit == 0:
            self._deadline = self._asked_at + self._pace.turnaround_s
        else:
            self._deadline = now + dialect.wire_s(question) + self._pace.reply_timeout_s
        if self._watch is None or self._watch.when() > self._deadline:
            self._set_watch()
        frame = dialect.frame(question)
        if self._trace is not None:
            self._trace(now, True, frame)
        self._line.write(frame)

    def _set_watch(self) -> None:
        """One timer follows the deadline lazily, so that an exchange in time sets and cancels none."""
        if self._watch is not None:
            self._watch.cancel()
        self._watch = asyncio.get_running_loop().call_at(self._deadline, self._on_watch)

    def _on_watch(self) -> None:
        self._watch = None
        turn = self._turn
        if turn is None:
            return
        if asyncio.get_running_loop().time() < self._deadline:
            self._set_watch()
            return
        self._is_hurried |= self._is_early  # nothing but early bytes: this line is faster than its baud says, as a stand-in for one may be
        if turn.question.unit == 0:
            self._settle(turn, b"")
        elif self._heard and not self._dialect.numbers_answers:
            fault = GarbledReply(turn.question.where, f"no frame in {self._heard.hex()}", moved=turn.question.moves)
            self._settle_badly(turn, fault)
        else:
            self._settle_badly(turn, NoReply(turn.question.where, "no reply in time", moved=turn.question.moves))

    def _on_bytes(self, data: bytes) -> None:
        turn, now = self._turn, asyncio.get_running_loop().time()
        if self._trace is not None:
            self._trace(now, False, data)
        if turn is None:
            self._hear_stray(data)
            return
        if now < self._asked_at and not self._is_hurried:
            self._is_early = True
            self.tally.stray_bytes += len(data)
            return
        self._heard += data
        try:
            answer = self._dialect.answer(turn.question, self._heard)
        except DeviceFault as fault:
            self._settle_badly(turn, fault)
            return
        if answer is not None:
            self._settle(turn, answer)

    def _hear_stray(self, data: bytes) -> None:
        """Bytes that nobody asked for: the line is not silent, and so many of them may be a frame."""
        now = asyncio.get_running_loop().time()
        self.tally.stray_bytes += len(data)
        if self._draining_since is not None:
            self._ready_at = now + self._pace.quiet_s
            if now - self._draining_since > _BABBLE_QUIETS * self._pace.quiet_s + 1.0:
                self._draining_since = now
                self._fail_waiting(lambda question: GarbledReply(question.where, "the line never falls silent"))
            return
        if self._dialect.numbers_answers and len(self._heard) < 1024:  # noqa: PLR2004 - four frames; beyond that it is babble
            self._heard += data  # the rest of a late answer; its number gives it away
            return
        self._strays += len(data)
        self._ready_at = max(self._ready_at, now + self._dialect.silence_s)
        if self._strays >= _FRAGMENT:
            self._drain(now)

    def _drain(self, now: float) -> None:
        """Let the line fall quiet before anything else is asked."""
        self._draining_since = now
        self._ready_at = now + self._pace.quiet_s

    def _settle(self, turn: _Turn, answer: bytes) -> None:
        now = asyncio.get_running_loop().time()
        self._turn = None
        self._ready_at = now + self._dialect.silence_s
        self.tally.misses[turn.question.unit] = 0
        if not turn.future.done():
            turn.future.set_result(answer)
        if self._heard and not self._dialect.numbers_answers:
            rest = bytes(self._heard)
            self._heard.clear()
            self._hear_stray(rest)
        self._pump()

    def _settle_badly(self, turn: _Turn, fault: DeviceFault) -> None:
        now = asyncio.get_running_loop().time()
        self._turn = None
        self._ready_at = now + self._dialect.silence_s
        if isinstance(fault, DeviceRefused):
            self.tally.refused += 1
            self.tally.misses[turn.question.unit] = 0
        else:
            kind = "no_reply" if isinstance(fault, NoReply) else "garbled" if isinstance(fault, GarbledReply) else "wrong"
            setattr(self.tally, kind, getattr(self.tally, kind) + 1)
            self.tally.misses[turn.question.unit] += 1
            if not self._dialect.numbers_answers or isinstance(fault, GarbledReply):
                self._drain(now)
        turn.fail(fault)
        self._pump()

    def _opened(self) -> None:
        """The line is there: nothing is believed of what was under way before."""
        self._gone.clear()
        self._heard.clear()
        self.is_open = True
        self._is_hurried = False
        self._ready_at = now = asyncio.get_running_loop().time()
        self._draining_since = None
        if not self._dialect.numbers_answers:
            self._drain(now)
        self.tried.set()

    def _on_lost(self, why: str) -> None:
        """The line is gone: tell everybody who waits; whoever was in flight may have been heard."""
        if not self.is_open:
            return
        self.is_open = False
        self._why = why
        self.tally.lost += 1
        turn, self._turn = self._turn, None
        if turn is not None:
            turn.fail(LineLost(turn.question.where, why, moved=turn.question.moves))
        self._fail_waiting(lambda question: LineLost(question.where, why))
        self._gone.set()

    def _fail_waiting(self, fault: Callable[[Question], DeviceFault]) -> None:
        for queue in self._queues:
            while queue:
                turn = queue.popleft()
                turn.fail(fault(turn.question))

"""The one owner of a line: one exchange at a time, how long the line stays silent, and when an answer is too late.

Alone knows: silence between frames, time-outs, the quiet window and reopening.
Must not know: who is next (`waiting.py`), what a frame looks like (a Dialect does), or what a question is for (a driver does).

Modbus RTU and the scales' dialogue do not number their answers: an answer that comes after its question was given up looks like
the answer to the next one (Modbus over Serial Line V1.02, 2.4.1). So after every exchange that went wrong the line must have been
quiet for `quiet_s`, at least the worst lateness of a board, and what comes meanwhile falls on the floor. So do bytes that come before
the question can have left the line: they are the end of something older. A caller that is cancelled is forgotten, but its exchange
runs to its end: the wire never sees half of one. A unit that its health has barred is not asked at all.
"""

import asyncio
from collections.abc import Callable
from typing import NoReturn

from cabinet.ports import DeviceFault, DeviceRefused, GarbledReply, LineLost, NoReply, WrongReply
from drivers.exchange import Dialect, Pace, Question, Rank, Tally
from drivers.health import LineHealth
from drivers.line import Line
from drivers.part import Part
from drivers.reopening import keep_open
from drivers.waiting import Turn, Waiting

Trace = Callable[[float, bool, bytes], None]
"""Hears every frame: loop time, whether we sent it, its bytes."""

_FRAGMENT = 4
"""Fewer stray bytes than this are a glitch of the line's drivers turning round; so many may be a frame."""
_BABBLE_QUIETS = 8
"""After so many quiet windows in a row without quiet, those who wait are told that the line never falls silent."""
_LEAST_WAIT_S = 0.1
_REPLIES = 3
"""A unit that adapts is waited for as long as so many of its slow replies."""


def _nothing() -> None:
    """Stand in until somebody wants to know."""


class Owner:
    """Runs all exchanges of one line, one at a time, the most urgent first."""

    def __init__(self, name: str, line: Line, dialect: Dialect, pace: Pace, trace: Trace | None = None) -> None:
        self.name = name
        self.tally = Tally()
        self.health = LineHealth(name, pace.reply_timeout_s)
        self.is_open = False
        self.is_over = False
        """Whether `run` has ended: this owner opens the line no more, another may."""
        self.on_open: Callable[[], None] = _nothing
        """Called each time that the line was opened."""
        self.tried = asyncio.Event()
        """Set once the line has been tried for the first time, whether or not it was there."""
        self._line, self._dialect, self._pace, self._trace = line, dialect, pace, trace
        self._waiting = Waiting(self.health)
        self._heard = bytearray()
        self._turn: Turn | None = None
        self._asked_at = 0.0
        self._due_at = 0.0
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
        self._is_wanted = asyncio.Event()
        self._answers = 0
        self._listeners: list[Callable[[bytes], None]] = []
        line.attach(self._on_bytes, self._on_lost)

    def listen(self, heard: Callable[[bytes], None]) -> None:
        """Have `heard` called with whatever comes while nothing is asked: for devices that have news of their own."""
        self._listeners.append(heard)

    async def run(self) -> NoReturn:
        """Keep the line open until cancelled; after a loss try again, ever more slowly, for ever."""

        def was_good() -> bool:
            return self.health.answers != self._answers

        try:
            await keep_open(self._line, self._gone, self._opened, self._missed, self._pace.reopen_s, self._is_wanted, was_good)
        finally:
            self.is_over = True
            self.health.is_kept = False
            self._on_lost("closed")

    def _missed(self, why: str) -> None:
        self._why = why
        self.health.lost(why)
        self.tried.set()

    def hurry(self) -> None:
        """Somebody waits for this line: where it is closed, open it now."""
        self._is_wanted.set()

    async def ask(self, question: Question, rank: Rank, tries: int = 1) -> bytes:
        """Put a question and return the body of its answer; a broadcast returns b"" after its turnaround.

        `tries` is the caller's word that the question may be repeated, never said of one that moves something; a barred unit is asked
        once. Raises Quarantined where it is asked nothing (all off is tried whatever its health), NoReply, WrongReply, GarbledReply,
        DeviceRefused or LineLost, `moved` telling whether an order may have been carried out.
        """
        assert tries == 1 or not question.moves, "what moves is never sent again by itself"
        unit = self.health.unit(question.where)
        while True:
            tries -= 1
            try:
                return await self._put(question, unit, rank)
            except (NoReply, WrongReply, GarbledReply):
                if not tries or unit.gate:
                    raise

    def order(self, question: Question, rank: Rank) -> asyncio.Future[bytes]:
        """Put a question once, by this call itself: where the line is free, its frame is on the wire when this returns.

        Await it for the answer. Raises what `ask` raises, at once or when awaited.
        """
        return self._put(question, self.health.unit(question.where), rank)

    def close(self, why: str) -> None:
        """Close the line, which `run` opens again: nobody answers, and opening may help (a gateway that lost us, an adapter that hangs)."""
        if self.is_open:
            self._line.close()
            self._on_lost(why)

    def _put(self, question: Question, unit: Part, rank: Rank) -> asyncio.Future[bytes]:
        if not self.is_open:
            raise LineLost(self.name, self._why)
        is_probe = False
        if unit.gate:
            is_probe = self.health.is_probe(unit)
            if is_probe:
                rank = Rank.REST
            elif rank and (bar := self.health.bar(unit, moves=question.moves)) is not None:
                raise bar
        future: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()
        self._waiting.add(Turn(question, unit, future, is_probe=is_probe), rank)
        if self._turn is None:
            self._pump()
        return future

    def _pump(self) -> None:
        """Send the next question, or see to it that this is tried again when the line has been silent for long enough."""
        loop = asyncio.get_running_loop()
        now = loop.time()
        if now < self._ready_at:
            if self._gap is None:
                self._gap = loop.call_at(self._ready_at, self._on_gap)
            return
        turn = self._waiting.next()
        if turn is not None:
            self._send(turn, now)

    def _on_gap(self) -> None:
        self._gap = None
        if self._turn is None and self.is_open:
            self._pump()

    def _send(self, turn: Turn, now: float) -> None:
        question, dialect = turn.question, self._dialect
        if self._draining_since is not None or not dialect.numbers_answers:
            self._heard.clear()
        self._draining_since = None
        self._strays = 0
        self._turn = turn
        self.tally.exchanges += 1
        self._asked_at = now + dialect.asking_s(question)
        self._is_early = False
        if question.unit == 0:
            self._deadline = self._asked_at + self._pace.turnaround_s
        else:
            self._due_at = now + dialect.wire_s(question)
            self._deadline = self._due_at + self._patience_s(turn.unit)
        frame = dialect.frame(question)
        if self._trace is not None:
            self._trace(now, True, frame)
        self._line.write(frame)
        if self._watch is None or self._watch.when() > self._deadline:
            self._set_watch()

    def _patience_s(self, unit: Part) -> float:
        """How long this unit may think."""
        pace = self._pace
        return min(pace.reply_timeout_s, max(_LEAST_WAIT_S, _REPLIES * unit.reply_s)) if pace.adapts else pace.reply_timeout_s

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
        for heard in self._listeners:
            heard(data)
        if self._draining_since is not None:
            self._ready_at = now + self._pace.quiet_s
            if now - self._draining_since > _BABBLE_QUIETS * self._pace.quiet_s + 1.0:
                self._draining_since = now
                self._waiting.fail(self._babbled)
            return
        if self._dialect.numbers_answers and len(self._heard) < 1024:  # noqa: PLR2004 - four frames; beyond that it is babble
            self._heard += data  # the rest of a late answer; its number gives it away
            return
        self._strays += len(data)
        self._ready_at = max(self._ready_at, now + self._dialect.silence_s)
        if self._strays >= _FRAGMENT:
            self._drain(now)

    def _babbled(self, turn: Turn) -> DeviceFault:
        fault = GarbledReply(turn.question.where, "the line never falls silent")
        self.health.failed(turn.unit, fault, asyncio.get_running_loop().time())
        return fault

    def _drain(self, now: float) -> None:
        """Let the line fall quiet before anything else is asked."""
        self._draining_since = now
        self._ready_at = now + self._pace.quiet_s

    def _settle(self, turn: Turn, answer: bytes) -> None:
        now = asyncio.get_running_loop().time()
        self._turn = None
        self._ready_at = now + self._dialect.silence_s
        if turn.question.unit:
            self.health.answered(turn.unit, now, now - self._due_at)
        if not turn.future.done():
            turn.future.set_result(answer)
        if self._heard and not self._dialect.numbers_answers:
            rest = bytes(self._heard)
            self._heard.clear()
            self._hear_stray(rest)
        self._pump()

    def _settle_badly(self, turn: Turn, fault: DeviceFault) -> None:
        now = asyncio.get_running_loop().time()
        self._turn = None
        self._ready_at = now + self._dialect.silence_s
        if isinstance(fault, DeviceRefused):
            self.tally.refused += 1
            self.health.refused(turn.unit, fault.reason, now)
        else:
            kind = "no_reply" if isinstance(fault, NoReply) else "garbled" if isinstance(fault, GarbledReply) else "wrong"
            setattr(self.tally, kind, getattr(self.tally, kind) + 1)
            self.health.failed(turn.unit, fault, now)
            if not self._dialect.numbers_answers or isinstance(fault, GarbledReply):
                self._drain(now)
        turn.fail(fault)
        self._pump()

    def _opened(self) -> None:
        """The line is there: nothing is believed of what was under way before."""
        self._answers = self.health.answers
        self._heard.clear()
        self.is_open = True
        self._is_hurried = False
        self._ready_at = now = asyncio.get_running_loop().time()
        self._draining_since = None
        if not self._dialect.numbers_answers:
            self._drain(now)
        self.tried.set()
        self.on_open()

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
        self._waiting.fail(lambda turn: LineLost(turn.question.where, why))
        self.health.lost(why)
        self._gone.set()

"""The shell: one mailbox; event in -> core -> facts durable -> commands carried out in order.

Alone knows: the round (all waiting events stepped, their facts in one durable transaction, only then their commands), the
timers, and that whatever cannot be trusted ends with every coil off and the process gone; the next start replays.
Must not know: any rule of the core, any board, any screen.
"""

import asyncio
from collections.abc import Awaitable, Coroutine
from dataclasses import dataclass
from typing import Any

import structlog

from cabinet.domain import events
from cabinet.domain.commands import (
    CallBoards,
    Command,
    LookIntoPockets,
    ReleaseLock,
    StartTimer,
    StopTimer,
    SwitchAllOff,
    SwitchLight,
    WatchClosely,
    WeighPocket,
)
from cabinet.domain.core import Core
from cabinet.domain.facts import Draft, Entry
from cabinet.domain.refusal import Refusal
from cabinet.domain.vocabulary import BoardId, Channel, Instant, MilliC, Power, ProbeFault
from cabinet.ports import Clock, CommitListener, DeviceFault, Hardware, Journal

log = structlog.get_logger()


PATIENT_TIMERS = ("session:", "limit:", "power:", "locked:", "failures:", "downtime:", "discrepancies", "sheet:", "case:", "pick:", "ward")
"""Timers that run for minutes and hours: nobody waits at a drawer for them."""


@dataclass(slots=True)
class _Letter:
    """An event in the mailbox, and who waits until what it led to is durable."""

    event: events.Event
    answer: asyncio.Future[Refusal | None] | None


class HardwareBlind(Exception):
    """The watching of the inputs ended by a bug; the cause says which."""


class Controller:
    """Drives one cabinet. Read `core.state` freely from the event loop; change it only by `ask` and `post`."""

    def __init__(self, core: Core, journal: Journal, hardware: Hardware, clock: Clock) -> None:
        self.core = core
        self.clock = clock
        self._journal = journal
        self._hardware = hardware
        self._mailbox: asyncio.Queue[_Letter] = asyncio.Queue()
        self._timers: dict[str, asyncio.TimerHandle] = {}
        self._errands: set[asyncio.Task[None]] = set()
        self._listeners: list[CommitListener] = []
        self._waiters: list[asyncio.Future[None]] = []
        self._bug: BaseException | None = None

    def listen(self, listener: CommitListener) -> None:
        """Let `listener` hear of every fact once it is durable."""
        self._listeners.append(listener)

    def post(self, event: events.Event) -> None:
        """Put an event that nobody waits for into the mailbox."""
        self._mailbox.put_nowait(_Letter(event, None))

    async def ask(self, event: events.Event) -> Refusal | None:
        """Let a person's event happen; returns when what it led to is durable. None: it was done."""
        answer: asyncio.Future[Refusal | None] = asyncio.get_running_loop().create_future()
        self._mailbox.put_nowait(_Letter(event, answer))
        return await answer

    async def next_round(self) -> None:
        """Return after the next round that wrote facts down."""
        waiter: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiters.append(waiter)
        await waiter

    @property
    def is_quiet(self) -> bool:
        """Whether nothing waits, nothing is under way and no timer but those of sessions runs: virtual time may jump."""
        busy_timers = (name for name in self._timers if not name.startswith(PATIENT_TIMERS))
        return self._mailbox.empty() and not self._errands and next(busy_timers, None) is None

    async def run(self, *, boot: int, software: str, config: str) -> None:
        """Replay, look, then serve the mailbox until cancelled. Raises JournalBroken, or whatever bug stopped the core."""
        for entry in self._journal.entries(self.core.state.seq):
            self.core.replay(entry)
        self.post(events.Started(self.clock.now(), boot, software, config))
        try:
            await self._hardware.start(_Watcher(self), self._crash)
            while True:
                await self._round(await self._waiting())
        except asyncio.CancelledError:
            await self._round([_Letter(events.Stopping(self.clock.now()), None)])
            raise
        finally:
            await self._lay_down()

    def _crash(self, bug: BaseException) -> None:
        """End the run: the mailbox is woken, and what is in it is not served."""
        self._bug = bug
        self.post(events.Stopping(self.clock.now()))

    async def _waiting(self) -> list[_Letter]:
        letters = [await self._mailbox.get()]
        if self._bug is not None:
            raise HardwareBlind from self._bug
        while not self._mailbox.empty():
            letters.append(self._mailbox.get_nowait())
        return letters

    async def _round(self, letters: list[_Letter]) -> None:
        steps = [self.core.step(letter.event) for letter in letters]
        drafts = [draft for step in steps for draft in step.drafts]
        entries = await self._write_down(drafts) if drafts else ()
        for step in steps:
            for command in step.commands:
                self._carry_out(command)
        for letter, step in zip(letters, steps, strict=True):
            if letter.answer is not None and not letter.answer.done():
                letter.answer.set_result(step.refusal)
        if entries:
            self._tell(entries)

    async def _write_down(self, drafts: list[Draft]) -> tuple[Entry, ...]:
        entries = await self._journal.append(drafts)
        assert entries[-1].seq == self.core.state.seq, "the core and the journal number facts differently"
        return entries

    def _tell(self, entries: tuple[Entry, ...]) -> None:
        for listener in self._listeners:
            listener.committed(entries)
        waiters, self._waiters = self._waiters, []
        for waiter in waiters:
            if not waiter.done():
                waiter.set_result(None)

    def _carry_out(self, command: Command) -> None:
        match command:
            case ReleaseLock():
                self._release(command)
            case WeighPocket():
                self._run_errand(self._weigh(command))
            case LookIntoPockets(lock, bins):
                self._run_errand(self._look(lock, bins))
            case SwitchLight(light, is_on):
                self._run_errand(self._switch(light, is_on=is_on))
            case StartTimer(timer, after_s):
                self._start_timer(timer, after_s)
            case StopTimer(timer):
                self._stop_timer(timer)
            case WatchClosely(channels):
                self._hardware.watch_closely(channels)
            case CallBoards(boards):
                self._hardware.call(boards)
            case SwitchAllOff():
                self._run_errand(self._all_off())

    def _run_errand(self, errand: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(errand)
        self._errands.add(task)
        task.add_done_callback(self._errands.discard)

    def _release(self, command: ReleaseLock) -> None:
        """Order the pulse within the round, for a turn of the loop takes as long as all the rest; how it went is an errand."""
        try:
            pulse = self._hardware.release(command.coil, command.hold_ms)
        except DeviceFault as fault:
            self._pulse_failed(command, fault)
        else:
            self._run_errand(self._see_pulse(command, pulse))

    async def _see_pulse(self, command: ReleaseLock, pulse: Awaitable[object]) -> None:
        try:
            await pulse
        except DeviceFault as fault:
            self._pulse_failed(command, fault)

    def _pulse_failed(self, command: ReleaseLock, fault: DeviceFault) -> None:
        self.post(events.PulseFailed(self.clock.now(), command.intent, fault.code, str(fault), fault.moved))

    async def _weigh(self, command: WeighPocket) -> None:
        weighing, why = None, ""
        try:
            weighing = await self._hardware.weigh(command.scale, is_after=command.is_after)
        except DeviceFault as fault:
            why = fault.code
        self.post(events.WeightRead(self.clock.now(), command.pocket, weighing, why))

    async def _look(self, lock: str, bins: tuple[Channel, ...]) -> None:
        try:
            seen = await self._hardware.look(bins)
        except DeviceFault as fault:
            log.warning("photo-eyes not read", lock=lock, code=fault.code, where=fault.where)
            return
        self.post(events.PocketsSeen(self.clock.now(), lock, seen))

    async def _switch(self, light: Channel, *, is_on: bool) -> None:
        """A guide light helps; that it stays dark stops nobody."""
        try:
            await self._hardware.switch(light, is_on)
        except DeviceFault as fault:
            log.warning("guide light not switched", light=str(light), code=fault.code)

    async def _all_off(self) -> None:
        try:
            await self._hardware.all_off()
        except DeviceFault as fault:
            log.error("outputs not switched off", code=fault.code, where=fault.where)

    def _start_timer(self, timer: str, after_s: float) -> None:
        self._stop_timer(timer)
        self._timers[timer] = asyncio.get_running_loop().call_later(after_s, self._ring, timer)

    def _stop_timer(self, timer: str) -> None:
        handle = self._timers.pop(timer, None)
        if handle is not None:
            handle.cancel()

    def _ring(self, timer: str) -> None:
        del self._timers[timer]
        self.post(events.TimerDue(self.clock.now(), timer))

    async def _lay_down(self) -> None:
        """Whatever ended the run: coils off, lines closed, nobody left waiting."""
        for timer in list(self._timers):
            self._stop_timer(timer)
        await asyncio.gather(*self._errands, return_exceptions=True)
        await self._all_off()
        await self._hardware.stop()
        while not self._mailbox.empty():
            answer = self._mailbox.get_nowait().answer
            if answer is not None:
                answer.cancel()


class _Watcher:
    """Turns what the scan sees into events."""

    def __init__(self, controller: Controller) -> None:
        self._controller = controller

    def input_changed(self, channel: Channel, is_on: bool, mono_s: float) -> None:
        now = self._controller.clock.now()
        seen: Instant = now.later(min(0.0, mono_s - now.mono_s))
        self._controller.post(events.InputChanged(seen, channel, is_on))

    def board_lost(self, board: BoardId, fault: DeviceFault) -> None:
        log.warning("board lost", board=board, code=fault.code, detail=fault.detail)
        self._controller.post(events.BoardLost(self._controller.clock.now(), board, fault.code, fault.detail))

    def board_back(self, board: BoardId) -> None:
        log.info("board back", board=board)
        self._controller.post(events.BoardBack(self._controller.clock.now(), board))

    def temperature_read(self, probe: Channel, reading: MilliC | ProbeFault) -> None:
        self._controller.post(events.TemperatureRead(self._controller.clock.now(), probe, reading))

    def power_read(self, supply: BoardId, power: Power) -> None:
        self._controller.post(events.PowerRead(self._controller.clock.now(), supply, power))

    def health_changed(self, part: str, before: str, after: str, why: str) -> None:
        self._controller.post(events.HealthChanged(self._controller.clock.now(), part, before, after, why))

"""Training at the real cabinet: while its mode says so, the kiosk is that of a second cabinet, with inert drawers and a journal of its own.

Alone knows: when the two are exchanged, and that whatever ends the lesson, the real cabinet comes back.
Must not know: how the second cabinet is put together (`live.py`).

The real controller goes on: it watches its doors, raises its alarms, releases nothing, and its journal holds no more of the lesson than
that there was one. A restart of any kind comes back as the real cabinet.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import structlog
from fastapi import FastAPI

from cabinet.adapters.directory import CredentialsDamaged
from cabinet.adapters.journal import ClockUnset
from cabinet.adapters.journal_lock import JournalHeld
from cabinet.app.house import House
from cabinet.app.software import SOFTWARE
from cabinet.app.switchboard import Switchboard
from cabinet.controller import Controller
from cabinet.domain.events import TrainingEndAsked
from cabinet.ports import JournalBroken

log = structlog.get_logger()


@dataclass(frozen=True)
class Lesson:
    """The second cabinet: its controller, kiosk, boot and configuration, and how its files are let go of."""

    controller: Controller
    app: FastAPI
    boot: int
    config: str
    close: Callable[[], None]


class Teach(Protocol):
    """Puts a lesson together. Raises JournalBroken, JournalHeld, ClockUnset, CredentialsDamaged, OSError or ValueError."""

    def __call__(self, house: House, real: FastAPI) -> Lesson:
        """A lesson at this cabinet, whose own kiosk is `real`."""
        ...


class Classroom:
    """Exchanges the kiosk of one cabinet whenever its mode becomes training, until cancelled."""

    def __init__(self, teach: Teach, house: House, app: FastAPI, board: Switchboard) -> None:
        self._teach, self._house, self._app, self._board = teach, house, app, board

    async def run(self) -> None:
        """Wait for a lesson, hold it, and again."""
        while True:
            await self._until(is_training=True)
            try:
                lesson = self._teach(self._house, self._app)
            except (JournalBroken, JournalHeld, ClockUnset, CredentialsDamaged, OSError, ValueError) as problem:
                log.error("training not begun", problem=str(problem))
                await self._end("training could not begin")
                continue
            await self._hold(lesson)

    async def _hold(self, lesson: Lesson) -> None:
        running = asyncio.ensure_future(lesson.controller.run(boot=lesson.boot, software=SOFTWARE, config=lesson.config))
        over = asyncio.ensure_future(self._until(is_training=False))
        self._board.app = lesson.app
        log.info("training begun")
        try:
            await asyncio.wait((running, over), return_when=asyncio.FIRST_COMPLETED)
        finally:
            if self._board.app is lesson.app:
                self._board.app = self._app
            bug = running.exception() if running.done() and not running.cancelled() else None
            running.cancel()
            over.cancel()
            await asyncio.gather(running, over, return_exceptions=True)
            lesson.close()
        if bug is not None:
            log.error("training ended by a bug", bug=repr(bug))
            await self._end("training could not go on")
        log.info("training over")

    async def _until(self, *, is_training: bool) -> None:
        while (self._house.core.state.mode == "training") is not is_training:
            await self._house.controller.next_round()

    async def _end(self, why: str) -> None:
        await self._house.controller.ask(TrainingEndAsked(self._house.controller.clock.now(), why))

"""The badge that was last held to the reader beside this screen: kept here for a moment, until its PIN is typed.

Alone knows: which badge it was. A page is told only that there is one, by a mark of chance; the number never leaves this process.
Must not know: whose badge it is, or whether its PIN is right.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from cabinet.domain.refusal import Refusal
from cabinet.domain.vocabulary import BoardId
from cabinet.kiosk.problem import Problem
from cabinet.ports import BadgeDesk

KEPT_S = 30.0
"""As long as somebody takes to look up from the reader and type a PIN, and not as long as it takes the next one to come."""


@dataclass(frozen=True, slots=True)
class _Badge:
    mark: str
    reader: BoardId
    number: str


class ShownBadge:
    """One badge, or none."""

    def __init__(self, desk: BadgeDesk | None, new_mark: Callable[[], str], changed: Callable[[], None]) -> None:
        """`new_mark` draws something that nobody guesses; `changed` has the screens ask for themselves again."""
        self._desk, self._new_mark, self._changed = desk, new_mark, changed
        self._badge: _Badge | None = None
        self._ending: asyncio.TimerHandle | None = None
        if desk is not None:
            desk.on_badge = self.show

    def show(self, reader: BoardId, number: str) -> None:
        """A badge was held to the reader; the newest counts."""
        self.forget()
        self._badge = _Badge(self._new_mark(), reader, number)
        self._ending = asyncio.get_running_loop().call_later(KEPT_S, self._expire)
        self._changed()

    @property
    def mark(self) -> str:
        """The mark of the badge that waits for its PIN; empty where none does."""
        return "" if self._badge is None else self._badge.mark

    def number(self, mark: str) -> str:
        """The number of the badge with this mark. Raises Problem when it is kept no more."""
        if self._badge is None or self._badge.mark != mark:
            raise Problem(Refusal("session.badge_gone"))
        return self._badge.number

    def answer(self, mark: str, *, is_welcome: bool) -> None:
        """Let the reader show how it went, as well as it can; a badge that was welcome is done with."""
        if self._badge is not None and self._badge.mark == mark and self._desk is not None:
            self._desk.greet(self._badge.reader, is_welcome=is_welcome)
        if is_welcome:
            self.forget()

    def forget(self) -> None:
        """Keep no badge any more."""
        self._badge = None
        if self._ending is not None:
            self._ending.cancel()
            self._ending = None

    def _expire(self) -> None:
        self.forget()
        self._changed()

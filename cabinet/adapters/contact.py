"""Whether the pharmacy is heard: by its own word that it holds what it was sent, and by nothing else.

Alone knows: what counts as such a word, and how long facts may wait for one. Must not know: what follows (`cabinet.domain.mode.contact`).

A broker answers for nobody, and what it kept of the pharmacy's words is no word: an ack counts where it covers facts that none before it
did. Where nothing waits for a word, a line that is up is contact enough; once a fact has waited for WORD_WITHIN_S, it is not.
"""

import asyncio
from typing import Protocol

from cabinet.domain.vocabulary import utc_text
from cabinet.ports import Clock

WORD_WITHIN_S = 30.0


class ContactListener(Protocol):
    """Who is told. Called on the event loop."""

    def heard(self) -> None:
        """The pharmacy is heard from now on."""
        ...

    def lost(self, until: str) -> None:
        """It is not heard; `until` it was, as records write moments ("": it never was)."""
        ...


class Contact:
    """Watches one cabinet's line and acks. `until`: when the pharmacy was heard last in an earlier run, as far as anybody knows."""

    def __init__(self, clock: Clock, listener: ContactListener, until: str) -> None:
        self._clock, self._listener, self._until = clock, listener, until
        self._is_heard = False
        self._waits_since = ""
        self._timer: asyncio.TimerHandle | None = None

    def begin(self) -> None:
        """Nothing was heard in this run yet."""
        self._listener.lost(self._until)

    def committed(self) -> None:
        """A fact waits for a word from now on."""
        if self._is_heard and self._timer is None:
            self._waits_since = utc_text(self._clock.now().utc)
            self._timer = asyncio.get_running_loop().call_later(WORD_WITHIN_S, self._overdue)

    def word(self, *, is_news: bool, behind: int) -> None:
        """An ack came; `is_news`: it covers facts that none before it did. So many are `behind` still."""
        if not is_news:
            return
        self._hear()
        if behind:
            self.committed()

    def line_up(self, behind: int) -> None:
        """The line is up again: enough where nothing waits for a word."""
        if self._until and not behind:
            self._hear()

    def line_down(self) -> None:
        """Nobody can be heard."""
        if self._is_heard:
            self._lose(self._waits_since or utc_text(self._clock.now().utc))

    def end(self) -> None:
        """Watch no more."""
        self._stop()

    def _hear(self) -> None:
        self._stop()
        self._until = utc_text(self._clock.now().utc)
        if not self._is_heard:
            self._is_heard = True
            self._listener.heard()

    def _overdue(self) -> None:
        self._timer = None
        self._lose(self._waits_since)

    def _lose(self, until: str) -> None:
        self._stop()
        self._is_heard, self._until = False, until
        self._listener.lost(until)

    def _stop(self) -> None:
        self._waits_since = ""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

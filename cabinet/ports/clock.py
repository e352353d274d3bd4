"""The time.

Alone knows: these shapes. Must not know: any board, library, file or address.
"""

from typing import Protocol

from cabinet.domain.vocabulary import Instant


class Clock(Protocol):
    """Both clocks, and the only place where they are read."""

    def now(self) -> Instant:
        """The present moment."""
        ...

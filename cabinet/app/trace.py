"""What went over the lines lately: every frame with its moment, for a technician who asks what is being said.

Alone knows: how many frames are kept. Must not know: what a frame means, or who reads it.
"""

from collections import deque
from collections.abc import Callable
from itertools import count, islice

from cabinet.domain.vocabulary import utc_text
from cabinet.ports import Clock, Frame

KEPT = 4096


class TraceRing:
    """The newest frames of all lines, numbered without gaps."""

    def __init__(self) -> None:
        self._frames: deque[tuple[int, float, str, str, bool, bytes]] = deque(maxlen=KEPT)
        self._numbers = count(1)

    def of(self, bus: str, framing: str) -> Callable[[float, bool, bytes], None]:
        """What the owner of a line tells its frames to."""

        def hear(at_s: float, is_ours: bool, data: bytes) -> None:
            self._frames.append((next(self._numbers), at_s, bus, framing, is_ours, data))

        return hear

    def after(self, number: int, clock: Clock) -> tuple[Frame, ...]:
        """The frames after this number, oldest first, as far as they are kept."""
        if not self._frames:
            return ()
        now = clock.now()
        skipped = max(0, number + 1 - self._frames[0][0])
        return tuple(
            Frame(kept, at_s, utc_text(now.later(at_s - now.mono_s).utc), bus, framing, is_ours, data)
            for kept, at_s, bus, framing, is_ours, data in islice(self._frames, skipped, None)
        )

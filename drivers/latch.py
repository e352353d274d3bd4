"""Latched inputs: what an input was for a moment between two readings that agree.

Alone knows: when a latch tells something that the readings do not.
Must not know: how a latch is read or cleared on a board.

A latch is set while (or when) its input is high, or low, and stays set until it is cleared. It says nothing new where the readings since
the clearing have shown the same already; where all of them agree, and the latch of the other value is set, the input was otherwise for
less than a scan. What it does not tell is when, or how often. A contact bounces: right after a change its latch is cleared once more before
it is listened to.
"""


class Latches:
    """The readings of one board's inputs since its latches were cleared, and what these told beyond them."""

    def __init__(self) -> None:
        self._values: tuple[bool, ...] = ()
        self._has_changed: set[int] = set()
        self._may_bounce: set[int] = set()
        """Inputs that changed, visibly or not, before the latches were cleared."""
        self._passed: set[int] = set()

    def cleared(self) -> None:
        """They were cleared; a reading that differs from the one before that is a change all the same."""
        self._may_bounce, self._has_changed = self._has_changed, set()

    def read(self, values: tuple[bool, ...]) -> None:
        """All inputs, in channel order."""
        if self._values:
            self._has_changed |= {number for number, value in enumerate(values) if value != self._values[number]}
        self._values = values

    def tell(self, low: tuple[bool, ...], high: tuple[bool, ...]) -> bool:
        """What the latches say, read after the inputs were; returns whether they are to be cleared so that they can tell anything new."""
        other = {number for number, is_on in enumerate(self._values) if (low if is_on else high)[number]}
        self._passed |= other - self._has_changed - self._may_bounce
        self._has_changed |= other - self._may_bounce
        return bool(other or self._has_changed or self._may_bounce)

    def passed(self) -> frozenset[int]:
        """Inputs that were otherwise for a moment although all readings agree; told once."""
        passed = frozenset(self._passed)
        self._passed.clear()
        return passed

"""Latched inputs: what an input was for a moment, whether or not a reading saw it.

Alone knows: when a latch tells something that may be news.
Must not know: how a latch is read or cleared on a board, or what was believed of a reading.

A latch is set while (or when) its input is high, or low, and stays set until it is cleared. Where the latch of the value that an input has
not now is set, the input was otherwise since the clearing: for less than a scan, or as the readings showed. It does not tell when, or how
often. A contact bounces: right after a change its latch is cleared once more before it is listened to.
"""


class Latches:
    """The latches of one board, and what they told."""

    def __init__(self) -> None:
        self._values: tuple[bool, ...] = ()
        self._was_otherwise: set[int] = set()
        """Since the latches were cleared."""
        self._may_bounce: set[int] = set()
        """Inputs that were otherwise before that."""
        self._news: frozenset[int] | None = None

    def cleared(self) -> None:
        """They were cleared."""
        self._may_bounce, self._was_otherwise = self._was_otherwise, set()

    def read(self, values: tuple[bool, ...]) -> None:
        """All inputs, in channel order."""
        if self._values:
            self._was_otherwise |= {number for number, value in enumerate(values) if value != self._values[number]}
        self._values = values

    def tell(self, low: tuple[bool, ...], high: tuple[bool, ...]) -> bool:
        """What the latches say, read after the inputs were; returns whether they are to be cleared so that they can tell anything new."""
        other = {number for number, is_on in enumerate(self._values) if (low if is_on else high)[number]} - self._may_bounce
        self._news = (self._news or frozenset()) | other
        self._was_otherwise |= other
        return bool(self._was_otherwise or self._may_bounce)

    def passed(self) -> frozenset[int] | None:
        """Inputs that were otherwise than they are now since the last clearing: told once. None: the latches were not read since."""
        news, self._news = self._news, None
        return news

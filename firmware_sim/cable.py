"""A line's end inside the same process: for whole-system runs in virtual time.

Alone knows: how the controller's side plugs in without a file or socket.
Must not know: who plugs in, or what is said.

It has the shape of the drivers' line: `attach`, `open`, `write`, `close`.
"""

from collections.abc import Callable

from firmware_sim.conversation import Conversation, Ear, Tally, converse
from firmware_sim.fault import Faults
from firmware_sim.pace import Pace
from firmware_sim.segment import Segment

Refuse = Callable[[str, str], Exception]


class Cable:
    """One bus, joined in-process. `refuse(bus, why)` makes the exception that `open` raises while it is unplugged."""

    def __init__(  # what a line is made of
        self, segment: Segment, framing: str, pace: Pace, clock: Callable[[], float], faults: Faults, refuse: Refuse, speed: float = 1.0
    ) -> None:
        self.bus = segment.bus
        self.tally = Tally()
        self._segment = segment
        self._framing = framing
        self._pace = pace
        self._clock = clock
        self._faults = faults
        self._refuse = refuse
        self._speed = speed
        self._on_bytes: Callable[[bytes], None] = lambda _data: None
        self._on_lost: Callable[[str], None] = lambda _why: None
        self._talk: Conversation | None = None
        self._is_renamed = False
        faults.listen(self._check)

    def attach(self, on_bytes: Callable[[bytes], None], on_lost: Callable[[str], None]) -> None:
        """Name who hears what comes in, and who is told why the line is gone."""
        self._on_bytes, self._on_lost = on_bytes, on_lost

    async def open(self) -> None:
        """Plug in. Raises what `refuse` makes while the fault `line_unplugged` holds."""
        self.close()
        if self._faults.holds("line_unplugged", self.bus):
            raise self._refuse(self.bus, "the cable is unplugged")
        ear = Ear(self._on_bytes, self._pace, self._clock, self.tally, speed=self._speed)
        self._talk = converse(self._segment, self._framing, ear)

    def write(self, data: bytes) -> None:
        """Hand over bytes; they arrive at the line's pace. Bytes for a line that is not open are lost."""
        if self._talk is not None:
            self._talk.receive(data)

    def close(self) -> None:
        """Unplug on this side: nothing more is heard."""
        if self._talk is not None:
            self._talk.close()
            self._talk = None

    def _check(self) -> None:
        if self._talk is None:
            return
        was_renamed, self._is_renamed = self._is_renamed, self._faults.holds("adapter_renamed", self.bus)
        if self._faults.holds("line_unplugged", self.bus) or (self._is_renamed and not was_renamed):
            self.close()
            self._on_lost("the cable was pulled out")
        else:
            self._talk.wake()

"""What will happen by itself: the plant's and the boards' own timers, in order of time.

Alone knows: how to move on to a moment and do everything due on the way, each thing at its own time.
Must not know: what any of it does, or which clock the moments come from.
"""

import heapq
from collections.abc import Callable

Action = Callable[[float], None]


class Appointment:
    """One thing to come. `cancel` calls it off; harmless when it is over."""

    __slots__ = ("_action", "at_s", "serial")

    def __init__(self, at_s: float, serial: int, action: Action) -> None:
        self.at_s = at_s
        self.serial = serial
        self._action: Action | None = action

    def __lt__(self, other: "Appointment") -> bool:
        return (self.at_s, self.serial) < (other.at_s, other.serial)

    @property
    def is_pending(self) -> bool:
        """Whether it is still to come."""
        return self._action is not None

    def cancel(self) -> None:
        """Call it off."""
        self._action = None

    def keep(self) -> None:
        """Do it, at the time it was made for."""
        action, self._action = self._action, None
        if action is not None:
            action(self.at_s)


class Agenda:
    """Moves forward only when asked to (`advance`), so that a plant that nobody looks at costs nothing."""

    def __init__(self, now_s: float = 0.0) -> None:
        self.now_s = now_s
        self._heap: list[Appointment] = []
        self._serial = 0

    def at(self, at_s: float, action: Action) -> Appointment:
        """Have `action(at_s)` done at `at_s`; two of one moment go in the order in which they were made."""
        self._serial += 1
        appointment = Appointment(at_s, self._serial, action)
        heapq.heappush(self._heap, appointment)
        return appointment

    def advance(self, to_s: float) -> None:
        """Do all that is due up to and including `to_s`. A moment before `now_s` changes nothing: time does not run back."""
        heap = self._heap
        while heap and heap[0].at_s <= to_s:
            appointment = heapq.heappop(heap)
            if appointment.is_pending:
                self.now_s = max(self.now_s, appointment.at_s)
                appointment.keep()
        self.now_s = max(self.now_s, to_s)

    @property
    def next_s(self) -> float | None:
        """When the next thing is due, or None: until then the plant stands still by itself."""
        while self._heap and not self._heap[0].is_pending:
            heapq.heappop(self._heap)
        return self._heap[0].at_s if self._heap else None

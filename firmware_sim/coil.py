"""One output of a board as the wire sees it behind the contact, and the record of every pulse that it gave.

Alone knows: the difference between what a relay was told and what its contact does.
Must not know: what hangs on it, or who told it.
"""

from collections.abc import Callable
from dataclasses import dataclass

from firmware_sim.fault import Faults


@dataclass(slots=True)
class Pulse:
    """One time that a channel was energised; `length_s` is None while it lasts."""

    channel: str
    start_s: float
    length_s: float | None = None


class Coil:
    """A relay contact. `is_commanded` is what the board reads back; `is_energised` is what the lock or lamp feels."""

    def __init__(self, channel: str, faults: Faults, record: list[Pulse]) -> None:
        self.channel = channel
        self.is_commanded = False
        self.is_energised = False
        self._faults = faults
        self._record = record
        self._current: Pulse | None = None
        self._is_wired = False
        """Whether something hangs on it that draws enough to disturb others: a lamp does not."""
        self._feel: Callable[[bool, float], None] = lambda _is_on, _at_s: None

    def wire(self, feel: Callable[[bool, float], None]) -> None:
        """Hang something on the contact: `feel(is_energised, at_s)` at every change."""
        self._feel = feel
        self._is_wired = True

    def switch(self, is_on: bool, at_s: float) -> None:
        """What the board tells the relay."""
        self.is_commanded = is_on
        self.settle(at_s)

    def settle(self, at_s: float) -> None:
        """Let the contact follow, as far as it still can."""
        is_energised = self.is_commanded
        if self._faults:
            if self.is_energised and not is_energised:
                is_energised = self._faults.holds("relay_welded", self.channel)
            elif is_energised:
                is_energised = not self._faults.holds("relay_dead", self.channel)
        if is_energised == self.is_energised:
            return
        self.is_energised = is_energised
        if self._is_wired:
            self._faults.switched_s = at_s
        if is_energised:
            self._current = Pulse(self.channel, at_s)
            self._record.append(self._current)
        elif self._current is not None:
            self._current.length_s = at_s - self._current.start_s
        self._feel(is_energised, at_s)

"""A battery that carries the cabinet while the mains is gone.

Alone knows: how a charge falls and rises with time, and when it is low.
Must not know: who asks, or in which words.
"""

from firmware_sim.agenda import Agenda
from firmware_sim.fault import Faults

FULL = 100.0


class Battery:
    """The battery of supply `name`: `runtime_s` from full to empty, `charging_s` back, low below `low_percent`."""

    def __init__(self, name: str, agenda: Agenda, faults: Faults, *, runtime_s: int, charging_s: int, low_percent: int) -> None:
        self._name, self._agenda, self._faults = name, agenda, faults
        self._runtime_s, self._charging_s, self._low_percent = runtime_s, charging_s, low_percent
        self._percent = FULL
        self._since_s = agenda.now_s
        self.is_on_mains = True
        faults.listen(self._settle)

    def percent(self, at_s: float) -> float:
        """The charge at `at_s`; the fault `battery_low` leaves next to nothing."""
        self._pass(at_s)
        return min(self._percent, self._low_percent / 2) if self._faults.holds("battery_low", self._name) else self._percent

    def left_s(self, at_s: float) -> int:
        """How long it would last from now on."""
        return int(self.percent(at_s) * self._runtime_s / FULL)

    def is_low(self, at_s: float) -> bool:
        """Whether it is about to give up."""
        return self.percent(at_s) < self._low_percent

    def _settle(self) -> None:
        """A fault came or went, now."""
        self._pass(self._agenda.now_s)
        self.is_on_mains = not self._faults.holds("mains_lost", self._name)

    def _pass(self, to_s: float) -> None:
        passed_s = max(0.0, to_s - self._since_s)
        change = passed_s / self._charging_s if self.is_on_mains else -passed_s / self._runtime_s
        self._percent = min(FULL, max(0.0, self._percent + FULL * change))
        self._since_s = max(self._since_s, to_s)

"""How warm it is inside a fridge, and what a probe in it shows.

Alone knows: the physics of a small medicine fridge: it warms while its door is open, cools while it is shut, and swings.
Must not know: which board reads a probe, or which temperature is allowed.

One temperature, that of a buffered probe: it nears the room's within WARM_S (1/e) while the door stands open, the set point
within COOL_S while it is shut, and the room's within FAIL_S when the cooling has failed. A door left ajar takes it above 8 C in 4 minutes.
"""

import math
import random
from collections.abc import Callable

from firmware_sim.agenda import Agenda
from firmware_sim.fault import Faults

SET_POINT_MC = 5_000.0
ROOM_MC = 22_000.0
COOL_S = 900.0
WARM_S = 1_200.0
FAIL_S = 7_200.0
SWING_MC = 300.0
SWING_S = 1_500.0


class Fridge:
    """The inside of one drawer that is cooled. `is_open` tells of its door; call `settle` at every change of door or fault."""

    def __init__(self, name: str, is_open: Callable[[], bool], agenda: Agenda, faults: Faults, rng: random.Random) -> None:
        self._name, self._is_open, self._agenda, self._faults = name, is_open, agenda, faults
        self._phase = rng.random() * 2 * math.pi
        self._middle_mc = SET_POINT_MC
        self._since_s = agenda.now_s
        self._towards = (SET_POINT_MC, COOL_S)

    def settle(self) -> None:
        """Something changed, now: what was so until now has had its effect."""
        self._pass(self._agenda.now_s)
        if self._is_open():
            self._towards = (ROOM_MC, WARM_S)
        elif self._faults.holds("fridge_warm", self._name):
            self._towards = (ROOM_MC, FAIL_S)
        else:
            self._towards = (SET_POINT_MC, COOL_S)

    def milli_c(self, at_s: float) -> float:
        """What a probe inside feels, in thousandths of a degree Celsius."""
        self._pass(at_s)
        return self._middle_mc + SWING_MC * math.sin(2 * math.pi * at_s / SWING_S + self._phase)

    def _pass(self, to_s: float) -> None:
        if to_s > self._since_s:
            target_mc, within_s = self._towards
            self._middle_mc = target_mc + (self._middle_mc - target_mc) * math.exp((self._since_s - to_s) / within_s)
            self._since_s = to_s


class Probe:
    """One probe at one channel, where it is as warm as `milli_c` says: in a fridge, or in the room."""

    def __init__(self, channel: str, milli_c: Callable[[float], float], faults: Faults) -> None:
        self._channel, self._milli_c, self._faults = channel, milli_c, faults
        self._stuck_mc: float | None = None

    def read(self, at_s: float) -> float | None:
        """What it shows in thousandths of a degree Celsius, or None: its wire is cut."""
        if self._faults.holds("probe_dead", self._channel):
            return None
        if not self._faults.holds("probe_stuck", self._channel):
            self._stuck_mc = None
            return self._milli_c(at_s)
        if self._stuck_mc is None:
            self._stuck_mc = self._milli_c(at_s)
        return self._stuck_mc

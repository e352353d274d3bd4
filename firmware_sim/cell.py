"""A load cell under a pocket or a pan: it settles, creeps, shakes, wanders with time and warmth, and has noise.

Alone knows: how a change of load becomes a signal over time, and what a tray that touches its neighbour adds.
Must not know: how a transmitter or balance digitises, tares or reports it.

After a change of load the signal follows an exponential with the time constant SETTLE_S. Steady means: within half a division of rest, and
nothing changed or shook for REST_S.
"""

import math
import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from firmware_sim.fault import Faults
from firmware_sim.frame import Frame

SETTLE_S = 0.100
REST_S = 0.3
NOISE_DIVISIONS = 0.15
CREEP_SHARE, CREEP_S = 0.002, 600.0
"""A bad cell goes on giving way: by so much of its load, with this time constant. A good one (OIML C3) by a tenth of that."""
LEAN_SHARE = 0.1
"""How much of a neighbour's load rests on a tray that it touches."""
SHAKE_DIVISIONS = 40.0
OWN_MG_PER_K = 20.0
"""A cell's zero moves by at most so much, up or down, when it warms by a kelvin; that of a bad one by what its fault says."""
_HOUR_S = 3600.0


@dataclass(frozen=True, slots=True)
class Sample:
    """What the cell shows: a mass (mg, not rounded), whether it is at rest, and what is wrong; `trouble` as its board words it, 0 none.

    `is_other_unit` is for the board's display: somebody has pressed its unit key.
    """

    mass_mg: float
    is_steady: bool
    is_broken: bool = False
    is_overloaded: bool = False
    trouble: int = 0
    is_other_unit: bool = False


class Cell(Protocol):
    """What a weighing board needs of a cell."""

    def read(self, at_s: float) -> Sample:
        """The signal at `at_s`."""
        ...

    def look(self, at_s: float) -> Sample:
        """The same for an onlooker: without noise, and no dice are thrown."""
        ...


class LoadCell:
    """The cell of board `name`. `load_mg` tells what rests on it; call `disturb` after every change of that.

    `warmth` tells how warm it is there (thousandths of a degree); `neighbour` is the cell beside it, once there is one.
    """

    def __init__(
        self, name: str, load_mg: Callable[[], int], division_mg: int, frame: Frame, faults: Faults, rng: random.Random,
        warmth: Callable[[float], float],
    ) -> None:  # fmt: skip
        self._name = name
        self._load_mg = load_mg
        self._division_mg = division_mg
        self._frame = frame
        self._faults = faults
        self._rng = rng
        self._rest_mg = float(load_mg())
        self._excess_mg = 0.0
        self._changed_s = float("-inf")
        self._shown: Sample | None = None
        self._drift_mg = 0.0
        self._drifted_s: float | None = None
        self._creep_mg = 0.0
        self._crept_s: float | None = None
        self._warmth = warmth
        self._own_mg_per_k = rng.uniform(-OWN_MG_PER_K, OWN_MG_PER_K)
        self._mg_per_k, self._warm_mg = self._own_mg_per_k, 0.0
        self._warm_at_mc: float | None = None
        self.neighbour: LoadCell | None = None

    def disturb(self, at_s: float) -> None:
        """What rests on the cell is another mass from now on."""
        showing_mg = self._signal(at_s)
        self._creep(at_s)
        self._rest_mg = float(self._load_mg())
        self._excess_mg = showing_mg - self._rest_mg
        self._changed_s = at_s

    def check(self, at_s: float) -> None:
        """Feel whether the load or what is wrong has changed, where nobody says so."""
        self._warm(at_s)
        if float(self._load_mg()) != self._rest_mg:
            self.disturb(at_s)

    @property
    def load_mg(self) -> int:
        """What rests on it."""
        return self._load_mg()

    def read(self, at_s: float) -> Sample:
        """See Cell."""
        if self._faults:
            if self._faults.holds("scale_cell_error", self._name):
                return Sample(0.0, is_steady=False, is_broken=True)
            if self._faults.holds("scale_overloaded", self._name):
                return Sample(self._rest_mg, is_steady=False, is_overloaded=True)
            if self._faults.holds("scale_frozen", self._name):
                return self._frozen(at_s)
            self._drift(at_s)
            self._creep(at_s)
        self._warm(at_s)
        self._shown = None
        return self._sample(at_s)

    def look(self, at_s: float) -> Sample:
        """See Cell."""
        is_on = self._faults.is_on
        if is_on("scale_cell_error", self._name):
            return Sample(0.0, is_steady=False, is_broken=True)
        if is_on("scale_overloaded", self._name):
            return Sample(self._rest_mg, is_steady=False, is_overloaded=True)
        if is_on("scale_frozen", self._name) and self._shown is not None:
            return self._shown
        lean_mg = self._neighbours_mg() if is_on("scale_leans_on", self._name) else 0.0
        is_shaken = self._frame.is_shaking(at_s) or is_on("scale_unsteady", self._name)
        return Sample(
            self._shown_mg(at_s) + lean_mg, self._is_at_rest(at_s) and not is_shaken, is_other_unit=is_on("scale_wrong_unit", self._name)
        )

    def _sample(self, at_s: float) -> Sample:
        is_shaken = self._frame.is_shaking(at_s) or self._faults.holds("scale_unsteady", self._name)
        noise = SHAKE_DIVISIONS if is_shaken else NOISE_DIVISIONS
        lean_mg = self._neighbours_mg() if self._faults.holds("scale_leans_on", self._name) else 0.0
        is_other_unit = self._faults.holds("scale_wrong_unit", self._name)
        noise_mg = self._rng.gauss(0.0, noise * self._division_mg)
        return Sample(self._shown_mg(at_s) + lean_mg + noise_mg, self._is_at_rest(at_s) and not is_shaken, is_other_unit=is_other_unit)

    def _shown_mg(self, at_s: float) -> float:
        return self._signal(at_s) + self._drift_mg + self._creep_mg + self._warm_mg

    def _is_at_rest(self, at_s: float) -> bool:
        return at_s - self._changed_s >= REST_S and abs(self._signal(at_s) - self._rest_mg) < self._division_mg / 2

    def _frozen(self, at_s: float) -> Sample:
        if self._shown is None:
            self._shown = Sample(self._sample(at_s).mass_mg, is_steady=True)
        return self._shown

    def _drift(self, at_s: float) -> None:
        fault = self._faults.strikes("scale_drifts", self._name)
        if fault is None:
            self._drifted_s = None
            return
        if self._drifted_s is not None:
            self._drift_mg += fault.rate_mg_per_h * (at_s - self._drifted_s) / _HOUR_S
        self._drifted_s = at_s

    def _creep(self, at_s: float) -> None:
        if not self._faults.holds("scale_creeps", self._name):
            self._creep_mg, self._crept_s = 0.0, None
            return
        if self._crept_s is not None:
            goal_mg = CREEP_SHARE * self._rest_mg
            self._creep_mg = goal_mg + (self._creep_mg - goal_mg) * math.exp((self._crept_s - at_s) / CREEP_S)
        self._crept_s = at_s

    def _warm(self, at_s: float) -> None:
        """The zero follows the warmth: until now by what it moved by a kelvin so far, from now on by what it does now."""
        now_mc = self._warmth(at_s)
        if self._warm_at_mc is not None:
            self._warm_mg += self._mg_per_k * (now_mc - self._warm_at_mc) / 1000
        self._warm_at_mc = now_mc
        warm = self._faults.strikes("scale_warms", self._name)
        self._mg_per_k = self._own_mg_per_k if warm is None else warm.rate_mg_per_k

    def _neighbours_mg(self) -> float:
        """What a neighbour's tray adds where it touches."""
        return 0.0 if self.neighbour is None else LEAN_SHARE * self.neighbour.load_mg

    def _signal(self, at_s: float) -> float:
        since_s = at_s - self._changed_s
        if not self._excess_mg or since_s > 20 * SETTLE_S:
            return self._rest_mg
        return self._rest_mg + self._excess_mg * math.exp(-since_s / SETTLE_S)

"""The health of a line and of every unit on it: how far it is believed, and what it may still be asked.

Alone knows: which exchange moves which part's machine (`part.py` has the table), and how a fault of the line is told from a fault of one
unit on it.
Must not know: what a unit is, how it is proven again (`warden.py`), or what its silence means for a drawer.

Two or more units that fail with no good answer from anybody between them are the line's fault: then the line is suspect and no unit is
blamed. One unit that fails while another answers is its own fault. A line with one unit cannot tell, and is opened again to be sure.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Protocol

from cabinet.ports import BusSilent, DeviceFault, LineLost, NoReply, Quarantined
from drivers.part import MACHINE, Part

MISSES = 3
"""So many failures in a row make a unit suspect; of two units together, their line."""
CLEAN = 3
"""So many exchanges in a row go well before a unit or a line is believed again."""
WINDOW_S = 60.0
_DEVICE_FAILED = 4
_REPLY_STEP_S = 0.02
_REPLY_RANK = 0.99

STRANGER = "-stranger"
"""Whoever is asked under a name that ends so is nobody's unit: a technician looks who is there, and silence is an answer."""


class HealthListener(Protocol):
    """Who hears of changes, on the event loop, at the moment of the exchange that brought them about."""

    def health_changed(self, part: str, before: str, after: str, why: str) -> None:
        """A unit or a line went from one state to another."""
        ...

    def distrusted(self, unit: str, fault: DeviceFault) -> None:
        """Nothing that this unit told is believed any more; said once for each loss."""
        ...

    def trusted(self, unit: str) -> None:
        """A unit was proven, for the first time or again."""
        ...


class _Deaf:
    """Nobody listens."""

    def health_changed(self, part: str, before: str, after: str, why: str) -> None:
        """See HealthListener."""

    def distrusted(self, unit: str, fault: DeviceFault) -> None:
        """See HealthListener."""

    def trusted(self, unit: str) -> None:
        """See HealthListener."""


class Disturbance:
    """Until when a coil's interference may still be heard, on whatever line: shared by all lines of a cabinet."""

    __slots__ = ("until_s",)

    def __init__(self) -> None:
        self.until_s = float("-inf")


_PROBING: ContextVar[str] = ContextVar("probing", default="")


@contextmanager
def probing(unit: str) -> Iterator[None]:
    """Let this task ask a unit although it is barred: for its warden."""
    token = _PROBING.set(unit)
    try:
        yield
    finally:
        _PROBING.reset(token)


class LineHealth:
    """One line's parts. The owner of the line tells it of every exchange; that costs some hundred nanoseconds each."""

    def __init__(self, line: str, longest_reply_s: float = 0.2) -> None:
        self.bus = Part(line)
        self.units: dict[str, Part] = {}
        self.listener: HealthListener = _Deaf()
        self.disturbance = Disturbance()
        self.is_kept = False
        """Whether somebody proves again what was barred; where nobody does, nothing is."""
        self.answers = 0
        """How many questions were answered since the start."""
        self._longest_reply_s = longest_reply_s
        self._is_troubled = True
        """Whether a good answer is news: the line is barred, or somebody failed since the last one."""
        self._is_heard = False
        """Whether anybody answered since the line was last lost."""
        self._failing: set[str] = set()
        self._stranger = Part(line + STRANGER, longest_reply_s / 3)

    def unit(self, where: str) -> Part:
        """The unit of this name; one that was never heard of is taken to be well."""
        part = self.units.get(where)
        if where.endswith(STRANGER):
            return self._stranger
        if part is None:
            part = self.units[where] = Part(where, self._longest_reply_s / 3)
            self._set_gate(part)
        return part

    def enrol(self, where: str) -> None:
        """Believe and order nothing of this unit before it was proven."""
        self.is_kept = True
        part = self.unit(where)
        part.is_proven = False
        self._set_gate(part)

    def is_trusted(self, where: str) -> bool:
        """Whether what this unit says is believed, and whether it may be ordered to move something."""
        return self.unit(where).gate == 0

    # --- what the owner of the line tells

    def answered(self, part: Part, now_s: float, reply_s: float) -> None:
        """A question was answered, rightly, after `reply_s` of the unit's own time."""
        if part is self._stranger:
            return
        self.answers += 1
        part.asked += 1
        part.clean += 1
        part.misses = 0
        part.heard_s = now_s
        part.reply_s += _REPLY_STEP_S * _REPLY_RANK if reply_s > part.reply_s else _REPLY_STEP_S * (_REPLY_RANK - 1)
        if self._is_troubled:
            self._hear_again()
        if now_s >= part.window_s:
            self._end_window(part, now_s)

    def refused(self, part: Part, reason: int, now_s: float) -> None:
        """A question was answered by an exception: the unit is there, and where it says that it failed that is an error."""
        self.answered(part, now_s, 0.0)
        if reason == _DEVICE_FAILED:
            self._err(part, now_s, "it reports a failure of its own")

    def failed(self, part: Part, fault: DeviceFault, now_s: float) -> None:
        """A question was answered wrongly, or not at all."""
        if part is self._stranger:
            return
        part.asked += 1
        part.clean = self.bus.clean = 0
        part.misses += 1
        if not part.is_barred and isinstance(fault, NoReply):
            part.reply_s = min(part.reply_s + _REPLY_STEP_S * _REPLY_RANK, self._longest_reply_s / 3)
        if part.misses == 1 and not self.bus.is_barred:  # a silence is one error, however often it is asked into
            self._err(part, now_s, fault.detail)
        if not self.is_kept or (part.state == "quarantined" and not self.bus.is_barred):
            return
        bus = self.bus
        self._is_troubled = True
        if part.gate == 0 or not self._is_heard:  # that a unit is still silent which nobody believes says nothing about the line
            bus.misses += 1
            self._failing.add(part.name)
        if bus.is_barred or (bus.misses >= MISSES and self._is_everybody()):
            why = f"{', '.join(sorted(self._failing))} failed, and nobody answered"
            self._trigger(bus, "missed", why, BusSilent(bus.name, why))
        elif part.misses >= MISSES:
            self._trigger(part, "missed", fault.detail, fault)

    def lost(self, why: str) -> None:
        """The line itself is gone."""
        if not self.is_kept:
            return
        self._is_troubled = True
        self._is_heard = False
        self.bus.clean = 0
        self._trigger(self.bus, "lost", why, LineLost(self.bus.name, why))

    # --- what its warden tells

    def proven(self, where: str) -> None:
        """A unit passed its check and CLEAN exchanges with it went well: it is believed from now on."""
        part = self.unit(where)
        part.is_proven = True
        part.sum_up()
        self._trigger(part, "proven", "identified and checked", None)

    def mismatched(self, where: str, fault: DeviceFault) -> None:
        """A unit answers, and did not pass its check."""
        self._trigger(self.unit(where), "mismatched", fault.detail, fault)

    # ---

    def _hear_again(self) -> None:
        """Somebody answered while the line was in doubt."""
        bus = self.bus
        bus.misses = 0
        self._is_heard = True
        self._failing.clear()
        if bus.is_barred:
            bus.clean += 1
            if bus.clean < CLEAN:
                return
            self._trigger(bus, "proven", f"{CLEAN} right answers in a row", None)
        self._is_troubled = False

    def _is_everybody(self) -> bool:
        """Whether what fails is more than one unit, or all that there is."""
        return len(self._failing) > 1 or all(one.state == "quarantined" or one.name in self._failing for one in self.units.values())

    def _err(self, part: Part, now_s: float, why: str) -> None:
        part.erred += 1
        if now_s < self.disturbance.until_s:
            part.emi += 1
        if part.state != "ok" or not part.is_erring:
            return
        others = [one for one in self.units.values() if one is not part and (one.is_erring or one.state == "degraded")]
        if not others:
            self._trigger(part, "erring", why, None)
            return
        for one in others:
            self._trigger(one, "steady", "its line is to blame", None)
        self.bus.window_s = now_s + WINDOW_S
        self._trigger(self.bus, "erring", f"{part.name} and {', '.join(one.name for one in others)} err", None)

    def _end_window(self, part: Part, now_s: float) -> None:
        """Count afresh; one change of the error rate for each window at most, so that nobody hears it flap."""
        is_calm = part.is_calm
        part.sum_up()
        part.window_s = now_s + WINDOW_S
        if not is_calm:
            return
        self._trigger(part, "steady", "a window without errors", None)
        if self.bus.state == "degraded" and now_s >= self.bus.window_s and not any(one.is_erring for one in self.units.values()):
            self._trigger(self.bus, "steady", "a window without errors", None)

    def _trigger(self, part: Part, trigger: str, why: str, fault: DeviceFault | None) -> None:
        """Move a part, then tell: first the change, then whom it makes believed or unbelieved."""
        told: list[tuple[str, str, str, str]] = []
        MACHINE.events[trigger].trigger(part, why=why, told=told)
        if part is self.bus and part.is_barred:
            for unit in self.units.values():
                unit.is_proven, unit.misses = False, 0
        elif part.is_barred:
            part.is_proven = False
        for change in told:
            self.listener.health_changed(*change)
        for unit in self.units.values():
            self._set_gate(unit)
        for unit in list(self.units.values()):
            self._tell_trust(unit, fault)

    def _set_gate(self, part: Part) -> None:
        if self.bus.is_barred or part.state == "quarantined":
            part.gate = 2
        else:
            part.gate = 0 if part.is_proven and part.state != "suspect" else 1

    def _tell_trust(self, part: Part, fault: DeviceFault | None) -> None:
        if part.gate == 0:
            if part.is_told_trusted is not True:
                part.is_told_trusted = True
                self.listener.trusted(part.name)
        elif part.is_told_trusted is not False and fault is not None and (self.bus.is_barred or part.is_barred):
            part.is_told_trusted = False
            self.listener.distrusted(part.name, fault)

    def is_probe(self, part: Part) -> bool:
        """Whether this task is the warden's, and looks at this unit."""
        return _PROBING.get() == part.name

    def bar(self, part: Part, *, moves: bool) -> DeviceFault | None:
        """Why this task may not ask this unit now; None where it may. Only for a part whose `gate` is not 0."""
        if part.gate == 1 and not moves:
            return None
        culprit = self.bus if self.bus.is_barred else part
        return Quarantined(part.name, f"{culprit.name} is {culprit.state if culprit.is_barred else 'not checked yet'}: {culprit.why}")

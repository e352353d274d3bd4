"""Who is out of trust on a line is tried again here, and nowhere else: identified, checked, and believed after that.

Alone knows: when a barred unit is probed, and what passing a probe means. Every minute a trusted unit is looked at as well.
Must not know: what a unit is for.

A probe of a silent unit holds up whoever wants to unlock for its time-out and the quiet window. So units are probed ever more seldom, until
all probes of a line take at most `PROBE_SHARE` of its time; while somebody is at the cabinet and waits for one (`call`), every few
seconds. Where one comes back the others are tried at once, for what kept it silent, such as a supply, may have kept others silent. On a
line that is barred itself there is nobody to hold up: everybody is asked once, and where nobody answers the line is opened again.
"""

import asyncio
from collections.abc import Collection, Mapping
from typing import Protocol

from cabinet.ports import DeviceFault, LineLost
from drivers.exchange import Rank
from drivers.health import CLEAN, probing
from drivers.owner import Owner
from drivers.part import Part

PROBE_SHARE = 0.005
"""The part of a line's time that asking silent units may take while others answer and nobody waits for them."""
PROBE_S = (0.25, 5.0)
"""How long after its loss a unit is tried first, and how often it is tried at most while nobody waits for it."""
CALLED_S = (1.0, 2.0)
"""How long after its last try a unit is tried at the earliest when somebody calls for it, and how often from then on,"""
CALL_LASTS_S = 60.0
"""until so long after the last call."""
CALLED_SHARE = 0.25
"""The part of a line's time that this may take."""
RELAPSE_S = 60.0
"""Whoever is barred again so soon after it was proven has not got well: the next proof waits twice as long, up to this."""
VERIFY_S = 60.0
"""A trusted unit is looked at again this often: no board tells that it has lost its settings."""


class Ward(Protocol):
    """A driver, as far as its warden knows it."""

    async def start(self) -> None:
        """Identify it, check it and make it safe. Raises DeviceFault."""
        ...


class _Case:
    """One unit under the warden's eyes."""

    __slots__ = ("called_until_s", "driver", "due_s", "part", "probe_s", "proven_s", "relapses", "tried_s", "verify_at_s")

    def __init__(self, part: Part, driver: Ward) -> None:
        self.part, self.driver = part, driver
        self.due_s = 0.0
        self.tried_s = float("-inf")
        self.probe_s = PROBE_S[0]
        self.called_until_s = self.proven_s = float("-inf")
        self.relapses = 0
        self.verify_at_s = 0.0


class Warden:
    """Proves the units of one line, at the start and whenever they have lost trust. One task; see `run`."""

    def __init__(self, owner: Owner, drivers: Mapping[str, Ward], probe_cost_s: float) -> None:
        self._owner, self._health, self._cost_s = owner, owner.health, probe_cost_s
        for where in drivers:
            owner.health.enrol(where)
        self._cases = {where: _Case(owner.health.unit(where), driver) for where, driver in drivers.items()}
        owner.on_open = self.kick
        self._is_awake = asyncio.Event()
        self._is_awake.set()
        self._nap: asyncio.Future[None] | None = None
        self._line_due_s = float("-inf")
        self.is_patient = False
        """Whether looking again at trusted units waits: a drawer is released, and the line has better things to do."""

    async def look_at(self, units: Collection[str]) -> None:
        """Prove these once, one after the other; whoever fails is tried again by `run`."""
        for where, case in self._cases.items():
            if where in units and self._owner.is_open:
                await self._probe(case)

    async def run(self) -> None:
        """Probe and verify until cancelled."""
        loop = asyncio.get_running_loop()
        while True:
            if not self._is_awake.is_set():
                await self._is_awake.wait()
            if not self._owner.is_open:
                await self._sleep(None)
            elif self._health.bus.is_barred:
                if self._line_due_s > loop.time():
                    await self._sleep(self._line_due_s)
                else:
                    await self._try_line()
            else:
                case, due_s = min(((case, self._due_s(case)) for case in self._cases.values()), key=lambda pair: pair[1])
                if due_s > loop.time():
                    await self._sleep(due_s)
                else:
                    await (self._verify(case) if case.part.gate == 0 else self._probe(case))

    def call(self, units: Collection[str] | None = None) -> None:
        """Somebody waits for these units (None: for all): those that are barred are tried at once, and often for the next minute."""
        now_s = asyncio.get_running_loop().time()
        for where, case in self._cases.items():
            if case.part.gate and (units is None or where in units):
                if case.called_until_s < now_s:
                    case.due_s = min(case.due_s, max(now_s, case.tried_s + CALLED_S[0]))
                    case.probe_s = PROBE_S[0]
                case.called_until_s = now_s + CALL_LASTS_S
        if self._health.bus.is_barred:
            self._line_due_s = now_s
            self._owner.hurry()
        self.kick()

    def distrusted(self, where: str) -> None:
        """A unit was just barred: try it soon, and ever later where it was taken back again and again in vain."""
        case, now_s = self._cases[where], asyncio.get_running_loop().time()
        case.relapses = case.relapses + 1 if now_s < case.proven_s + RELAPSE_S else 0
        case.probe_s = min(PROBE_S[0] * 2**case.relapses, RELAPSE_S)
        case.due_s = now_s + case.probe_s
        if self._health.bus.is_barred:
            self._line_due_s = max(self._line_due_s, case.due_s - PROBE_S[0])
        self.kick()

    def rest(self) -> None:
        """Ask nobody until `wake`, and leave the line open."""
        self._is_awake.clear()

    def wake(self) -> None:
        """Go on."""
        self._is_awake.set()

    def kick(self) -> None:
        """Look again at who is due."""
        if self._nap is not None and not self._nap.done():
            self._nap.set_result(None)

    # ---

    def _due_s(self, case: _Case) -> float:
        return case.due_s if case.part.gate else case.verify_at_s

    async def _try_line(self) -> None:
        """Ask everybody once; whoever answers proves the line, and where nobody does it is opened again."""
        answers = self._health.answers
        for case in self._cases.values():
            await self._probe(case)
            if not self._owner.is_open:
                return
            if not self._health.bus.is_barred:
                self._try_all()
                return
        if self._health.answers == answers and self._is_awake.is_set():
            self._owner.close("nobody answers")
        else:
            await asyncio.sleep(PROBE_S[0])

    async def _probe(self, case: _Case) -> None:
        loop, part = asyncio.get_running_loop(), case.part
        case.tried_s = loop.time()
        try:
            with probing(part.name):
                await case.driver.start()
                await self._see_clean(case)
        except LineLost:
            return
        except DeviceFault as fault:
            if part.heard_s >= case.tried_s and not self._health.bus.is_barred:  # it is there, and did not pass
                self._health.mismatched(part.name, fault)
            case.probe_s = min(2 * case.probe_s, self._longest_s(case))
            case.due_s = loop.time() + case.probe_s
            return
        was_barred = part.is_barred
        self._health.proven(part.name)
        case.verify_at_s = loop.time() + VERIFY_S
        case.probe_s, case.proven_s = PROBE_S[0], loop.time()
        if was_barred:
            self._try_all()

    async def _see_clean(self, case: _Case) -> None:
        """Ask for what it is there for until enough exchanges in a row went well; a board's inputs once in any case."""
        read = getattr(case.driver, "read_inputs", None)
        if read is not None:
            await read(Rank.REST)
        for _ in range(case.part.clean, CLEAN):
            await (read(Rank.REST) if read is not None else case.driver.start())

    def _longest_s(self, case: _Case) -> float:
        """How long a barred unit is left alone at most."""
        now_s = asyncio.get_running_loop().time()
        if case.called_until_s > now_s:
            called = sum(one.called_until_s > now_s and one.part.gate != 0 for one in self._cases.values())
            return max(CALLED_S[1], called * self._cost_s / CALLED_SHARE)
        barred = sum(one.part.gate != 0 for one in self._cases.values())
        return max(PROBE_S[1], barred * self._cost_s / PROBE_SHARE)

    def _try_all(self) -> None:
        """Try every barred unit at once."""
        now_s = asyncio.get_running_loop().time()
        for case in self._cases.values():
            if case.part.gate:
                case.due_s, case.probe_s = now_s, PROBE_S[0]

    async def _verify(self, case: _Case) -> None:
        """Look at a trusted unit; its health counts what goes wrong on the wire, and what is not as it was makes it suspect."""
        part, verify = case.part, getattr(case.driver, "verify", None)
        now_s = asyncio.get_running_loop().time()
        if self.is_patient:
            case.verify_at_s = now_s + 1.0
            return
        case.verify_at_s = now_s + VERIFY_S
        if verify is None and part.heard_s > now_s - VERIFY_S:
            return
        try:
            await (case.driver.start() if verify is None else verify())
        except DeviceFault as fault:
            if part.misses == 0 and part.gate == 0:
                self._health.mismatched(part.name, fault)

    async def _sleep(self, until_s: float | None) -> None:
        """Wait until then (None: for ever), or until `kick`."""
        loop = asyncio.get_running_loop()
        self._nap = loop.create_future()
        timer = None if until_s is None else loop.call_at(until_s, self.kick)
        try:
            await self._nap
        finally:
            if timer is not None:
                timer.cancel()
            self._nap = None

"""One thing that a bolt keeps shut: a drawer, a lid or a fridge door, with its spring, its hook and its feedback switch.

Alone knows: how long a bolt takes, when a spring throws the drawer open, and when a push makes it latch.
Must not know: which board drives the coil, what is inside, or who pushes.

A coil pulls the bolt back in WITHDRAW_S and holds it; without current it falls back in FALL_S. A spring throws a freed drawer or lid open
within SPRING_S; once freed it opens even if the current ends meanwhile. What is pushed home stays there, held by a hand or by friction,
latched or not; a second switch, where there is one, tells of that place and not of the bolt. A fridge door has no spring: its magnet, once
let go, stays let go for HOLD_S after the current ends, or until the door has been pulled open and pushed shut again.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass

from firmware_sim.agenda import Agenda, Appointment
from firmware_sim.contact import Contact
from firmware_sim.fault import Faults
from firmware_sim.frame import Frame

WITHDRAW_S = 0.040
FALL_S = 0.020
SPRING_S = 0.120
HOLD_S = 2.5
MOVE_S = 0.5
CREEP_S = 1.5


@dataclass(frozen=True, slots=True)
class World:
    """What all parts of one plant share."""

    agenda: Agenda
    frame: Frame
    faults: Faults
    rng: random.Random
    changed: Callable[[], None]


class Bolt:
    """A bolt and what it keeps shut. `has_room` says whether there is room to open (a lid has none under a closed drawer)."""

    def __init__(self, name: str, world: World, contact: Contact | None, home: Contact | None = None, *, has_spring: bool) -> None:
        self.name = name
        self.is_open = False
        self.is_withdrawn = False
        self.has_spring = has_spring
        self.has_room: Callable[[], bool] = lambda: True
        self.opened: Callable[[float], None] = lambda _at_s: None
        self._world = world
        self._contact = contact
        self._home = home
        self._is_energised = False
        self._moving: Appointment | None = None
        self._throwing: Appointment | None = None

    @property
    def switches(self) -> tuple[str, ...]:
        """The input channels that tell of it."""
        return tuple(contact.channel for contact in (self._contact, self._home) if contact is not None)

    def feel(self, is_energised: bool, at_s: float) -> None:
        """The coil's current comes or goes."""
        self._is_energised = is_energised
        if self._moving is not None:
            self._moving.cancel()
        if is_energised:
            slow = self._world.faults.strikes("lock_slow", self.name)
            late_s = 0.0 if slow is None else slow.delay_ms / 1000
            self._moving = self._world.agenda.at(at_s + WITHDRAW_S + late_s, self._withdraw)
        else:
            hold_s = 0.0 if self.has_spring or self.is_open or not self.is_withdrawn else HOLD_S
            self._moving = self._world.agenda.at(at_s + FALL_S + hold_s, self._fall)

    def nudge(self, at_s: float) -> None:
        """Let a spring throw open what is free and has room."""
        if self.has_spring and self.is_withdrawn and not self.is_open and (self._throwing is None or not self._throwing.is_pending):
            self._throwing = self._world.agenda.at(at_s + SPRING_S, self._throw)

    def pull(self, at_s: float) -> bool:
        """A person pulls: whether it is open then."""
        if self.is_open:
            return True
        if not self.is_withdrawn or not self._can_move():
            return False
        self._open(at_s)
        return True

    def push(self, at_s: float) -> bool:
        """A person pushes it home: whether it stays there, latched."""
        if not self.is_open:
            return True
        if not self._can_move():
            return False
        if self._home is not None:
            self._home.follow(True, at_s)
        if self.is_withdrawn or self._holds("latch_slack"):
            return False
        self._stand(is_open=False, at_s=at_s)
        if self._holds("drawer_creeps_open"):
            self._world.agenda.at(at_s + CREEP_S, self._creep)
        return True

    def force(self, at_s: float) -> bool:
        """Someone breaks or unlocks it open without the controller: whether it opened by that."""
        if self.is_open or not self.has_room():
            return False
        self._open(at_s)
        return True

    def restore(self, *, is_open: bool) -> None:
        """Stand as it was left when the simulator last ran."""
        self.is_open = is_open
        if self._contact is not None:
            self._contact.is_on = not is_open
        if self._home is not None:
            self._home.is_on = not is_open

    def _withdraw(self, at_s: float) -> None:
        if not self._holds("latch_sticks"):
            self.is_withdrawn = True
            self.nudge(at_s)

    def _fall(self, _at_s: float) -> None:
        self.is_withdrawn = False

    def _throw(self, at_s: float) -> None:
        if not self.is_open and self._can_move():
            self._open(at_s)

    def _creep(self, at_s: float) -> None:
        """The bolt only seemed to hold it."""
        if not self.is_open and self._can_move():
            self._open(at_s)

    def _can_move(self) -> bool:
        return self.has_room() and not self._holds("drawer_jammed")

    def _open(self, at_s: float) -> None:
        if not self.has_spring and not self._is_energised:
            self.is_withdrawn = False
        self._stand(is_open=True, at_s=at_s)
        self.opened(at_s)

    def _stand(self, *, is_open: bool, at_s: float) -> None:
        self.is_open = is_open
        if self._throwing is not None:
            self._throwing.cancel()
        if self._contact is not None:
            self._contact.follow(not is_open, at_s)
        if self._home is not None:
            self._home.follow(not is_open, at_s)
        self._world.frame.jolt(at_s, MOVE_S)
        self._world.changed()

    def _holds(self, kind: str) -> bool:
        return self._world.faults.holds(kind, self.name)

"""As much of the cabinet as the ward's listener may speak with: it reads the core, and says one of six things.

Alone knows: which events these are. Must not know: any path, any page, the controller.

Nothing of what may be said orders a lock pulsed, whatever the cabinet's state: `tests/domain/test_ward.py` tries each.
"""

from typing import Protocol

from cabinet.domain.core import Core
from cabinet.domain.events import PickAsked, PickDropAsked, StaffNotRecognised, WardActive, WardArrived, WardLeft
from cabinet.domain.refusal import Refusal
from cabinet.ports import Clock

Said = WardArrived | StaffNotRecognised | WardActive | WardLeft | PickAsked | PickDropAsked
"""All that is ever said from here."""


class Desk(Protocol):
    """What the controller is to this room."""

    clock: Clock

    @property
    def core(self) -> Core:
        """To be read."""
        ...

    async def ask(self, event: Said) -> Refusal | None:
        """Let it happen; returns when what it led to is durable. None: it was done."""
        ...

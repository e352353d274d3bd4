"""What happens to the controller itself: it starts, it stops, a timer runs out.

Alone knows: which of these events exist. Must not know: what the core does about them.
"""

from dataclasses import dataclass

from cabinet.domain.events.event import Event


@dataclass(frozen=True)
class Started(Event):
    """The controller is up and the journal is replayed."""

    boot: int
    software: str
    config: str


@dataclass(frozen=True)
class Stopping(Event):
    """The controller has been asked to end."""


@dataclass(frozen=True)
class TimerDue(Event):
    """A timer that a command started has run out."""

    timer: str

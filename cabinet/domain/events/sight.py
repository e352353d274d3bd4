"""What boards, instruments and scales just told.

Alone knows: which of these events exist. Must not know: what the core does about them.
"""

from dataclasses import dataclass

from cabinet.domain.events.event import Event
from cabinet.domain.vocabulary import BoardId, Channel, IntentId, MilliC, PocketId, Power, ProbeFault, Weighing


@dataclass(frozen=True)
class InputChanged(Event):
    """An input holds a new, confirmed value."""

    channel: Channel
    is_on: bool


@dataclass(frozen=True)
class BoardLost(Event):
    """A board no longer answers; whatever its inputs told is unknown."""

    board: BoardId
    code: str
    detail: str


@dataclass(frozen=True)
class BoardBack(Event):
    """A lost board answers again; its inputs follow."""

    board: BoardId


@dataclass(frozen=True)
class HealthChanged(Event):
    """A board or a line went from one state of health to another."""

    part: str
    before: str
    after: str
    why: str


@dataclass(frozen=True)
class TemperatureRead(Event):
    """A probe was read: a temperature, or why its board says that there is none."""

    probe: Channel
    reading: MilliC | ProbeFault


@dataclass(frozen=True)
class PowerRead(Event):
    """The supply that feeds the cabinet was asked, and answered."""

    supply: BoardId
    power: Power


@dataclass(frozen=True)
class PulseFailed(Event):
    """The pulse of an intent was not confirmed. `moved`: it may have been carried out all the same, so looking decides."""

    intent: IntentId
    code: str
    detail: str
    moved: bool


@dataclass(frozen=True)
class WeightRead(Event):
    """What a pocket's scale read; `weighing` is None, and `fault` says why, where it could not be read."""

    pocket: PocketId
    weighing: Weighing | None
    fault: str = ""


@dataclass(frozen=True)
class PocketsSeen(Event):
    """What the photo-eyes behind a lock saw when they were looked at after it closed: on is something there."""

    lock: str
    bins: tuple[tuple[Channel, bool], ...]

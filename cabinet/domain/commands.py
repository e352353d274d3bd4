"""What the core asks of the world, in the imperative. Carried out in order, after the facts of the round are durable.

Alone knows: everything the core can ask for. Must not know: how it is done.
"""

from dataclasses import dataclass

from cabinet.domain.vocabulary import BoardId, Channel, IntentId, PocketId


@dataclass(frozen=True, slots=True)
class ReleaseLock:
    """Pulse a lock's coil once. Its intent is durable by now."""

    intent: IntentId
    coil: Channel
    closed: Channel
    hold_ms: int


@dataclass(frozen=True, slots=True)
class SwitchLight:
    """Switch a guide light."""

    light: Channel
    is_on: bool


@dataclass(frozen=True, slots=True)
class WeighPocket:
    """Read a pocket's scale and answer with one `WeightRead`. `is_after`: something has just moved, so it is given time to come to rest."""

    pocket: PocketId
    scale: BoardId
    is_after: bool


@dataclass(frozen=True, slots=True)
class LookIntoPockets:
    """Read these photo-eyes now and answer with one `PocketsSeen`; a device fault is answered with nothing, for it shows nothing."""

    lock: str
    bins: tuple[Channel, ...]


@dataclass(frozen=True, slots=True)
class StartTimer:
    """Answer with `TimerDue` in `after_s` seconds; starting it again starts it afresh."""

    timer: str
    after_s: float


@dataclass(frozen=True, slots=True)
class StopTimer:
    """Forget a timer; one that is not running is no error."""

    timer: str


@dataclass(frozen=True, slots=True)
class WatchClosely:
    """Read these inputs' boards between every two others from now on (none: no board is special)."""

    channels: tuple[Channel, ...]


@dataclass(frozen=True, slots=True)
class SwitchAllOff:
    """Switch every output of every board off."""


@dataclass(frozen=True, slots=True)
class CallBoards:
    """Somebody waits for these boards, which are out of trust: try them now, and often for a while."""

    boards: tuple[BoardId, ...]


Command = ReleaseLock | SwitchLight | WeighPocket | LookIntoPockets | StartTimer | StopTimer | WatchClosely | CallBoards | SwitchAllOff

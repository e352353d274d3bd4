"""What is remembered of fridges and of the power supply, and what is only seen of a fridge.

Alone knows: the shape of it, as plain data. Must not know: how any of it changes (`fold_instrument.py`, `fridge.py`, `power.py`).
"""

from dataclasses import dataclass, field

from cabinet.domain.vocabulary import Instant, parse_utc

CALM_READINGS = 4
"""So many readings in a row without a jump, and a probe that jumped is believed again."""


def minutes_since(at: Instant, since: str) -> int:
    """Whole minutes from a moment of the journal to now; never fewer than none."""
    return max(0, int((at.utc - parse_utc(since)).total_seconds() // 60))


@dataclass
class Excursion:
    """A time out of range (moments as records write them). `ended_at` is empty while it lasts; `verdict` until a pharmacist decided."""

    since: str
    lowest_mc: int
    highest_mc: int
    minutes: int = 0
    ended_at: str = ""
    verdict: str = ""


@dataclass
class FridgeState:
    """One cooled drawer, by its id. `state` is moved by the fridge machine alone.

    `out_since` is when it left its range, kept until it is seen to be back; `lowest_mc` and `highest_mc` are of that time. `logged_at`
    and `logged_mc` are of the newest temperature in the journal. `excursions` are those that nobody decided about, and the one that lasts.
    """

    drawer: str
    state: str = "unknown"
    out_since: str = ""
    lowest_mc: int = 0
    highest_mc: int = 0
    logged_at: str = ""
    logged_mc: int | None = None
    excursions: list[Excursion] = field(default_factory=list)

    @property
    def lasting(self) -> Excursion | None:
        """The excursion that is not over."""
        return next((one for one in self.excursions if not one.ended_at), None)


@dataclass
class PowerState:
    """Where the cabinet's power comes from, by the supply's word, and since when. `state` is moved by the power machine alone."""

    state: str = "unknown"
    since: str = ""


@dataclass
class Sight:
    """What was seen of one fridge and is not remembered across a start: the window since the last log, and what gives a bad probe away.

    `open_s` is when (monotonic seconds) its door was last seen open, `out_s` when it was first seen out of range: delays run by this
    clock, for the other one may be set meanwhile.
    """

    window: list[int] = field(default_factory=list)
    window_since: Instant | None = None
    newest_mc: int | None = None
    newest_at: Instant | None = None
    same_since: Instant | None = None
    calm: int = CALM_READINGS
    open_s: float | None = None
    out_s: float | None = None
    is_blind: bool = True

"""What is remembered of drawers, lids and their locks: where each stands, what is wrong with it, and how it wears.

Alone knows: that shape. Must not know: how any of it changes (`drawer.py`, `fold/`), or what is made of it (`trouble.py`, `wear.py`).
"""

from dataclasses import dataclass, field


@dataclass
class DrawerState:
    """One physical drawer or lid, named by its lock. `state` is moved by the drawer machine alone.

    `staff` had it pulsed; where there is no `access`, at the bench or, where `is_on_trial`, to bring it back after it had failed.
    `moved_at` is when it was last told to open or seen open (as records write moments): since then a hand may have been behind it.
    """

    lock: str
    state: str = "unknown"
    intent: str | None = None
    access: str | None = None
    staff: str | None = None
    is_on_trial: bool = False
    moved_at: str = ""


@dataclass
class Fault:
    """Something that is not as it should be, until a fact says that it is over.

    `staff` is whose access met it, if anybody's; `tries` is how often it was tried in vain to bring it back.
    `is_of_device`: a board that is lost; a start looks again and forgets it.
    """

    place: str
    code: str
    detail: str
    raised_at: str
    staff: str | None = None
    is_failing: bool = False
    is_of_device: bool = False
    tries: int = 0


@dataclass
class Wear:
    """How one lock has worked: times from order to opening (ms) at first and lately, and which of its last pulses missed (0, 1)."""

    cycles: int = 0
    early_ms: list[int] = field(default_factory=list)
    recent_ms: list[int] = field(default_factory=list)
    misses: list[int] = field(default_factory=list)
    intended_ms: int = 0

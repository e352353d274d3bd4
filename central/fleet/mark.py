"""How a cabinet is, in a few words: what of it needs somebody, the most urgent first.

Alone knows: which states are worth a word, their order and their look. Must not know: where a state was read, pages.
"""

from dataclasses import dataclass
from typing import Annotated

import msgspec

Count = Annotated[int, msgspec.Meta(ge=0)]


class Fridge(msgspec.Struct, frozen=True):
    """One fridge, as its cabinet last reported it."""

    drawer: str
    state: str
    milli_c: int | None = None
    at: str = ""


class Power(msgspec.Struct, frozen=True):
    """Where a cabinet's power comes from, and since when."""

    state: str = "unknown"
    since: str = ""


class Lock(msgspec.Struct, frozen=True):
    """How often a lock has been released."""

    lock: str
    cycles: Count


class Part(msgspec.Struct, frozen=True):
    """A line or a board."""

    part: str
    kind: str
    state: str
    why: str = ""


class Health(msgspec.Struct, frozen=True):
    """What `up/health` says, as far as pages show it."""

    power: Power = Power()
    fridges: tuple[Fridge, ...] = ()
    locks: tuple[Lock, ...] = ()
    parts: tuple[Part, ...] = ()
    at: str = ""


@dataclass(frozen=True, slots=True)
class Counts:
    """Pockets of one cabinet that need somebody, and what is open of it."""

    failed: int = 0
    quarantined: int = 0
    expired: int = 0
    out: int = 0
    critical: int = 0
    low: int = 0
    ok: int = 0
    over: int = 0
    discrepancies: int = 0

    @property
    def pockets(self) -> int:
        """Assigned ones."""
        return self.failed + self.quarantined + self.expired + self.out + self.critical + self.low + self.ok + self.over


@dataclass(frozen=True, slots=True)
class Mark:
    """One word about a cabinet; `look` is the status whose icon and colour it bears."""

    look: str
    text: str


FINE = Mark("ok", "fine")
_POWER = {"battery": Mark("soon", "on battery"), "low": Mark("stat", "battery low")}
_FRIDGE = {"excursion": Mark("stat", "fridge out of range"), "out": Mark("soon", "fridge out of range")}
_STOCK = (
    ("failed", "failed", "{} out of reach"), ("out", "out", "{} out"), ("critical", "critical", "{} critical"), ("low", "low", "{} low"),
    ("expired", "expired", "{} expired"), ("quarantined", "quarantined", "{} in quarantine"),
    ("discrepancies", "open", "{} to explain"),
)  # fmt: skip


def marks(state: str, mode: str, counts: Counts, health: Health) -> list[Mark]:
    """What needs somebody; `FINE` alone where nothing does. A cabinet that is silent may be anything by now: that comes first."""
    found = [] if state == "online" else [Mark("lost", "silent")]
    found += [_FRIDGE[one.state] for one in health.fridges if one.state in _FRIDGE][:1]
    if health.power.state in _POWER:
        found.append(_POWER[health.power.state])
    if mode not in {"", "ready"}:
        found.append(Mark("soon", mode.replace("_", " ")))
    broken = [part for part in health.parts if part.state in {"suspect", "quarantined"}]
    if broken:
        found.append(Mark("failed", f"{broken[0].part} not answering" if len(broken) == 1 else f"{len(broken)} boards not answering"))
    found += [Mark(look, text.format(number)) for field, look, text in _STOCK if (number := getattr(counts, field))]
    return found or [FINE]

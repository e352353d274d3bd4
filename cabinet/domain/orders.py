"""Patients and their orders, as this cabinet last heard of them.

Alone knows: what an order says, and where it is in its life. Must not know: whether one is needed (`authority.py`), or where it came from.
"""

from dataclasses import dataclass
from enum import StrEnum

from cabinet.domain.vocabulary import ItemId, OrderId, PatientId, Units


@dataclass(frozen=True, slots=True)
class Order:
    """A prescriber's instruction; `is_verified` once a pharmacist has looked at it.

    `units` is what one dose takes where somebody said so; 0: as `dose` says in words (`dose/plan.py`).
    """

    id: OrderId
    patient: PatientId
    item: ItemId
    dose: str
    units: Units
    route: str
    schedule: str
    is_verified: bool
    interval_min: int = 0
    """Minutes between two doses where somebody said so; 0: as `schedule` says in words."""
    starts: str | None = None
    stops: str | None = None
    """From when until when it holds, as records write moments; None: no limit is known."""
    waiting_since: str | None = None
    """When it was entered, while no pharmacist has looked at it."""
    status: str = "active"
    """By the word of whoever keeps it: active, held or stopped."""
    indication: str = ""

    def phase(self, now: str) -> "Phase":
        """Where it is in its life at `now` (as records write moments)."""
        if self.status in {Phase.STOPPED, Phase.HELD}:
            return Phase(self.status)
        is_unclear = self.starts is not None and self.stops is not None and self.stops < self.starts
        if self.stops is not None and self.stops <= now and not is_unclear:
            return Phase.STOPPED
        if not self.is_verified:
            return Phase.WAITING
        if is_unclear:
            return Phase.UNCLEAR
        return Phase.AHEAD if self.starts is not None and now < self.starts else Phase.ACTIVE


class Phase(StrEnum):
    """Where an order is in its life. Unclear: it stops before it starts, as records do; it is shown and asked about, not refused."""

    ACTIVE = "active"
    WAITING = "waiting"
    AHEAD = "ahead"
    HELD = "held"
    STOPPED = "stopped"
    UNCLEAR = "unclear"


@dataclass(frozen=True, slots=True)
class Patient:
    """A person treated on the ward, with two identifiers: `born` (YYYY-MM-DD) and the medical `record` number."""

    id: PatientId
    name: str
    born: str
    record: str
    bed: str
    allergies: tuple[str, ...]
    weight_g: int | None
    orders: tuple[Order, ...]
    weight_at: str | None = None
    """When they were weighed: a date or a moment, as the source wrote it; None: not known."""
    weight_source: str = ""
    """How the weight is known: bed scale, standing scale, stated, estimated; "": not known."""
    area: str = ""
    """The care area that they are in; "": this one."""
    discharged_at: str | None = None
    """When they left, as records write moments: listed for return and waste for a while after it."""

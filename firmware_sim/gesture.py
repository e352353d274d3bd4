"""What may be asked of the simulated world from outside: a hand's act, or a fault, as it stands in JSON or TOML.

Alone knows: the words for acts, and which of them need a drawer, a pocket or a number.
Must not know: who asks.
"""

from collections.abc import Callable
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from firmware_sim.fault import EVERYWHERE, KINDS, Fault, Faults
from firmware_sim.hand import Hand

DrawerAct = Literal["pull", "push", "force"]
LidAct = Literal["lift_lid", "close_lid", "force_lid"]
PieceAct = Literal["take", "put"]
BinAct = Literal["drop", "empty_bin"]
ShownAct = Literal["show_badge", "scan"]
_DRAWER_ACTS: dict[str, Callable[[Hand, str], bool]] = {"pull": Hand.pull, "push": Hand.push, "force": Hand.force}
_LID_ACTS: dict[str, Callable[[Hand, str], bool]] = {
    "lift_lid": Hand.lift_lid, "close_lid": Hand.close_lid, "force_lid": Hand.force_lid,
}  # fmt: skip
_NEEDED = {"show_badge": "badge", "scan": "code", "drop": "item", "empty_bin": "act"} | dict.fromkeys(_DRAWER_ACTS, "drawer")
"""act -> the field that it cannot do without; all others need a pocket."""
OF_PIECES = {"take", "put", "drop", "empty_bin"}
"""The acts of which the number of pieces is told."""


class Order(BaseModel):
    """What every order has in common: frozen, and a key that is not known is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Gesture(Order):
    """One act of a hand. `drawer` goes with pull, push and force, `pocket` with lids and pieces, `units` with take, put and drop.

    `item` is what is put (left out: what the pocket is for), taken (left out: any piece) or dropped into the return bin.
    `lot` goes with put, `badge` with show_badge, `code` (AIM prefix and all, the separator as U+001D or `<GS>`) with scan; `device` names
    which reader or scanner, where it is not the first.
    """

    act: DrawerAct | LidAct | PieceAct | BinAct | ShownAct
    device: str | None = None
    badge: str | None = Field(default=None, pattern="^[0-9]{1,10}$")
    code: str | None = Field(default=None, min_length=1, max_length=600)
    drawer: str | None = None
    pocket: str | None = None
    item: str | None = Field(default=None, min_length=1, max_length=100)
    lot: str = Field(default="", max_length=40)
    units: int = Field(default=1, ge=1, le=10_000)

    @model_validator(mode="after")
    def _has_its_target(self) -> "Gesture":
        needed = _NEEDED.get(self.act, "pocket")
        if getattr(self, needed) is None:
            raise ValueError(f"{self.act} needs a {needed}")
        return self

    def perform(self, hand: Hand) -> int:
        """Do it: how many pieces moved, or 1 when a drawer or lid did as wanted; 0 when it was physically impossible. Raises KeyError."""
        if self.act in _DRAWER_ACTS:
            return int(_DRAWER_ACTS[self.act](hand, self.drawer or ""))
        if self.act in _LID_ACTS:
            return int(_LID_ACTS[self.act](hand, self.pocket or ""))
        match self.act:
            case "show_badge":
                return int(hand.show_badge(self.badge or "", self.device))
            case "scan":
                return int(hand.scan(self.code or "", self.device))
            case "drop":
                return hand.drop(self.units, self.item or "")
            case "empty_bin":
                return hand.empty_bin()
            case "put":
                return hand.put(self.pocket or "", self.units, self.item, self.lot)
            case _:
                return hand.take(self.pocket or "", self.units, self.item)


class FaultOrder(Order):
    """Something to break; the fields are those of Fault."""

    kind: str
    target: str = EVERYWHERE
    probability: float = Field(default=1.0, gt=0, le=1)
    delay_ms: int = Field(default=500, ge=0, le=600_000)
    rate_mg_per_h: int = 3000
    rate_mg_per_k: int = 60
    mass_mg: int = Field(default=8000, ge=0, le=100_000_000)

    @model_validator(mode="after")
    def _is_known(self) -> "FaultOrder":
        if self.kind not in KINDS:
            raise ValueError(f"{self.kind!r} is no fault; there are {', '.join(KINDS)}")
        return self

    def fault(self) -> Fault:
        """The fault that it asks for."""
        return Fault(**self.model_dump())


class MendOrder(Order):
    """What to mend; what is absent fits everything."""

    kind: str | None = None
    target: str | None = None

    def perform(self, faults: Faults) -> None:
        """Mend it."""
        faults.mend(self.kind, self.target)

"""One access as the pharmacy reads it afterwards: asked by whom for what, what came of it, and which facts it rests on.

Alone knows: the fields, and what each kind of ending means. Must not know: facts, tables.
"""

from dataclasses import dataclass

TAKING = frozenset({"withdraw", "emergency"})
FILLING = frozenset({"refill", "load"})
REFUSED, SETTLED, DISPUTED, CANCELLED = "refused", "settled", "disputed", "cancelled"
DONE = frozenset({SETTLED, DISPUTED})
OVERRIDES = frozenset({"override", "emergency"})
NOT_THERE = frozenset({"stock.out", "stock.short", "stock.expired"})
"""Refusals of a withdrawal for want of stock, at a cabinet that holds the item."""
NOT_HELD = "stock.not_here"
SENT = "sent"
"""The kind of a line that no access is: the pharmacy sent units of an item that the cabinet has no pocket for."""


@dataclass(slots=True)
class Line:
    """One access, or a refusal. Text that nobody gave is empty.

    `place` tells lines of one fact apart, where it is a list; else 0. `asked_at` is the first asking, where an access went on from another
    pocket (`moved_to` names the one that goes on). `asked` and `units`: asked for, and moved between the pocket and its other account;
    `back_m`, `waste_m`: of a withdrawal, what came back and was wasted since, in thousandths; of a waste its own. `counts`, `variances`:
    final counts in it, and those that differed. `found`: a pocket's status before it was filled; `left_units`: what it held afterwards;
    `keeps_days`: until what was put in expires.
    """

    cabinet: str
    epoch: int
    seq: int
    place: int
    access: str
    at: str
    kind: str
    item: str
    pocket: str = ""
    staff: str = ""
    witness: str = ""
    patient: str = ""
    order_id: str = ""
    authority: str = ""
    reason: str = ""
    phase: str = "requested"
    code: str = ""
    asked_at: str = ""
    open_ms: int | None = None
    asked: int = 0
    units: int = 0
    back_m: int = 0
    waste_m: int = 0
    counts: int = 0
    variances: int = 0
    is_linked: int = 0
    found: str = ""
    left_units: int | None = None
    keeps_days: int | None = None
    moved_to: str = ""

    @property
    def is_taken(self) -> bool:
        """Whether units were taken for a patient or a purpose."""
        return self.kind in TAKING and self.phase in DONE and self.units > 0

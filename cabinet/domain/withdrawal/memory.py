"""What is remembered of a withdrawal after its access is over.

Alone knows: that shape, and how much of it is not accounted for yet. Must not know: what may be returned (`judging.py`).
"""

from dataclasses import dataclass

WHOLE_M = 1000
"""One counted unit, in thousandths."""


@dataclass
class Withdrawal:
    """Units that one person took out for one patient or purpose. What was neither returned nor wasted is taken to be given."""

    access: str
    staff: str
    pocket: str
    item: str
    patient: str | None
    purpose: str | None
    order: str | None
    authority: str
    at: str
    seq: int
    units: int
    lot: str | None = None
    returned: int = 0
    wasted_m: int = 0
    drawn_m: int = 0
    """What was drawn out of a container that was put back, beside whole units; below 0: what one had lost before it was taken."""
    given_m: int | None = None
    """How much was given, where somebody said so."""
    is_named_later: bool = False
    """Whether the patient was named after it was taken: its units stand in the account of those that were taken for nobody."""

    @property
    def left_m(self) -> int:
        """Thousandths of a unit that were neither returned nor wasted."""
        return self.removed_m - self.returned * WHOLE_M - self.wasted_m

    @property
    def removed_m(self) -> int:
        """Thousandths of a unit that left the pocket."""
        return self.units * WHOLE_M + self.drawn_m

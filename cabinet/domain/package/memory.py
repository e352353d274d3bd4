"""What is remembered of lines that could not be filled as they stood, and of those that somebody asked to be filled.

Alone knows: the shape of it. Must not know: how it changes (`fold/refill.py`).
"""

from dataclasses import dataclass


@dataclass
class Parked:
    """A code that waits for a pharmacist. `linked` is the item that it turned out to be; `why_not` why it is not to be put in."""

    key: str
    pocket: str
    item: str
    staff: str
    at: str
    linked: str | None = None
    why_not: str = ""

    @property
    def is_waiting(self) -> bool:
        """Whether nobody has compared yet."""
        return self.linked is None and not self.why_not


@dataclass
class Unfilled:
    """Why a pocket was not filled when somebody was there to fill it; forgotten once it is filled."""

    pocket: str
    item: str
    reason: str
    note: str | None
    staff: str
    at: str


@dataclass
class RefillAsk:
    """Who asked the pharmacy to fill a pocket, and when; forgotten once something was put in, or when it holds another item."""

    item: str
    staff: str
    at: str

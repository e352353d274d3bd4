"""What is remembered of a numbered sheet.

Alone knows: that shape. Must not know: when one is late or short (`carrying.py`).
"""

from dataclasses import dataclass


@dataclass
class Sheet:
    """Units of one item on their way. `is_inbound`: to this cabinet, where they are received by count before `due`."""

    id: str
    item: str
    issued: int
    is_inbound: bool
    issued_by: str
    carried_by: str
    at: str
    due: str
    place: str | None = None
    received: int = 0
    is_late: bool = False

    @property
    def missing(self) -> int:
        """What was issued and has not arrived; negative where more arrived than was issued."""
        return self.issued - self.received

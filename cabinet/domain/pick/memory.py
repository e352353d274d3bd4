"""What is remembered of what somebody chose and has not begun to take.

Alone knows: that shape. Must not know: who may choose what (`choosing.py`).
"""

from dataclasses import dataclass


@dataclass
class Pick:
    """One order that a person means to follow. `id` is the access that it becomes. It reserves nothing.

    `said` is the dose that was chosen where the order leaves one to choose; `is_ahead`: chosen away from the cabinet.
    `ordered` is what the order said when it was picked; "": not known.
    """

    id: str
    staff: str
    patient: str
    order: str
    item: str
    said: str | None
    at: str
    is_ahead: bool
    ordered: str = ""

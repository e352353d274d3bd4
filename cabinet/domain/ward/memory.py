"""What is remembered of people who look in from another screen of the ward.

Alone knows: that shape. Must not know: how one of them begins or ends (`presence.py`).
"""

from dataclasses import dataclass


@dataclass
class WardSession:
    """A person recognised away from the cabinet, until they leave or are timed out."""

    id: str
    staff: str

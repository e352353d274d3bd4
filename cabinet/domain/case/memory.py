"""What is remembered of a case that is not over.

Alone knows: that shape. Must not know: how it is reconciled (`reconciling.py`).
"""

from dataclasses import dataclass


@dataclass
class Case:
    """One patient's case, begun by `staff`. Its withdrawals owe nothing before it ends."""

    id: str
    patient: str
    staff: str
    at: str

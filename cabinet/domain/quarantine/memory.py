"""What is remembered of a quarantine.

Alone knows: that shape. Must not know: what it blocks (`judging.py`).
"""

from dataclasses import dataclass


@dataclass
class Quarantine:
    """One block. `scope` is pocket, item, ndc or lot, and `value` which one; `item` goes with a lot.

    `recall` is the number under which the maker or the agency calls it back.
    """

    id: str
    scope: str
    value: str
    item: str | None
    why: str
    recall: str | None
    staff: str | None
    at: str

"""What is remembered of a debt.

Alone knows: that shape. Must not know: when something is owed (`owing.py`), or how facts change it (`cabinet.domain.fold.debt`).
"""

from dataclasses import dataclass


@dataclass
class Debt:
    """Something still to be done by `staff`: a waste, a witness, a reason, an order. `units_m` as in the fact; `seq` is that fact's.

    `of` is whose act it came of, whoever took it over since.
    """

    id: str
    kind: str
    staff: str
    access: str
    pocket: str | None
    item: str
    patient: str | None
    units_m: int
    why: str
    at: str
    seq: int
    of: str = ""

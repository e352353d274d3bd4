"""What a hospital's systems call a transaction: one movement at one pocket, by whom, for whom, and with which counts.

Alone knows: the kinds, and the table that says which kind a movement between two accounts is. Must not know: journals, messages.
"""

from dataclasses import dataclass
from enum import StrEnum

TO_POCKET, TO_BIN = "pocket", "return_bin"


class Kind(StrEnum):
    """What a transaction is."""

    VEND = "vend"
    RETURN = "return"
    WASTE = "waste"
    LOAD = "load"
    UNLOAD = "unload"
    COUNT = "count"
    ADJUST = "adjust"
    EXPIRE = "expire"
    NULL = "null"
    ISSUE = "issue"
    """Taken for a purpose, and for no patient."""
    BIN_EMPTIED = "bin_emptied"


KINDS: dict[tuple[str, str], Kind] = {
    ("pocket", "patient"): Kind.VEND, ("patient", "pocket"): Kind.RETURN, ("patient", "return_bin"): Kind.RETURN,
    ("patient", "waste"): Kind.WASTE, ("purpose", "waste"): Kind.WASTE, ("pocket", "waste"): Kind.EXPIRE,
    ("pharmacy", "pocket"): Kind.LOAD, ("transit", "pocket"): Kind.LOAD,
    ("pocket", "pharmacy"): Kind.UNLOAD, ("pocket", "transit"): Kind.UNLOAD,
    ("pocket", "expired"): Kind.EXPIRE,
    ("pocket", "variance"): Kind.ADJUST, ("variance", "pocket"): Kind.ADJUST,
    ("return_bin", "variance"): Kind.ADJUST, ("variance", "return_bin"): Kind.ADJUST,
    ("pocket", "purpose"): Kind.ISSUE, ("purpose", "pocket"): Kind.ADJUST, ("purpose", "return_bin"): Kind.ADJUST,
    ("return_bin", "pharmacy"): Kind.BIN_EMPTIED, ("return_bin", "transit"): Kind.BIN_EMPTIED,
    ("patient", "variance"): Kind.ADJUST,
}  # fmt: skip
"""(from, to) -> the kind. A patient's own medicine (account `owner`) is nobody's stock, and is not here."""


@dataclass(frozen=True, slots=True)
class Transaction:
    """One transaction. `delta` is what the place gains (negative: loses), in the item's units; `part_m` thousandths of one more.

    `expected` and `actual` are what the place held before, by the record and by the last count in this access; `after` what it holds by the
    record from now on, and `total` what all places of the cabinet hold of the item. `place` is a pocket, or a return bin where `is_bin`;
    empty where nothing of the cabinet's stock is touched.
    """

    cabinet: str
    epoch: int
    seq: int
    at: str
    kind: Kind
    item: str
    units: int
    part_m: int = 0
    place: str = ""
    drawer: str = ""
    is_bin: bool = False
    delta: int = 0
    expected: int = 0
    actual: int | None = None
    after: int = 0
    total: int = 0
    par: int = 0
    min: int = 0
    is_given_up: bool = False
    """Nothing is assigned to the pocket any more."""
    access: str = ""
    patient: str = ""
    order: str = ""
    authority: str = ""
    staff: str = ""
    witness: str = ""
    lot: str = ""
    expiry: str = ""
    said: str = ""
    """The purpose or the reason."""

    @property
    def source(self) -> str:
        """The fact that it tells of."""
        return f"{self.cabinet}/{self.epoch}/{self.seq}"

    @property
    def quantity(self) -> str:
        """Units and part, as a number: 1.5."""
        whole = self.units * 1000 + self.part_m
        return str(self.units) if not self.part_m else f"{whole // 1000}.{whole % 1000:03}".rstrip("0")

    @property
    def is_without_order(self) -> bool:
        """Whether something was taken for a patient on nobody's order: by override, by a standing list, in an emergency."""
        return self.kind is Kind.VEND and self.units > 0 and not self.order

"""The kinds of access: one row of rules each, for the one access machine.

Alone knows: how the kinds differ. A new kind is a new row and a new test.
Must not know: the order of steps (`access.py`) or who may ask for a kind (`policy.py`).
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from cabinet.domain.facts import Account


class Counting(StrEnum):
    """When a person counts the pocket before taking or putting."""

    BY_CLASS = "by_class"
    ALWAYS = "always"
    NEVER = "never"


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One row: where units come from and go to (None: nothing moves), and what is asked on the way."""

    name: str
    source: Account | None = None
    target: Account | None = None
    counting: Counting = Counting.BY_CLASS
    opens: bool = True
    """Whether the access opens a pocket; what does not is a matter between people, and the machine knows it alike."""
    confirms_quantity: bool = True
    takes_expired: bool = True
    needs_purpose: bool = False
    """Whether a patient is named, or a purpose that stands for one."""
    wants_lot: bool = False
    wants_scan: bool = False
    """Whether policy may ask for a package to be scanned before somebody says how many they took."""
    undoes_withdrawal: bool = False
    """Whether it brings back or wastes what an earlier withdrawal took out."""
    assigns: bool = False
    """Whether it may begin at a pocket that holds no item yet, and gives it one."""
    act: str | None = None
    """What a role must be allowed to do, where that is not the kind itself."""
    signs_number: bool = False
    """Whether a second person signs for the number that was stated at the pocket: nobody knows it before, and they sign last."""
    is_urgent: bool = False
    """Whether the drug comes first and every question after it: what is not answered is owed."""

    @property
    def takes(self) -> bool:
        """Whether units leave the pocket."""
        return self.source is Account.POCKET

    @property
    def puts(self) -> bool:
        """Whether units come into the pocket."""
        return self.target is Account.POCKET


TO_POCKET = "pocket"
"""The place of a return that goes back to where it came from."""

KINDS = {
    kind.name: kind
    for kind in (
        Kind(name="withdraw", source=Account.POCKET, target=Account.PATIENT, takes_expired=False, needs_purpose=True, wants_scan=True),
        Kind(name="emergency", source=Account.POCKET, target=Account.PATIENT, counting=Counting.NEVER, is_urgent=True),
        Kind(
            name="return", source=Account.PATIENT, target=Account.RETURN_BIN, opens=False, undoes_withdrawal=True, confirms_quantity=False
        ),
        Kind(name="waste", source=Account.PATIENT, target=Account.WASTE, opens=False, undoes_withdrawal=True, confirms_quantity=False),
        Kind(name="load", source=Account.PHARMACY, target=Account.POCKET, counting=Counting.ALWAYS, wants_lot=True, assigns=True),
        Kind(name="refill", source=Account.PHARMACY, target=Account.POCKET, counting=Counting.ALWAYS, wants_lot=True),
        Kind(name="unload", source=Account.POCKET, target=Account.PHARMACY, counting=Counting.ALWAYS, signs_number=True),
        Kind(name="count", counting=Counting.ALWAYS, confirms_quantity=False, signs_number=True),
        Kind(name="expire", source=Account.POCKET, target=Account.EXPIRED, counting=Counting.ALWAYS, signs_number=True),
        Kind(name="transfer", source=Account.POCKET, target=Account.TRANSIT, counting=Counting.ALWAYS, signs_number=True),
        Kind(name="empty_bin", source=Account.RETURN_BIN, target=Account.PHARMACY, opens=False, confirms_quantity=False),
        Kind(name="inspect", confirms_quantity=False),
    )
}
"""By the contract's names."""

RETURN_TO_POCKET = Kind(
    name="return", source=Account.PATIENT, target=Account.POCKET, counting=Counting.ALWAYS, undoes_withdrawal=True, wants_lot=True,
)  # fmt: skip
"""The same kind for those who ask, and another row: the package goes back to where it came from, where policy lets it."""


LATE = "late"
"""The authority of what was taken by key or on paper and is entered afterwards."""

LATE_ENTRY = Kind(
    name="withdraw", source=Account.POCKET, target=Account.PATIENT, counting=Counting.NEVER, opens=False, confirms_quantity=False,
    needs_purpose=True,
)  # fmt: skip
"""A withdrawal again, and another row: the pocket was opened long ago."""


BAG_ROWS = {
    row.name: row
    for row in (
        Kind(name="load", source=Account.OWNER, target=Account.POCKET, counting=Counting.ALWAYS, act="belongings"),
        Kind(name="unload", source=Account.POCKET, target=Account.OWNER, counting=Counting.ALWAYS, act="belongings"),
        Kind(name="waste", source=Account.POCKET, target=Account.WASTE, counting=Counting.ALWAYS, act="belongings"),
        Kind(name="inspect", counting=Counting.NEVER, confirms_quantity=False, act="belongings"),
    )
}
"""The same kinds where a bag is named, a patient's own medicine: put in, given back, destroyed, and opened to give a dose out of it."""


class Asked(Protocol):
    """What a row is found by: a request, or the access that came of it."""

    @property
    def kind(self) -> str:
        """The contract's name."""
        ...

    @property
    def place(self) -> str | None:
        """Where a return goes."""
        ...

    @property
    def authority(self) -> str:
        """On whose word."""
        ...

    @property
    def sheet(self) -> str | None:
        """The numbered sheet that it came or goes on."""
        ...

    @property
    def bag(self) -> str | None:
        """The number of a bag with a patient's own medicine."""
        ...


def row_of(asked: Asked) -> Kind:
    """The row of a request or an access. Raises KeyError for a kind that there is not."""
    if asked.bag is not None and asked.kind in BAG_ROWS:
        return BAG_ROWS[asked.kind]
    if asked.kind == "withdraw" and asked.authority == LATE:
        return LATE_ENTRY
    return RETURN_TO_POCKET if asked.kind == "return" and asked.place == TO_POCKET else KINDS[asked.kind]


def signs_number(asked: Asked) -> bool:
    """Whether its second person signs for the number that was stated: as the row says, and of what is received by count on a sheet."""
    row = row_of(asked)
    return row.signs_number or (row.wants_lot and not row.undoes_withdrawal and asked.sheet is not None)


def subject_of(asked: Asked) -> str:
    """What a second person signs for: the kind, `late` for what is entered afterwards, or of a bag `bag` and `bag_waste`."""
    if asked.bag is not None:
        return {"load": "bag", "waste": "bag_waste"}.get(asked.kind, asked.kind)
    return LATE if row_of(asked) is LATE_ENTRY else asked.kind

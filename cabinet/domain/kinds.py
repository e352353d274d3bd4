"""The kinds of access: one row of rules each, for the one access machine.

Alone knows: how the kinds differ. A new kind is a new row and a new test.
Must not know: the order of steps (`access.py`) or who may ask for a kind (`policy.py`).
"""

from dataclasses import dataclass
from enum import StrEnum

from cabinet.domain.facts import Account


class Counting(StrEnum):
    """When a person counts the pocket before taking or putting."""

    BY_CLASS = "by_class"
    ALWAYS = "always"


@dataclass(frozen=True, slots=True)
class Kind:
    """One row: where units come from and go to (None: nothing moves), and what is asked on the way."""

    name: str
    source: Account | None
    target: Account | None
    counting: Counting
    confirms_quantity: bool
    takes_expired: bool
    needs_purpose: bool
    wants_lot: bool

    @property
    def takes(self) -> bool:
        """Whether units leave the pocket."""
        return self.source is Account.POCKET


KINDS = {
    kind.name: kind
    for kind in (
        Kind("withdraw", Account.POCKET, Account.PATIENT, Counting.BY_CLASS, True, False, True, False),
        Kind("refill", Account.PHARMACY, Account.POCKET, Counting.ALWAYS, True, True, False, True),
        Kind("count", None, None, Counting.ALWAYS, False, True, False, False),
    )
}

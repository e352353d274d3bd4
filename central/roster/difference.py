"""What a list from elsewhere changes on the staff list: who is new, who is other, who is off.

Alone knows: what a list says of those whom it does not name. Must not know: rows, documents, any system.

A list speaks of those that came from it. Whom another source brought in, or a person on the page, it neither names nor switches off.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from config.document import StaffRecord

FEW = 5
"""So many may always leave at once."""


class TooMany(ValueError):
    """So many would leave at once that somebody must look at it first; the text says how many."""


@dataclass(frozen=True, slots=True)
class Difference:
    """What is to be done: records that are new (nobody is taken in to be off) or other; `left` are switched off: the list lacks them."""

    new: tuple[StaffRecord, ...]
    other: tuple[StaffRecord, ...]
    left: tuple[StaffRecord, ...]
    same: int

    @property
    def records(self) -> tuple[StaffRecord, ...]:
        """All that changes."""
        return (*self.new, *self.other, *self.left)

    def ensure_few_leave(self, listed: int, most_percent: int) -> None:
        """An empty answer of a directory must not switch a hospital off. Raises TooMany."""
        leaving = len(self.left) + sum(not record.active for record in self.other)
        if leaving > FEW and leaving * 100 > most_percent * listed:
            raise TooMany(f"{leaving} of {listed} would leave at once: look at the list, then say that it is meant so")


def difference(
    present: Mapping[str, StaffRecord], brought: Iterable[str], said: Mapping[str, StaffRecord], *, is_whole: bool
) -> Difference:
    """What `said` changes of the `present` list. `brought`: ids that this source brought; `is_whole`: whom it lacks of these is off."""
    new = tuple(record for who, record in said.items() if who not in present and record.active)
    other = tuple(record for who, record in said.items() if who in present and present[who] != record)
    gone = (present[who] for who in sorted(set(brought) - said.keys()) if who in present) if is_whole else ()
    left = tuple(record.model_copy(update={"active": False}) for record in gone if record.active)
    return Difference(new, other, left, sum(present.get(who) == record for who, record in said.items()))

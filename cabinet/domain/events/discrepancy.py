"""What a person just said about a discrepancy.

Alone knows: which of these events exist. Must not know: what the core does about them.
"""

from dataclasses import dataclass

from cabinet.domain.events.event import Event
from cabinet.domain.vocabulary import DiscrepancyId, SessionId, StaffId


@dataclass(frozen=True)
class ResolutionEntered(Event):
    """A person explains a discrepancy, and those that are settled together with it; `witness` was recognised beside them.

    `reason` is a code of the policy's list, `note` their own words, `cause` the kind of the suggested cause that they took for it.
    """

    session: SessionId
    discrepancy: DiscrepancyId
    reason: str
    note: str = ""
    cause: str = ""
    together: tuple[DiscrepancyId, ...] = ()
    witness: StaffId | None = None
    factors: tuple[str, ...] = ()

"""A fact on its way into the journal, and in it: who, in which access, when, and the chain.

Alone knows: the envelope of a fact. Must not know: any one fact.
"""

from dataclasses import dataclass
from datetime import datetime

from cabinet.domain.facts.alphabet import Fact
from cabinet.domain.vocabulary import AccessId, Instant, StaffId


@dataclass(frozen=True, slots=True)
class Draft:
    """A fact on its way into the journal, with its envelope as far as the core knows it."""

    at: Instant
    fact: Fact
    access: AccessId | None = None
    staff: StaffId | None = None
    witness: StaffId | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """A fact in the journal: numbered, durable, for ever."""

    epoch: int
    seq: int
    id: str
    at: datetime
    fact: Fact
    access: AccessId | None
    staff: StaffId | None
    witness: StaffId | None
    prev_hash: str
    hash: str

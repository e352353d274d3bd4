"""What is true for ever of what became of a discrepancy, and of words that a scale or an eye spoke against.

Alone knows: which of these facts exist and what each one says. Must not know: what is done about them.
"""

from dataclasses import dataclass, field

from cabinet.domain.facts.alphabet import Basis, Fact
from cabinet.domain.vocabulary import DiscrepancyId, PocketId


@dataclass(frozen=True)
class DiscrepancyResolved(Fact):
    """A discrepancy was explained, by a person (`staff`, and `witness`, in the envelope) or by policy after a later good count.

    `reason` is a code of the policy's list, `note` what the person wrote, `cause` the kind of cause that they took for it; `together` are
    the discrepancies that were settled in the same act (a pair of neighbours), `linked` the facts that the explanation rests on.
    """

    discrepancy: DiscrepancyId
    reason: str
    note: str = ""
    cause: str = ""
    together: list[DiscrepancyId] = field(default_factory=list)
    linked: list[int] = field(default_factory=list)
    by_policy: bool = False


@dataclass(frozen=True)
class DiscrepancyEscalated(Fact):
    """Nobody explained a discrepancy in time: it was put before `to` (charge_nurse, then pharmacy), `age_s` seconds after it was found."""

    discrepancy: DiscrepancyId
    pocket: PocketId
    to: str
    age_s: int


@dataclass(frozen=True)
class QuantityDoubted(Fact):
    """While a pocket was open, a scale or an eye spoke against the number that was stated: the person is asked once more.

    `beside` is the neighbour whose sensor saw a hand. No number: whoever is asked looks for themselves. Changes no balance.
    """

    pocket: PocketId
    basis: Basis
    beside: PocketId | None = None

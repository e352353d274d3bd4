"""What is true for ever of quarantines and recalls.

Alone knows: which of these facts exist and what each one says. Must not know: what is done about them.
"""

from dataclasses import dataclass

from cabinet.domain.facts.alphabet import Fact
from cabinet.domain.vocabulary import ItemId


@dataclass(frozen=True)
class QuarantineBegun(Fact):
    """Nothing of this is withdrawn from now on. `scope` is pocket, item, ndc or lot; `item` goes with a lot."""

    quarantine: str
    scope: str
    value: str
    why: str
    item: ItemId | None = None
    recall: str | None = None


@dataclass(frozen=True)
class QuarantineLifted(Fact):
    """It may be used again, or is gone."""

    quarantine: str
    why: str

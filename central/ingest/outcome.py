"""What a round of post came to, to be said once it is durable.

Alone knows: its shape. Must not know: who says it, or to whom.
"""

from dataclasses import dataclass, field

from cabinet.messages import Ack
from central.post import Post


@dataclass(slots=True)
class Outcome:
    """Acks by cabinet, what changed where, and the post of cabinets that another worker wrote meanwhile, which is to be taken again."""

    acks: dict[str, Ack] = field(default_factory=dict)
    changed: dict[str, set[str]] = field(default_factory=dict)
    deferred: list[Post] = field(default_factory=list)
    facts: int = 0

    def note(self, cabinet: str, what: str) -> None:
        """Something of a cabinet changed: facts, stock, restock, state, discrepancies or alerts."""
        self.changed.setdefault(cabinet, set()).add(what)

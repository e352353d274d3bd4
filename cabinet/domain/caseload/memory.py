"""What is remembered of the patients whom one person has in this shift.

Alone knows: that shape. Must not know: how facts change it (`cabinet.domain.fold.caseload`), or when it is over (`choosing.py`).
"""

from dataclasses import dataclass, field


@dataclass
class Caseload:
    """Patient -> since when (a moment as records write it): `chosen`, and `let_go` although they were served."""

    chosen: dict[str, str] = field(default_factory=dict)
    let_go: dict[str, str] = field(default_factory=dict)

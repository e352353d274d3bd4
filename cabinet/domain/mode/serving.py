"""Whom the cabinet serves in which mode: one table.

Alone knows: that table. Must not know: which mode the cabinet is in and why (`cabinet_mode.py`), or how a request is judged beyond it.

What is under way when a mode begins is finished: a drawer that stands open is closed and counted in every mode.
"""

from dataclasses import dataclass

from cabinet.domain.kinds import Kind
from cabinet.domain.refusal import Refusal
from cabinet.domain.state import State


@dataclass(frozen=True, slots=True)
class Served:
    """What may begin: an ordinary opening, an emergency, what opens nothing (returns to the bin, waste, late entries). Else `code`."""

    opens: bool = True
    emergencies: bool = True
    papers: bool = True
    code: str = ""


SERVED = {
    "starting": Served(opens=False, emergencies=False, papers=False, code="cabinet.not_ready"),
    "ready": Served(),
    "downtime": Served(),
    "critical_override": Served(),
    "maintenance": Served(opens=False, emergencies=False, papers=False, code="cabinet.maintenance"),
    "training": Served(opens=False, papers=False, code="cabinet.training"),
    "locked_down": Served(opens=False, code="cabinet.locked_down"),
}
"""By the contract's names. In maintenance whoever is signed in may give the cabinet back; there and in training an emergency ends it."""


def judge(state: State, kind: Kind | None = None) -> Refusal | None:
    """Whether an access of this kind (None: whatever else releases a lock) may begin now."""
    served = SERVED[state.mode]
    if kind is not None and kind.is_urgent:
        return None if served.emergencies else Refusal(served.code)
    opens = kind is None or kind.opens
    return None if (served.opens if opens else served.papers) else Refusal(served.code)

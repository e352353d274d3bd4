"""What is remembered of the cabinet's modes.

Alone knows: that shape. Must not know: when a mode begins or ends (`contact.py`, `declaring.py`), or whom it serves (`serving.py`).
"""

from dataclasses import dataclass, field


@dataclass
class Declared:
    """A mode that somebody declared (nobody: the cabinet itself, by a threshold), since when and why.

    `is_of_downtime`: it was declared while the pharmacy was not heard, and ends with that.
    """

    staff: str | None
    since: str
    reason: str
    is_of_downtime: bool = False


@dataclass
class ModeState:
    """What stands, whatever mode it leads to. `down_since`: the pharmacy's last durable word before the downtime that lasts; "": none."""

    down_since: str = ""
    declared: dict[str, Declared] = field(default_factory=dict)
    """By the contract's name of the mode."""


@dataclass
class Contact:
    """Whether the pharmacy is heard now, and until when it was, by the reporter's word (as records write moments; "": never yet).

    Not remembered across a start: the reporter says it anew.
    """

    is_heard: bool
    until: str

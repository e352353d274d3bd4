"""What one code means, in words.

Alone knows: that an operator and a technician are told different things. Must not know: any code.
"""

from typing import NamedTuple


class Entry(NamedTuple):
    """What one code means. `cause` is for technicians: what they will find; refusals have none."""

    sentence: str
    remedy: str
    cause: str = ""

"""What is remembered of each sealed kit.

Alone knows: the shape of it. Must not know: how it changes (`fold/kit.py`).
"""

from dataclasses import dataclass, field


@dataclass
class Content:
    """One line of what a kit holds; `expiry` is YYYY-MM-DD, None: not known."""

    item: str
    units: int
    lot: str | None
    expiry: str | None


@dataclass
class Tray:
    """One kit, told by its tag. `pocket` is where it stands, None: not in this cabinet; `where` is the account it is in.

    `read_in` is the access in which its tag was read last and in which it has not moved yet. `last_pocket` is where it stood last.
    `out_in` is the access that handed it out, as long as it is not back.
    """

    tag: str
    item: str
    contents: list[Content] = field(default_factory=list)
    pocket: str | None = None
    where: str = "pharmacy"
    is_sealed: bool = True
    is_counted: bool = False
    read_in: str | None = None
    last_pocket: str | None = None
    out_in: str | None = None
    sealed_seq: int = 0

    @property
    def expiry(self) -> str | None:
        """A kit expires with the first thing in it."""
        return min((one.expiry for one in self.contents if one.expiry), default=None)

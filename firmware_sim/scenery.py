"""What lies about around the cabinet, so that a hand has something to put, to scan and to show.

Alone knows: the shape of it. Must not know: what any of it means to the cabinet, or where the words come from.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Box:
    """One item's package: its id as the site writes it, its label in words, the form of a piece, and the code on it, where it has one."""

    id: str
    label: str
    form: str = ""
    code: str = ""


@dataclass(frozen=True, slots=True)
class Badge:
    """One person's badge, as it hangs on them."""

    name: str
    role: str
    badge: str


@dataclass(frozen=True, slots=True)
class Scenery:
    """All of it. `design` is a folder of style sheets that the page may wear."""

    title: str
    boxes: Mapping[str, Box] = field(default_factory=dict)
    badges: tuple[Badge, ...] = ()
    design: Path | None = None

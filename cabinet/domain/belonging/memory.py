"""What is remembered of a bag with a patient's own medicine.

Alone knows: that shape. Must not know: how facts change it (`cabinet.domain.fold.belonging`), or who may open one.
"""

from dataclasses import dataclass, field


@dataclass
class Content:
    """One line, in words."""

    what: str
    units: int


@dataclass
class Bag:
    """One bag. `pocket` is where it lies, None while it is in nobody's pocket; `access` put it there, by `staff`."""

    id: str
    patient: str
    sealed_by: str
    at: str
    contents: list[Content] = field(default_factory=list)
    pocket: str | None = None
    access: str = ""
    staff: str = ""

    @property
    def in_words(self) -> str:
        """What a second person signs for."""
        return f"bag {self.id}: " + ", ".join(f"{one.units} {one.what}" for one in self.contents)

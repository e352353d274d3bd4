"""The items that may be stocked: names, strength, form, codes, control class and safety marks.

Alone knows: what an item is called and how it is counted.
Must not know: where it stands or how many there are.
"""

from dataclasses import dataclass
from enum import StrEnum

from cabinet.domain.vocabulary import ItemId


class ControlClass(StrEnum):
    """The schedule that a substance is controlled under."""

    NONE = "none"
    C2 = "c2"
    C3 = "c3"
    C4 = "c4"
    C5 = "c5"


class CountMode(StrEnum):
    """What one unit is: a piece, a container, a volume in whole mL, or nothing countable."""

    UNITS = "units"
    CONTAINERS = "containers"
    VOLUME = "volume"
    BULK = "bulk"


@dataclass(frozen=True, slots=True)
class Item:
    """One formulary entry. `name` is in tall-man letters; `count_unit` is the word for one counted unit."""

    id: ItemId
    name: str
    generic: str
    brands: tuple[str, ...]
    strength: str
    form: str
    ndc: str
    control_class: ControlClass
    count_mode: CountMode
    count_unit: str
    is_high_alert: bool
    look_alikes: tuple[ItemId, ...]
    therapeutic_class: str
    kit: tuple[tuple[ItemId, int], ...]
    is_critical: bool = False
    """Nobody may wait for it: it stands in two pockets on different locks and lines."""

    @property
    def is_controlled(self) -> bool:
        """Whether custody of this item is counted at every access."""
        return self.control_class is not ControlClass.NONE

    @property
    def title(self) -> str:
        """Name, strength and form, as a label says it."""
        return f"{self.name} {self.strength} {self.form}"


Formulary = dict[ItemId, Item]

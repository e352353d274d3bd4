"""The items that may be stocked: names, strength, form, codes, control class and safety marks.

Alone knows: what an item is called and how it is counted.
Must not know: where it stands or how many there are.
"""

from dataclasses import dataclass
from enum import StrEnum

from cabinet.domain.dose.amount import Amount
from cabinet.domain.vocabulary import ItemId


class ControlClass(StrEnum):
    """The schedule that a substance is controlled under."""

    NONE = "none"
    C2 = "c2"
    C3 = "c3"
    C4 = "c4"
    C5 = "c5"


class Population(StrEnum):
    """Whom a strength is meant for: children's and grown-ups' never stand side by side."""

    ANY = "any"
    ADULT = "adult"
    PAEDIATRIC = "paediatric"


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
    is_refrigerated: bool = False
    room_minutes: int = 0
    """How long it may be out of the fridge and still go back to stock."""
    room_days: int = 0
    """Days of use once it is kept out of the fridge for good; 0: it never is."""
    is_paralytic: bool = False
    """It stops the breathing: found by its letters in a sealed kit, and never offered singly before they are typed."""
    is_pinned: bool = False
    """It is offered before any letter is typed, where the cabinet has it."""
    population: Population = Population.ANY
    codes: tuple[str, ...] = ()
    """Further codes that packages of it bear, as `package/code.py` reads them: GTIN, NDC, HIBC."""

    unit_amount: tuple[Amount, ...] = ()
    """What one counted unit holds, in each measure that is known: 4 mg and 2 mL. Empty where a dose is said in units alone."""
    ingredient: str = ""
    """The substance, where it is not the generic name."""
    overfill_permille: int = 0
    """How much more than stated the maker fills in, in thousandths: so much may be given or wasted beyond what was removed."""
    variance_units: int = 0
    """How far a counted volume may be off, in mL."""
    is_multi_dose: bool = False
    """One container gives many doses: withdrawn for a dose and put back in the same access."""
    open_days: int = 0
    """Days of use once opened; 0: as the expiry says."""
    allergy_classes: tuple[str, ...] = ()
    """The allergies that speak against it, beside its own names."""
    needs_indication: bool = False
    """On override the reason names what it is for."""
    max_daily: Amount | None = None
    """The most of the substance in 24 hours."""
    min_interval_min: int = 0
    """Minutes between doses, where the order says none; 0: not said."""

    @property
    def substance(self) -> str:
        """What doses are added up by: the same in every strength and form."""
        return self.ingredient or self.generic

    @property
    def is_controlled(self) -> bool:
        """Whether custody of this item is counted at every access."""
        return self.control_class is not ControlClass.NONE

    @property
    def title(self) -> str:
        """Name, strength and form, as a label says it."""
        return f"{self.name} {self.strength} {self.form}"


Formulary = dict[ItemId, Item]

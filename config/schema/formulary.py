"""What a hospital stocks: items, sealed kits, order sets.

Alone knows: what is said of an item. Must not know: where it stands (`furniture.py`), or what is asked when it is taken (`policy.py`).
"""

from typing import Literal

from pydantic import Field

from config.schema.alphabet import AmountText, Code, ControlClass, CountMode, Id, Name, Part


class KitLine(Part):
    """What a sealed kit holds."""

    item: Id
    units: int = Field(gt=0, le=1_000_000)


class Item(Part):
    """One formulary entry. `count_unit` is the word for its smallest counted unit, such as tablet or mL."""

    id: Id
    generic: Name
    brands: tuple[Name, ...] = ()
    tall_man: Name = Field(description="the name as screens write it: hydrOXYzine")
    strength: Name
    form: Name
    ndc: str = Field(pattern=r"^[0-9]{4,6}-[0-9]{3,4}-[0-9]{1,2}$")
    control_class: ControlClass = "none"
    count_mode: CountMode = "units"
    count_unit: Name
    high_alert: bool = False
    critical: bool = Field(default=False, description="nobody may wait for it: it stands in two pockets on different locks and lines")
    look_alikes: tuple[Id, ...] = ()
    therapeutic_class: str = ""
    refrigerated: bool = False
    room_minutes: int = Field(default=0, ge=0, le=100_000, description="how long it may be out of the fridge and go back to stock")
    room_days: int = Field(default=0, ge=0, le=365, description="days of use once kept out of the fridge for good; 0: it never is")
    paralytic: bool = Field(default=False, description="stops the breathing: kept apart, and found as the sealed kit that holds it")
    pinned: bool = Field(default=False, description="offered before a letter is typed; never a paralytic by itself")
    population: Literal["any", "adult", "paediatric"] = Field(default="any", description="whom this strength is meant for")
    unit_amount: tuple[AmountText, ...] = Field(default=(), description="what one counted unit holds, by mass, volume or activity")
    ingredient: str = Field(default="", description="the substance, where it is not the generic name: what doses of a day are added up by")
    overfill_permille: int = Field(default=0, ge=0, le=500, description="how much more than stated the maker fills in, in thousandths")
    variance_units: int = Field(default=0, ge=0, le=1_000, description="how far a counted volume may be off, in mL")
    multi_dose: bool = Field(default=False, description="one container gives many doses and is put back after each")
    open_days: int = Field(default=0, ge=0, le=365, description="days of use once opened; 0: as the expiry says")
    allergy_classes: tuple[Name, ...] = Field(default=(), description="allergies that speak against it, beside its own names")
    needs_indication: bool = Field(default=False, description="on override the reason names what it is for")
    max_daily: AmountText | None = Field(default=None, description="the most of the substance in 24 hours")
    min_interval_min: int = Field(default=0, ge=0, le=43_200, description="minutes between doses, where the order says none")
    codes: tuple[Code, ...] = Field(default=(), description="further codes of packages: GTIN, NDC with dashes or of 11 digits, HIBC with +")
    kit: tuple[KitLine, ...] = ()

    @property
    def title(self) -> str:
        """Name, strength and form, as a label says it."""
        return f"{self.tall_man} {self.strength} {self.form}"


class OrderSet(Part):
    """Several items of several pockets that are chosen together and taken one after another."""

    id: Id
    name: Name
    lines: tuple[KitLine, ...] = Field(alias="line", min_length=1, max_length=40)


class Formulary(Part):
    """All items that this hospital stocks somewhere."""

    items: tuple[Item, ...] = Field(alias="item", min_length=1)
    order_sets: tuple[OrderSet, ...] = Field(default=(), alias="order_set")

"""How use is compared at the pharmacy: over how many days, and by which shifts. Part of the pharmacy server's file.

Alone knows: the keys of `[surveillance]`, their types and limits. Must not know: how anybody is compared.
"""

from typing import Annotated

from pydantic import Field, StringConstraints, model_validator

from config.schema import Name, Part
from config.schema.alphabet import Zone


class Shift(Part):
    """A shift: its name, and the hour from which on an access belongs to it."""

    name: Name
    start: Annotated[str, StringConstraints(pattern=r"^([01][0-9]|2[0-3]):00$")]


class Surveillance(Part):
    """Of people beside their peers: the same role, in the same area, on the same shift."""

    zone: Zone | None = Field(default=None, description="whose clock shifts change by; left out: that of [restock]")
    days: int = Field(default=90, ge=14, le=730)
    shifts: tuple[Shift, ...] = Field(
        default=(Shift(name="day", start="07:00"), Shift(name="evening", start="15:00"), Shift(name="night", start="23:00")),
        alias="shift",
        min_length=1,
    )

    @model_validator(mode="after")
    def _is_in_order(self) -> "Surveillance":
        starts = [shift.start for shift in self.shifts]
        if starts != sorted(set(starts)):
            raise ValueError("shifts stand in the order of their starts, each at another hour")
        return self

    @property
    def starts(self) -> tuple[tuple[int, str], ...]:
        """(hour, name) of each, in order; what comes before the first belongs to the last."""
        return tuple((int(shift.start[:2]), shift.name) for shift in self.shifts)

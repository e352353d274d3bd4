"""Restock in the pharmacy server's file: the rounds, who is visited in which order, and what is looked at before it leaves.

Alone knows: the keys, their types and limits. Must not know: what any value is used for.
"""

from datetime import time
from typing import Literal

from pydantic import Field, model_validator

from config.schema import ControlClass, Id, Name, Part, Zone

Day = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
DAYS: tuple[Day, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
CONTROLLED: tuple[ControlClass, ...] = ("c2", "c3", "c4", "c5")


class RestockArea(Part):
    """Cabinets that are visited one after the other, under a name; care areas that cabinets say of themselves need no such table."""

    id: Id
    cabinets: tuple[Id, ...] = Field(min_length=1)


class RestockRound(Part):
    """A round: its lists are made at these hours of these days."""

    id: Id
    name: Name
    at: tuple[time, ...] = Field(min_length=1, description="hours of the hospital's clock, as 04:45:00")
    days: tuple[Day, ...] = DAYS
    route: tuple[Id, ...] = Field(default=(), description="cabinets, care areas and areas in the order of the way; none: every cabinet")
    top_up: bool = Field(default=False, description="pockets below par are filled as well, above min though they are")


class Restock(Part):
    """How cabinets are restocked."""

    zone: Zone = Field(default="UTC", description="whose hours the rounds are: an IANA name")
    makes_lists: bool = Field(default=True, description="lists are made at a round's hour; false: by hand alone")
    areas: tuple[RestockArea, ...] = Field(default=(), alias="area")
    rounds: tuple[RestockRound, ...] = Field(default=(), alias="round")
    check_classes: tuple[ControlClass, ...] = Field(default=CONTROLLED, description="a second person checks what is picked of these")
    check_high_alert: bool = True
    check_items: tuple[Id, ...] = ()
    sheet_classes: tuple[ControlClass, ...] = Field(
        default=CONTROLLED, description="these leave on a numbered sheet, as the cabinets' policy says"
    )

    sheet_minutes: int = Field(default=120, ge=1, le=10_080, description="a controlled line that is on its way for longer is late")

    @model_validator(mode="after")
    def _names_each_once(self) -> "Restock":
        for what, names in (("area", [one.id for one in self.areas]), ("round", [one.id for one in self.rounds])):
            if len(set(names)) != len(names):
                raise ValueError(f"two of {what} have one id")
        return self

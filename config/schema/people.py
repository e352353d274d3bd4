"""Staff and patients as a file names them, and the patients' orders.

Alone knows: what is said of them. Must not know: any secret, or what a role may do (`right.py`).
"""

from datetime import date
from typing import Literal

from pydantic import AwareDatetime, Field

from config.schema.alphabet import Id, Name, Part, PersonName, Role


class StaffMember(Part):
    """A person whom the site's file names. What they sign in with is set at the cabinet; a demo draws PINs at random and uses `badge`.

    Changes made at the cabinet or sent by the pharmacy stand above this file.
    """

    id: Id
    name: PersonName
    role: Role
    badge: Id = Field(default="", description="for a demo alone: a cabinet keeps no badge's number in clear")
    areas: tuple[Id, ...] = Field(default=(), description="the care areas that they work in; none: all")
    until: AwareDatetime | None = Field(default=None, description="when a temporary account ends")
    competent_until: date | None = Field(default=None, description="the last day on which their training counts; none: nobody watches it")
    active: bool = True


class Order(Part):
    """A prescriber's instruction, verified by a pharmacist or waiting for one."""

    id: Id
    item: Id
    dose: Name = Field(description="in words: 2.5 mg, 1-2 tablets, 0.1 mg/kg; what one dose takes out of the pocket follows from it")
    units: int = Field(default=0, ge=0, le=1_000_000, description="what one dose takes, where the dose's words do not tell; 0: they do")
    route: Name
    schedule: Name = Field(description="in words: every 4 hours as needed, BID, once")
    verified: bool = True
    interval_min: int = Field(default=0, ge=0, le=525_600, description="minutes between doses, where the schedule's words do not tell")
    starts: AwareDatetime | None = None
    stops: AwareDatetime | None = None
    waiting_since: AwareDatetime | None = Field(default=None, description="when it was entered, while it waits for a pharmacist")
    status: Literal["active", "held", "stopped"] = "active"
    indication: str = Field(default="", max_length=200)


class Patient(Part):
    """A person treated on this ward (invented) with their orders."""

    id: Id
    name: PersonName
    born: date | Literal["unknown"] = Field(description="who came without a date of birth is known by name and record number")
    record: Name
    bed: Name
    allergies: tuple[Name, ...] = ()
    weight_g: int | None = Field(default=None, gt=0, le=1_000_000)
    weighed: date | None = Field(default=None, description="when; shown beside every dose that is worked out with the weight")
    weight_source: str = Field(default="", max_length=60, description="how the weight is known: bed scale, standing scale, stated")
    area: Id | None = Field(default=None, description="the care area they are in; left out: the cabinet's own")
    discharged_at: AwareDatetime | None = None
    orders: tuple[Order, ...] = Field(default=(), alias="order")


class People(Part):
    """Staff and patients of the demo ward."""

    staff: tuple[StaffMember, ...]
    patients: tuple[Patient, ...] = Field(default=(), alias="patient")

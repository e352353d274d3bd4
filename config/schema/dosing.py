"""How doses become units, and what warnings do.

Alone knows: these choices and their defaults. Must not know: how a dose is read.
"""

from typing import Literal

from pydantic import Field

from config.schema.alphabet import Part

WarningName = Literal[
    "paralytic", "tenfold", "weight", "allergy", "max_daily", "already_taken", "too_soon", "more_than_order", "population", "high_alert"
]
WarningLevel = Literal["off", "show", "act"]


class DosingTable(Part):
    """How doses become units, and which warnings force an act before a pocket opens."""

    most_packages_m: int = Field(
        default=3_000, ge=1_000, le=100_000, description="of an injectable, in thousandths; more asks for the dose"
    )
    least_package_m: int = Field(default=100, ge=0, le=1_000, description="of an injectable, in thousandths; less asks for the dose")
    paediatric_under_years: int = Field(default=18, ge=0, le=30, description="who is younger gets paediatric strengths")
    early_min: int = Field(default=30, ge=0, le=1_440, description="minutes before its time at which a dose is not too soon")
    duplicate_min: int = Field(default=30, ge=0, le=1_440, description="minutes within which the same order is asked about as taken")
    weight_percent: int = Field(default=20, ge=1, le=100, description="a typed weight this far from the recorded one is asked about")
    warning: dict[WarningName, WarningLevel] = Field(default={}, description="off, show, or act; what is not named forces its act")

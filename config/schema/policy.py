"""What a hospital decides: care areas, downtime, and the whole of its choices.

Alone knows: that these tables together are a policy. Must not know: how any of them is kept.
"""

from datetime import date
from typing import Literal

from pydantic import Field

from config.schema.alphabet import Id, Name, Part
from config.schema.custody import CountRule, CustodyTable, DiscrepancyTable, Placing
from config.schema.dosing import DosingTable, WarningLevel, WarningName
from config.schema.right import OverrideTable, RoleRule, WitnessTable
from config.schema.sign_in import PeopleTable


class AreaRule(Part):
    """Rules of one care area."""

    area: Id
    mode: Literal["profile", "non_profile", "mixed"] = Field(
        default="profile",
        description="profile: by a verified order or on override; non_profile: without; mixed: by order once any is known of the patient",
    )
    no_order: tuple[Id, ...] = Field(default=(), description="items that need no order, with or without a patient; no override either")
    emergency: tuple[Id, ...] = Field(default=(), description="what an emergency opens beside the override list: antidotes, crash drugs")
    overrides_reviewed: date | None = Field(default=None, description="when the override list was reviewed last")
    warning: dict[WarningName, WarningLevel] = Field(default={}, description="what warnings do here, where not as in [dosing.warning]")


class DowntimeTable(Part):
    """When a cabinet that does not hear its pharmacy says so, and what follows. 0: never."""

    after_min: int = Field(default=10, ge=0, le=10_080, description="minutes without a durable word of the pharmacy until it is a downtime")
    leave_after_min: int = Field(default=2, ge=0, le=1_440, description="minutes of contact until a downtime is over")
    critical_after_min: int = Field(default=0, ge=0, le=10_080, description="minutes without a word until critical override by itself")
    orders_age_min: int = Field(
        default=60, ge=0, le=10_080, description="older orders read 'last known at'; a controlled withdrawal then asks for a reason"
    )
    late_hours: int = Field(default=72, ge=1, le=720, description="how far back a late entry may reach")


class Policy(Part):
    """Who may do what here: data, not code."""

    roles: tuple[RoleRule, ...] = Field(alias="role")
    areas: tuple[AreaRule, ...] = Field(alias="area")
    counts: tuple[CountRule, ...] = Field(
        default=(), alias="count", description="how each class is counted; not named: c2 blind, c3 to c5 verify, everything else none"
    )
    custody: CustodyTable = CustodyTable()
    discrepancy: DiscrepancyTable = DiscrepancyTable()
    dosing: DosingTable = DosingTable()
    downtime: DowntimeTable = DowntimeTable()
    placing: Placing = Placing()
    people: PeopleTable = PeopleTable()
    overrides: tuple[OverrideTable, ...] = Field(default=(), alias="override")
    override_reasons: tuple[Name, ...] = Field(default=(), description="what may be given as reason of an override, as the screen says it")
    witnesses: tuple[WitnessTable, ...] = Field(default=(), alias="witness")
    max_pulses: int = Field(default=3, ge=1, le=3, description="pulses of one lock in one access before the drawer is marked failed")
    maintenance_min: int = Field(default=30, ge=1, le=240, description="then a cabinet in maintenance goes back to the ward by itself")
    selftest_hour: int = Field(default=4, ge=0, le=23, description="hour of the day (UTC) of the daily self-test")
    battery_minutes: int = Field(default=20, ge=1, le=1440, description="minutes that pockets open on battery after the mains is lost")
    miscount_ppm: int = Field(default=1000, ge=1, le=100_000, description="a confident count by weight is wrong less often, in a million")
    scale_check_days: int = Field(default=365, ge=1, le=3_650, description="a scale is checked with a test mass this often")
    scale_tolerance_divisions: int = Field(default=2, ge=1, le=100, description="how far a scale may be off at such a check")
    refill_interval_h: int = Field(default=24, ge=1, le=8_760, description="hours between refills; what expires sooner is a restock need")

"""What becomes of units: where they may stand, how they are counted, wasted, returned and carried, and what follows a difference.

Alone knows: these choices and their defaults. Must not know: any item, or who may do it (`right.py`).
"""

from typing import Literal

from pydantic import Field

from config.schema.alphabet import ControlClass, Id, Name, Part


class Placing(Part):
    """Where things may stand: refuse stops a load and a site, warn says so, allow is silent."""

    high_alert: Literal["refuse", "warn", "allow"] = Field(default="refuse", description="a high-alert item in a pocket without a lid")
    look_alikes: Literal["refuse", "warn", "allow"] = Field(
        default="refuse", description="look-alikes side by side; between two pockets that have lids it is never more than a warning"
    )
    short_dated_days: int = Field(default=30, ge=0, le=3_650, description="what expires sooner is warned of when it is put in")
    scan: bool = Field(default=True, description="nothing is put into a pocket before its package was scanned; kits by their tags")


class CountRule(Part):
    """How one control class is counted at a withdrawal: blind, verify or none."""

    control_class: ControlClass
    at_withdrawal: Literal["blind", "verify", "none"]


class CustodyTable(Part):
    """What units may be taken for without a patient, and what becomes of what is left."""

    purposes: tuple[Id, ...] = Field(default=(), description="what units may be taken for without a patient")
    waste_classes: tuple[ControlClass, ...] = Field(
        default=("c2", "c3", "c4", "c5"), description="classes of which a part that is left over is wasted before a witness"
    )
    waste_items: tuple[Id, ...] = Field(default=(), description="further items of which it is, whatever their class")
    scan_classes: tuple[ControlClass, ...] = Field(default=(), description="classes of which a package is scanned when it is removed")
    scan_items: tuple[Id, ...] = Field(default=(), description="further items of which it is, whatever their class")
    scan_confirms: bool = Field(
        default=False, description="a package that is scanned at its removal spares the touch that says how many were taken"
    )
    pocket_return_classes: tuple[ControlClass, ...] = Field(
        default=(), description="classes of which an unopened package may go back to its pocket"
    )
    own_item: Id | None = Field(default=None, description="the item that a bag with a patient's own medicine is one unit of")
    listed_h: int = Field(default=24, ge=0, le=168, description="hours that patients who left stay listed for return and waste")
    sheet_classes: tuple[ControlClass, ...] = Field(
        default=("c2", "c3", "c4", "c5"), description="classes that come and go on a numbered sheet only"
    )
    sheet_by_two: bool = Field(default=True, description="who carried a sheet receives it before a second person only")
    sheet_minutes: int = Field(default=120, ge=1, le=10_080, description="how long what left the vault may be on its way")
    pick_h: int = Field(default=4, ge=1, le=24, description="hours for which what somebody picked, here or ahead, waits for them")
    case_h: int = Field(default=24, ge=1, le=48, description="hours after which a case that nobody ended ends, and what is left is owed")
    waste_reasons: tuple[Name, ...] = Field(
        default=("Part of a dose", "Refused", "Dropped", "Order changed", "Damaged"), description="offered to touch; others are typed"
    )
    return_places: tuple[Id, ...] = Field(default=(), description="places for returns that do not fit the bin or must stay cold")


class DiscrepancyTable(Part):
    """Counts that differ from the record: who settles them, with whom, and who hears of those that nobody settles."""

    reasons: tuple[Id, ...] = Field(
        default=("miscounted", "more_or_fewer", "wrong_pocket", "refill", "return", "waste", "package", "unexplained", "other"),
        min_length=1, description="the reasons to choose from; unexplained and other are said in words, too",
    )  # fmt: skip
    witness_classes: tuple[ControlClass, ...] = Field(
        default=("c2", "c3", "c4", "c5"), description="classes of which a second person signs when one is settled"
    )
    resolver_not_in_interval: bool = Field(
        default=False, description="only who had no access between the two counts settles; else just not the only one, alone"
    )
    auto_resolve: bool = Field(default=False, description="what is not controlled is settled by a later count that agrees")
    charge_nurse_hours: int = Field(default=8, ge=0, le=720, description="then an open one is put before the charge nurse; 0: never")
    pharmacy_hours: int = Field(default=24, ge=0, le=720, description="then it is put before the pharmacy; 0: never")
    count_days: int = Field(default=0, ge=0, le=366, description="a controlled pocket not counted for so many days owes a count; 0: never")

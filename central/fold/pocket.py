"""What facts do to a pocket: its balance, what it is meant to hold, and when somebody counted it.

Alone knows: the fields of these facts. Must not know: tables, what a status is.
"""

import msgspec

from central.fold.change import Change, Units
from central.record import Record


class _Moved(msgspec.Struct, frozen=True):
    units: Units
    source: str
    target: str
    pocket: str | None = None


class _Assigned(msgspec.Struct, frozen=True):
    pocket: str
    drawer: str
    item: str
    par: Units
    min: Units
    critical_low: Units
    count_mode: str


class _Unassigned(msgspec.Struct, frozen=True):
    pocket: str


class _Levels(msgspec.Struct, frozen=True):
    pocket: str
    par: Units
    min: Units
    critical_low: Units


class _Counted(msgspec.Struct, frozen=True):
    pocket: str
    basis: str
    is_final: bool = True


def _moved(record: Record, change: Change) -> None:
    """What comes back to the return bin, or is wasted, touches no pocket."""
    moved = msgspec.convert(record.body, _Moved)
    if moved.pocket is not None:
        change.pocket(moved.pocket).units += moved.units * ((moved.target == "pocket") - (moved.source == "pocket"))


def _assigned(record: Record, change: Change) -> None:
    assigned = msgspec.convert(record.body, _Assigned)
    pocket = change.pocket(assigned.pocket)
    pocket.item, pocket.drawer, pocket.count_mode = assigned.item, assigned.drawer, assigned.count_mode
    pocket.par, pocket.min, pocket.critical_low = assigned.par, assigned.min, assigned.critical_low


def _unassigned(record: Record, change: Change) -> None:
    change.pocket(msgspec.convert(record.body, _Unassigned).pocket).item = ""


def _levels_changed(record: Record, change: Change) -> None:
    levels = msgspec.convert(record.body, _Levels)
    pocket = change.pocket(levels.pocket)
    pocket.par, pocket.min, pocket.critical_low = levels.par, levels.min, levels.critical_low


def _counted(record: Record, change: Change) -> None:
    counted = msgspec.convert(record.body, _Counted)
    if counted.is_final:
        pocket = change.pocket(counted.pocket)
        pocket.counted_at, pocket.count_basis = record.at, counted.basis


FOLDS = {
    "units_moved": _moved,
    "pocket_assigned": _assigned,
    "pocket_unassigned": _unassigned,
    "levels_changed": _levels_changed,
    "pocket_counted": _counted,
}

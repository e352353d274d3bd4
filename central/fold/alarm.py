"""What changes no balance and still must be heard of at the pharmacy.

Alone knows: the fields of these facts, which of them are alarms, and how each reads. Must not know: who is told.
"""

import msgspec

from central.fold.change import Change
from central.record import Record

CALLED = frozenset(
    {
        "fridge.ajar",
        "help.called",
        "probe.dead",
        "probe.stuck",
        "probe.jumped",
        "power.on_battery",
        "power.low_battery",
        "sheet.late",
        "stock.one_place",
    }
)
"""The faults that the pharmacy hears of at once, besides those that put a drawer out of use."""

FORCED = {("latched", "open"), ("failed", "open"), ("unknown", "open")}
"""How a drawer moves that nobody released, or that was found open by a controller that had lost sight of it."""


class _Unmapped(msgspec.Struct, frozen=True):
    order: str
    said: str
    dose: str


class _Drawer(msgspec.Struct, frozen=True):
    lock: str
    source: str
    target: str


class _LeftOpen(msgspec.Struct, frozen=True):
    lock: str
    after_s: int


class _Excursion(msgspec.Struct, frozen=True):
    drawer: str
    minutes: int
    lowest_mc: int
    highest_mc: int


class _Gap(msgspec.Struct, frozen=True):
    drawer: str
    minutes: int


class _Raised(msgspec.Struct, frozen=True):
    place: str
    code: str
    detail: str
    is_failing: bool = False


class _Parked(msgspec.Struct, frozen=True):
    key: str
    pocket: str
    item: str


def _when(record: Record) -> str:
    return f"{record.at[:10]} {record.at[11:16]} UTC"


def _parked(record: Record, change: Change) -> None:
    parked = msgspec.convert(record.body, _Parked)
    sentence = f"pocket {parked.pocket} ({parked.item}) waits: nobody knows code {parked.key} ({_when(record)})"
    change.alarms.append(("code.parked", sentence))


def _drawer_moved(record: Record, change: Change) -> None:
    drawer = msgspec.convert(record.body, _Drawer)
    if (drawer.source, drawer.target) in FORCED:
        change.alarms.append(("drawer.forced", f"{drawer.lock} opened without a release ({_when(record)})"))


def _left_open(record: Record, change: Change) -> None:
    left = msgspec.convert(record.body, _LeftOpen)
    change.alarms.append(("drawer.left_open", f"{left.lock} stood open for {left.after_s} s ({_when(record)})"))


def _order_unmapped(record: Record, change: Change) -> None:
    order = msgspec.convert(record.body, _Unmapped)
    change.alarms.append(("order.unmapped", f"order {order.order} ({order.dose}) names no item: {order.said} ({_when(record)})"))


def _excursion(record: Record, change: Change) -> None:
    told = msgspec.convert(record.body, _Excursion)
    over = "over, a pharmacist decides" if record.type == "excursion_ended" else "and still"
    degrees = f"{told.lowest_mc / 1000:.1f} to {told.highest_mc / 1000:.1f} °C"
    sentence = f"{told.drawer} out of range for {told.minutes} minutes, {degrees}; {over} ({_when(record)})"
    change.alarms.append(("fridge.excursion", sentence))


def _temperature_gap(record: Record, change: Change) -> None:
    gap = msgspec.convert(record.body, _Gap)
    change.alarms.append(("fridge.gap", f"nobody knows how warm {gap.drawer} was for {gap.minutes} minutes ({_when(record)})"))


def _fault_raised(record: Record, change: Change) -> None:
    raised = msgspec.convert(record.body, _Raised)
    if raised.is_failing or raised.code in CALLED:
        change.alarms.append((raised.code, f"{raised.place}: {raised.detail} ({_when(record)})"))


FOLDS = {
    "code_parked": _parked,
    "drawer_moved": _drawer_moved,
    "drawer_left_open": _left_open,
    "order_unmapped": _order_unmapped,
    "excursion_began": _excursion,
    "excursion_ended": _excursion,
    "temperature_gap": _temperature_gap,
    "fault_raised": _fault_raised,
}

"""Reference data as callers see it: orders, items and levels, with what was changed here.

Alone knows: these shapes. Must not know: HTTP, HTML, clocks.
"""

from dataclasses import asdict, dataclass

from cabinet.domain.core import Core
from cabinet.domain.formulary import Item
from cabinet.domain.orders import Order
from cabinet.domain.reference import record
from cabinet.domain.vocabulary import Instant, utc_text


@dataclass(frozen=True)
class OrderLine:
    """One order. `phase` is where it is in its life now, or unmapped; `status` the word of its keeper."""

    id: str
    patient: str
    item: str
    dose: str
    units: int
    route: str
    schedule: str
    is_verified: bool
    phase: str
    waiting_since: str | None
    starts: str | None
    stops: str | None
    indication: str
    interval_min: int = 0
    status: str = "active"
    is_mapped: bool = True


@dataclass(frozen=True)
class LevelsLine:
    """How much a pocket should hold."""

    pocket: str
    item: str
    par: int
    min: int
    critical_low: int
    is_changed: bool


def order_line(order: Order, now: Instant) -> OrderLine:
    """One order."""
    return OrderLine(
        order.id, order.patient, order.item, order.dose, order.units, order.route, order.schedule, order.is_verified,
        order.phase(utc_text(now.utc)), order.waiting_since, order.starts, order.stops, order.indication, order.interval_min,
        order.status,
    )  # fmt: skip


def order_lines(core: Core, now: Instant) -> list[OrderLine]:
    """Every order that is known, the unmapped ones last: they name no item, and wait for the pharmacy."""
    known = [order_line(order, now) for patient in core.scene.patients() for order in patient.orders]
    unmapped = [
        OrderLine(one.order, one.patient, one.said, one.dose, 0, "", "", False, "unmapped", one.at, None, None, "", is_mapped=False)
        for one in core.state.reference.unmapped.values()
    ]
    return known + unmapped


def item_line(item: Item) -> dict[str, object]:
    """One item's record, as `PUT` takes it."""
    said = asdict(record.item_fact(item, ""))
    numbers = {name: getattr(item, name) for name in record.NUMBERS}
    kept = {key: value for key, value in said.items() if key not in {"item", "origin", "numbers"}}
    return {"id": item.id, **kept, **numbers}


def levels_lines(core: Core) -> list[LevelsLine]:
    """The levels of every pocket that holds an item."""
    changed = core.state.reference.levels
    return [
        LevelsLine(line.pocket, line.item, line.par, line.min, line.critical_low, line.pocket in changed)
        for line in core.state.lines.values()
    ]

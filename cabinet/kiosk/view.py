"""Items, pockets and what is wrong with them as callers of the API see them: frozen shapes, made by pure functions.

Alone knows: what may be shown to whom, above all that nothing here tells a balance that is about to be counted blind.
Must not know: HTTP, HTML, clocks.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from cabinet.domain import refill_asking, stock
from cabinet.domain.core import Core
from cabinet.domain.discrepancy.memory import Discrepancy
from cabinet.domain.formulary import Item
from cabinet.domain.kinds import KINDS
from cabinet.domain.policy import CountStyle
from cabinet.domain.state import Line
from cabinet.domain.vocabulary import Instant, ItemId, PocketId


@dataclass(frozen=True)
class Place:
    """One pocket that holds an item. `units` is null where the item is counted blind."""

    pocket: str
    drawer: str
    drawer_name: str
    status: str
    units: int | None
    earliest_expiry: str | None


@dataclass(frozen=True)
class ItemView:
    """One item that may be shown. `name` is in tall-man letters."""

    id: str
    name: str
    generic: str
    brands: tuple[str, ...]
    strength: str
    form: str
    therapeutic_class: str
    control_class: str
    is_high_alert: bool
    unit: str
    where: tuple[Place, ...]


@dataclass(frozen=True)
class StockView:
    """One pocket. `units` is null while it is being counted blind."""

    pocket: str
    drawer: str
    item: str
    name: str
    strength: str
    form: str
    units: int | None
    unit: str
    count_mode: str
    par: int
    min: int
    critical_low: int
    status: str
    earliest_expiry: str | None
    last_counted_at: str | None
    count_basis: str


@dataclass(frozen=True)
class NeedView:
    """What a pocket needs. The two counts are null while it is being counted blind."""

    pocket: str
    item: str
    name: str
    units: int | None
    min: int
    par: int
    units_needed: int | None
    urgency: str
    why: str
    asked_by: str | None
    asked_at: str | None
    """Who asked for a refill of it, and when."""


@dataclass(frozen=True)
class DiscrepancyView:
    """What was found is not what was expected; the interval in which it happened, and no person."""

    id: str
    pocket: str
    item: str
    expected: int | None
    counted: int | None
    basis: str
    since_seq: int
    seq: int
    at: str
    is_open: bool


@dataclass(frozen=True)
class CountDebt:
    """A pocket that owes a count, and why."""

    pocket: str
    item: str
    name: str
    why: tuple[str, ...]


def count_style(core: Core, kind: str, item: Item) -> CountStyle:
    """How a pocket with this item is counted in an access of this kind."""
    return core.world.policy.count_style(KINDS[kind], item)


def is_counted_blind(core: Core, item: Item) -> bool:
    """Whether people who take this item count it without being told a number."""
    return count_style(core, "withdraw", item) is CountStyle.BLIND


def is_blind_count_pending(core: Core, pocket: str) -> bool:
    """Whether somebody is about to count this pocket and must not be told what is expected."""
    return any(
        access.pocket == pocket and access.counted is None and count_style(core, access.kind, core.item_of(access)) is CountStyle.BLIND
        for access in core.state.active()
    )


def status_of(core: Core, line: Line, now: Instant) -> str:
    """A pocket's status."""
    pocket = core.world.layout.pockets.get(PocketId(line.pocket))
    return stock.status(
        line,
        now.utc.date().isoformat(),
        is_failed=pocket is not None and core.is_failed(pocket),
        is_quarantined=core.scene.is_quarantined(line),
    )


def places(core: Core, item: Item, now: Instant) -> tuple[Place, ...]:
    """The pockets that hold an item."""
    return tuple(_places(core, item, now))


def _places(core: Core, item: Item, now: Instant) -> Iterator[Place]:
    layout = core.world.layout
    is_hidden = is_counted_blind(core, item)
    for line in core.state.lines.values():
        pocket = layout.pockets.get(PocketId(line.pocket))
        if line.item == item.id and pocket is not None:
            is_pending = is_hidden or is_blind_count_pending(core, line.pocket)
            drawer = layout.drawer_of(pocket)
            yield Place(
                line.pocket, drawer.id, drawer.name, status_of(core, line, now), None if is_pending else line.units, line.earliest_expiry
            )


def item_view(core: Core, item: Item, now: Instant) -> ItemView:
    """One item and where it is."""
    return ItemView(
        item.id, item.name, item.generic, item.brands, item.strength, item.form, item.therapeutic_class, item.control_class,
        item.is_high_alert, item.count_unit, places(core, item, now),
    )  # fmt: skip


def stocked(core: Core) -> set[ItemId]:
    """The items that some pocket of this cabinet holds."""
    return {ItemId(line.item) for line in core.state.lines.values()}


def stock_views(core: Core, now: Instant, status: str | None = None) -> list[StockView]:
    """Every assigned pocket, or those of one status."""
    views = (_stock_view(core, line, now) for line in core.state.lines.values())
    return [view for view in views if status is None or view.status == status]


def _stock_view(core: Core, line: Line, now: Instant) -> StockView:
    item = core.world.formulary[ItemId(line.item)]
    pocket = core.world.layout.pockets.get(PocketId(line.pocket))
    return StockView(
        line.pocket, "" if pocket is None else pocket.drawer, item.id, item.name, item.strength, item.form,
        None if is_blind_count_pending(core, line.pocket) else line.units, item.count_unit, line.count_mode, line.par, line.min,
        line.critical_low, status_of(core, line, now), line.earliest_expiry, line.last_counted_at, line.basis,
    )  # fmt: skip


def need_views(core: Core, now: Instant) -> list[NeedView]:
    """What this cabinet needs, most urgent first, and of the same urgency what somebody asked for."""
    today = now.utc.date().isoformat()
    found = (stock.need(line, today, core.world.policy.refill_interval_h) for line in core.state.lines.values())
    views = [_need_view(core, need) for need in found if need is not None]
    return sorted(views, key=lambda view: (("stat", "soon", "routine").index(view.urgency), view.asked_by is None))


def _need_view(core: Core, need: stock.Need) -> NeedView:
    is_hidden = is_blind_count_pending(core, need.pocket)
    asked = refill_asking.asked(core.state, core.state.lines[need.pocket])
    return NeedView(
        need.pocket, need.item, core.world.formulary[ItemId(need.item)].title, None if is_hidden else need.units, need.min, need.par,
        None if is_hidden else need.units_needed, need.urgency, need.why, None if asked is None else asked.staff,
        None if asked is None else asked.at,
    )  # fmt: skip


def discrepancy_view(core: Core, found: Discrepancy) -> DiscrepancyView:
    """One discrepancy, its numbers left out while its pocket is being counted blind."""
    is_hidden = is_blind_count_pending(core, found.pocket)
    return DiscrepancyView(
        found.id, found.pocket, found.item, None if is_hidden else found.expected, None if is_hidden else found.counted, found.basis,
        found.since_seq, found.seq, found.at, found.is_open,
    )  # fmt: skip


def count_debts(core: Core) -> list[CountDebt]:
    """The pockets that owe a count."""
    return [
        CountDebt(line.pocket, line.item, core.world.formulary[ItemId(line.item)].title, tuple(line.owes))
        for line in core.state.lines.values()
        if line.owes
    ]

"""The kiosk's lists of pockets: what to refill, what to count, what needs attention.

Alone knows: which pockets come first in a list, and that a list tells no balance that is counted blind.
Must not know: HTTP, HTML, clocks, chance.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from cabinet.domain.core import Core
from cabinet.domain.people import Staff
from cabinet.domain.policy import CountStyle
from cabinet.domain.state import Discrepancy, Line
from cabinet.domain.vocabulary import Instant, ItemId, PocketId
from cabinet.kiosk.access_view import unit_word
from cabinet.kiosk.view import (
    DebtView,
    NeedView,
    count_style,
    debt_views,
    is_blind_count_pending,
    is_counted_blind,
    need_views,
    status_of,
)

URGENT = ("stat", "soon")


@dataclass(frozen=True)
class PocketRow:
    """One pocket in a list to refill or to count. `units` and `needed` are absent where the item is counted blind."""

    pocket: str
    drawer_name: str
    name: str
    strength: str
    form: str
    control_class: str
    is_high_alert: bool
    unit: str
    status: str
    units: int | None
    par: int
    needed: int | None
    ask: int
    urgency: str
    why: str


@dataclass(frozen=True)
class PocketList:
    """Pockets that call for it, and the others."""

    first: tuple[PocketRow, ...]
    others: tuple[PocketRow, ...]


@dataclass(frozen=True)
class FoundRow:
    """A discrepancy. `counted` and `expected` are absent where the next person has to count blind."""

    pocket: str
    title: str
    at: str
    counted: int | None
    expected: int | None


@dataclass(frozen=True)
class Attention:
    """The list of things to mend."""

    debts: tuple[DebtView, ...]
    discrepancies: tuple[FoundRow, ...]
    needs: tuple[NeedView, ...]
    can_count: bool


def refill_list(core: Core, now: Instant) -> PocketList:
    """What is needed first, most urgent first; then every other pocket."""
    needs = {need.pocket: need for need in need_views(core, now)}
    first = [_row(core, core.state.lines[pocket], now, need) for pocket, need in needs.items()]
    return PocketList(tuple(first), tuple(_row(core, line, now) for line in _in_layout(core) if line.pocket not in needs))


def count_list(core: Core, now: Instant) -> PocketList:
    """The pockets that owe a count; then every other pocket."""
    lines = list(_in_layout(core))
    owing = tuple(_row(core, line, now, kind="count") for line in lines if line.owes)
    return PocketList(owing, tuple(_row(core, line, now, kind="count") for line in lines if not line.owes))


def _in_layout(core: Core) -> Iterable[Line]:
    found = (core.state.lines.get(pocket) for pocket in core.world.layout.pockets)
    return (line for line in found if line is not None)


def _row(core: Core, line: Line, now: Instant, need: NeedView | None = None, kind: str = "refill") -> PocketRow:
    item = core.world.formulary[ItemId(line.item)]
    pocket = core.world.layout.pockets[PocketId(line.pocket)]
    is_blind = is_counted_blind(core, item) or count_style(core, kind, item) is CountStyle.BLIND
    is_hidden = is_blind or is_blind_count_pending(core, line.pocket)
    needed = None if need is None else need.units_needed
    return PocketRow(
        line.pocket, core.world.layout.drawer_of(pocket).name, item.name, item.strength, item.form, item.control_class,
        item.is_high_alert, unit_word(line.par, item), status_of(core, line, now), None if is_hidden else line.units, line.par,
        None if is_hidden else needed, 1 if is_hidden else needed or 1, "" if need is None else need.urgency,
        ", ".join(line.owes) if need is None else need.why.replace("_", " "),
    )  # fmt: skip


def attention(core: Core, staff: Staff, now: Instant) -> Attention:
    """The list of things to mend."""
    return Attention(
        tuple(debt_views(core)),
        tuple(_found(core, found) for found in core.state.discrepancies.values() if found.is_open),
        tuple(need for need in need_views(core, now) if need.urgency in URGENT),
        "count" in core.world.policy.kinds.get(staff.role, frozenset()),
    )


def _found(core: Core, found: Discrepancy) -> FoundRow:
    item = core.world.formulary[ItemId(found.item)]
    is_hidden = is_counted_blind(core, item) or is_blind_count_pending(core, found.pocket)
    counted, expected = (None, None) if is_hidden else (found.counted, found.expected)
    return FoundRow(found.pocket, item.title, found.at[:16].replace("T", " "), counted, expected)

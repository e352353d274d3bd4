"""The kiosk's lists of pockets: what to refill, what to count, what needs attention.

Alone knows: which pockets come first in a list, and that a list tells no balance that is counted blind.
Must not know: HTTP, HTML, clocks, chance.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from cabinet.domain.core import Core
from cabinet.domain.discrepancy.memory import Discrepancy
from cabinet.domain.layout import Drawer
from cabinet.domain.people import Staff
from cabinet.domain.phrase import Phrase
from cabinet.domain.policy import CountStyle
from cabinet.domain.state import Line
from cabinet.domain.vocabulary import Instant, ItemId, PocketId
from cabinet.kiosk.reason import reason
from cabinet.kiosk.unit_view import amount
from cabinet.kiosk.view import (
    CountDebt,
    NeedView,
    count_debts,
    count_style,
    is_blind_count_pending,
    is_counted_blind,
    need_views,
    status_of,
)
from cabinet.kiosk.word import word

URGENT = ("stat", "soon")
CONTROLLED = "controlled"
"""The group of all controlled items; every other is the id of a drawer."""


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
    full: str
    """How many units a full pocket holds, in words."""
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
class Group:
    """Pockets that are counted in one round: those of a drawer, or of controlled items. `id` "" stands for all."""

    id: str
    name: str
    is_chosen: bool


@dataclass(frozen=True)
class FoundRow:
    """A discrepancy. `counted` and `expected` are absent where the next person has to count blind."""

    id: str
    pocket: str
    title: str
    at: str
    counted: int | None
    expected: int | None


@dataclass(frozen=True)
class Attention:
    """The list of things to mend."""

    debts: tuple[CountDebt, ...]
    discrepancies: tuple[FoundRow, ...]
    needs: tuple[NeedView, ...]
    can_count: bool


def refill_list(core: Core, now: Instant) -> PocketList:
    """What is needed first, most urgent first; then every other pocket."""
    needs = {need.pocket: need for need in need_views(core, now)}
    first = [_row(core, core.state.lines[pocket], now, need) for pocket, need in needs.items()]
    return PocketList(tuple(first), tuple(_row(core, line, now) for line in _in_layout(core) if line.pocket not in needs))


def count_groups(core: Core, chosen: str = "") -> tuple[Group, ...]:
    """What a cycle count may go through (domain reference, 2.11): everything, all controlled items, one drawer."""
    lines = list(_in_layout(core))
    drawers = {str(drawer.id): drawer.name for drawer in (_drawer(core, line) for line in lines)}
    known: dict[str, str] = {"": Phrase("All pockets")}
    if any(_is_controlled(core, line) for line in lines):
        known[CONTROLLED] = Phrase("Controlled items")
    return tuple(Group(one, name, one == chosen) for one, name in {**known, **drawers}.items())


def count_list(core: Core, now: Instant, group: str = "") -> PocketList:
    """The pockets of a group that owe a count; then its others, those first that were counted longest ago."""
    lines = [line for line in _in_layout(core) if _is_of(core, line, group)]
    if group:
        lines.sort(key=lambda line: line.last_counted_seq)
    owing = tuple(_row(core, line, now, kind="count") for line in lines if line.owes)
    return PocketList(owing, tuple(_row(core, line, now, kind="count") for line in lines if not line.owes))


def _is_of(core: Core, line: Line, group: str) -> bool:
    return group in {"", _drawer(core, line).id} or (group == CONTROLLED and _is_controlled(core, line))


def _is_controlled(core: Core, line: Line) -> bool:
    return core.world.formulary[ItemId(line.item)].is_controlled


def _drawer(core: Core, line: Line) -> Drawer:
    return core.world.layout.drawer_of(core.world.layout.pockets[PocketId(line.pocket)])


def _in_layout(core: Core) -> Iterable[Line]:
    found = (core.state.lines.get(pocket) for pocket in core.world.layout.pockets)
    return (line for line in found if line is not None)


def _row(core: Core, line: Line, now: Instant, need: NeedView | None = None, kind: str = "refill") -> PocketRow:
    item = core.world.formulary[ItemId(line.item)]
    is_blind = is_counted_blind(core, item) or count_style(core, kind, item) is CountStyle.BLIND
    is_hidden = is_blind or is_blind_count_pending(core, line.pocket)
    needed = None if need is None else need.units_needed
    return PocketRow(
        line.pocket, _drawer(core, line).name, item.name, item.strength, item.form, item.control_class,
        item.is_high_alert, amount(line.par, item), status_of(core, line, now), None if is_hidden else line.units, line.par,
        None if is_hidden else needed, 1 if is_hidden else needed or 1, "" if need is None else need.urgency,
        _owed(core, line) if need is None else word(need.why),
    )  # fmt: skip


def _owed(core: Core, line: Line) -> str:
    """Why a count is owed."""
    said: str = ""
    for why in line.owes:
        told = reason(core.world.layout, why)
        said = Phrase("{first}, {second}", first=said, second=told) if said else told
    return said


def attention(core: Core, staff: Staff, now: Instant) -> Attention:
    """The list of things to mend."""
    return Attention(
        tuple(count_debts(core)),
        tuple(_found(core, found) for found in core.state.discrepancies.values() if found.is_open),
        tuple(need for need in need_views(core, now) if need.urgency in URGENT),
        core.world.policy.allows(staff.role, "count"),
    )


def _found(core: Core, found: Discrepancy) -> FoundRow:
    item = core.world.formulary[ItemId(found.item)]
    is_hidden = is_counted_blind(core, item) or is_blind_count_pending(core, found.pocket)
    counted, expected = (None, None) if is_hidden else (found.counted, found.expected)
    return FoundRow(found.id, found.pocket, item.title, found.at, counted, expected)

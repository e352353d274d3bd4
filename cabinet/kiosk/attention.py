"""What needs attention as the screen lists it: faults in people's words, and owed counts drawer by drawer.

Alone knows: which owed counts stand in one row. Must not know: HTTP, HTML, clocks.
"""

from dataclasses import dataclass, replace

from cabinet.domain.core import Core
from cabinet.domain.vocabulary import PocketId
from cabinet.kiosk.view import DebtView, FaultView, debt_views, fault_views
from cabinet.kiosk.whereabouts import device_name, in_words


@dataclass(frozen=True)
class DebtRow:
    """The pockets of one drawer that owe a count for the same reason."""

    drawer_name: str
    why: str
    pockets: tuple[DebtView, ...]


def debt_rows(core: Core) -> tuple[DebtRow, ...]:
    """The pockets that owe a count, one row for each drawer and reason."""
    layout = core.world.layout
    found: dict[tuple[str, str], tuple[DebtView, ...]] = {}
    for debt in debt_views(core):
        pocket = layout.pockets.get(PocketId(debt.pocket))
        key = ("" if pocket is None else layout.drawer_of(pocket).name, in_words(layout, ", ".join(debt.why)))
        found[key] = (*found.get(key, ()), debt)
    return tuple(DebtRow(drawer, why, pockets) for (drawer, why), pockets in found.items())


def fault_rows(core: Core) -> tuple[FaultView, ...]:
    """The faults, each at the place that people know."""
    layout = core.world.layout
    return tuple(replace(fault, where=device_name(layout, fault.where)) if fault.kind == "device" else fault for fault in fault_views(core))

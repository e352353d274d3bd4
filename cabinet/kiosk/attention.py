"""What needs attention as the screen lists it: faults in people's words, and owed counts drawer by drawer.

Alone knows: which owed counts stand in one row. Must not know: HTTP, HTML, clocks.
"""

from dataclasses import dataclass

from cabinet.domain.core import Core
from cabinet.domain.people import Staff
from cabinet.domain.scale import calibration
from cabinet.domain.vocabulary import PocketId
from cabinet.kiosk.fault_view import FaultView, fault_views, may_say_mended
from cabinet.kiosk.view import DebtView, debt_views
from cabinet.kiosk.whereabouts import device_name, in_words


@dataclass(frozen=True)
class DebtRow:
    """The pockets of one drawer that owe a count for the same reason."""

    drawer_name: str
    why: str
    pockets: tuple[DebtView, ...]


@dataclass(frozen=True)
class FaultRow:
    """One fault. `act` is what can be done here: bring_back, stuck, mended or nothing; `cause` is empty but for technicians."""

    fault: FaultView
    where: str
    act: str
    cause: str
    detail: str
    since: str


def debt_rows(core: Core) -> tuple[DebtRow, ...]:
    """The pockets that owe a count, one row for each drawer and reason."""
    layout = core.world.layout
    found: dict[tuple[str, str], tuple[DebtView, ...]] = {}
    for debt in debt_views(core):
        pocket = layout.pockets.get(PocketId(debt.pocket))
        key = ("" if pocket is None else layout.drawer_of(pocket).name, in_words(layout, ", ".join(debt.why)))
        found[key] = (*found.get(key, ()), debt)
    return tuple(DebtRow(drawer, why, pockets) for (drawer, why), pockets in found.items())


def fault_rows(core: Core, staff: Staff) -> tuple[FaultRow, ...]:
    """The faults, each at the place that people know, with what this person may do about it here. A scale's doubt is a technician's."""
    is_at_scales = calibration.may_be_at_scales(core.world.policy, staff.role)
    return tuple(_fault_row(core, staff, fault) for fault in fault_views(core) if is_at_scales or not fault.code.startswith("scale."))


def _fault_row(core: Core, staff: Staff, fault: FaultView) -> FaultRow:
    state, layout = core.state, core.world.layout
    is_drawer = fault.place in layout.locks
    is_own = any(known.staff == staff.id for known in state.faults_at(fault.place) if known.is_failing)
    may = core.world.policy.may_recover(staff.role, is_own=is_own)
    is_open = is_drawer and fault.place in state.drawers and state.drawers[fault.place].state == "open"
    act = ""
    if is_drawer and fault.is_failing:
        act = "bring_back"
    elif is_open:
        act = "stuck"
    elif may and may_say_mended(fault):
        act = "mended"
    where = device_name(layout, fault.where) if fault.kind == "device" else fault.where
    is_technical = staff.role in core.world.policy.service_roles
    return FaultRow(fault, where, act, fault.cause if is_technical else "", in_words(layout, fault.detail), fault.raised_at[11:16])

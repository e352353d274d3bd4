"""The pages "my shift" and "end of shift": what is still to be done, by whom, and what was done so far.

Alone knows: what stands on these two pages, and which orders may be the one that is missing. Must not know: HTTP, HTML, clocks; who may
close what (`cabinet.domain.debt.settling`).
"""

from dataclasses import dataclass
from datetime import timedelta

from cabinet.domain.core import Core
from cabinet.domain.debt.memory import Debt
from cabinet.domain.debt.owing import CONFIRM, INFUSION
from cabinet.domain.people import Staff
from cabinet.domain.vocabulary import Instant, ItemId, utc_text
from cabinet.kiosk.custody_view import TakenView, taken_by, units_of
from cabinet.kiosk.debt_view import LOOKS, DebtView, Possible, debt_view, debt_views, handed_over, possible_orders
from cabinet.kiosk.patient_view import PatientView, listed_views


@dataclass(frozen=True)
class FoundRow:
    """An open discrepancy, with whose access found it."""

    id: str
    title: str
    pocket: str
    at: str
    is_mine: bool


@dataclass(frozen=True)
class Shift:
    """What a person owes, the oldest first; what they took out in this shift; the open discrepancies in which they have a part."""

    debts: tuple[DebtView, ...]
    taken: tuple[TakenView, ...]
    found: tuple[FoundRow, ...]
    handed_over: tuple[DebtView, ...] = ()
    """What a colleague took over of it, and has not done yet."""


@dataclass(frozen=True)
class DebtScreen:
    """One debt, and what this person may do about it. `reasons` may be touched instead of typed."""

    debt: DebtView
    reasons: tuple[str, ...]
    orders: tuple[Possible, ...]
    withdrawal: str
    """The withdrawal that it is about, where it is still remembered."""
    may_close: bool
    may_hand_over: bool
    page: str
    """Where it is settled, if on a page of its own."""
    ends_as: tuple[str, ...]
    """The units in which it is said what is left of a bag that ended; none: it is not for this person to say."""
    patients: tuple[PatientView, ...]
    """Those among whom it is to be said for whom an emergency was."""


PAGES = {"kit": "/kits", "bag": "/belongings"}
"""Where these kinds are settled."""


def shift_of(core: Core, staff: Staff, now: Instant) -> Shift:
    """One's own."""
    since = utc_text(now.utc - timedelta(seconds=core.world.policy.people.temporary_s))
    mine = tuple(one for one in debt_views(core, staff, now) if one.is_mine)
    found = tuple(one for one in _found(core, staff) if one.is_mine)
    return Shift(mine, taken_by(core, staff, since), found, handed_over(core, staff, now))


def end_of_shift(core: Core, staff: Staff, now: Instant) -> Shift:
    """Everybody's: what a shift should not leave to the next one."""
    return Shift(tuple(debt_views(core, staff, now)), (), _found(core, staff))


def _found(core: Core, staff: Staff) -> tuple[FoundRow, ...]:
    rows = []
    for found in core.state.discrepancies.values():
        if found.is_open:
            item = core.world.formulary.get(ItemId(found.item))
            access = core.state.accesses.get(found.access or "")
            is_mine = access is not None and access.staff == staff.id
            rows.append(FoundRow(found.id, found.item if item is None else item.title, found.pocket, found.at, is_mine))
    return tuple(rows)


def debt_screen(core: Core, debt: Debt, staff: Staff, now: Instant) -> DebtScreen:
    """One debt."""
    is_own, policy = debt.staff == staff.id, core.world.policy
    orders = tuple(possible_orders(core, debt)) if debt.kind == "order" else ()
    return DebtScreen(
        debt_view(core, staff, debt, now), policy.authority.reasons, orders, debt.access if debt.access in core.state.withdrawals else "",
        not is_own and policy.allows(staff.role, "close_debt"), is_own and debt.kind not in {CONFIRM, *LOOKS},
        PAGES.get(debt.kind, ""), _ends_as(core, debt, staff),
        tuple(listed_views(core, staff.id, now)) if debt.kind == "order" and debt.patient is None else (),
    )  # fmt: skip


def _ends_as(core: Core, debt: Debt, staff: Staff) -> tuple[str, ...]:
    item = core.world.formulary.get(ItemId(debt.item))
    is_theirs = debt.kind == INFUSION and debt.access in core.state.withdrawals and core.world.policy.allows(staff.role, "waste")
    return () if item is None or not is_theirs else units_of(item)

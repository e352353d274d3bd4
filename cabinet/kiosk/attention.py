"""What needs attention as the screen lists it: faults in people's words, owed counts drawer by drawer, and kits to see to.

Alone knows: which owed counts stand in one row, and which kits are listed. Must not know: HTTP, HTML, clocks.
"""

from dataclasses import dataclass

from cabinet.domain.core import Core
from cabinet.domain.kit import tray
from cabinet.domain.people import Staff
from cabinet.domain.phrase import Phrase
from cabinet.domain.vocabulary import Instant, ItemId, PocketId
from cabinet.kiosk.fault_view import FaultView, faults_for, may_say_mended
from cabinet.kiosk.reason import reason
from cabinet.kiosk.view import CountDebt, count_debts
from cabinet.kiosk.whereabouts import device_name, in_words


@dataclass(frozen=True)
class DebtRow:
    """The pockets of one drawer that owe a count for the same reason."""

    drawer_name: str
    why: tuple[str, ...]
    pockets: tuple[CountDebt, ...]


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
    found: dict[tuple[str, tuple[str, ...]], tuple[CountDebt, ...]] = {}
    for debt in count_debts(core):
        pocket = layout.pockets.get(PocketId(debt.pocket))
        key = ("" if pocket is None else layout.drawer_of(pocket).name, tuple(reason(layout, why) for why in debt.why))
        found[key] = (*found.get(key, ()), debt)
    return tuple(DebtRow(drawer, why, pockets) for (drawer, why), pockets in found.items())


@dataclass(frozen=True)
class KitRow:
    """A sealed kit that is to be taken back, counted or brought back; `place` is its pocket, empty where it is out."""

    tag: str
    title: str
    place: str
    says: Phrase


def kit_rows(core: Core, now: Instant) -> tuple[KitRow, ...]:
    """The kits that somebody has to see to: out with something controlled, opened and not counted, or of no use to anybody any more."""
    formulary, today = core.world.formulary, now.utc.date().isoformat()
    stale = {one.tag for one in tray.to_take_back(core.scene, today)}
    found = []
    for one in tray.trays(core.scene).values():
        says = None
        if tray.is_out(one, formulary):
            says = Phrase("It is out: bring it back, or say what became of what is controlled inside.")
        elif tray.owes_count(one, formulary):
            says = Phrase("It was opened: what is controlled inside is to be counted.")
        elif one.tag in stale:
            says = Phrase("It is broken or expired: it goes back to the pharmacy.")
        if says is not None:
            item = formulary.get(ItemId(one.item))
            found.append(KitRow(one.tag, one.item if item is None else item.title, one.pocket or "", says))
    return tuple(found)


def fault_rows(core: Core, staff: Staff) -> tuple[FaultRow, ...]:
    """The faults, each at the place that people know, with what this person may do about it here."""
    return tuple(_fault_row(core, staff, fault) for fault in faults_for(core, staff))


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
    is_technical = core.world.policy.allows(staff.role, "maintain")
    return FaultRow(fault, where, act, fault.cause if is_technical else "", in_words(layout, fault.detail), fault.raised_at)

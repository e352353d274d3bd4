"""State -> what each screen of the kiosk shows: frozen views, made by pure functions; the templates only print them.

Alone knows: what belongs on which screen, in which order. An access has a room of its own (`access_screen.py`).
Must not know: HTTP, HTML, clocks, chance.
"""

import math
from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace

from cabinet.domain.authority import goes_without, needs_no_order
from cabinet.domain.caseload import choosing
from cabinet.domain.core import Core
from cabinet.domain.formulary import Item
from cabinet.domain.orders import Patient
from cabinet.domain.people import Staff
from cabinet.domain.phrase import Phrase, message, sentences
from cabinet.domain.pick.choosing import of_person
from cabinet.domain.reference import roll
from cabinet.domain.refusal import Refusal
from cabinet.domain.state import Access, Maintenance
from cabinet.domain.surroundings import climate
from cabinet.domain.vocabulary import Instant, ItemId, PocketId, utc_text
from cabinet.kiosk import task_view
from cabinet.kiosk.access_view import access_view
from cabinet.kiosk.attention import debt_rows, fault_rows, kit_rows
from cabinet.kiosk.finder import ItemsView
from cabinet.kiosk.mode_view import notices as mode_notices
from cabinet.kiosk.order_row import PHASES, OrderRow, order_row
from cabinet.kiosk.patient_view import PatientView, listed_views, order_view, patient_view
from cabinet.kiosk.pocket_list import PocketRow, refill_list
from cabinet.kiosk.site_time import SiteTime
from cabinet.kiosk.stock_view import blocked_rows
from cabinet.kiosk.surroundings import Notice, notices, undecided
from cabinet.kiosk.task_view import Task, Waiting
from cabinet.kiosk.view import ItemView, Place, item_view, places, stocked
from cabinet.kiosk.whereabouts import alarms

NO_USE = {
    "out": message("The pocket is empty."),
    "failed": message("The drawer does not open."),
    "expired": message("What is there has expired."),
    "quarantined": message("What is there is blocked."),
}


@dataclass(frozen=True)
class Bar:
    """What is above every screen: which cabinet, who is signed in and for how long, doors to close, and what is said of power and cold."""

    cabinet: str
    mode: str
    person: str
    role: str
    left_s: int
    warn_s: int
    is_held: bool
    leaves_owing: bool
    alarms: tuple[str, ...]
    notices: tuple[Notice, ...]
    maintenance: str
    """That somebody has the cabinet at the bench, since when and until when; empty where it is the ward's."""


@dataclass(frozen=True)
class Unfinished:
    """An access of this person that is not over. `is_open`: its pocket can be reached."""

    id: str
    title: str
    message: str
    is_open: bool


@dataclass(frozen=True)
class Home:
    """What a person can begin, and what calls for them."""

    tasks: tuple[Task, ...]
    can_remove: bool
    mine: tuple[PatientView, ...]
    patients: tuple[PatientView, ...]
    """The others of the care area."""
    area: str
    unfinished: tuple[Unfinished, ...]
    needs: tuple[PocketRow, ...]
    can_add: bool
    can_refill: bool


@dataclass(frozen=True)
class PatientScreen:
    """One patient's orders."""

    patient: PatientView
    orders: tuple[OrderRow, ...]
    may_search: bool
    may_override: bool
    may_merge: bool
    sets: tuple[tuple[str, str], ...] = ()
    """The order sets of this hospital that this person may take for them: path and name."""


@dataclass(frozen=True)
class SearchScreen:
    """What the typed letters may show, grouped by class, for one of the purposes of taking or for a load.

    `base` is where an item that is touched leads; `heading` stands where there is no patient.
    """

    patient: PatientView | None
    letters: str
    purpose: str
    found: ItemsView
    base: str
    heading: str = ""


@dataclass(frozen=True)
class ItemScreen:
    """One item that was found, before units are chosen. `stated` is the purpose where there is no patient."""

    patient: PatientView | None
    item: ItemView
    place: Place | None
    why_not: str
    purpose: str = "withdraw"
    reasons: tuple[str, ...] = ()
    """Of an override: what may be given as reason."""
    needs_indication: bool = False
    stated: str = ""


def bar(core: Core, staff: Staff | None, left_s: float, forgotten: AbstractSet[str], now: Instant, time: SiteTime) -> Bar:
    """The line above a screen. `forgotten` are the locks that have stood open for too long."""
    world = core.world
    mine = [] if staff is None else [access for access in core.state.active() if access.staff == staff.id]
    return Bar(
        world.layout.name, core.state.mode, "" if staff is None else staff.name, "" if staff is None else staff.role,
        math.ceil(left_s), int(world.timing.session_idle_s / 4), any(core.scene.holds_open(access) for access in mine),
        any(access.was_open for access in mine), alarms(core, forgotten), (*mode_notices(core, now, time), *notices(core, now)),
        "" if core.state.maintenance is None else _who_has_it(core, core.state.maintenance, time),
    )  # fmt: skip


def _who_has_it(core: Core, held: Maintenance, time: SiteTime) -> str:
    staff = core.scene.staff(held.staff)
    name = held.staff if staff is None else staff.name
    since, until = time.clock(held.since), time.clock(held.until)
    return Phrase("In maintenance by {name} since {since}, back at {until} at the latest.", name=name, since=since, until=until)


def owes_what_was_not_stated(core: Core, session: str) -> bool:
    """Whether a session ended in the middle of an access."""
    return any(access.session == session and access.phase == "incomplete" for access in core.state.accesses.values())


def in_the_way(core: Core, staff: Staff, code: str, pockets: Iterable[str]) -> Unfinished | None:
    """The person's own access that is why another one was refused with `code`, if it is surely theirs; `pockets` were wanted."""
    layout = core.world.layout
    active = core.scene.at_drawers()
    if code == "cabinet.controlled_open":
        active = [access for access in active if core.item_of(access).is_controlled]
    elif code == "access.other_patient":
        active = [access for access in active if access.staff == staff.id and access.patient is not None]
    elif code == "drawer.in_use":
        drawers = {layout.pockets[PocketId(pocket)].drawer for pocket in pockets}
        active = [access for access in active if layout.pockets[PocketId(access.pocket)].drawer in drawers]
    else:
        return None
    return _unfinished(core, active[0]) if active and all(access.staff == staff.id for access in active) else None


def home(core: Core, staff: Staff, now: Instant) -> Home:
    """What a person can begin."""
    kinds = core.world.policy.may.get(staff.role, frozenset())
    can_remove = "withdraw" in kinds
    patients = listed_views(core, staff.id, now) if can_remove else []
    needs = refill_list(core, now).first if "refill" in kinds else ()
    return Home(
        task_view.first(core, staff, waiting(core, staff, now, len(needs))),
        can_remove,
        tuple(one for one in patients if one.is_mine),
        tuple(one for one in patients if not one.is_mine),
        core.world.layout.area,
        tuple(_unfinished(core, access) for access in core.state.active() if access.staff == staff.id),
        needs,
        "add_patient" in kinds,
        "refill" in kinds,
    )


def waiting(core: Core, staff: Staff, now: Instant, needs: int = 0) -> Waiting:
    """How much waits for this person, and for everybody."""
    attention = (
        len(fault_rows(core, staff))
        + len(debt_rows(core))
        + len(kit_rows(core, now))
        + len(blocked_rows(core, now))
        + sum(found.is_open for found in core.state.discrepancies.values())
        + undecided(core, now)
    )
    owed = core.state.debts.values()
    picked = len(of_person(core.state, staff.id))
    return Waiting(picked, sum(debt.staff == staff.id for debt in owed), len(owed), needs, attention)


def _unfinished(core: Core, access: Access) -> Unfinished:
    return Unfinished(access.id, core.item_of(access).title, access_view(core, access, 0).message, access.phase == "open")


def patient_screen(core: Core, patient: Patient, staff: Staff, now: Instant) -> PatientScreen:
    """One patient's orders; those that wait for a pharmacist are shown and cannot be followed."""
    rows, has_left = [], Phrase("Has left this ward.") if roll.left(core.scene, patient, utc_text(now.utc)) else ""
    for order in patient.orders:
        item, shown = core.world.formulary[order.item], order_view(core, order, now)
        first = item if not shown.strengths else core.world.formulary[ItemId(shown.strengths[0].item)]
        place = best_place(core, first, now, shown.units or 1)
        not_now = has_left or _phase(shown.phase)
        is_lacking = not not_now and (place is None or place.status in NO_USE)
        why_not = not_now or _why_not(core, first, place, now)
        rows.append(order_row(shown, item, place, why_not, first.id if is_lacking else ""))
    rules = core.world.policy.authority
    may_search = not has_left and (bool(rules.no_order) or goes_without(rules, patient))
    may_override, may_merge = _may(core, patient, staff)
    sets = _sets(core, patient, may_override=may_override) if not has_left else ()
    mine = choosing.mine(core.scene, staff.id, utc_text(now.utc))
    view = replace(patient_view(patient), is_mine=patient.id in mine)
    return PatientScreen(view, tuple(rows), may_search, may_override, may_merge, sets)


def _sets(core: Core, patient: Patient, *, may_override: bool) -> tuple[tuple[str, str], ...]:
    """Each set is one choice; where its items need an order it is an override like every other."""
    is_free = goes_without(core.world.policy.authority, patient)
    path = f"/patients/{patient.id}/sets/"
    query = "" if is_free else "?for=override"
    return tuple((f"{path}{one.id}{query}", one.name) for one in core.world.order_sets) if is_free or may_override else ()


def _phase(phase: str) -> str:
    return Phrase(PHASES[phase]) if phase in PHASES else ""


def _may(core: Core, patient: Patient, staff: Staff) -> tuple[bool, bool]:
    """Whether this person may override at all, and may say who a patient is that was added here."""
    policy, is_added = core.world.policy, core.state.reference.origins.get(patient.id) == "cabinet"
    return policy.allows(staff.role, "override"), is_added and policy.allows(staff.role, "add_patient")


def best_place(core: Core, item: Item, now: Instant, units: int = 1, *, is_urgent: bool = False) -> Place | None:
    """The pocket that the cabinet would choose: it works, is not expired (unless it `is_urgent`), holds enough and is used up first."""
    lines = core.state.lines

    def rank(place: Place) -> tuple[bool, bool, bool, bool, str]:
        return (
            place.status in {"failed", "quarantined"},
            place.status == "expired" and not is_urgent,
            lines[place.pocket].units < units,
            place.status == "expired",
            place.earliest_expiry or "9999",
        )

    return min(places(core, item, now), key=rank, default=None)


def _why_not(core: Core, item: Item, place: Place | None, now: Instant) -> str:
    if place is None:
        return Phrase("Not in this cabinet.")
    drawer = core.world.layout.drawer_of(core.world.layout.pockets[PocketId(place.pocket)])
    held = climate.judge(core.scene, now, drawer, item)
    if place.status in NO_USE:
        return Phrase(NO_USE[place.status])
    return "" if held is None else held.sentence


def item_screen(core: Core, patient: Patient, item: Item, staff: Staff, now: Instant, purpose: str = "withdraw") -> ItemScreen | None:
    """One item for a patient, if this cabinet has it."""
    if item.id not in stocked(core):
        return None
    place, rules = best_place(core, item, now), core.world.policy.authority
    is_override = purpose == "override"
    is_good = rules.lists(item.id, staff.role) if is_override else needs_no_order(rules, item, patient)
    is_good = is_good or core.scene.is_in_critical_override
    refusal = Refusal("override.not_listed" if is_override else "policy.needs_order")
    why_not = _why_not(core, item, place, now) or ("" if is_good else sentences(refusal.sentence, refusal.remedy))
    reasons = rules.reasons if is_override else ()
    return ItemScreen(
        patient_view(patient), item_view(core, item, now), place, why_not, purpose, reasons, is_override and item.needs_indication
    )


def purpose_screen(core: Core, stated: str, item: Item, now: Instant) -> ItemScreen | None:
    """One item for a stated purpose and no patient, if this cabinet has it."""
    place = best_place(core, item, now)
    return None if place is None else ItemScreen(None, item_view(core, item, now), place, _why_not(core, item, place, now), stated=stated)

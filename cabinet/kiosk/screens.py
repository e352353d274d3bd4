"""State -> what each screen of the kiosk shows: frozen views, made by pure functions; the templates only print them.

Alone knows: what belongs on which screen, in which order, and which step an access screen is at.
Must not know: HTTP, HTML, clocks, chance.
"""

import math
from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from cabinet.domain import search, service
from cabinet.domain.core import Core
from cabinet.domain.formulary import Item
from cabinet.domain.orders import Patient
from cabinet.domain.people import Staff
from cabinet.domain.policy import CountStyle
from cabinet.domain.state import FINAL, Access
from cabinet.domain.surroundings import climate
from cabinet.domain.vocabulary import Instant, PatientId, PocketId
from cabinet.kiosk import setback_view
from cabinet.kiosk.access_view import AccessView, access_view, amount
from cabinet.kiosk.attention import debt_rows, fault_rows
from cabinet.kiosk.cabinet_map import CabinetMap, cabinet_map
from cabinet.kiosk.pocket_list import PocketRow, refill_list
from cabinet.kiosk.surroundings import Notice, notices, undecided
from cabinet.kiosk.view import (
    ItemView,
    OrderView,
    PatientView,
    Place,
    is_counted_blind,
    item_view,
    order_view,
    patient_view,
    places,
    stocked,
)
from cabinet.kiosk.whereabouts import alarms

NO_USE = {"out": "The pocket is empty.", "failed": "The drawer does not open.", "expired": "What is there has expired."}


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
    """Who has the cabinet at the bench, since when and until when; empty where it is the ward's."""


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

    can_remove: bool
    can_refill: bool
    can_count: bool
    patients: tuple[PatientView, ...]
    unfinished: tuple[Unfinished, ...]
    needs: tuple[PocketRow, ...]
    attention: int


@dataclass(frozen=True)
class OrderRow:
    """One order and whether it can be followed here and now; `why_not` is a sentence where it cannot."""

    order: OrderView
    amount: str
    place: Place | None
    why_not: str


@dataclass(frozen=True)
class PatientScreen:
    """One patient's orders."""

    patient: PatientView
    orders: tuple[OrderRow, ...]
    may_search: bool


@dataclass(frozen=True)
class SearchScreen:
    """What the typed letters may show, grouped by class."""

    patient: PatientView
    letters: str
    answer: str
    groups: tuple[tuple[str, tuple[ItemView, ...]], ...]


@dataclass(frozen=True)
class ItemScreen:
    """One item that was found, before units are chosen."""

    patient: PatientView
    item: ItemView
    place: Place | None
    why_not: str


@dataclass(frozen=True)
class AccessScreen:
    """One access. `step` is wait, retry, count, verify, confirm, close, done or trouble, and says which controls there are.

    `moved` says why this is not the pocket that was asked for; `stuck` are the open locks on the way, with their words, that may not
    close; `failed` is the lock, with its words, that this person may bring back.
    """

    view: AccessView
    step: str
    patient: PatientView | None
    amount: str
    map: CabinetMap
    elsewhere: Place | None
    order: str | None
    suggested: int | None
    wants_lot: bool
    is_cancelling: bool
    may_cancel: bool
    moved: str
    stuck: tuple[tuple[str, str], ...]
    failed: tuple[str, str] | None


def bar(core: Core, staff: Staff | None, left_s: float, forgotten: AbstractSet[str], now: Instant) -> Bar:
    """The line above a screen. `forgotten` are the locks that have stood open for too long."""
    world = core.world
    mine = [] if staff is None else [access for access in core.state.active() if access.staff == staff.id]
    return Bar(
        world.layout.name, core.state.mode, "" if staff is None else staff.name, "" if staff is None else staff.role.replace("_", " "),
        math.ceil(left_s), int(world.timing.session_idle_s / 4), any(_holds_open(core, access) for access in mine),
        any(access.was_open for access in mine), alarms(core, forgotten), notices(core, now),
        "" if core.state.maintenance is None else service.in_words(core.scene, core.state.maintenance),
    )  # fmt: skip


def _holds_open(core: Core, access: Access) -> bool:
    """Whether a door of an access is being released or stands open: nobody is signed out meanwhile."""
    layout, drawers = core.world.layout, core.state.drawers
    locks = layout.path(layout.pockets[PocketId(access.pocket)])
    return any(lock.name in drawers and drawers[lock.name].state in {"releasing", "open"} for lock in locks)


def owes_what_was_not_stated(core: Core, session: str) -> bool:
    """Whether a session ended in the middle of an access."""
    return any(access.session == session and access.phase == "incomplete" for access in core.state.accesses.values())


def in_the_way(core: Core, staff: Staff, code: str, pockets: Iterable[str]) -> Unfinished | None:
    """The person's own access that is why another one was refused with `code`, if it is surely theirs; `pockets` were wanted."""
    layout = core.world.layout
    active = core.state.active()
    if code == "cabinet.controlled_open":
        active = [access for access in active if core.item_of(access).is_controlled]
    elif code == "drawer.in_use":
        drawers = {layout.pockets[PocketId(pocket)].drawer for pocket in pockets}
        active = [access for access in active if layout.pockets[PocketId(access.pocket)].drawer in drawers]
    else:
        return None
    return _unfinished(core, active[0]) if active and all(access.staff == staff.id for access in active) else None


def home(core: Core, staff: Staff, now: Instant) -> Home:
    """What a person can begin."""
    kinds = core.world.policy.kinds.get(staff.role, frozenset())
    can_remove = "withdraw" in kinds
    patients = core.world.patients.values() if can_remove else ()
    return Home(
        can_remove,
        "refill" in kinds,
        "count" in kinds,
        tuple(sorted((patient_view(patient) for patient in patients), key=lambda patient: patient.bed)),
        tuple(_unfinished(core, access) for access in core.state.active() if access.staff == staff.id),
        refill_list(core, now).first if "refill" in kinds else (),
        len(fault_rows(core, staff))
        + len(debt_rows(core))
        + sum(found.is_open for found in core.state.discrepancies.values())
        + undecided(core, now),
    )


def _unfinished(core: Core, access: Access) -> Unfinished:
    return Unfinished(access.id, core.item_of(access).title, access_view(core, access, 0).message, access.phase == "open")


def patient_screen(core: Core, patient: Patient, now: Instant) -> PatientScreen:
    """One patient's orders; those that wait for a pharmacist are shown and cannot be followed."""
    rows = []
    for order in patient.orders:
        item = core.world.formulary[order.item]
        place = best_place(core, item, now, order.units)
        why_not = _why_not(core, item, place, now)
        if not order.is_verified:
            why_not = "Waiting for a pharmacist."
        rows.append(OrderRow(order_view(core, order, now), amount(order.units, item), place, why_not))
    return PatientScreen(patient_view(patient), tuple(rows), not core.world.policy.needs_order)


def best_place(core: Core, item: Item, now: Instant, units: int = 1) -> Place | None:
    """The pocket that the cabinet would choose: it works, is not expired, holds enough and is used up first."""
    lines = core.state.lines

    def rank(place: Place) -> tuple[bool, bool, bool, str]:
        return place.status == "failed", place.status == "expired", lines[place.pocket].units < units, place.earliest_expiry or "9999"

    return min(places(core, item, now), key=rank, default=None)


def _why_not(core: Core, item: Item, place: Place | None, now: Instant) -> str:
    if place is None:
        return "Not in this cabinet."
    drawer = core.world.layout.drawer_of(core.world.layout.pockets[PocketId(place.pocket)])
    held = climate.judge(core.scene, now, drawer, item)
    return NO_USE.get(place.status, "" if held is None else held.sentence)


def search_screen(core: Core, patient: Patient, letters: str, answer: str, found: search.Found, now: Instant) -> SearchScreen:
    """What the typed letters may show."""
    groups: dict[str, tuple[ItemView, ...]] = {}
    for item in found.items:
        groups[item.therapeutic_class] = (*groups.get(item.therapeutic_class, ()), item_view(core, item, now))
    return SearchScreen(patient_view(patient), letters, answer, tuple(groups.items()))


def item_screen(core: Core, patient: Patient, item: Item, now: Instant) -> ItemScreen | None:
    """One item, if this cabinet has it."""
    if item.id not in stocked(core):
        return None
    place = best_place(core, item, now)
    return ItemScreen(patient_view(patient), item_view(core, item, now), place, _why_not(core, item, place, now))


def access_screen(core: Core, access: Access, seq: int, now: Instant) -> AccessScreen:
    """One access, at the step that its phase and what is asked say."""
    view = access_view(core, access, seq)
    patient = core.world.patients.get(PatientId(access.patient or ""))
    item = core.item_of(access)
    step = _step(view)
    return AccessScreen(
        view,
        step,
        None if patient is None else patient_view(patient),
        amount(access.units, item),
        cabinet_map(core.world.layout, PocketId(access.pocket)),
        _elsewhere(core, access, item, now) if step in {"trouble", "retry"} and access.kind == "withdraw" and not access.was_open else None,
        None if patient is None else next((order.id for order in patient.orders if order.item == item.id), None),
        None if access.kind == "refill" and is_counted_blind(core, item) else access.units,
        access.kind == "refill",
        access.wants_cancel,
        step in {"retry", "count", "verify", "confirm"} and not access.wants_cancel,
        setback_view.moved(core, access),
        setback_view.stuck(core, access) if step == "close" else (),
        setback_view.failed(core, access) if step in {"trouble", "done"} else None,
    )


def _step(view: AccessView) -> str:
    if view.phase in FINAL:
        return "trouble" if view.code else "done"
    if view.phase == "authorised" or (view.phase == "open" and "open" in view.asks):
        return "retry"
    if view.phase == "released":
        return "wait"
    if "count_before" in view.asks:
        return "verify" if view.count_style == CountStyle.VERIFY else "count"
    return "confirm" if "confirm" in view.asks else "close"


def _elsewhere(core: Core, access: Access, item: Item, now: Instant) -> Place | None:
    """Another pocket with the same item that works."""
    usable = (place for place in places(core, item, now) if place.status not in {"failed", "expired", "out"})
    return next((place for place in usable if place.pocket != access.pocket), None)

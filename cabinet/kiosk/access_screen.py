"""One access as its own screen: at which step it is, and which controls there are.

Alone knows: which step a phase and what is asked make, and what else stands beside it. Must not know: HTTP, HTML, clocks, chance.
"""

from dataclasses import dataclass

from cabinet.domain.access import is_unsigned
from cabinet.domain.authority import goes_without
from cabinet.domain.core import Core
from cabinet.domain.debt import owing
from cabinet.domain.formulary import Item
from cabinet.domain.kinds import row_of, signs_number
from cabinet.domain.kit.order_set import chosen_by, expand, next_due
from cabinet.domain.package.check import says_taken
from cabinet.domain.policy import CountStyle
from cabinet.domain.state import FINAL, Access
from cabinet.domain.vocabulary import Instant, PocketId
from cabinet.domain.withdrawal.container import DISCARDED, is_drawn
from cabinet.domain.witness import MAY_BE_OWED
from cabinet.kiosk import setback_view
from cabinet.kiosk.access_view import AccessView, access_view
from cabinet.kiosk.cabinet_map import CabinetMap, cabinet_map
from cabinet.kiosk.debt_view import DebtView, debts_of
from cabinet.kiosk.patient_view import PatientView, patient_view
from cabinet.kiosk.unit_view import amount
from cabinet.kiosk.view import Place, is_counted_blind, places, stocked

MAY_CANCEL = {"witness", "retry", "count", "level", "verify", "confirm"}
"""The steps at which a person may still want out."""

COUNTED = {"count", "level", "verify", "confirm"}
"""The steps at which a number is said."""

STOPPED = {"wait", "retry", "close", "trouble"}
"""The steps at which a drawer or lid may keep its person from going on."""


@dataclass(frozen=True)
class AccessScreen:
    """One access. `step` is witness, wait, retry, count, level, verify, confirm, close, done or trouble, and says which controls there are.

    `moved` says why this is not the pocket that was asked for; `stuck` are the open locks on the way, with their words, that may not
    close; `failed` is the lock, with its words, that this person may bring back.
    """

    view: AccessView
    step: str
    patient: PatientView | None
    amount: str
    map: CabinetMap | None
    elsewhere: Place | None
    order: str | None
    suggested: int | None
    wants_lot: bool
    packed: tuple[str, str]
    """Lot and earliest expiry that are proposed: of the package that was scanned, else as the pharmacy packed the line."""
    is_cancelling: bool
    may_cancel: bool
    moved: str
    stuck: tuple[tuple[str, str], ...]
    failed: tuple[str, str] | None
    is_signed_last: bool
    """Whether a second person signs once the number is in; said before anything is taken, so that nobody finds out too late."""
    may_be_owed: bool
    """Whether the second person's signature may be owed where nobody is there."""
    wants_left: bool
    """Whether the earliest expiry of what is left is asked for."""
    is_kit: bool
    """Whether the scan that is asked for is of a kit's tag."""
    may_scan: bool
    """Whether a scan of the package says that what was asked for was taken."""
    is_put_back: bool
    """Whether what is taken gives many doses and is put back as a rule."""
    asks_drawn: bool
    """Whether it is asked how much of it was drawn."""
    debts: tuple[DebtView, ...]
    """What this person owes of it."""
    rest: tuple[str, str] | None
    """Where an order set that it was chosen with goes on, and the set's name."""
    confirmed: str
    """What was taken or put, in words; empty before it was said."""
    help: setback_view.Help | None
    """Where help may be called to, while its person is stopped."""
    was_tried: bool
    """Whether a lock was pulsed in vain: then its person may say that it did not open, and is not kept for further tries."""
    told: str
    """Who heard of what went wrong."""
    unseen: str
    """What to do while a door on the way is out of sight."""
    broken: tuple[str, str, str]
    """Of an access that is done, though its drawer is out of use by now: what is wrong, what to do, and the code."""
    late: tuple[str, str] | None
    """Of what is entered late and still to be signed: when it was really taken, and by whom."""
    bag: str
    """The number of the bag with a patient's own medicine that it is about; empty: none."""
    next_refill: str
    """Where whoever refilled goes on: at the lines of their delivery, else at the refill list."""


def access_screen(core: Core, access: Access, seq: int, now: Instant) -> AccessScreen:
    """One access, at the step that its phase and what is asked say."""
    view = access_view(core, access, seq)
    former, bag = core.state.withdrawals.get(access.withdrawal or ""), core.state.bags.get(access.bag or "")
    patient = core.scene.patient(bag.patient if bag is not None else access.patient if former is None else former.patient)
    item = core.item_of(access)
    step, row = _step(view), row_of(access)
    return AccessScreen(
        view,
        step,
        None if patient is None else patient_view(patient),
        amount(access.units, item),
        cabinet_map(core.world.layout, PocketId(access.pocket)) if row.opens else None,
        _elsewhere(core, access, item, now) if step in {"trouble", "retry"} and access.kind == "withdraw" and not access.was_open else None,
        None if patient is None else next((order.id for order in patient.orders if order.item == item.id), None),
        None if _is_number_hidden(core, access, item) else _suggested(access),
        row.wants_lot,
        _packed(core, view, access),
        access.wants_cancel,
        step in MAY_CANCEL and not access.wants_cancel and not ("witness" in view.asks and owing.is_stated(access)),
        setback_view.moved(core, access),
        setback_view.stuck(core, access) if step == "close" else (),
        setback_view.failed(core, access) if step in {"trouble", "done"} else None,
        step in COUNTED and signs_number(access) and is_unsigned(access) and not access.wants_cancel,
        access.witness_rule == MAY_BE_OWED,
        access.kind == "expire",
        bool(item.kit),
        says_taken(access, item, core.world.policy),
        item.is_multi_dose and access.kind in {"withdraw", "emergency"} and access.purpose != DISCARDED,
        is_drawn(access, item, core.world.policy.custody, 0),
        debts_of(core, access, now) if step in {"done", "trouble"} else (),
        _rest(core, access) if step == "done" else None,
        "" if access.confirmed is None else amount(access.confirmed, item),
        setback_view.help_for(core, access) if step in STOPPED else None,
        access.misses > 0,
        setback_view.told(core, access) if step in STOPPED or step == "done" else "",
        setback_view.unseen(core, access) if row.opens else "",
        setback_view.broken(core, access) if step == "done" else ("", "", ""),
        _late(core, access) if step == "witness" and access.true_at else None,
        access.bag or "",
        "/deliveries" if access.delivery in core.state.deliveries else "/refill",
    )


def _packed(core: Core, view: AccessView, access: Access) -> tuple[str, str]:
    if view.scan is not None:
        return view.scan.lot or "", view.scan.expiry or ""
    delivery = core.state.deliveries.get(access.delivery or "")
    line = None if delivery is None else delivery.line(access.pocket, access.item)
    return ("", "") if line is None else (line.lot or "", line.expiry or "")


def _late(core: Core, access: Access) -> tuple[str, str]:
    """When something that is entered late was taken, and the name of who took it."""
    who = access.taken_by or access.staff
    person = core.scene.staff(who)
    return access.true_at, who if person is None else person.name


def _rest(core: Core, access: Access) -> tuple[str, str] | None:
    """Where the order set goes on that a withdrawal was chosen with; None where nothing of it is left to take."""
    found, patient = chosen_by(access.id, core.world.order_sets), core.scene.patient(access.patient)
    if found is None or patient is None:
        return None
    chosen, choice = found
    if next_due(expand(chosen, choice, core.world.formulary, stocked(core).__contains__, core.state.accesses)) is None:
        return None
    purpose = "withdraw" if goes_without(core.world.policy.authority, patient) else "override"
    return f"/patients/{access.patient}/sets/{chosen.id}?choice={choice}&for={purpose}", chosen.name


def _is_number_hidden(core: Core, access: Access, item: Item) -> bool:
    """What is put in fills the pocket to its level, what is pulled leaves it empty: either tells a balance that is counted blind.

    Of a pull for which nothing was named, nothing is proposed: zero would be an answer.
    """
    return (access.kind == "expire" and not access.units) or (access.kind in {"refill", "expire"} and is_counted_blind(core, item))


def _suggested(access: Access) -> int:
    """What was asked for; of an unload, all that was counted."""
    return access.counted if access.kind == "unload" and access.counted is not None else access.units


def _step(view: AccessView) -> str:
    if view.phase in FINAL:
        return "trouble" if view.code else "done"
    if "witness" in view.asks:
        return "witness"
    if view.phase == "authorised" or (view.phase == "open" and "open" in view.asks):
        return "retry"
    if view.phase == "released":
        return "wait"
    if "count_before" in view.asks:
        return {CountStyle.VERIFY: "verify", CountStyle.LEVEL: "level"}.get(CountStyle(view.count_style), "count")
    return "confirm" if "confirm" in view.asks else "close"


def _elsewhere(core: Core, access: Access, item: Item, now: Instant) -> Place | None:
    """Another pocket with the same item that works."""
    usable = (place for place in places(core, item, now) if place.status not in {"failed", "expired", "out"})
    return next((place for place in usable if place.pocket != access.pocket), None)

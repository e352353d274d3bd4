"""Controlled lines on a numbered sheet: announced, received by count within their time, and what is missing is a discrepancy in transit.

Alone knows: when a sheet is late, complete or short. Must not know: pockets and locks, or how a page lists sheets.
"""

from datetime import timedelta

from cabinet.domain import events
from cabinet.domain.commands import StartTimer, StopTimer
from cabinet.domain.events import AccessAsked
from cabinet.domain.facts import Account, Basis, DiscrepancyFound, FaultCleared, FaultRaised, SheetClosed, SheetIssued, SheetLate
from cabinet.domain.formulary import Item
from cabinet.domain.kinds import Kind
from cabinet.domain.people import Staff
from cabinet.domain.person import speaking
from cabinet.domain.refusal import Refusal
from cabinet.domain.scene import Scene
from cabinet.domain.sheet.memory import Sheet
from cabinet.domain.state import Access
from cabinet.domain.turn import Turn
from cabinet.domain.vocabulary import ItemId, PocketId, StaffId, Units, parse_utc, utc_text

TIMER = "sheet"
LATE = "sheet.late"
TRANSIT = PocketId("transit")
"""Where what is missing between issue and receipt is looked for: in no pocket."""

LEAVES = {"transfer", "unload", "expire", "empty_bin"}


def announce(scene: Scene, turn: Turn, event: events.SheetAnnounced) -> Refusal | None:
    """A sheet is on its way here; the same number again changes nothing."""
    who = speaking.speaker(scene, turn, event.session, "refill")
    if isinstance(who, Refusal):
        return who
    if event.sheet in scene.state.sheets:
        return None
    if event.sheet in scene.state.closed_sheets:
        return Refusal("sheet.used", event.sheet)
    if event.item not in scene.world.formulary or event.units < 1:
        return Refusal("sheet.form", event.item)
    left_at = turn.at.utc if event.issued_at is None else parse_utc(event.issued_at)
    due_at = left_at + timedelta(minutes=scene.world.policy.custody.sheet_minutes)
    turn.record(SheetIssued(event.sheet, event.item, event.units, True, event.issued_by, event.carried_by, utc_text(due_at)), staff=who)
    turn.order(StartTimer(f"{TIMER}:{event.sheet}", max(1.0, (due_at - turn.at.utc).total_seconds())))
    return None


def resume(scene: Scene, turn: Turn) -> None:
    """After a start every open sheet's time runs on."""
    for sheet in scene.state.sheets.values():
        if not sheet.is_late:
            left_s = (parse_utc(sheet.due) - turn.at.utc).total_seconds()
            turn.order(StartTimer(f"{TIMER}:{sheet.id}", max(1.0, left_s)))


def due(scene: Scene, turn: Turn, name: str) -> None:
    """A sheet's time is over: whoever looks for it must hear of it now."""
    sheet = scene.state.sheets.get(name)
    if sheet is not None and not sheet.is_late:
        turn.record(SheetLate(sheet.id))
        carrier = scene.staff(StaffId(sheet.carried_by))
        by = sheet.carried_by if carrier is None else carrier.name
        item = scene.world.formulary[ItemId(sheet.item)].title if ItemId(sheet.item) in scene.world.formulary else sheet.item
        turn.record(FaultRaised(sheet.id, LATE, f"{sheet.missing} of {sheet.issued} {item}, carried by {by}"))


def judge(scene: Scene, kind: Kind, event: AccessAsked, item: Item) -> Refusal | None:
    """Whether a request that moves controlled units over the cabinet's edge names its sheet, and the right one.

    What is not controlled comes from another cabinet, and goes there, without one, by that cabinet's name.
    """
    is_inward = kind.puts and not kind.undoes_withdrawal
    is_between = is_inward or (kind.target is Account.TRANSIT and event.sheet is None)
    if is_between and event.place is not None and event.place not in {neighbour.id for neighbour in scene.world.neighbours}:
        return Refusal("transfer.cabinet", event.place)
    if kind.name == "transfer" and event.place is None and scene.world.neighbours:
        return Refusal("transfer.where")
    is_due = item.control_class in scene.world.policy.custody.sheet_classes and (is_inward or kind.name in LEAVES)
    if event.sheet is None:
        return Refusal("sheet.needed") if is_due else None
    sheet = scene.state.sheets.get(event.sheet)
    if not is_inward:
        return Refusal("sheet.used", event.sheet) if sheet is not None or event.sheet in scene.state.closed_sheets else None
    if sheet is None or not sheet.is_inbound:
        return Refusal("sheet.unknown", event.sheet) if is_due else None
    return Refusal("sheet.other_item", sheet.item) if sheet.item != item.id else None


def wants_second(scene: Scene, event: AccessAsked, staff: Staff) -> bool:
    """Whether a sheet is received by the very person who carried it, where policy asks for two then."""
    sheet = scene.state.sheets.get(event.sheet or "")
    is_carrier = sheet is not None and sheet.is_inbound and sheet.carried_by in {staff.id, staff.name}
    return is_carrier and scene.world.policy.custody.sheet_by_two


def note(scene: Scene, turn: Turn, access: Access, units: int) -> None:
    """A quantity was stated: what arrived closes its sheet when it is all there, what leaves begins one, and is looked for as well."""
    if access.sheet is None:
        return
    sheet = turn.state.sheets.get(access.sheet)
    if sheet is not None and sheet.is_inbound and not sheet.missing:
        _close(turn, sheet, None, access, arrived=sheet.received)
    elif sheet is None and access.kind in LEAVES and units:
        after = timedelta(minutes=scene.world.policy.custody.sheet_minutes)
        goes_to = access.place if access.kind == "transfer" else None
        out = SheetIssued(
            access.sheet, ItemId(access.item), Units(units), False, access.staff, access.staff, utc_text(turn.at.utc + after), goes_to
        )  # fmt: skip
        turn.record(out, access=access)
        turn.order(StartTimer(f"{TIMER}:{access.sheet}", after.total_seconds()))


def close(scene: Scene, turn: Turn, event: events.SheetCloseAsked) -> Refusal | None:
    """A sheet is closed with what is missing: a discrepancy in transit that names nobody.

    What arrived here is what was counted here. What went back was received by somebody else than who took it away.
    """
    who = speaking.speaker(scene, turn, event.session, "resolve")
    if isinstance(who, Refusal):
        return who
    sheet = scene.state.sheets.get(event.sheet)
    if sheet is None:
        return Refusal("sheet.unknown", event.sheet)
    if not event.reason.strip():
        return Refusal("withdrawal.reason")
    if who in {sheet.issued_by, sheet.carried_by}:
        return Refusal("sheet.own", event.sheet)
    arrived = sheet.received if sheet.is_inbound else event.received
    if arrived is None:
        return Refusal("sheet.arrived", event.sheet)
    if arrived != sheet.issued:
        found = DiscrepancyFound(
            turn.name_discrepancy(), TRANSIT, ItemId(sheet.item), Units(sheet.issued), Units(arrived), Basis.PERSON, 0
        )  # fmt: skip
        turn.record(found, staff=who)
    _close(turn, sheet, event.reason, None, staff=who, arrived=arrived)
    return None


def _close(turn: Turn, sheet: Sheet, reason: str | None, access: Access | None, *, staff: str | None = None, arrived: int) -> None:
    is_late = sheet.is_late
    turn.record(SheetClosed(sheet.id, sheet.issued - arrived, reason), access=access, staff=staff)
    turn.order(StopTimer(f"{TIMER}:{sheet.id}"))
    if is_late:
        turn.record(FaultCleared(sheet.id, LATE, reason or "it was received"))

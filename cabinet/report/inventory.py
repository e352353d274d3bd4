"""What ought to be there: by schedule at any moment, for a downtime on one page, what expires, and what nobody takes.

Alone knows: how balances are listed. Must not know: how a balance comes about (`cabinet.domain.fold`).
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from cabinet.domain.facts import Account, Entry, PocketAssigned, UnitsMoved
from cabinet.domain.formulary import ControlClass
from cabinet.domain.state import Line
from cabinet.report.asked import SCHEDULES, Asked, Setting
from cabinet.report.table import Cell, Table, columns
from cabinet.report.telling import Telling, moment_of

EXPIRING_DAYS = 30
UNUSED_DAYS = 90
"""Papers prune after 90 or 180 days (domain reference, section 6)."""

BASES = {"journal": "by the journal, never counted", "person": "counted by a person", "scale": "counted by scale"}

_STOCK = columns(
    "Item", "Pocket", "Drawer", "On hand", "Unit", "~Item id", "Lots", "Earliest expiry", "Count basis", "Last counted", "Owes"
)  # fmt: skip


def inventory(entries: Iterable[Entry], setting: Setting, asked: Asked, telling: Telling) -> tuple[Table, ...]:
    """What ought to be in each pocket, a table for each schedule, C-II first and apart, with lines to sign (21 CFR 1304.11)."""
    _fold(entries, asked, telling)
    classes = list(SCHEDULES) if asked.schedule is None else [asked.schedule]
    return tuple(_by_class(telling, setting, asked, control_class) for control_class in classes)


def _by_class(telling: Telling, setting: Setting, asked: Asked, control_class: ControlClass) -> Table:
    is_controlled = control_class is not ControlClass.NONE
    rows = tuple(_stock_row(telling, line) for line in _lines(telling, asked) if telling.schedule(line.item) == SCHEDULES[control_class])
    moment = "the newest fact" if asked.end is None else "the moment that is named above"
    notes = (
        f"Balances folded from the journal up to {moment}: every movement since the pocket was assigned, corrected by every count.",
        "The count basis says who or what counted last, and when.",
        *(_registered(setting) if is_controlled else ()),
        *(("Balances of pockets that are counted blind are hidden from who asked.",) if not setting.sees_balances else ()),
    )
    signed = ("Inventory taken by", "Witnessed by", "Date and time (opening or close of business)") if is_controlled else ()
    return Table(f"Inventory, {SCHEDULES[control_class]}", _STOCK, rows, notes, signed)


def _registered(setting: Setting) -> tuple[str, ...]:
    """Whose stock this is, where the site says so."""
    held = setting.world.registration
    return () if held is None else (f"Registrant: {held.registrant}, {held.address}; DEA registration {held.dea_number}.",)


def _stock_row(telling: Telling, line: Line) -> tuple[Cell, ...]:
    item = telling.item(line.item)
    lots = ", ".join(f"{batch.units} × {batch.lot or 'no lot'}" for batch in line.batches)
    is_hidden = telling.setting.hides(item)
    basis = BASES.get(line.basis, line.basis) + (" (bulk: nobody counts it)" if line.count_mode == "bulk" else "")
    return (
        telling.title(line.item), line.pocket, telling.drawer_name(line.pocket), telling.units(line.item, line.units),
        "" if item is None else item.count_unit, line.item, "hidden" if is_hidden and lots else lots, line.earliest_expiry, basis,
        moment_of(line.last_counted_at), "; ".join(line.owes),
    )  # fmt: skip


def downtime(entries: Iterable[Entry], setting: Setting, asked: Asked, telling: Telling) -> tuple[Table, ...]:
    """The last-known inventory on one page in large print: where each item is, for the hour in which no screen says so."""
    _fold(entries, asked, telling)
    rows = tuple(
        (telling.title(line.item), telling.drawer_name(line.pocket), line.pocket, _last_known(telling, line), line.earliest_expiry)
        for line in sorted(_lines(telling, asked), key=lambda line: telling.title(line.item).lower())
    )
    notes = ["Write every withdrawal on the downtime log: it is entered afterwards with its true time."]
    if not setting.sees_balances:
        notes.append("Pockets that are counted blind show only whether something is in them.")
    title = f"Last-known inventory of {setting.world.layout.name}"
    return (Table(title, columns("Item", "Drawer", "Pocket", "Last known", "Expiry"), rows, tuple(notes), is_large=True),)


def _last_known(telling: Telling, line: Line) -> Cell:
    if line.count_mode == "bulk":
        return "not counted"
    if telling.setting.hides(telling.item(line.item)):
        return "in stock" if line.units else "out"
    return line.units


def expiring(entries: Iterable[Entry], setting: Setting, asked: Asked, telling: Telling) -> tuple[Table, ...]:
    """What has expired, or will have within `days` days."""
    _fold(entries, asked, telling)
    moment = asked.end or setting.now
    days = EXPIRING_DAYS if asked.days is None else asked.days
    today = moment.astimezone(setting.zone).date()
    last = (today + timedelta(days=days)).isoformat()
    batches = [(batch.expiry, line, batch) for line in _lines(telling, asked) for batch in line.batches]
    found = [(expiry, line, batch) for expiry, line, batch in batches if expiry and expiry <= last]
    rows = tuple(
        (expiry, "expired" if expiry < today.isoformat() else "expiring", telling.title(line.item), line.pocket,
         telling.drawer_name(line.pocket), batch.lot, telling.units(line.item, batch.units), telling.schedule(line.item))
        for expiry, line, batch in sorted(found, key=lambda one: (one[0], one[1].pocket))
    )  # fmt: skip
    note = "What a pocket holds of each lot is worked out first expired, first out; look at the packages."
    names = columns("Expiry", "State", "Item", "Pocket", "Drawer", "Lot", "Units", "Schedule")
    return (Table(f"Expired or expiring by {last}", names, rows, (note,)),)


def unused(entries: Iterable[Entry], setting: Setting, asked: Asked, telling: Telling) -> tuple[Table, ...]:
    """What nobody took for `days` days."""
    days = UNUSED_DAYS if asked.days is None else asked.days
    taken: dict[tuple[str, str], datetime] = {}
    assigned: dict[tuple[str, str], datetime] = {}
    for entry in telling.follow(entries, asked.end):
        fact = entry.fact
        if isinstance(fact, UnitsMoved) and fact.source is Account.POCKET and fact.target is Account.PATIENT:
            taken[str(fact.pocket), fact.item] = entry.at
        elif isinstance(fact, PocketAssigned):
            assigned.setdefault((fact.pocket, fact.item), entry.at)
    now = asked.end or setting.now
    rows = []
    for line in _lines(telling, asked):
        key = line.pocket, line.item
        since = taken.get(key) or assigned.get(key)
        idle = None if since is None else (now - since).days
        if idle is not None and idle >= days:
            what, units = "last taken" if key in taken else "assigned, never taken", telling.units(line.item, line.units)
            rows.append((idle, telling.title(line.item), line.pocket, what, since, units, line.earliest_expiry))
    rows.sort(key=lambda row: (-row[0], row[2]))
    names = columns("Days", "Item", "Pocket", "What", "Since", "On hand", "Earliest expiry")
    return (Table(f"Not taken for {days} days or more", names, tuple(rows)),)


def _fold(entries: Iterable[Entry], asked: Asked, telling: Telling) -> None:
    for _ in telling.follow(entries, asked.end):
        pass


def _lines(telling: Telling, asked: Asked) -> list[Line]:
    """The assigned pockets that were asked for, in the order of the cabinet."""
    order: dict[str, int] = {pocket: place for place, pocket in enumerate(telling.world.layout.pockets)}
    found = []
    for line in telling.state.lines.values():
        item = telling.item(line.item)
        is_asked = asked.pocket in {None, line.pocket} and asked.item in {None, line.item}
        if is_asked and (asked.schedule is None or (item is not None and item.control_class is asked.schedule)):
            found.append(line)
    return sorted(found, key=lambda line: (order.get(line.pocket, len(order)), line.pocket))

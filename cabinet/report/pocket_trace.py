"""One fact as a trace of one pocket: who, what and the detail, or nothing where it does not concern that pocket.

Alone knows: which facts are traces, and how each is said in a line. Must not know: which interval is looked at.
"""

from dataclasses import fields
from typing import Any

from cabinet.domain import facts
from cabinet.domain.facts import Account, Entry
from cabinet.domain.layout import Pocket
from cabinet.report.key_use import place
from cabinet.report.table import Cell
from cabinet.report.telling import Telling


def trace_row(telling: Telling, pocket: Pocket, locks: set[str], entry: Entry) -> tuple[Cell, ...] | None:
    """Time, number, who, what, detail, access and hash of a fact that concerns a pocket behind these locks."""
    if not _concerns(telling, pocket, locks, entry):
        return None
    said = _said(telling, entry)
    if said is None:
        return None
    staff = entry.staff or _owner(telling, entry)
    who = " + ".join(name for name in (telling.name(staff), telling.name(entry.witness)) if name)
    return entry.at, f"{entry.seq}", who, *said, entry.access, entry.hash


def _owner(telling: Telling, entry: Entry) -> str | None:
    held = telling.state.accesses.get(entry.access or "")
    return None if held is None else held.staff


def _concerns(telling: Telling, pocket: Pocket, locks: set[str], entry: Entry) -> bool:
    fact: Any = entry.fact
    named = getattr(fact, "pocket", None)
    if named is not None:
        return bool(named == pocket.id)
    lock = getattr(fact, "lock", None)
    if lock is not None:
        return lock in locks
    if isinstance(fact, facts.FaultRaised | facts.FaultCleared):
        scale = None if pocket.weighed is None else pocket.weighed.scale
        return fact.place in {*locks, pocket.id, scale}
    held = telling.state.accesses.get(entry.access or "")
    return held is not None and held.pocket == pocket.id


def _said(telling: Telling, entry: Entry) -> tuple[str, str] | None:  # noqa: C901, PLR0911, PLR0912 - one line for each fact
    fact: Any = entry.fact
    match fact:
        case facts.AccessRequested():
            return f"{fact.kind} asked for", _units(telling, fact.item, fact.units) + _for(telling, fact)
        case facts.AccessRefused():
            return f"{fact.kind} refused", fact.code
        case facts.AccessMoved(target="settled" | "disputed" | "cancelled" | "incomplete"):
            return f"access {fact.target}", fact.why
        case facts.ReleaseIntended():
            return "lock to be pulsed", place(telling, fact.lock) + (", on trial" if fact.is_trial else "")
        case facts.ReleaseSettled():
            return f"lock {fact.outcome}".replace("_", " "), f"{place(telling, fact.lock)}: {fact.why}"
        case facts.DrawerMoved():
            return f"{fact.source} to {fact.target}", f"{place(telling, fact.lock)}: {fact.why}"
        case facts.DrawerLeftOpen():
            return "left open", f"{place(telling, fact.lock)}, {fact.after_s} s"
        case facts.PocketCounted():
            counted, expected = telling.units(fact.item, fact.counted), telling.units(fact.item, fact.expected)
            return "counted" if fact.is_final else "counted, to be counted again", f"{counted}, on record {expected}"
        case facts.QuantityConfirmed():
            return "quantity said", f"{fact.units}" + (f", lot {fact.lot}" if fact.lot else "")
        case facts.UnitsMoved():
            is_secret = Account.VARIANCE in {fact.source, fact.target}
            units = telling.units(fact.item, fact.units) if is_secret else fact.units
            return "units moved", f"{units} from {fact.source} to {fact.target}".replace("_", " ")
        case facts.PocketWeighed():
            return "scale", _weight(fact)
        case facts.BinSensed():
            return "photo-eye", "empty" if fact.is_empty else "not empty"
        case facts.PackageScanned():
            return "scanned", " ".join(f"{key} {value}" for key in ("gtin", "lot", "expiry") if (value := getattr(fact, key)))
        case facts.ScanRefused():
            return "scan refused", fact.code
        case facts.CountOwed():
            return "count owed", fact.why
        case facts.DiscrepancyFound():
            counted, expected = telling.units(fact.item, fact.counted), telling.units(fact.item, fact.expected)
            return "discrepancy", f"{fact.discrepancy}: counted {counted}, on record {expected}"
        case facts.FaultRaised() | facts.FaultCleared():
            over = " over" if isinstance(fact, facts.FaultCleared) else ""
            return f"fault{over}", f"{fact.code} at {place(telling, fact.place)}"
        case facts.PocketAssigned():
            return "assigned", f"{telling.title(fact.item)}, par {fact.par}, min {fact.min}"
        case facts.PocketUnassigned():
            return "unassigned", telling.title(fact.item)
        case facts.AccessMoved():
            return None
        case _:
            return fact.type.replace("_", " "), _fields(fact)


def _fields(fact: Any) -> str:
    """What a fact says that has no sentence of its own here."""
    named = ((one.name, getattr(fact, one.name)) for one in fields(fact))
    return ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in named if name not in {"pocket", "item", "lock"} and value)


def _units(telling: Telling, item: str, units: int) -> str:
    return f"{units} of {telling.title(item)}" if units else telling.title(item)


def _for(telling: Telling, fact: facts.AccessRequested) -> str:
    patient = f" for {telling.patient_name(fact.patient)}" if fact.patient else ""
    return f"{patient}, on {fact.authority}" + (f": {fact.reason}" if fact.reason else "")


def _weight(fact: facts.PocketWeighed) -> str:
    mass = "no weight" if fact.mass_mg is None else f"{fact.mass_mg} mg"
    change = "" if fact.units is None else f", a change of {fact.units}"
    return f"{fact.moment} {mass}{change} ({fact.verdict}{', ' + fact.why if fact.why else ''})"

"""Openings with nobody named: by the mechanical key, by force, by a bolt that did not hold, or while nobody was looking.

Alone knows: which openings nobody answers for. Must not know: what an opening owes, or how a lock works.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from cabinet.domain import facts
from cabinet.domain.facts import Entry, Outcome
from cabinet.domain.layout import Lock
from cabinet.report.asked import Asked, Setting
from cabinet.report.table import Cell, Table, columns
from cabinet.report.telling import Telling

LATE = timedelta(seconds=10)
"""A drawer that opens within this of a pulse that was looked for in vain may only have been slow."""

_NAMES = columns(
    "Opened", "Closed", "Open s", "Place", "Pockets within reach", "Of these controlled", "Remark", "Counted since", "~Lock", "~Seq"
)  # fmt: skip


@dataclass
class _Opening:
    at: datetime
    seq: int
    lock: str
    pockets: list[str]
    remark: str
    closed_at: datetime | None = None
    uncounted: set[str] = field(default_factory=set)


def key_use(entries: Iterable[Entry], setting: Setting, asked: Asked, telling: Telling) -> tuple[Table, ...]:
    """Every such opening of the interval, with what lay within reach and whether it was counted since."""
    del setting
    found: list[_Opening] = []
    open_now: dict[str, _Opening] = {}
    missed: dict[str, datetime] = {}
    for entry in telling.follow(entries, asked.end):
        fact = entry.fact
        if isinstance(fact, facts.ReleaseSettled) and fact.outcome is Outcome.NOT_OPENED:
            missed[fact.lock] = entry.at
        elif isinstance(fact, facts.PocketCounted) and fact.is_final:
            for one in found:
                one.uncounted.discard(fact.pocket)
        elif isinstance(fact, facts.DrawerMoved):
            if fact.target != "open" and fact.lock in open_now:
                open_now.pop(fact.lock).closed_at = entry.at
            opening = _opening(telling, entry, fact, missed.get(fact.lock))
            if opening is not None and asked.covers(entry.at) and asked.pocket in {None, *opening.pockets}:
                found.append(opening)
                open_now[fact.lock] = opening
    return (Table("Openings with nobody named", _NAMES, tuple(_row(telling, one) for one in found)),)


def _opening(telling: Telling, entry: Entry, fact: facts.DrawerMoved, missed_at: datetime | None) -> _Opening | None:
    state, lock, drawer = telling.state, telling.world.layout.locks.get(fact.lock), telling.state.drawers[fact.lock]
    is_named = entry.access is not None or drawer.access is not None or drawer.staff is not None
    if fact.target != "open" or fact.source == "releasing" or is_named:
        return None
    pockets = [] if lock is None else [pocket.id for pocket in telling.world.layout.exposed_by(lock)]
    remark = {"unknown": "found open when it was looked at again", "failed": "while it was out of use"}.get(fact.source, "without a pulse")
    if missed_at is not None and entry.at - missed_at <= LATE:
        remark = "late, after a pulse that was looked for in vain"
    if state.maintenance is not None:
        remark += f"; at the bench, by {telling.name(state.maintenance.staff)}"
    elif state.power.state in {"battery", "low"}:
        remark += f"; power: {state.power.state}"
    counted = {one for one in pockets if one in state.lines and state.lines[one].count_mode != "bulk"}
    return _Opening(entry.at, entry.seq, fact.lock, [str(one) for one in pockets], remark, uncounted={str(one) for one in counted})


def _row(telling: Telling, one: _Opening) -> tuple[Cell, ...]:
    held = [telling.item(telling.state.lines[pocket].item) for pocket in one.pockets if pocket in telling.state.lines]
    controlled = sum(item is not None and item.is_controlled for item in held)
    open_s = None if one.closed_at is None else round((one.closed_at - one.at).total_seconds())
    counted = "not counted since: " + ", ".join(sorted(one.uncounted)) if one.uncounted else "yes"
    pockets = ", ".join(one.pockets)
    return one.at, one.closed_at, open_s, place(telling, one.lock), pockets, controlled, one.remark, counted, one.lock, one.seq


def place(telling: Telling, lock: str) -> str:
    """A lock as people know it: its drawer, or the lid of its pocket."""
    layout = telling.world.layout
    known: Lock | None = layout.locks.get(lock)
    if known is None:
        return lock
    drawer = next((one for one in layout.drawers if one.lock == known), None)
    if drawer is not None:
        return drawer.name
    pocket = next(one for one in layout.pockets.values() if one.lid == known)
    return f"{layout.drawer_of(pocket).name}, lid of pocket {pocket.id}"

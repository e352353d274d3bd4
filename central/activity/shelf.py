"""What stands in a cabinet's pockets at a point of its journal, and for how long it was so: empty spells, and seconds of pockets and units.

Alone knows: how balances, levels and failed locks follow from facts, and how time is cut at midnight. Must not know: tables, who asks.

Which pockets lie behind a lock is learned from the accesses in which it was released: facts name locks, not pockets.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from cabinet.domain.vocabulary import parse_utc
from central.record import Record


class Slot(msgspec.Struct):
    """One pocket. `since`: from when on it holds this item."""

    item: str
    units: int = 0
    par: int = 0
    min: int = 0
    critical_low: int = 0
    since: str = ""

    @property
    def status(self) -> str:
        """As the contract has it, of what facts alone tell."""
        if self.units <= 0:
            return "out"
        if self.units <= self.critical_low:
            return "critical"
        return "low" if self.units <= self.min else "ok"


class Memory(msgspec.Struct):
    """All that must be known to go on from a fact."""

    slots: dict[str, Slot] = {}
    behind: dict[str, list[str]] = {}
    """By lock the pockets that were reached through it."""
    failed: list[str] = []
    out: dict[str, str] = {}
    """By item since when there is none."""
    until: str = ""
    """Up to when time is counted."""


@dataclass(slots=True)
class Seconds:
    """Of one day: see `SHELF_DAY`."""

    pocket_s: int = 0
    empty_s: int = 0
    shut_s: int = 0
    unit_s: int = 0


@dataclass(slots=True)
class Shelf:
    """One cabinet's. `ended` and `begun` are spells since it was loaded: (item, from, until)."""

    memory: Memory = field(default_factory=Memory)
    days: dict[str, Seconds] = field(default_factory=lambda: defaultdict(Seconds))
    spells: dict[tuple[str, str], str | None] = field(default_factory=dict)
    """(item, from when) -> until when; None: still."""

    @classmethod
    def load(cls, text: str) -> "Shelf":
        """As it was dumped."""
        return cls(msgspec.json.decode(text, type=Memory) if text else Memory())

    def dump(self) -> str:
        """As text, without what was counted since."""
        return msgspec.json.encode(self.memory).decode()

    def hear(self, record: Record, pocket: str = "") -> None:
        """Take a fact in; `pocket` is that of its access. What a fact of another shape says is left out."""
        what = _HEARD.get(record.type)
        if what is not None:
            self.wait(record.at)
            what(self, record.body, record.at, pocket)
            self._look_for_spells(record.at)

    def wait(self, at: str) -> None:
        """Let time pass until then."""
        memory = self.memory
        if memory.until and at > memory.until:
            held = [slot for slot in memory.slots.values() if slot.item]
            shut = self._shut()
            empty = sum(slot.units <= 0 for slot in held)
            out = sum(memory.slots[name].item != "" for name in shut if name in memory.slots)
            units = sum(max(slot.units, 0) for slot in held)
            for day, seconds in _by_day(memory.until, at):
                sums = self.days[day]
                sums.pocket_s += len(held) * seconds
                sums.empty_s += empty * seconds
                sums.shut_s += out * seconds
                sums.unit_s += units * seconds
        memory.until = max(memory.until, at)

    def slot(self, pocket: str) -> Slot:
        """A pocket as it is now."""
        return self.memory.slots.setdefault(pocket, Slot(""))

    def _shut(self) -> set[str]:
        return {pocket for lock in self.memory.failed for pocket in self.memory.behind.get(lock, ())}

    def _look_for_spells(self, at: str) -> None:
        memory, shut = self.memory, self._shut()
        able: dict[str, bool] = {}
        for name, slot in memory.slots.items():
            if slot.item:
                able[slot.item] = able.get(slot.item, False) or (slot.units > 0 and name not in shut)
        for item, since in list(memory.out.items()):
            if able.get(item, True):
                self.spells[item, since] = at
                del memory.out[item]
        for item, is_able in able.items():
            if not is_able and item not in memory.out:
                memory.out[item] = at
                self.spells[item, at] = None


def _assigned(shelf: Shelf, body: dict[str, Any], at: str, _pocket: str) -> None:
    slot = shelf.slot(body["pocket"])
    if slot.item != body["item"]:
        slot.item, slot.since = body["item"], at
    slot.par, slot.min, slot.critical_low = body["par"], body["min"], body["critical_low"]


def _unassigned(shelf: Shelf, body: dict[str, Any], _at: str, _pocket: str) -> None:
    shelf.slot(body["pocket"]).item = ""


def _levels(shelf: Shelf, body: dict[str, Any], _at: str, _pocket: str) -> None:
    slot = shelf.slot(body["pocket"])
    slot.par, slot.min, slot.critical_low = body["par"], body["min"], body["critical_low"]


def _moved(shelf: Shelf, body: dict[str, Any], _at: str, _pocket: str) -> None:
    if body.get("pocket"):
        shelf.slot(body["pocket"]).units += body["units"] * ((body["target"] == "pocket") - (body["source"] == "pocket"))


def _released(shelf: Shelf, body: dict[str, Any], _at: str, pocket: str) -> None:
    reached = shelf.memory.behind.setdefault(body["lock"], [])
    if pocket and pocket not in reached:
        reached.append(pocket)


def _drawer(shelf: Shelf, body: dict[str, Any], _at: str, _pocket: str) -> None:
    failed, lock = shelf.memory.failed, body["lock"]
    if body["target"] == "failed" and lock not in failed:
        failed.append(lock)
    elif body["target"] == "latched" and lock in failed:
        failed.remove(lock)


_HEARD = {
    "pocket_assigned": _assigned, "pocket_unassigned": _unassigned, "levels_changed": _levels, "units_moved": _moved,
    "release_intended": _released, "drawer_moved": _drawer,
}  # fmt: skip


def _by_day(start: str, end: str) -> Iterator[tuple[str, int]]:
    """Whole seconds of each day (UTC) between two instants."""
    now, until = parse_utc(start), parse_utc(end)
    while now < until:
        midnight = datetime.combine(now.date() + timedelta(days=1), datetime.min.time(), UTC)
        cut = min(midnight, until)
        yield now.date().isoformat(), round((cut - now).total_seconds())
        now = cut

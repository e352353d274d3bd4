"""What went to other cabinets and what came from them: every movement through transit, and the sums by cabinet and item.

Alone knows: how sent and received are added up here. Must not know: what the other cabinet's journal says; two such reports, or the
pharmacy server, hold the one's sent against the other's received.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from cabinet.domain import facts
from cabinet.domain.facts import Account, Entry
from cabinet.report.asked import Asked, Setting
from cabinet.report.table import Cell, Table, columns
from cabinet.report.telling import Telling

_SUMS = columns("Cabinet", "Item", "Schedule", "Sent", "Received")
_ROWS = columns("Time", "Way", "Cabinet", "Item", "Schedule", "Units", "Pocket", "Lot", "Expiry", "Sheet", "Delivery", "Person", "Witness")

NOT_SAID = "not said"


@dataclass(frozen=True)
class _Moved:
    at: datetime
    access: str
    is_sent: bool
    units: int
    place: str
    item: str
    row: tuple[Cell, ...]


def transfers(entries: Iterable[Entry], setting: Setting, asked: Asked, telling: Telling) -> tuple[Table, ...]:
    """Sent and received in the interval: the sums, and each movement. A correction that takes units back counts the other way."""
    del setting
    found: list[_Moved] = []
    signed: dict[str, str] = {}
    for entry in telling.follow(entries, asked.end):
        found += _hear(telling, asked, entry)
        if isinstance(entry.fact, facts.WitnessSigned) and entry.access is not None:
            signed[entry.access] = telling.name(entry.witness)
    sums: dict[tuple[str, str], list[int]] = {}
    for one in found:
        sums.setdefault((one.place, one.item), [0, 0])[0 if one.is_sent else 1] += one.units
    rows = tuple(
        (place, telling.title(item), telling.schedule(item), sent, received) for (place, item), (sent, received) in sorted(sums.items())
    )
    return (
        Table("Sent to and received from other cabinets", _SUMS, rows, signature_lines=("Compared by", "Date and time")),
        Table("Each of them", _ROWS, tuple((*one.row, signed.get(one.access, "")) for one in found)),
    )


def _hear(telling: Telling, asked: Asked, entry: Entry) -> Iterable[_Moved]:
    fact, access = entry.fact, telling.state.accesses.get(entry.access or "")
    if not isinstance(fact, facts.UnitsMoved) or access is None or not asked.covers(entry.at):
        return
    item = telling.item(fact.item)
    is_asked_for = asked.schedule is None or (item is not None and item.control_class is asked.schedule)
    if Account.TRANSIT not in {fact.source, fact.target} or asked.item not in {None, fact.item} or not is_asked_for:
        return
    is_sent, place = access.kind not in {"refill", "load"}, _named(telling, access.place or NOT_SAID)
    is_forward = (fact.target if is_sent else fact.source) is Account.TRANSIT
    units = fact.units if is_forward else -fact.units
    row: tuple[Cell, ...] = (
        entry.at, "sent" if is_sent else "received", place, telling.title(fact.item), telling.schedule(fact.item), units, fact.pocket,
        fact.lot, fact.expiry, access.sheet, access.delivery, telling.name(entry.staff),
    )  # fmt: skip
    yield _Moved(entry.at, access.id, is_sent, units, place, fact.item, row)


def _named(telling: Telling, place: str) -> str:
    """A cabinet by its name and its id, where it is known here."""
    return next((f"{one.name} ({one.id})" for one in telling.world.neighbours if one.id == place), place)

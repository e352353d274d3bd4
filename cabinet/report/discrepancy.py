"""Where count and record disagreed: each with the interval in which it happened, how old it is, and how it was explained.

Alone knows: how discrepancies are listed. Must not know: how one is found or explained.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from cabinet.domain import facts
from cabinet.domain.facts import Entry
from cabinet.report.allowed import Allowed
from cabinet.report.asked import Asked, Setting
from cabinet.report.owed import hours
from cabinet.report.table import Cell, Table, columns
from cabinet.report.telling import Telling

_NAMES = columns(
    "Found", "Id", "Item", "Schedule", "Pocket", "On record", "Counted", "Difference", "Interval from", "Interval to", "Accesses in it",
    "Age h", "State", "Explained", "By", "Witness", "Reason", "~Cause", "~Escalated to",
)  # fmt: skip


@dataclass
class Found:
    """One discrepancy, with what the journal says around it. `since_at` is the good count before it, `accesses` who came between."""

    at: datetime
    seq: int
    fact: facts.DiscrepancyFound
    since_at: datetime | None
    accesses: list[str] = field(default_factory=list)
    found_by: str = ""
    explained_at: datetime | None = None
    explained_by: str = ""
    witness: str = ""
    reason: str = ""
    cause: str = ""
    escalated_to: str = ""

    @property
    def difference(self) -> int | None:
        """Counted less expected; None where nobody counted."""
        return None if self.fact.counted is None else self.fact.counted - self.fact.expected


def gather(entries: Iterable[Entry], telling: Telling, end: datetime | None) -> dict[str, Found]:
    """Every discrepancy of the journal by its id. Holds of every pocket what came since its last count, and no more."""
    found: dict[str, Found] = {}
    counted: dict[str, list[tuple[int, datetime]]] = {}
    came: dict[str, list[str]] = {}
    between: dict[str, list[str]] = {}
    for entry in telling.follow(entries, end):
        fact = entry.fact
        if isinstance(fact, facts.AccessRequested):
            came.setdefault(fact.pocket or "", []).append(str(entry.access))
        elif isinstance(fact, facts.PocketCounted) and fact.is_final:
            counted[fact.pocket] = [*counted.get(fact.pocket, []), (entry.seq, entry.at)][-2:]
            between[fact.pocket], came[fact.pocket] = came.get(fact.pocket, []), [str(entry.access)]
        elif isinstance(fact, facts.DiscrepancyFound):
            since_at = next((at for seq, at in counted.get(fact.pocket, ()) if seq == fact.since_seq), None)
            accesses = between.get(fact.pocket, ()) if fact.counted is not None else came.get(fact.pocket, ())
            found[fact.discrepancy] = Found(entry.at, entry.seq, fact, since_at, list(accesses), telling.name(entry.staff))
        elif isinstance(fact, facts.DiscrepancyResolved) and fact.discrepancy in found:
            one = found[fact.discrepancy]
            one.explained_at, one.explained_by = entry.at, telling.name(entry.staff) or ("policy" if fact.by_policy else "")
            one.witness, one.reason = telling.name(entry.witness), ": ".join(part for part in (fact.reason, fact.note) if part)
            one.cause = fact.cause
        elif isinstance(fact, facts.DiscrepancyEscalated) and fact.discrepancy in found:
            found[fact.discrepancy].escalated_to = fact.to.replace("_", " ")
    return found


def discrepancies(entries: Iterable[Entry], setting: Setting, asked: Asked, telling: Telling) -> tuple[Table, ...]:
    """The discrepancies that were found in the interval. Each belongs to an interval between two counts, and to no person."""
    now = asked.end or setting.now
    rows, allowed = [], Allowed(asked, telling)
    for one in gather(allowed.listen(entries), telling, asked.end).values():
        item = telling.item(one.fact.item)
        is_asked = asked.covers(one.at) and asked.pocket in {None, one.fact.pocket} and asked.item in {None, one.fact.item}
        if is_asked and (asked.schedule is None or (item is not None and item.control_class is asked.schedule)):
            rows.append(_row(telling, one, now))
    note = "Who had the pocket open meanwhile: adc report pocket --discrepancy ID."
    return Table("Discrepancies", _NAMES, tuple(rows), (note,), ("Reviewed by", "Date and time")), allowed.table()


def _row(telling: Telling, one: Found, now: datetime) -> tuple[Cell, ...]:
    fact = one.fact
    return (
        one.at, fact.discrepancy, telling.title(fact.item), telling.schedule(fact.item), fact.pocket,
        telling.units(fact.item, fact.expected), telling.units(fact.item, fact.counted), one.difference, one.since_at, one.at,
        len(one.accesses), hours(one.at, one.explained_at or now), "open" if one.explained_at is None else "explained",
        one.explained_at, one.explained_by, one.witness, one.reason, one.cause, one.escalated_to,
    )  # fmt: skip

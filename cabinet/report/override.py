"""What was taken before a pharmacist looked: each override with its reason, by item, person or area, and whether it is linked to an order.

Alone knows: what counts as an override. Must not know: who may override.
"""

from collections import Counter
from collections.abc import Iterable, Iterator

from cabinet.domain.facts import Entry, OrderLinked
from cabinet.report.activity import transactions
from cabinet.report.asked import Asked, Setting
from cabinet.report.table import Table, columns
from cabinet.report.telling import Telling

_EACH = columns("Time", "Area", "Person", "Role", "Item", "Units", "Patient", "Authority", "Reason", "Order", "Outcome", "~Access")
_SUM = columns("By", "Name", "Overrides", "Not linked")


def overrides(entries: Iterable[Entry], setting: Setting, asked: Asked, telling: Telling) -> tuple[Table, ...]:
    """Every override and emergency withdrawal of the interval, for the daily review; then sums by area, item and person."""
    area = setting.world.layout.area
    rows, sums, unlinked = [], Counter[tuple[str, str]](), Counter[tuple[str, str]]()
    orders: dict[str, str] = {}
    for done in [one for one in transactions(telling, _linked(entries, orders), asked) if one.is_override]:
        order = done.order or orders.get(done.access, "")
        rows.append(
            (done.asked_at, area, done.person_name, done.role, done.item_name, done.units_moved, telling.patient_name(done.patient),
             done.authority, done.reason, order or "NOT LINKED", done.outcome, done.access)
        )  # fmt: skip
        keys = ("area", area), ("item", done.item_name), ("person", done.person_name)
        sums.update(keys)
        unlinked.update(() if order else keys)
    rows.sort(key=lambda row: row[0])
    totals = tuple((by, name, number, unlinked[by, name]) for (by, name), number in sorted(sums.items()))
    return (
        Table("Overrides", _EACH, tuple(rows), signature_lines=("Reviewed by pharmacist", "Date and time")),
        Table("Overrides, summed", _SUM, totals),
    )


def _linked(entries: Iterable[Entry], orders: dict[str, str]) -> Iterator[Entry]:
    """Pass facts on and keep which withdrawal was linked to which order since."""
    for entry in entries:
        yield entry
        if isinstance(entry.fact, OrderLinked):
            orders[entry.fact.access] = entry.fact.order

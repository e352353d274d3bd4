"""Who received an item or a lot: the list that a recall asks for.

Alone knows: when a patient may have received a lot. Must not know: what is done about a recall.

Which package a hand took is known only where it was scanned; so a patient is listed for every lot that the pocket held at that moment.
"""

from collections.abc import Iterable

from cabinet.domain.facts import Entry
from cabinet.domain.kinds import KINDS
from cabinet.report.activity import transactions
from cabinet.report.asked import Asked, NotAnswerable, Setting
from cabinet.report.table import Table, columns
from cabinet.report.telling import Telling
from cabinet.report.transaction import Transaction

_NAMES = columns("Patient", "Bed", "Time", "Units", "Amount", "Item", "Pocket", "Lot", "Sure", "Given out to", "~Access", "~Patient id")


def recipients(entries: Iterable[Entry], setting: Setting, asked: Asked, telling: Telling) -> tuple[Table, ...]:
    """The patients for whom an item (or one lot of it) was taken. Raises NotAnswerable where neither item nor lot is named."""
    if asked.item is None and asked.lot is None:
        raise NotAnswerable("name what is recalled with --item ID, --lot LOT or both")
    rows = []
    for done in list(transactions(telling, entries, asked)):  # all of it first: who a patient is may be said later
        lots = _lots(done)
        if not KINDS[done.kind].takes or not done.patient or not done.units_moved or (asked.lot is not None and asked.lot not in lots):
            continue
        patient = telling.patient(done.patient)
        sure = "yes" if len(lots) == 1 else f"one of {len(lots)} lots"
        rows.append(
            (telling.patient_name(done.patient), "" if patient is None else patient.bed, done.asked_at, done.units_moved, done.amount,
             done.item_name, done.pocket, " or ".join(lots) or "not known", sure if lots else "no", done.person_name,
             done.access, done.patient)
        )  # fmt: skip
    rows.sort(key=lambda row: (row[0], row[2]))
    what = " ".join(part for part in (telling.title(asked.item) if asked.item else "", f"lot {asked.lot}" if asked.lot else "") if part)
    del setting
    return (Table(f"Patients who received {what}", _NAMES, tuple(rows)),)


def _lots(done: Transaction) -> list[str]:
    """The scanned lot, or all that the pocket held."""
    if done.scan_lot:
        return [done.scan_lot]
    return [lot for one in done.lots_present if (lot := one.partition(" of ")[2]) != "no known lot"]

"""What was destroyed: how much of what, out of which withdrawal, why, by whom and before whose eyes.

Alone knows: how a waste is listed. Must not know: when one is owed, or who may witness it.
"""

from collections.abc import Iterable

from cabinet.domain.facts import Account, Entry, UnitsMoved
from cabinet.report.asked import Asked, Setting
from cabinet.report.strength import amount
from cabinet.report.table import Table, columns
from cabinet.report.telling import Telling, moment_of

_NAMES = columns(
    "Time", "Item", "Schedule", "Patient", "Taken out", "By", "Issued", "Wasted", "Amount", "Reason", "Wasted by", "Witness", "~Order",
    "~Access", "~Withdrawal",
)  # fmt: skip


def waste(entries: Iterable[Entry], setting: Setting, asked: Asked, telling: Telling) -> tuple[Table, ...]:
    """Every waste of the interval. What is still owed is in the report of debts."""
    del setting
    rows = []
    for entry in telling.follow(entries, asked.end):
        fact = entry.fact
        if not isinstance(fact, UnitsMoved) or fact.target is not Account.WASTE or not asked.covers(entry.at):
            continue
        access = telling.state.accesses.get(entry.access or "")
        taken = telling.state.withdrawals.get(fact.withdrawal or "")
        patient = next((one.patient for one in (taken, access) if one is not None and one.patient), None)
        item, units_m = telling.item(fact.item), fact.units * 1000 + fact.part_m
        is_schedule = asked.schedule is None or (item is not None and item.control_class is asked.schedule)
        people = {entry.staff, entry.witness, None if taken is None else taken.staff}
        is_patient = asked.patient is None or telling.is_patient(patient, asked.patient)
        is_asked = asked.item in {None, fact.item} and is_patient and (asked.person is None or asked.person in people)
        if not (is_schedule and is_asked):
            continue
        rows.append(
            (entry.at, telling.title(fact.item), telling.schedule(fact.item), telling.patient_name(patient),
             None if taken is None else moment_of(taken.at), "" if taken is None else telling.name(taken.staff),
             None if taken is None else taken.units, f"{units_m / 1000:g}", "" if item is None else amount(item, units_m),
             "" if access is None else access.reason, telling.name(entry.staff),
             telling.name(entry.witness or (None if access is None else access.witness)),
             "" if taken is None else taken.order, entry.access, fact.withdrawal)
        )  # fmt: skip
    return (Table("Waste", _NAMES, tuple(rows), signature_lines=("Reviewed by", "Date and time")),)

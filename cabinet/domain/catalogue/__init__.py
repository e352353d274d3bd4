"""The four kinds of "no", in words: one entry for every refusal and every fault, and nothing is said to anybody that is not here.

Alone knows: that all of these files together are the catalogue. Must not know: when a code applies.

A refusal is a "no" to a person at the cabinet: what happened, and what to do now. A fault is something broken: besides those two, which
are for the person who stands before it, its `cause` says to a technician what they will find.
"""

from cabinet.domain.catalogue import (
    access,
    authority,
    belonging,
    delivery,
    device,
    discrepancy,
    document,
    dose,
    house,
    lock,
    mode,
    person,
    reference,
    report,
    scale,
    supply,
)
from cabinet.domain.catalogue.entry import Entry

__all__ = ["CATALOGUE", "FAULTS", "REFUSALS", "Entry"]

REFUSALS: dict[str, Entry] = (
    person.REFUSALS
    | access.REFUSALS
    | authority.REFUSALS
    | belonging.REFUSALS
    | delivery.REFUSALS
    | discrepancy.REFUSALS
    | document.REFUSALS
    | dose.REFUSALS
    | house.REFUSALS
    | mode.REFUSALS
    | reference.REFUSALS
    | report.REFUSALS
    | supply.REFUSALS
)
"""What people are answered."""

FAULTS: dict[str, Entry] = person.FAULTS | lock.FAULTS | device.FAULTS | scale.FAULTS
"""What is broken."""

CATALOGUE: dict[str, Entry] = REFUSALS | FAULTS
"""code -> what it means."""

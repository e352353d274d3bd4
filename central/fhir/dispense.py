"""A withdrawal for a patient -> MedicationDispense (R4).

Alone knows: which field of a line is which element, and how its id leads back to it. Must not know: tables, HTTP.

What came back since stays dispensed, and a note says how much of it; what was taken for no patient is no dispense.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from central.activity.line import Line
from central.fhir.word import Resource, concept, id_of, identifier, instant, reference
from config.schema import Item

WHOLE_M = 1000
ID = re.compile(r"([0-9]{1,16})-([0-9]{1,16})-([0-9]{1,9})-([0-9a-f]{16})")


@dataclass(frozen=True, slots=True)
class Sought:
    """The line that an id names: epoch, seq and place, and the mark of its cabinet."""

    epoch: int
    seq: int
    place: int
    mark: str


def mark_of(cabinet: str) -> str:
    """A cabinet in an id: its own may be as long as an id may be, and have letters that none has."""
    return id_of("cabinet", cabinet)[:16]


def sought(text: str) -> Sought | None:
    """What an id of a dispense leads to; None where it is none."""
    found = ID.fullmatch(text)
    return None if found is None else Sought(int(found[1]), int(found[2]), int(found[3]), found[4])


def dispense_of(line: Line, items: Mapping[str, Item]) -> Resource:
    """One withdrawal."""
    item = items.get(line.item)
    key = f"{line.cabinet}/{line.epoch}/{line.seq}/{line.place}"
    made: Resource = {
        "resourceType": "MedicationDispense", "id": f"{line.epoch}-{line.seq}-{line.place}-{mark_of(line.cabinet)}",
        "identifier": [identifier("dispense", key)],
        "status": "completed", "medicationCodeableConcept": concept(line.item, items), "subject": reference("patient", line.patient),
        "location": reference("cabinet", line.cabinet, line.cabinet),
        "quantity": {"value": line.units} | ({"unit": item.count_unit} if item is not None else {}), "whenHandedOver": instant(line.at),
    }  # fmt: skip
    if line.staff:
        made["performer"] = [{"actor": reference("staff", line.staff)}]
    if line.order_id:
        made["authorizingPrescription"] = [reference("order", line.order_id)]
    notes = [text for text in (_part(line.back_m, "brought back"), _part(line.waste_m, "wasted"), _why(line)) if text]
    if notes:
        made["note"] = [{"text": text} for text in notes]
    return made


def _part(part_m: int, word: str) -> str:
    return f"{part_m / WHOLE_M:g} of it {word}" if part_m else ""


def _why(line: Line) -> str:
    return (
        f"without a verified order ({line.authority}): {line.reason or 'no reason given'}" if not line.order_id and line.authority else ""
    )

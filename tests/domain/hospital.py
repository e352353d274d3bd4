"""A real hospital's records as items, orders and patients: public demo data, read where it lies beside the project, never copied.

Alone knows: the columns of those records and what its own guesses at a package's contents are. Must not know: what is asked of the orders.
"""

import csv
import gzip
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from cabinet.domain.dose.amount import Amount, Dose
from cabinet.domain.dose.reading import WORDS, parse
from cabinet.domain.formulary import ControlClass, CountMode, Item
from cabinet.domain.orders import Order, Patient
from cabinet.domain.vocabulary import ItemId, OrderId, PatientId, Units

CLINICAL = Path(__file__).parents[2].parent / "shared/data/clinical"
WARD = CLINICAL / "mimic-iv-demo"
EMERGENCY = CLINICAL / "mimic-iv-ed-demo"

QUANTITY = r"(?<![0-9/.])([0-9][0-9,.]*)\s*(mg|mcg|g|gm|units?|meq|mmol)"
PER_ML = re.compile(rf"{QUANTITY}\s*/\s*ml\b(?:\s*[-;]?\s*([0-9.]+)\s*ml)?", re.IGNORECASE)
PER_VOLUME = re.compile(rf"{QUANTITY}\s*/\s*([0-9.]+)\s*ml", re.IGNORECASE)
ALONE = re.compile(rf"^\s*{QUANTITY}\s+(?!tube|inhaler|ointment|jar|nasal)[a-z]", re.IGNORECASE)
VOLUME = re.compile(r"^\s*([0-9.]+)\s*ml\b", re.IGNORECASE)


@dataclass(frozen=True)
class Row:
    """One prescription as the records have it, beside what a cabinet makes of it."""

    raw: dict[str, str]
    item: Item
    order: Order
    patient: Patient


def rows(folder: Path, name: str) -> list[dict[str, str]]:
    """One table."""
    with gzip.open(folder / f"{name}.csv.gz", "rt", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def moment(text: str) -> str | None:
    """A time of the records as the journal writes moments."""
    return f"{text.replace(' ', 'T')}.000000Z" if text else None


def prescriptions() -> Iterator[Row]:
    """Every prescription of the wards, with its order's schedule, its patient and its stay."""
    pharmacy = {row["pharmacy_id"]: row for row in rows(WARD, "pharmacy")}
    stays = {row["hadm_id"]: row for row in rows(WARD, "admissions")}
    for row in rows(WARD, "prescriptions"):
        sent, stay = pharmacy.get(row["pharmacy_id"], {}), stays.get(row["hadm_id"], {})
        yield Row({**row, **{f"stay_{key}": value for key, value in stay.items()}}, _item(row), _order(row, sent), _patient(row, stay))


def _item(row: dict[str, str]) -> Item:
    unit = WORDS.get(row["form_unit_disp"].casefold().replace(" ", "_"), "piece")
    mode = CountMode.VOLUME if unit == "mL" else CountMode.UNITS
    return Item(
        ItemId(row["formulary_drug_cd"] or "unknown"), row["drug"], row["drug"], (), row["prod_strength"], unit,
        row["ndc"], ControlClass.NONE, mode, unit, False, (), "", (), unit_amount=contents(row["prod_strength"], is_per_ml=unit == "mL"),
        is_multi_dose="insulin" in row["drug"].casefold(),
    )  # fmt: skip


def contents(strength: str, *, is_per_ml: bool) -> tuple[Amount, ...]:
    """What one package (or 1 mL) holds, as far as the strength tells without doubt."""
    if found := PER_VOLUME.search(strength):
        one, volume = f"{found[1]} {found[2]}", found[3]
    elif found := PER_ML.search(strength):
        one, volume = f"{found[1]} {found[2]}", "1"
        if found[3] and not is_per_ml:
            amount, liquid = _amount(one), _amount(f"{found[3]} mL")
            return () if amount is None or liquid is None else (amount.times(liquid.value, 1000), liquid)
    elif found := ALONE.match(strength):
        return () if is_per_ml else tuple(amount for amount in (_amount(f"{found[1]} {found[2]}"),) if amount is not None)
    else:
        found = VOLUME.match(strength)
        return () if found is None or is_per_ml else tuple(a for a in (_amount(f"{found[1]} mL"),) if a is not None)
    amount, liquid = _amount(one), _amount(f"{volume} mL")
    if amount is None or liquid is None:
        return ()
    return (amount.times(1000, liquid.value),) if is_per_ml else (amount, liquid)


def _amount(text: str) -> Amount | None:
    said = parse(text)
    return said.high if isinstance(said, Dose) and not said.is_range else None


def _order(row: dict[str, str], sent: dict[str, str]) -> Order:
    return Order(
        OrderId(row["pharmacy_id"]), PatientId(row["subject_id"]), ItemId(row["formulary_drug_cd"] or "unknown"),
        f"{row['dose_val_rx']} {row['dose_unit_rx']}".strip(), Units(0), row["route"], sent.get("frequency", ""),
        bool(sent.get("verifiedtime")), starts=moment(row["starttime"]), stops=moment(row["stoptime"]),
        waiting_since=moment(sent.get("entertime", "")),
    )  # fmt: skip


def _patient(row: dict[str, str], stay: dict[str, str]) -> Patient:
    return Patient(
        PatientId(row["subject_id"]), row["subject_id"], "", row["hadm_id"], "", (), None, (),
        discharged_at=moment(stay.get("dischtime", "")),
    )  # fmt: skip


def dispenses() -> Iterator[tuple[dict[str, str], Item, bool]]:
    """Every dispense of the emergency department's cabinet, its item, and whether it falls into the patient's recorded stay."""
    stays = {row["stay_id"]: row for row in rows(EMERGENCY, "edstays")}
    seen = set()
    for row in sorted(rows(EMERGENCY, "pyxis"), key=lambda row: row["charttime"]):
        key = row["stay_id"], row["charttime"], row["med_rn"]
        if key not in seen:
            seen.add(key)
            stay = stays[row["stay_id"]]
            yield row, _named(row["name"]), stay["intime"] <= row["charttime"] <= stay["outtime"]


def _named(name: str) -> Item:
    """An item as the cabinet's names tell: "Morphine Sulfat 4mg/1mL 1mL VIAL"; most names tell no strength."""
    word = next((WORDS[word] for word in reversed(name.casefold().split()) if word in WORDS), "piece")
    strength = re.search(r"[0-9][^ ]*(?: [^ ]+)*$", name)
    holds = () if strength is None else contents(strength[0], is_per_ml=False)
    return Item(
        ItemId(name), name, name, (), "" if strength is None else strength[0], word, "", ControlClass.NONE, CountMode.UNITS, word, False,
        (), "", (), unit_amount=holds,
    )  # fmt: skip

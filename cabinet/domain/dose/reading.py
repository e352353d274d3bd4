"""Words of a dose -> an amount, a range of amounts, or an honest "cannot be read". Never a guess.

Alone knows: the ways in which people and pharmacy systems write amounts ("0.5-1 tab", "650MG", "2,5 mg", "10 mg/kg").
Must not know: which item is meant, or what is done with the amount.

A comma stands before groups of three digits, as ISMP has large numbers written ("5,000 units"); any other comma is a decimal comma
("2,5 mg", "0,125 mg").
"""

import re
from decimal import Decimal
from functools import lru_cache

from cabinet.domain.dose.amount import Amount, Dose, Measure, Unreadable, measure, step
from cabinet.domain.phrase import Phrase

LONGEST = 80
"""More words than this are an instruction and no amount."""

WIDEST = 10
"""A range that spans more than this is no range: "5 mg-325 mg" is what a tablet of two substances holds."""

NUMBER = r"(?:[0-9]+(?:[.,][0-9]+)*|[.][0-9]+|[0-9]/[0-9]|[½¼¾]|half|a|one|two|three)"
SAID = re.compile(
    rf"(?P<low>{NUMBER})\s*(?P<unit1>[a-zμ. ]*?)(?:\s*(?:-|–|—|to|or)\s*(?P<high>{NUMBER}))?\s*(?P<unit>[a-zμ][a-zμ. ()]*?)?"
    r"(?P<kg>\s*/\s*kg)?(?:\s*(?:/|per)\s*(?P<per>dose|min|minute|h|hr|hour|day|d))?"
)

NUMBERS = {
    "half": Decimal("0.5"),
    "½": Decimal("0.5"),
    "¼": Decimal("0.25"),
    "¾": Decimal("0.75"),
    "a": Decimal(1),
    "one": Decimal(1),
    "two": Decimal(2),
    "three": Decimal(3),
}
RATES = {"min": "min", "minute": "min", "h": "h", "hr": "h", "hour": "h", "day": "day", "d": "day"}

WORDS: dict[str, str] = {
    word: unit
    for unit, words in {
        "ng": "ng nanogram nanograms",
        "mcg": "mcg mcgs ug μg microgram micrograms",
        "mg": "mg mgs milligram milligrams",
        "g": "g gm gms gram grams",
        "kg": "kg",
        "mL": "ml mls cc milliliter milliliters millilitre millilitres",
        "L": "l liter liters litre litres",
        "unit": "u iu unit units",
        "million units": "million_units million_unit",
        "mEq": "meq meqs",
        "mmol": "mmol millimole millimoles",
        "tablet": "tab tabs tablet tablets",
        "half tablet": "half_tab half_tabs half_tablet half_tablets",
        "capsule": "cap caps capsule capsules",
        "vial": "vial vials",
        "ampule": "amp amps ampule ampules ampoule ampoules",
        "syringe": "syr syrs syringe syringes",
        "bag": "bag bags",
        "bottle": "btl btls bottle bottles dbtl",
        "cup": "cup cups udcup udcups",
        "packet": "pkt pkts packet packets",
        "patch": "patch patches ptch",
        "suppository": "supp supps suppository suppositories",
        "nebule": "neb nebs nebule nebules",
        "lozenge": "loz lozenge lozenges",
        "troche": "troc troche troches",
        "film": "film films",
        "pen": "pen pens",
        "kit": "kit kits",
        "set": "set sets",
        "tube": "tube tubes",
        "jar": "jar jars",
        "inhaler": "inhaler inhalers",
        "inhalation": "inh inhalation inhalations",
        "device": "dev device devices",
        "cassette": "cadd cassette cassettes",
        "enema": "enema enemas",
        "puff": "puff puffs",
        "spray": "spry spray sprays",
        "drop": "drop drops drp gtt gtts",
        "application": "appl application applications",
        "piece": "ea each piece pieces dose doses",
    }.items()
    for word in words.split()
}
"""word as people write it -> the unit that it stands for. A strip of an ointment in inches, a gallon: not here, and not readable."""


@lru_cache(maxsize=4096)
def parse(text: str) -> Dose | Unreadable:
    """What the words say. A number without a word says a number of nothing: it is kept as pieces of "" and asked about where it is used."""
    said = " ".join(text.split()).casefold()  # which also makes one of the two letters that mean micro
    if not said or len(said) > LONGEST:
        return Unreadable(text, Phrase("no amount is said") if not said else Phrase("that is a text and no amount"))
    found = SAID.fullmatch(said)
    if found is None:
        return Unreadable(text, Phrase("an amount is a number and its unit, such as 2.5 mg, or two of them, such as 1-2 tablets"))
    unit, unit_of_low = _unit(found["unit"] or ""), _unit(found["unit1"] or "")
    if unit is None or unit_of_low is None:
        return Unreadable(text, Phrase("its unit is not known"))
    unit = unit or unit_of_low
    low = _amount(found["low"], unit_of_low or unit)
    high = low if found["high"] is None else _amount(found["high"], unit)
    if low is None or high is None:
        return Unreadable(text, Phrase("its number is not one that can be measured"))
    return _judged(Dose(low, high, found["kg"] is not None, RATES.get(found["per"] or "", "")), text)


def _judged(dose: Dose, text: str) -> Dose | Unreadable:
    """A range goes upwards, not too far, in one measure, and something is given at the end of it."""
    low, high = dose.low, dose.high
    if low.measure is not high.measure or (low.measure is Measure.PIECES and low.unit != high.unit):
        return Unreadable(text, Phrase("its two amounts are of different things"))
    if high.value <= 0:
        return Unreadable(text, Phrase("that is nothing"))
    if low.value > high.value:
        return Unreadable(text, Phrase("its second amount is less than its first"))
    if low.value and high.value > WIDEST * low.value:
        return Unreadable(text, Phrase("its two amounts are too far apart to be one dose"))
    return dose


def _unit(word: str) -> str | None:
    """The unit of a word; "" of none; None of one that is not known."""
    plain = word.strip(" .").removesuffix("(s)").replace("half ", "half_").replace("million ", "million_")
    return WORDS.get(plain) if plain else ""


def _amount(digits: str, unit: str) -> Amount | None:
    """Number and unit as an amount; None where it is finer than the smallest step, or no number that one could be sure of ("5/325 mg")."""
    value = _value(digits)
    if value is None or ("/" in digits and measure(unit) is not Measure.PIECES):
        return None
    steps = value * step(unit)
    return Amount(int(steps), measure(unit), unit) if steps == int(steps) else None


def _value(digits: str) -> Decimal | None:
    if digits in NUMBERS:
        return NUMBERS[digits]
    above, slash, below = digits.partition("/")
    if slash:
        return Decimal(above) / Decimal(below) if int(below) else None
    if re.fullmatch(r"[1-9][0-9]{0,2}(,[0-9]{3})+([.][0-9]+)?", digits):
        return Decimal(digits.replace(",", ""))
    if re.fullmatch(r"[0-9]*[.,]?[0-9]+", digits):
        return Decimal(digits.replace(",", "."))
    return None

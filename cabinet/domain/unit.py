"""Counted units in words: `1 tablet`, `2 tablets`; in a sentence that may be said in another language.

Alone knows: which forms a unit's word has. Must not know: which units there are; a formulary may count in any word.
"""

from decimal import Decimal

from cabinet.domain.dose.amount import PIECE_STEPS, number, units_text
from cabinet.domain.phrase import counted, forms

AMOUNTS = {
    "ampule": forms("{n} ampule", "{n} ampules"),
    "bag": forms("{n} bag", "{n} bags"),
    "bottle": forms("{n} bottle", "{n} bottles"),
    "capsule": forms("{n} capsule", "{n} capsules"),
    "cup": forms("{n} cup", "{n} cups"),
    "device": forms("{n} device", "{n} devices"),
    "film": forms("{n} film", "{n} films"),
    "inhaler": forms("{n} inhaler", "{n} inhalers"),
    "kit": forms("{n} kit", "{n} kits"),
    "patch": forms("{n} patch", "{n} patches"),
    "pen": forms("{n} pen", "{n} pens"),
    "set": forms("{n} set", "{n} sets"),
    "syringe": forms("{n} syringe", "{n} syringes"),
    "tablet": forms("{n} tablet", "{n} tablets"),
    "tube": forms("{n} tube", "{n} tubes"),
    "vial": forms("{n} vial", "{n} vials"),
}
"""The words that are translated. Others are shown as the formulary writes them."""


def portion(units_m: int, unit: str) -> str:
    """Thousandths of a unit: `2 tablets`; what is no whole number of them stands as the formulary writes it: `0.5 tablet`."""
    if units_m % PIECE_STEPS or unit not in AMOUNTS:
        return units_text(units_m, unit)
    units = units_m // PIECE_STEPS
    return counted(units, *AMOUNTS[unit], n=number(Decimal(units)))


def unit_for(units: int, unit: str) -> str:
    """A unit's word beside a number, in English: `vial`, `vials`; a symbol such as mL has no plural."""
    if units == 1 or not unit.islower():
        return unit
    return f"{unit}{'es' if unit.endswith(('ch', 'sh', 's', 'x')) else 's'}"

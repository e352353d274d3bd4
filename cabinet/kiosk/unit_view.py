"""Units in words: `1 tablet`, `2 tablets`, `5 mL`; and parts of one: `0.5 tablet`, `2.5 mg`.

Alone knows: how units of an item are told. Must not know: the forms of a unit's word (`cabinet/domain/unit.py`).
"""

from cabinet.domain.dose.portion import amount_of
from cabinet.domain.formulary import Item
from cabinet.domain.phrase import Phrase, counted
from cabinet.domain.unit import AMOUNTS, portion, unit_for


def amount(units: int, item: Item) -> Phrase:
    """Units in words."""
    if item.count_unit in AMOUNTS:
        return counted(units, *AMOUNTS[item.count_unit])
    return Phrase("{n} {unit}", n=units, unit=unit_word(units, item))


def content(units_m: int, item: Item) -> str:
    """What thousandths of a unit hold: `2.5 mg` where that is known, else the portion."""
    return str(amount_of(item, units_m)) if item.unit_amount else portion(units_m, item.count_unit)


def unit_word(units: int, item: Item) -> str:
    """The formulary's word for so many units; a symbol such as mL has no plural."""
    return unit_for(units, item.count_unit)

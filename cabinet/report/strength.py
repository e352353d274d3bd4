"""Units of an item as an amount of its substance: 2 tablets of 5 mg are 10 mg.

Alone knows: how a label writes a strength. Must not know: why somebody wants to know.

`40 mg/0.4 mL` is a whole container, `100 units/mL, 3 mL` one of 3 mL, `10 mg/5 mL` counted in mL is 2 mg for each, `5 mg-325 mg` are
two substances in one. What cannot be read gives no amount, never a guess. (U+00B5 and U+03BC are both micro.)
"""

import re
from decimal import Decimal

from cabinet.domain.formulary import CountMode, Item

_AMOUNT = r"(?P<{0}>[0-9]+(?:\.[0-9]+)?) ?(?P<{0}_unit>[A-Za-z\u00b5\u03bc]+)"
_PLAIN = re.compile(_AMOUNT.format("much"))
_PER = re.compile(_AMOUNT.format("much") + r"/(?P<per>[0-9]+(?:\.[0-9]+)?)? ?mL(?:, (?P<all>[0-9]+(?:\.[0-9]+)?) ?mL)?")


def amount(item: Item, units_m: int) -> str:
    """What so many thousandths of a counted unit come to, such as `10 mg`; empty where the strength does not tell."""
    units = Decimal(units_m) / 1000
    if item.count_mode is CountMode.BULK:
        return ""
    per = _PER.fullmatch(item.strength)
    if per is not None:
        return _of(_of_volume(item, per) * units, per["much_unit"])
    parts = [_PLAIN.fullmatch(part) for part in item.strength.split("-")]
    if item.count_mode is CountMode.VOLUME or None in parts:
        return ""
    return "-".join(_of(Decimal(part["much"]) * units, part["much_unit"]) for part in parts if part is not None)


def _of_volume(item: Item, per: "re.Match[str]") -> Decimal:
    """The substance in one counted unit."""
    volume = Decimal(per["per"] or 1)
    if item.count_mode is CountMode.VOLUME:
        return Decimal(per["much"]) / volume
    return Decimal(per["much"]) * (Decimal(per["all"]) / volume if per["all"] else 1)


def _of(much: Decimal, unit: str) -> str:
    text = f"{much:f}"
    return f"{text.rstrip('0').rstrip('.') if '.' in text else text} {unit}"

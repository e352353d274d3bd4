"""Amounts and counted units of one item: how many thousandths of its unit an amount is, and the other way round.

Alone knows: how what one unit holds turns the one into the other. Must not know: who is to be given it, or what is left over.
"""

from cabinet.domain.dose.amount import PIECE_STEPS, Amount, Dose, Measure, Unreadable, measure, step
from cabinet.domain.dose.reading import parse
from cabinet.domain.formulary import CountMode, Item
from cabinet.domain.phrase import Phrase

ANY_PIECE = "piece"
"""The word for whatever one unit of an item is."""


def units_m(item: Item, said: str | Amount, *, of_units: bool = False) -> int | Unreadable:
    """How many thousandths of a counted unit `said` is, to the nearest one, and at least one.

    `of_units`: a number without a word is one of counted units (it was asked for so); elsewhere it cannot be read. Nor can a range.
    """
    amount = said if isinstance(said, Amount) else _single(said)
    if isinstance(amount, Unreadable):
        return amount
    if amount.unit == "" and not of_units:
        return Unreadable(str(said), Phrase("it says no unit, such as {unit} or mg", unit=item.count_unit))
    if amount.unit in {"", ANY_PIECE, item.count_unit}:
        return amount.value * PIECE_STEPS // step(amount.unit)
    if amount.unit == "half tablet" and item.count_unit == "tablet":
        return amount.value // 2
    for held in holds(item):
        if held.measure is amount.measure and (held.measure is not Measure.PIECES or held.unit == amount.unit):
            return max(1, amount.times(PIECE_STEPS, held.value).value)
    why = Phrase("it is not known how many {unit} one {one} of {item} holds", unit=amount.unit, one=item.count_unit, item=item.title)
    return Unreadable(str(said), why)


def _single(text: str) -> Amount | Unreadable:
    dose = parse(text)
    if isinstance(dose, Dose) and (dose.is_range or dose.is_per_kg or dose.per):
        return Unreadable(text, Phrase("that is not one amount"))
    return dose if isinstance(dose, Unreadable) else dose.high


def holds(item: Item) -> tuple[Amount, ...]:
    """What one counted unit holds, in every measure that is known; of an item counted in mL also the mL itself."""
    if item.count_mode is CountMode.VOLUME:
        return (*item.unit_amount, Amount(step("mL"), measure("mL"), "mL"))
    return item.unit_amount


def amount_of(item: Item, of_m: int) -> Amount:
    """What so many thousandths of a counted unit hold; in counted units, where nobody told what one holds."""
    held = next(iter(item.unit_amount), None)
    if held is None:
        return Amount(of_m * step(item.count_unit) // PIECE_STEPS, measure(item.count_unit), item.count_unit)
    return held.times(of_m, PIECE_STEPS)

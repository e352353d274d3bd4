"""The strengths that this cabinet has for one order: the proposed one first, the others one touch away.

Alone knows: that a strength is offered where its dose can be taken without a question, and never one for children beside one for adults.
Must not know: HTML, or how strengths are compared (`domain/dose/strength.py`).
"""

from dataclasses import dataclass

from cabinet.domain import stock
from cabinet.domain.core import Core
from cabinet.domain.dose.amount import PIECE_STEPS, units_text
from cabinet.domain.dose.plan import Plan, owed_waste_m
from cabinet.domain.dose.strength import propose, serves, suited
from cabinet.domain.formulary import Item
from cabinet.domain.orders import Order, Patient
from cabinet.domain.state import Line
from cabinet.domain.vocabulary import Instant, PocketId

USABLE = {stock.OK, stock.LOW, stock.CRITICAL, stock.OVER}


@dataclass(frozen=True)
class StrengthView:
    """One strength and what the order takes of it. `is_ordered`: it is the one that the order names."""

    item: str
    title: str
    strength: str
    units: int
    amount: str
    left: str
    is_waste_owed: bool
    is_ordered: bool


def strengths(core: Core, order: Order, patient: Patient, now: Instant) -> tuple[StrengthView, ...]:
    """What may be chosen, the one to propose first; nothing where there is nothing to choose."""
    formulary, rules, today = core.world.formulary, core.world.policy.dosing, now.utc.date().isoformat()
    here = {line.item for line in core.state.lines.values() if _is_usable(core, line, today)}
    items = [item for item in formulary.values() if item.id in here and serves(item, order, formulary)]
    ordered = formulary.get(order.item)
    if ordered is None or ordered not in suited([ordered, *items], patient, rules, today):
        return ()  # a pharmacist verified a strength for other patients: it is not listed beside this patient's
    found = [
        _view(core, item, order, made)
        for item, made in propose(items, order, patient, rules, today)
        if made.units is not None and (not made.questions or item.id == order.item)
    ]
    return tuple(found) if any(not one.is_ordered for one in found) else ()


def _view(core: Core, item: Item, order: Order, made: Plan) -> StrengthView:
    units = made.units or 0
    owed_m = owed_waste_m(item, order, units, core.world.policy.custody, made.dose)
    return StrengthView(
        item.id, item.title, item.strength, units, units_text(units * PIECE_STEPS, item.count_unit),
        units_text(made.left_m, item.count_unit) if made.left_m else "", owed_m > 0, item.id == order.item,
    )  # fmt: skip


def _is_usable(core: Core, line: Line, today: str) -> bool:
    pocket = core.world.layout.pockets.get(PocketId(line.pocket))
    is_failed = pocket is None or core.is_failed(pocket)
    return stock.status(line, today, is_failed=is_failed, is_quarantined=core.scene.is_quarantined(line)) in USABLE

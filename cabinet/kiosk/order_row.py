"""One order of a patient as its row on the screen: what one touch takes, which doses may be chosen, and why it cannot be followed.

Alone knows: how the questions of a plan become buttons and a field. Must not know: HTML, or how a dose is worked out (`domain/dose`).
"""

from dataclasses import dataclass

from cabinet.domain.formulary import Item
from cabinet.domain.orders import Phase
from cabinet.domain.phrase import message
from cabinet.kiosk.patient_view import OrderView
from cabinet.kiosk.unit_view import amount
from cabinet.kiosk.view import Place


@dataclass(frozen=True)
class OrderRow:
    """One order and whether it can be followed here and now; `why_not` is a sentence where it cannot.

    `choices` are the doses to touch ("": the one that the order says); `is_typed`: another may be typed, or a weight (`is_weight`).
    """

    order: OrderView
    amount: str
    place: Place | None
    why_not: str
    choices: tuple[str, ...]
    is_typed: bool
    is_weight: bool
    lacking: str = ""
    """The item that cannot be had from any pocket here, where that is why."""


def order_row(shown: OrderView, item: Item, place: Place | None, why_not: str, lacking: str = "") -> OrderRow:
    """The row. What cannot be worked out is chosen or typed."""
    is_known = shown.units is not None
    choices = ("",) if is_known else tuple(choice for question in shown.questions for choice in question.choices)
    is_weight = any(question.code == "dose.weight" for question in shown.questions)
    return OrderRow(shown, amount(shown.units or 0, item) if is_known else "", place, why_not, choices, not is_known, is_weight, lacking)


PHASES: dict[str, str] = {
    Phase.WAITING: message("Waiting for a pharmacist."),
    Phase.STOPPED: message("Stopped."),
    Phase.HELD: message("On hold."),
}
"""Why an order cannot be followed, by where it is in its life."""

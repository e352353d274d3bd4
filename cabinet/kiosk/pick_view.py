"""What a person picked, as one way through the drawers: where each is, how much, and what stands in its way by now.

Alone knows: that a pick is looked at anew each time it is shown. Must not know: HTTP, HTML; whether it is granted in the end.
"""

from dataclasses import dataclass

from cabinet.domain.core import Core
from cabinet.domain.orders import Order
from cabinet.domain.people import Staff
from cabinet.domain.phrase import Phrase
from cabinet.domain.pick.choosing import of_person, said_by
from cabinet.domain.pick.memory import Pick
from cabinet.domain.vocabulary import Instant, ItemId
from cabinet.kiosk.patient_view import PatientView, patient_view
from cabinet.kiosk.screens import best_place, patient_screen
from cabinet.kiosk.view import ItemView, Place, item_view


@dataclass(frozen=True)
class PickRow:
    """One pick. `why_not` says why it cannot be followed any more; `amount` is empty where the order leaves a dose to choose.

    `ordered` is what the order says now, `since` what became of it since it was picked: what is not empty is read before it is taken.
    """

    id: str
    order: str
    item: ItemView
    patient: PatientView | None
    amount: str
    said: str
    place: Place | None
    why_not: str
    is_ahead: bool
    at: str
    ordered: str
    since: str


def pick_rows(core: Core, staff: Staff, now: Instant) -> tuple[PickRow, ...]:
    """Everything that a person picked, in the order of one way through the drawers."""
    return tuple(_row(core, staff, now, one) for one in of_person(core.state, staff.id, core.world.layout))


def next_pick(core: Core, staff: Staff, now: Instant) -> PickRow | None:
    """The first of them that can be followed without a look at the list."""
    return next((row for row in pick_rows(core, staff, now) if not row.why_not and not row.since), None)


def picked_orders(core: Core, staff: Staff) -> dict[str, str]:
    """Order -> pick, of one person."""
    return {one.order: one.id for one in of_person(core.state, staff.id)}


def _row(core: Core, staff: Staff, now: Instant, one: Pick) -> PickRow:
    order, item = core.scene.order(one.order), core.world.formulary[ItemId(one.item)]
    patient = None if order is None else core.scene.patient(order.patient)
    rows = () if patient is None else patient_screen(core, patient, staff, now).orders
    row = next((row for row in rows if row.order.id == one.order), None)
    is_other = row is not None and row.order.item.id != one.item
    return PickRow(
        one.id, one.order, item_view(core, item, now), None if patient is None else patient_view(patient),
        "" if row is None or is_other else row.amount, one.said or "", best_place(core, item, now),
        Phrase("This order is no more.") if row is None else row.why_not, one.is_ahead, one.at,
        "" if order is None else said_by(order), "" if row is None or order is None else _since(one, order, row.order.taken_at),
    )  # fmt: skip


def _since(one: Pick, order: Order, taken_at: str | None) -> str:
    """What became of an order since it was picked: changed, or followed by somebody."""
    if one.ordered and said_by(order) != one.ordered:
        return Phrase("Changed since you picked it. It said: {before}", before=one.ordered)
    return Phrase("Taken since you picked it.") if taken_at is not None and taken_at > one.at else ""

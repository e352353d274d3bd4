"""Orders for those who act: what is taken in a rehearsal follows an order that a pharmacist verified, as on a ward.

Alone knows: what such an order says. Must not know: who follows it. The pharmacy sends it; the cabinet keeps it as a fact.
"""

from cabinet.controller import Controller
from cabinet.domain.events import OrderChangeAsked
from cabinet.domain.orders import Order
from cabinet.domain.vocabulary import ItemId, OrderId, PatientId, Units, utc_text


async def prescribe(controller: Controller, patient: str, item: str, units: int) -> OrderId:
    """A verified order for one dose of so many units, to be given now; its id."""
    core, now = controller.core, controller.clock.now()
    record = core.world.formulary[ItemId(item)]
    order = OrderId(f"rx-{len(core.state.reference.orders) + 1}")
    dose = f"{max(1, units)} {record.count_unit}"
    said = Order(order, PatientId(patient), ItemId(item), dose, Units(max(0, units)), "as ordered", "once", True, 0, utc_text(now.utc))
    refusal = await controller.ask(OrderChangeAsked(now, None, said))
    assert refusal is None, refusal
    return order


def item_at(controller: Controller, pocket: str) -> str:
    """What a pocket holds."""
    return controller.core.state.lines[pocket].item

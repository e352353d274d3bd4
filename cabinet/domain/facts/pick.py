"""What is true for ever of what was chosen before it was taken.

Alone knows: which of these facts exist and what each one says. Must not know: what is done about them.
"""

from dataclasses import dataclass

from cabinet.domain.facts.alphabet import Fact
from cabinet.domain.vocabulary import AccessId, ItemId, OrderId, PatientId


@dataclass(frozen=True)
class OrderPicked(Fact):
    """A person means to follow an order here. `pick` is the access that it becomes when they do; no stock is reserved.

    `ordered` is what the order said at that moment: dose, route and schedule.
    """

    pick: AccessId
    patient: PatientId
    order: OrderId
    item: ItemId
    said: str | None
    is_ahead: bool
    ordered: str = ""


@dataclass(frozen=True)
class PickDropped(Fact):
    """A pick is no more, and nothing was taken for it."""

    pick: AccessId
    why: str

"""From what a person asks to an event of the core, the same for the API and the pages.

Alone knows: what an order brings along, and what is assumed where nothing is said.
Must not know: HTTP, or whether the wish is granted.
"""

from dataclasses import dataclass

from cabinet.domain.core import World
from cabinet.domain.events import AccessAsked
from cabinet.domain.orders import find_order
from cabinet.domain.vocabulary import AccessId, Instant, ItemId, OrderId, PatientId, PocketId, SessionId, Units


@dataclass(frozen=True)
class Wish:
    """An access that somebody wants, as far as they said so."""

    id: str
    kind: str
    authority: str | None = None
    pocket: str | None = None
    item: str | None = None
    order: str | None = None
    units: int | None = None
    patient: str | None = None
    reason: str | None = None

    def event(self, at: Instant, session: SessionId, world: World) -> AccessAsked:
        """The event. An order fills in item, patient and units where they are not said; without one, policy is the authority."""
        order = None if self.order is None else find_order(world.patients, self.order)
        item = self.item if self.item is not None or self.pocket is not None or order is None else order.item
        patient = self.patient if self.patient is not None or order is None else order.patient
        units = self.units if self.units is not None else (0 if order is None else order.units)
        return AccessAsked(
            at,
            session,
            AccessId(self.id),
            self.kind,
            self.authority or ("policy" if self.order is None else "order"),
            Units(units),
            None if self.pocket is None else PocketId(self.pocket),
            None if item is None else ItemId(item),
            None if patient is None else PatientId(patient),
            None if self.order is None else OrderId(self.order),
            self.reason,
        )

"""From what a person asks to an event of the core, the same for the API and the pages.

Alone knows: what an order or an earlier withdrawal brings along, and what is assumed where nothing is said.
Must not know: HTTP, or whether the wish is granted.
"""

from dataclasses import dataclass

from cabinet.domain.dose.amount import Unreadable
from cabinet.domain.dose.portion import units_m
from cabinet.domain.dose.request import plan_of
from cabinet.domain.events import AccessAsked
from cabinet.domain.kinds import KINDS
from cabinet.domain.orders import Order
from cabinet.domain.refusal import Refusal
from cabinet.domain.scene import Scene
from cabinet.domain.vocabulary import AccessId, Instant, ItemId, OrderId, PatientId, PocketId, SessionId, StaffId, Units
from cabinet.domain.withdrawal.memory import WHOLE_M

AUTHORITY = {"emergency": "emergency"}
"""On whose word a kind goes where nothing is said of it; else by an order where one is named, else by policy."""


class Unclear(Exception):
    """An amount in words that cannot be read; `refusal` says which."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.sentence)
        self.refusal = refusal


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
    purpose: str | None = None
    withdrawal: str | None = None
    place: str | None = None
    amount: str | None = None
    is_intact: bool = False
    minutes_out: int | None = None
    sheet: str | None = None
    levels: tuple[int, int, int] | None = None
    acknowledged: tuple[str, ...] = ()
    indication: str | None = None
    delivery: str | None = None
    bag: str | None = None
    signed_by: str | None = None
    true_at: str | None = None
    taken_by: str | None = None

    def event(self, at: Instant, session: SessionId, scene: Scene) -> AccessAsked:
        """The event. An order fills in item, patient and units where they are not said, a withdrawal its item. Raises Unclear."""
        order = None if self.order is None else scene.order(self.order)
        known = scene.state.withdrawals.get(self.withdrawal or "")
        item = self.item if self.item is not None or self.pocket is not None or order is None else order.item
        patient = self.patient if self.patient is not None or order is None else order.patient
        pocket, bag = self.pocket, scene.state.bags.get(self.bag or "")
        if self.bag is not None and pocket is None:
            pocket, item = None if bag is None else bag.pocket, scene.world.policy.custody.own_item
        if order is not None and known is None:
            units, part_m = self._planned(at, scene, order, item), 0
        else:
            units, part_m = self._amount(scene, known.item if known is not None else item) if self.amount else (self.units or 0, 0)
        return AccessAsked(
            at,
            session,
            AccessId(self.id),
            self.kind,
            self.authority or AUTHORITY.get(self.kind) or ("policy" if self.order is None else "order"),
            Units(units if self.bag is None or self.kind == "inspect" else 1),
            None if pocket is None else PocketId(pocket),
            None if item is None else ItemId(item),
            None if patient is None else PatientId(patient),
            None if self.order is None else OrderId(self.order),
            self.reason,
            purpose=self.purpose,
            withdrawal=None if self.withdrawal is None else AccessId(self.withdrawal),
            place=self.place or self._sender(scene),
            part_m=part_m,
            said=self.signed_by if self.bag is not None else self.amount,
            is_intact=self.is_intact,
            minutes_out=self.minutes_out,
            sheet=self.sheet,
            levels=None if self.levels is None else (Units(self.levels[0]), Units(self.levels[1]), Units(self.levels[2])),
            acknowledged=self.acknowledged,
            indication=self.indication,
            delivery=self.delivery,
            bag=self.bag,
            true_at=self.true_at,
            taken_by=None if self.taken_by is None else StaffId(self.taken_by),
        )

    def _sender(self, scene: Scene) -> str | None:
        """The other cabinet that a delivery came from; None: the pharmacy."""
        delivery = scene.state.deliveries.get(self.delivery or "")
        return None if delivery is None else delivery.place

    def _planned(self, at: Instant, scene: Scene, order: Order, named: str | None) -> int:
        """The units that were said, else those that a dose of the order takes of the item `named`: `amount` chooses one of a range."""
        item, patient = scene.world.formulary.get(ItemId(named or order.item)), scene.patient(order.patient)
        if self.units is not None or item is None or patient is None:
            return self.units or 0
        made = plan_of(item, order, patient, at, self.amount or "")
        if made.units is None:
            question = made.questions[0]
            raise Unclear(Refusal(question.code, question.sentence))
        return made.units

    def _amount(self, scene: Scene, item: str | None) -> tuple[int, int]:
        """Whole units, and thousandths of one more; whole ones alone of what is taken out of a pocket."""
        known = scene.world.formulary.get(ItemId(item or ""))
        said = Unreadable(self.amount or "", "no item") if known is None else units_m(known, self.amount or "", of_units=True)
        if isinstance(said, Unreadable):
            raise Unclear(Refusal("withdrawal.amount", self.amount or ""))
        if self.kind in KINDS and KINDS[self.kind].takes:
            return -(-said // WHOLE_M), 0
        return divmod(said, WHOLE_M)

"""What is true for ever of debts: what was owed, by whom, and how it was closed.

Alone knows: which of these facts exist and what each one says. Must not know: what is done about them.
"""

from dataclasses import dataclass, field

from cabinet.domain.facts.alphabet import Fact
from cabinet.domain.vocabulary import AccessId, DebtId, ItemId, OrderId, PatientId, PocketId, StaffId


@dataclass(frozen=True)
class DebtOwed(Fact):
    """Something is still to be done, and blocks nothing: a waste, a witness, a reason or an order (`kind`).

    Who owes it stands in the envelope. `units_m` is how much is to be wasted, in thousandths of the item's counted unit.
    """

    debt: DebtId
    kind: str
    access: AccessId
    pocket: PocketId | None
    item: ItemId
    patient: PatientId | None
    units_m: int
    why: str


@dataclass(frozen=True)
class DebtHandedOver(Fact):
    """Who owed it handed it to `to`, who is there, was recognised by these factors and took it."""

    debt: DebtId
    to: StaffId
    factors: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class DebtSettled(Fact):
    """It was done, or closed with a reason by somebody who may: `how` is done, closed, linked; of a taking confirmed or denied."""

    debt: DebtId
    how: str
    reason: str | None = None


@dataclass(frozen=True)
class OrderLinked(Fact):
    """The order that a withdrawal without one (`access`) followed."""

    access: AccessId
    order: OrderId


@dataclass(frozen=True)
class PatientNamed(Fact):
    """For whom an access took something out, said afterwards: an emergency asks for nobody's name."""

    access: AccessId
    patient: PatientId


@dataclass(frozen=True)
class InfusionEnded(Fact):
    """A bag that was withdrawn ran in; `said` is what is left of it, `left_m` the same in thousandths of the item's counted unit."""

    access: AccessId
    item: ItemId
    said: str
    left_m: int

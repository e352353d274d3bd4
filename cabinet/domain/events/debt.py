"""What a person just said about something that is owed.

Alone knows: which of these events exist. Must not know: what the core does about them.
"""

from dataclasses import dataclass

from cabinet.domain.events.event import Event
from cabinet.domain.vocabulary import AccessId, DebtId, OrderId, PatientId, SessionId, StaffId


@dataclass(frozen=True)
class DebtHandedOver(Event):
    """A person hands what they owe to another, who was recognised beside them."""

    session: SessionId
    debt: DebtId
    to: StaffId
    factors: tuple[str, ...]


@dataclass(frozen=True)
class DebtCloseAsked(Event):
    """A person closes a debt with a reason: their own reason that was owed, or anybody's where their role may."""

    session: SessionId
    debt: DebtId
    reason: str


@dataclass(frozen=True)
class DebtWitnessed(Event):
    """A second person was recognised, to sign what was done without one."""

    session: SessionId
    debt: DebtId
    witness: StaffId
    factors: tuple[str, ...]


@dataclass(frozen=True)
class TakingConfirmed(Event):
    """A person who is named as the one who took what another entered late says whether they did."""

    session: SessionId
    debt: DebtId
    is_true: bool


@dataclass(frozen=True)
class PatientNamed(Event):
    """A person says for whom it was that an emergency took something out."""

    session: SessionId
    debt: DebtId
    patient: PatientId


@dataclass(frozen=True)
class OrderFound(Event):
    """A person or the pharmacy names the order that a withdrawal without one followed."""

    access: AccessId
    order: OrderId
    session: SessionId | None = None


@dataclass(frozen=True)
class BagEnded(Event):
    """A person says that what ran in has ended, and how much is left of it: in their words, and in thousandths of a unit."""

    session: SessionId
    access: AccessId
    said: str
    left_m: int

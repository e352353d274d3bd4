"""What callers of the API may send: parsed at the door, and a field that is not known is an error.

Alone knows: the bodies of the contract's POSTs. Must not know: what is done with them.
"""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from cabinet.domain.vocabulary import OrderId

MOST = 1_000_000
"""More units than any pocket holds; the core judges what is sensible."""

Id = Annotated[str, StringConstraints(to_lower=True, pattern=r"^[A-Za-z0-9_-]{1,64}$")]
Amount = Annotated[int, Field(strict=True, ge=0, le=MOST)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)]


class Body(BaseModel):
    """What all bodies have in common."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class SessionBody(Body):
    """A badge or an id, and the secret that goes with it."""

    badge: Annotated[str, StringConstraints(max_length=128)] | None = None
    id: Annotated[str, StringConstraints(max_length=64)] | None = None
    secret: Annotated[str, StringConstraints(min_length=1, max_length=256)]

    @model_validator(mode="after")
    def _one_of_two(self) -> "SessionBody":
        if (self.badge is None) == (self.id is None):
            raise ValueError("send a badge or an id")
        return self


class AccessBody(Body):
    """What is wanted. `id` is the caller's UUID; an order brings item, patient, units and authority along."""

    id: Id
    kind: Id
    authority: Literal["order", "override", "policy", "emergency"] | None = None
    pocket: Id | None = None
    item: Id | None = None
    order: Annotated[OrderId, Field(max_length=64)] | None = None
    units: Amount | None = None
    patient: Id | None = None
    reason: Text | None = None


class AccessForm(AccessBody):
    """The same from a page's form, where every value is text."""

    units: Annotated[int, Field(ge=0, le=MOST)] | None = None


class CountBody(Body):
    """How many units were found."""

    units: Amount


class ScanBody(Body):
    """What a scanner sent: AIM prefix and all, the separator between fields as U+001D."""

    code: Annotated[str, StringConstraints(min_length=1, max_length=600)]


class ConfirmBody(Body):
    """How many units were taken or put, with lot and earliest expiry for a refill; or a step.

    `step` "open": pulse the lock again; "opened": it did open, although the cabinet did not see it; "elsewhere": from another pocket.
    """

    units: Amount | None = None
    lot: Text | None = None
    expiry: Text | None = None
    step: Literal["open", "opened", "elsewhere"] | None = None

    @model_validator(mode="after")
    def _one_of_two(self) -> "ConfirmBody":
        if (self.units is None) == (self.step is None):
            raise ValueError("send units, or the step that is confirmed")
        return self


class StuckBody(Body):
    """An open drawer cannot be shut; or `is_shut`: it is shut, and the cabinet shows it as open."""

    is_shut: bool = False

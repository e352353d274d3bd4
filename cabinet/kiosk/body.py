"""What callers of the API may send: parsed at the door, and a field that is not known is an error.

Alone knows: the bodies of the contract's POSTs. Must not know: what is done with them.
"""

from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, PlainSerializer, StringConstraints, model_validator

from cabinet.domain.vocabulary import OrderId, utc_text

MOST = 1_000_000
"""More units than any pocket holds; the core judges what is sensible."""

Id = Annotated[str, StringConstraints(to_lower=True, pattern=r"^[A-Za-z0-9_-]{1,64}$")]
Amount = Annotated[int, Field(strict=True, ge=0, le=MOST)]
Number = Annotated[int, Field(ge=0, le=MOST)]
"""An amount in a form, where every value is text."""
Text = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)]


Moment = Annotated[AwareDatetime, PlainSerializer(utc_text)]
"""ISO 8601 with its zone; passed on as records write moments."""


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
    """What is wanted. `id` is the caller's UUID; an order brings item, patient, units and authority along.

    `withdrawal` is the access that took out what is returned or wasted; `amount` is how much of it in words ("2.5 mg") where it is a part
    of a unit; `place` is bin, pocket or a named place, or the other cabinet of a transfer; `delivery` is the list that a refill
    works off; `bag` is the number of a bag with a patient's own medicine, and `signed_by` who takes it back; `levels` are par, min and
    critical low of a pocket that is loaded; `acknowledged` are warnings with what was done for them: `warning.too_soon=vomited the last
    one`; `indication` is what an override is for; `true_at` is when it really was, and `taken_by` by whom, of what is entered late
    (`authority` late).
    """

    id: Id
    kind: Id
    authority: Literal["order", "override", "policy", "emergency", "late"] | None = None
    pocket: Id | None = None
    item: Id | None = None
    order: Annotated[OrderId, Field(max_length=64)] | None = None
    units: Amount | None = None
    patient: Id | None = None
    reason: Text | None = None
    purpose: Id | None = None
    withdrawal: Id | None = None
    place: Id | None = None
    amount: Text | None = None
    is_intact: bool = False
    minutes_out: Amount | None = None
    sheet: Id | None = None
    levels: tuple[Amount, Amount, Amount] | None = None
    acknowledged: tuple[Text, ...] = ()
    indication: Text | None = None
    delivery: Id | None = None
    bag: Id | None = None
    signed_by: Text | None = None
    true_at: Moment | None = None
    taken_by: Id | None = None


class AccessForm(AccessBody):
    """The same from a page's form, where every value is text.

    `answered` is the warning that `answer` (and `dose`) was typed for; `amount_unit` belongs to the number in `amount`, `other_reason` was
    typed where no `reason` was touched, and `par`, `min` and `critical_low` are the levels. What was left empty was not said.
    """

    units: Number | None = None
    minutes_out: Number | None = None
    amount_unit: Text = ""
    other_reason: Text | None = None
    par: Number | None = None
    min: Number | None = None
    critical_low: Number | None = None
    answered: Text | None = None
    answer: Text = ""
    dose: Text = ""

    @model_validator(mode="before")
    @classmethod
    def _without_blanks(cls, fields: Any) -> Any:
        return {name: value for name, value in fields.items() if value != ""} if isinstance(fields, dict) else fields

    def said(self) -> dict[str, Any]:
        """What is wished for, an answer joined to what was acknowledged before."""
        wished = self.model_dump(exclude={"answered", "answer", "dose", "amount_unit", "other_reason", "par", "min", "critical_low"})
        wished["reason"] = self.reason or self.other_reason
        if self.amount and self.amount_unit:
            wished["amount"] = f"{self.amount} {self.amount_unit}"
        if self.par is not None:
            wished["levels"] = (self.par, self.min or 0, self.critical_low or 0)
        if self.answered is not None:
            typed = f"{self.answer}; {self.dose}" if self.dose else self.answer
            wished["acknowledged"] = (*self.acknowledged, f"{self.answered}={typed}")
        return wished


class WitnessBody(Body):
    """A second person's badge or id and their secret; or `is_missing`: nobody is there."""

    badge: Annotated[str, StringConstraints(max_length=128)] | None = None
    id: Annotated[str, StringConstraints(max_length=64)] | None = None
    secret: Annotated[str, StringConstraints(min_length=1, max_length=256)] | None = None
    is_missing: bool = False

    @model_validator(mode="after")
    def _one_of_two(self) -> "WitnessBody":
        is_somebody = self.secret is not None and (self.badge is None) != (self.id is None)
        if is_somebody == self.is_missing:
            raise ValueError("send a badge or an id with its secret, or say that nobody is there")
        return self


class ReasonBody(Body):
    """Why."""

    reason: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]


class LinkBody(Body):
    """The order that a withdrawal followed."""

    order: Annotated[OrderId, Field(max_length=64)]


class NameBody(Body):
    """The patient for whom an emergency was."""

    patient: Annotated[str, Field(max_length=64)]


class CountBody(Body):
    """How many units were found; or, of a bulk pocket, how full it is."""

    units: Amount | None = None
    level: Literal["full", "half", "low"] | None = None

    @model_validator(mode="after")
    def _one_of_two(self) -> "CountBody":
        if (self.units is None) == (self.level is None):
            raise ValueError("send units, or of a bulk pocket its level")
        return self


class ScanBody(Body):
    """What a scanner sent: AIM prefix and all, the separator between fields as U+001D; or `is_missing`: no code can be read."""

    code: Annotated[str, StringConstraints(min_length=1, max_length=600)] | None = None
    is_missing: bool = False

    @model_validator(mode="after")
    def _one_of_two(self) -> "ScanBody":
        if (self.code is None) != self.is_missing:
            raise ValueError("send what was scanned, or say that no code can be read")
        return self


class ConfirmBody(Body):
    """How many units were taken or put, with lot and earliest expiry for a refill; or a step.

    `acknowledged` are the codes (428) of what spoke against putting them in and is done all the same. `drawn` is the amount that was drawn
    out of a container that gives many doses and is put back.

    `step` "open": pulse the lock again; "opened": it did open, although the cabinet did not see it; "not_opened": it did not, stop trying;
    "elsewhere": from another pocket.
    """

    units: Amount | None = None
    lot: Text | None = None
    expiry: Text | None = None
    drawn: Text | None = None
    acknowledged: list[Text] = Field(default_factory=list, max_length=8)
    step: Literal["open", "opened", "not_opened", "elsewhere"] | None = None

    @model_validator(mode="after")
    def _one_of_two(self) -> "ConfirmBody":
        if (self.units is None) == (self.step is None):
            raise ValueError("send units, or the step that is confirmed")
        return self


class QuantityForm(Body):
    """What the page's form of a quantity sends; `acknowledged` are the codes of what was said against it before, if anything was."""

    units: Annotated[int, Field(ge=0, le=1_000_000)]
    lot: Annotated[str, Field(max_length=200)] = ""
    expiry: Annotated[str, Field(max_length=200)] = ""
    drawn: Annotated[str, Field(max_length=200)] = ""
    acknowledged: Annotated[str, Field(max_length=200)] = ""


class WordBody(Body):
    """Whether it is as it was entered."""

    is_true: bool


class StuckBody(Body):
    """An open drawer cannot be shut; or `is_shut`: it is shut, and the cabinet shows it as open."""

    is_shut: bool = False

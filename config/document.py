"""The shape of what a pharmacy sends to its cabinets: the records of each document, as frozen typed values.

Alone knows: the fields of a record of each document, and by which of them it is known. Must not know: versions, keys, what a record does.

Records are those of a site's own files wherever there is such a file, so that nobody learns two forms of an item or a person.
"""

import json
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, Field, ValidationError, model_validator

from config.schema import Id, Item, Name, Order, Part, Patient, Policy, Quantity, StaffMember


class StaffRecord(StaffMember):
    """A person on the pharmacy's list. What they sign in with is set at the cabinet, and never sent."""

    @model_validator(mode="after")
    def _holds_no_badge(self) -> "StaffRecord":
        if self.badge:
            raise ValueError("a badge's number is never sent: it is shown to the cabinet once")
        return self


class PatientRecord(Patient):
    """A patient with all of their orders that hold; one that is left out is stopped."""

    orders: tuple[Order, ...] = ()


class ParRecord(Part):
    """How much a pocket should hold of this item, and of no other that it may hold by then."""

    pocket: Id
    item: Id
    par: Quantity
    min: Quantity
    critical_low: Quantity

    @model_validator(mode="after")
    def _is_in_order(self) -> "ParRecord":
        if not self.critical_low <= self.min <= self.par:
            raise ValueError("critical low, min and par rise in this order")
        return self


class RecallRecord(Part):
    """What is called back: an item, an NDC, or a lot of an item."""

    id: Id
    scope: Literal["item", "ndc", "lot"]
    value: Name = Field(description="the item's id, the NDC, or the lot's number")
    item: Id | None = Field(default=None, description="whose lot it is")
    why: Name
    recall: Name | None = Field(default=None, description="the maker's or the agency's number")

    @model_validator(mode="after")
    def _names_a_lots_item(self) -> "RecallRecord":
        if (self.scope == "lot") != (self.item is not None):
            raise ValueError("a lot, and nothing else, names its item")
        return self


class SheetRecord(Part):
    """Units of a controlled item that left the pharmacy on a numbered sheet."""

    id: Id
    item: Id
    units: int = Field(gt=0, le=1_000_000)
    issued_by: Name
    carried_by: Name
    issued_at: AwareDatetime


class CodeRecord(Part):
    """What a pharmacist said of a package's code that nobody knew, by its key: it is this item's, or it is not to be put in."""

    id: str = Field(pattern=r"^(gtin:[0-9]{14}|ndc:[0-9]{10}|hibc:[A-Z][A-Z0-9]{4,21})$")
    item: Id | None = None
    why: Annotated[str, Field(max_length=200)] = Field(default="", description="why it is not to be put in")

    @model_validator(mode="after")
    def _says_why_not(self) -> "CodeRecord":
        if self.item is None and not self.why.strip():
            raise ValueError("a code that is no item's says why")
        return self


class DeliveryLineRecord(Part):
    """So many units of an item for one pocket, as they were picked, and who checked them where that is asked."""

    item: Id
    units: int = Field(gt=0, le=100_000)
    pocket: Id | None = None
    lot: Name | None = None
    expiry: date | None = None
    checked_by: Name | None = None


class DeliveryRecord(Part):
    """A pick list that left the pharmacy, by its number."""

    id: Id
    lines: tuple[DeliveryLineRecord, ...] = Field(min_length=1, max_length=500)


class PolicyRecord(Policy):
    """The whole policy of a cabinet, as its file has it."""

    id: Literal["policy"] = "policy"


@dataclass(frozen=True, slots=True)
class Shape:
    """One document: what a record of it is, by which field it is known, and whether one table of it holds for every cabinet."""

    record: type[Part]
    key: str
    is_for_all: bool


SHAPES: dict[str, Shape] = {
    "recall": Shape(RecallRecord, "id", is_for_all=True),
    "staff": Shape(StaffRecord, "id", is_for_all=True),
    "formulary": Shape(Item, "id", is_for_all=True),
    "policy": Shape(PolicyRecord, "id", is_for_all=False),
    "pars": Shape(ParRecord, "pocket", is_for_all=False),
    "orders": Shape(PatientRecord, "id", is_for_all=False),
    "sheets": Shape(SheetRecord, "id", is_for_all=False),
    "codes": Shape(CodeRecord, "id", is_for_all=True),
    "deliveries": Shape(DeliveryRecord, "id", is_for_all=False),
}
"""What each document holds."""


class NotARecord(ValueError):
    """A record that does not fit its document; the text names the field and what was expected, and quotes nothing."""


def read_record(document: str, raw: dict[str, Any]) -> Part:
    """A record as it came, as a typed value. Raises NotARecord."""
    try:
        return SHAPES[document].record.model_validate_json(json.dumps(raw), strict=True)
    except ValidationError as problem:
        flaw = problem.errors(include_url=False, include_input=False, include_context=False)[0]
        place = ".".join(map(str, flaw["loc"])) or "the record"
        raise NotARecord(f"{place}: {flaw['msg'].removeprefix('Value error, ')}") from problem


def write_record(document: str, record: Part) -> dict[str, Any]:
    """A record as it is sent: its key, and all that is not as usual."""
    key = SHAPES[document].key
    return {key: getattr(record, key), **record.model_dump(mode="json", by_alias=True, exclude_defaults=True)}

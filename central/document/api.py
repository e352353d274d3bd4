"""`/api/v1` of documents: what is approved and sent, who lacks what, and who approved which version.

Alone knows: paths and bodies. Must not know: rows, wires, how a version is made.

None of these calls opens anything: a cabinet takes reference data, and judges it.
"""

from collections.abc import Iterable
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, ConfigDict, Field, create_model

from cabinet.messages import Malformed
from central.document.office import Approved, DocumentOffice, Drift, NotSound
from central.document.shelf import EVERYBODY, Version
from central.gate import Gate
from central.person.person import Person
from central.problem import ProblemDetails, Refused
from config.document import SHAPES
from config.pharmacy import Right
from config.schema import Id, Name

PATHS = {
    "formulary": "formulary", "staff": "staff", "orders": "orders", "pars": "pars", "policy": "policy", "recall": "recalls",
}  # fmt: skip
"""Where each document is changed; sheets are issued one by one (`sheet_api.py`)."""

RIGHTS: dict[str, Right] = {
    "formulary": "formulary", "staff": "people", "orders": "orders", "pars": "pars", "policy": "policy", "recall": "recall",
}  # fmt: skip
"""What a person must be allowed to change it."""

Whose = Annotated[Id | None, Query(description="whose, where each cabinet has its own")]
DocumentName = Literal["recall", "staff", "formulary", "policy", "pars", "orders", "sheets", "codes", "deliveries"]


SAID = 1000
"""A change answers with so many cabinets at most; `/documents` has all."""


class ChangeBody(BaseModel):
    """A change that somebody approved."""

    model_config = ConfigDict(extra="forbid")

    approved_by: Name | None = Field(default=None, description="who answers for it, where a program says so; else who is signed in")
    why: Annotated[str, Field(max_length=200)] = ""
    gone: tuple[Id, ...] = Field(default=(), description="the ids of those that are no more")
    whole: bool = Field(default=False, description="what is not named here is no more")


class Issued(BaseModel):
    """The version that counts from now on, and where each cabinet stands at this moment."""

    document: str
    scope: str
    version: int
    sha256: str
    issued_at: str
    approved_by: str
    cabinets: list[Drift]


def make_router(office: DocumentOffice, gate: Gate) -> APIRouter:
    """The API over one office; `gate` says who may change something."""
    router = APIRouter(tags=["documents"], responses={403: {"model": ProblemDetails}, 422: {"model": ProblemDetails}})
    for document, path in PATHS.items():
        _add_change(router, office, gate, document, path)

    @router.get("/documents")
    async def documents(
        cabinet: Id | None = None,
        document: DocumentName | None = None,
        *,
        is_current: bool | None = None,
        after: Annotated[str, Query(max_length=64, description="go on after this cabinet")] = "",
        limit: Annotated[int, Query(ge=1, le=1000, description="cabinets are answered whole, so up to eight rows more may come")] = 1000,
    ) -> list[Drift]:
        """Every document at every cabinet that it is for: current, behind, refused, unreachable or ahead; by cabinet."""
        rows = office.drift(cabinet, document, after=after)
        return _whole_cabinets((row for row in rows if is_current is None or (row.state == "current") == is_current), limit)

    @router.get("/documents/{document}")
    async def one(document: DocumentName, cabinet: Whose = None) -> Table:
        """The version that counts whole, and who approved each one."""
        scope = EVERYBODY if SHAPES[document].is_for_all else cabinet
        if scope is None:
            raise Refused("document.cabinet", f"Each cabinet has {document} of its own: name it.")
        return Table(records=list(office.shelf.whole(document, scope).values()), versions=office.shelf.history(document, scope))

    return router


def _whole_cabinets(rows: Iterable[Drift], limit: int) -> list[Drift]:
    """The first rows, ended with a cabinet, so that what follows can be asked for by its name."""
    found: list[Drift] = []
    for row in rows:
        if len(found) >= limit and row.cabinet != found[-1].cabinet:
            break
        found.append(row)
    return found


class Table(BaseModel):
    """A document whole, and its versions, the latest first."""

    records: list[dict[str, Any]]
    versions: list[Version]


def _add_change(router: APIRouter, office: DocumentOffice, gate: Gate, document: str, path: str) -> None:
    shape = SHAPES[document]
    record: Any = shape.record
    fields: dict[str, Any] = {"records": (tuple[record, ...], Field(default=(), description="those that are new or changed"))}
    if not shape.is_for_all:
        fields["cabinet"] = (Id, ...)
    body_type: Any = create_model(f"{document.capitalize()}Change", __base__=ChangeBody, **fields)

    async def change(body: body_type, person: Annotated[Person, Depends(gate.may(RIGHTS[document]))]) -> Issued:
        said: Any = body
        cabinet = getattr(body, "cabinet", None)
        if RIGHTS[document] == "people":
            person.not_for_oneself(said.records)
            if said.whole and not said.records:
                raise Refused("document.nobody", "A whole staff list that is empty would switch everybody off: it is taken for a mistake.")
        try:
            made = office.issue(
                Approved(document, person.answers_for(said.approved_by), said.records, said.gone, cabinet, said.why, said.whole)
            )
        except (NotSound, Malformed) as problem:
            raise Refused("document.not_sound", str(problem)) from problem
        drift = _whole_cabinets(office.drift(cabinet, document), SAID)
        return Issued(
            document=document, scope=made.scope, version=made.version, sha256=made.sha256, issued_at=made.issued_at,
            approved_by=made.approved_by, cabinets=drift,
        )  # fmt: skip

    change.__doc__ = f"Issue a new version of {document}: kept with who approved it, signed, and sent to whom it is for."
    router.post(f"/{path}", name=f"change_{document}", status_code=201)(change)

"""`/api/v1/recalls`: what is called back, what a recall would mean, and how far each cabinet is.

Alone knows: paths and bodies. Must not know: how anything is found or sent. (`POST /recalls` changes the document: `document/api.py`.)
"""

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query, Response
from pydantic import BaseModel, ConfigDict, Field

from central.answer import json_answer
from central.gate import Gate
from central.person.person import Person
from central.problem import ProblemDetails
from central.recall.room import RecallRoom
from config.document import RecallRecord
from config.schema import Id, Name

Scope = Literal["item", "ndc", "lot"]


class LiftBody(BaseModel):
    """Why something may be used again, or that it is gone."""

    model_config = ConfigDict(extra="forbid")

    why: Name
    approved_by: Name | None = Field(default=None, description="who answers for it, where a program asks")


class BeginBody(RecallRecord):
    """A recall that somebody approved."""

    approved_by: Name | None = Field(default=None, description="who answers for it, where a program asks")


def make_router(room: RecallRoom, gate: Gate) -> APIRouter:
    """The API over one room; only who may recall sees who received what."""
    may = gate.may("recall")
    router = APIRouter(prefix="/recalls", tags=["recalls"], responses={404: {"model": ProblemDetails}, 422: {"model": ProblemDetails}})

    @router.get("")
    async def recalls() -> Response:
        """Every recall, the latest first."""
        return json_answer(await room.all())

    @router.get("/preview", dependencies=[Depends(may)])
    async def preview(scope: Scope, value: Annotated[str, Query(max_length=200)], item: Id | None = None) -> Response:
        """What lies where and who received it, if this were called back now."""
        return json_answer(await room.find(RecallRecord(id="preview", scope=scope, value=value, item=item, why="preview")))

    @router.post("/begin", status_code=201)
    async def begin(body: BeginBody, person: Annotated[Person, Depends(may)]) -> Response:
        """Call something back at every cabinet: kept with what lay where, signed and sent at once."""
        record = RecallRecord.model_validate(body.model_dump(exclude={"approved_by"}))
        return json_answer(await room.begin(record, person.answers_for(body.approved_by)), 201)

    @router.get("/{recall}")
    async def one(recall: Id) -> Response:
        """One recall, and how far each cabinet is."""
        return json_answer({"recall": room.one(recall), "cabinets": room.progress(recall)})

    @router.post("/{recall}/lifting")
    async def lift(recall: Id, body: LiftBody, person: Annotated[Person, Depends(may)]) -> Response:
        """Lift it at every cabinet."""
        return json_answer(room.lift(recall, person.answers_for(body.approved_by), body.why))

    return router

"""`/api/v1/surveillance`: people beside their peers, for those who may look; every look is kept before it is answered.

Alone knows: paths and bodies. Must not know: how anybody is compared.
"""

from typing import Annotated, Any

from fastapi import APIRouter, Depends
from pydantic import BaseModel, ConfigDict, Field

from central.activity.line import Line
from central.gate import Gate
from central.person.person import Person
from central.problem import ProblemDetails, Refused
from central.surveillance.room import Seen, SurveillanceRoom, signal_named
from central.surveillance.store import Look
from config.schema import Id, Name

MISSING = "scipy is not installed here (extra `pars`)."


class LookBody(BaseModel):
    """Who looks, and why: kept for good."""

    model_config = ConfigDict(extra="forbid")

    by: Annotated[Name | None, Field(description="who looks, where a program says so; else who is signed in")] = None
    why: Name


def make_router(room: SurveillanceRoom, gate: Gate) -> APIRouter:
    """The API over one room, for those with the right `surveillance` alone."""
    ours = Depends(gate.may("surveillance"))
    refusals: dict[int | str, dict[str, Any]] = {403: {"model": ProblemDetails}, 422: {"model": ProblemDetails}}
    router = APIRouter(prefix="/surveillance", tags=["surveillance"], responses=refusals)

    @router.post("")
    def look(body: LookBody, person: Annotated[Person, ours]) -> Seen:
        """Everybody beside their peers: signals with their intervals. A question for a person to look into, never a verdict."""
        try:
            return room.look(by=person.answers_for(body.by), why=body.why)
        except ImportError as problem:
            raise Refused("surveillance.no_scipy", MISSING, 501) from problem

    @router.post("/people/{person_id}/{signal}")
    def look_at(person_id: Id, signal: Id, body: LookBody, person: Annotated[Person, ours]) -> list[Line]:
        """The accesses behind one person's one signal."""
        if not signal_named(signal):
            raise Refused("surveillance.no_signal", f"There is no signal {signal}.")
        return room.look_at(person_id, signal, by=person.answers_for(body.by), why=body.why)

    @router.get("/looks", dependencies=[ours])
    def looks() -> list[Look]:
        """Who looked, when, why and at what, the latest first."""
        return list(room.store.looks())

    return router

"""The page of use: people beside their peers, for those who may look, once they have said why.

Alone knows: what the page shows and in which words. Must not know: how anybody is compared.
"""

from math import log10
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import HTMLResponse

from central.frame import Frame
from central.gate import Gate
from central.person.person import Person
from central.plug import Plug, plugged
from central.problem import Refused
from central.surveillance import api
from central.surveillance.api import MISSING
from central.surveillance.room import SurveillanceRoom, signal_named
from central.surveillance.signal import SIGNALS

MOST_WHY, MOST_NAME = 200, 64
By = Annotated[str, Form(max_length=MOST_NAME)]
Why = Annotated[str, Form(max_length=MOST_WHY)]


def plug(room: SurveillanceRoom) -> Plug:
    """API and pages of one room."""
    return plugged(lambda gate: api.make_router(room, gate), lambda gate, frame: make_router(room, gate, frame))


def make_router(room: SurveillanceRoom, gate: Gate, frame: Frame) -> APIRouter:
    """The page over one room, for those with the right `surveillance` alone."""
    ours = Depends(gate.may("surveillance"))
    router = APIRouter(include_in_schema=False)

    @router.get("/use", dependencies=[ours])
    def door(request: Request) -> HTMLResponse:
        return frame.show(request, "use_door.html", looks=list(room.store.looks()), said="")

    @router.post("/use")
    def look(request: Request, person: Annotated[Person, ours], why: Why = "", by: By = "") -> HTMLResponse:
        said = "" if why.strip() and (by.strip() or person.how == "signed_in") else "Say who looks, and why."
        if not said:
            try:
                seen = room.look(by=person.answers_for(by.strip() or None), why=why.strip())
                return frame.show(
                    request, "use.html", seen=seen, signals={one.id: one for one in SIGNALS}, why=why.strip(), by=by.strip(), place=place
                )
            except ImportError:
                said = MISSING
        return frame.show(request, "use_door.html", looks=list(room.store.looks()), said=said)

    @router.post("/use/{person_id}/{signal}")
    def look_at(request: Request, person: Annotated[Person, ours], person_id: str, signal: str, why: Why = "", by: By = "") -> HTMLResponse:
        if not signal_named(signal):
            raise Refused("surveillance.no_signal", f"There is no signal {signal}.")
        if not why.strip():
            raise Refused("surveillance.why", "Say why.")
        lines = room.look_at(person_id, signal, by=person.answers_for(by.strip() or None), why=why.strip())
        told = next(one for one in SIGNALS if one.id == signal)
        return frame.show(request, "use_facts.html", lines=lines, person_id=person_id, signal=told)

    return router


def place(times: float) -> float:
    """Where a number of times as many stands on a scale of 200 from a tenth over one to ten, each step as wide as the other."""
    return round(100 + 100 * max(-1.0, min(1.0, log10(max(times, 1e-9)))), 1)

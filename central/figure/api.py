"""`/api/v1/kpis`: the figures of any time, their definitions, and both as a table and on paper.

Alone knows: paths and parameters. Must not know: how a figure is worked out.
"""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from pydantic import BaseModel

from central.answer import download
from central.figure.definition import DEFINITIONS
from central.figure.room import MOST_DAYS, FigureRoom, Span, Told
from central.figure.sheet import as_csv, as_pdf
from central.problem import ProblemDetails, Refused
from config.schema import Id

First = Annotated[date | None, Query(alias="from", description="the first day (UTC); left out: four weeks back")]
Last = Annotated[date | None, Query(alias="to", description="the last day (UTC); left out: yesterday")]
Whose = Annotated[Id | None, Query(description="only this cabinet; the comparison by cabinet always has all")]


class DefinitionView(BaseModel):
    """What a figure is."""

    id: str
    name: str
    unit: str
    better: str
    formula: str


def make_router(room: FigureRoom) -> APIRouter:
    """The API over one room. Questions run on threads: they may take seconds over a large fleet."""
    router = APIRouter(prefix="/kpis", tags=["kpis"], responses={422: {"model": ProblemDetails}})

    @router.get("")
    def kpis(first: First = None, last: Last = None, cabinet: Whose = None) -> Told:
        """All figures of a time: together, of as long before, by cabinet, and over time."""
        return room.tell(span_of(room, first, last), cabinet)

    @router.get("/definitions")
    def definitions() -> list[DefinitionView]:
        """What each figure is, in words."""
        return [DefinitionView(id=one.id, name=one.name, unit=one.unit, better=one.better, formula=one.formula) for one in DEFINITIONS]

    @router.get(".csv", response_class=Response, responses={200: {"content": {"text/csv": {}}}})
    def table(first: First = None, last: Last = None, cabinet: Whose = None) -> Response:
        """The same as a table."""
        told = room.tell(span_of(room, first, last), cabinet)
        return download(as_csv(told), f"{_name(told)}.csv")

    @router.get(".pdf", response_class=Response, responses={200: {"content": {"application/pdf": {}}}})
    def sheet(request: Request, first: First = None, last: Last = None, cabinet: Whose = None) -> Response:
        """The same on paper."""
        told = room.tell(span_of(room, first, last), cabinet)
        person = getattr(request.state, "person", None)
        by = person.name if person is not None and person.how == "signed_in" else ""
        return download(as_pdf(told, room.name, room.now(), by, called=room.called()), f"{_name(told)}.pdf")

    return router


def span_of(room: FigureRoom, first: date | None, last: date | None) -> Span:
    """The days that are asked for. Raises Refused."""
    usual = room.usual()
    span = Span(first or (last - (usual.last - usual.first) if last else usual.first), last or usual.last)
    if not 1 <= span.days <= MOST_DAYS:
        raise Refused("kpis.span", f"Name a first day and a last day, up to {MOST_DAYS} days.")
    return span


def _name(told: Told) -> str:
    return f"figures-{told.first}-{told.last}"

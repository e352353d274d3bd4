"""The page of figures: each with its course and its definition, and every cabinet beside the others.

Alone knows: what the page shows. Must not know: how a figure is worked out.
"""

from datetime import date

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from central.figure import api
from central.figure.api import span_of
from central.figure.definition import DEFINITIONS
from central.figure.room import FigureRoom, Told, value_of
from central.figure.sheet import written
from central.frame import Frame
from central.plug import Plug, plugged
from central.problem import Refused

SHOWN = 20
"""Cabinets in the table; the CSV has all."""


def plug(room: FigureRoom) -> Plug:
    """API and page of one room."""
    return plugged(lambda _gate: api.make_router(room), lambda _gate, frame: make_router(room, frame))


def make_router(room: FigureRoom, frame: Frame) -> APIRouter:
    """The page over one room."""
    router = APIRouter(include_in_schema=False)

    @router.get("/figures")
    def page(request: Request, first: str = "", last: str = "", cabinet: str = "") -> HTMLResponse:
        said = ""
        try:
            span = span_of(room, _day(first), _day(last))
        except Refused as problem:
            said, span = problem.detail, room.usual()
        told = room.tell(span, cabinet or None, SHOWN)
        cards = [
            (one, now, written(now, one), written(then, one), _points(told, one.id))
            for one, now, then in zip(DEFINITIONS, told.total, told.before, strict=True)
        ]
        asked = f"from={told.first}&to={told.last}" + (f"&cabinet={cabinet}" if cabinet else "")
        return frame.show(
            request, "figures.html", told=told, cards=cards, definitions=DEFINITIONS, written=written, said=said, asked=asked,
            rows=told.cabinets, more=max(0, room.keeping.count() - SHOWN),
        )  # fmt: skip

    return router


def _points(told: Told, name: str) -> list[list[float | None]]:
    """Seconds since 1970 of each step's first midnight (UTC), and the values; what has none is a gap."""
    steps = [(date.fromisoformat(row.of) - date(1970, 1, 1)).days * 86400.0 for row in told.over_time]
    return [list(steps), [value_of(row.figures, name) for row in told.over_time]]


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as problem:
        raise Refused("kpis.span", "A day is written YYYY-MM-DD.") from problem

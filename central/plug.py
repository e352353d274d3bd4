"""What a room adds to the pharmacy server's HTTP side.

Alone knows: under which address an API stands. Must not know: any room.
"""

from collections.abc import Callable

from fastapi import APIRouter, FastAPI

from central.frame import Frame
from central.gate import Gate

Plug = Callable[[FastAPI, Frame, Gate], None]
"""Adds a room's own API and pages."""


def plugged(api: Callable[[Gate], APIRouter], pages: Callable[[Gate, Frame], APIRouter]) -> Plug:
    """The plug of a room that has an API under `/api/v1`, and pages."""

    def add(app: FastAPI, frame: Frame, gate: Gate) -> None:
        app.include_router(api(gate), prefix="/api/v1")
        app.include_router(pages(gate, frame))

    return add

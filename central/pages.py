"""The pharmacy's first page, every cabinet live by care area, and the page of one cabinet, drawn with its pockets.

Alone knows: what these pages show and in which order. Must not know: tables, brokers.

A page is whole without a script; with it, each part asks for itself again when the stream of events says that it changed.
"""

from itertools import groupby
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from central.fleet.shelf import drawn
from central.fleet.survey import Survey, Tile
from central.frame import Frame
from central.office import Office
from central.problem import NotHeldHere

TILES_SHOWN = 60
LINES_SHOWN = 20
MATTERS_SHOWN = 20
LOCKS_SHOWN = 5

Page = Annotated[int, Query(ge=0, le=100_000)]
Area = Annotated[str | None, Query(max_length=64)]


def make_router(office: Office, frame: Frame) -> APIRouter:
    """The pages over one office."""
    ask, show, survey = office.inquiry, frame.show, Survey(office.database)
    router = APIRouter(include_in_schema=False)

    @router.get("/")
    async def overview(request: Request, page: Page = 0, area: Area = None) -> HTMLResponse:
        values = _map(survey, page, area) | _open_matters(office)
        return show(request, "overview.html", totals=ask.totals(), **_needs(office), **values)

    @router.get("/parts/map")
    async def cabinets(request: Request, page: Page = 0, area: Area = None) -> HTMLResponse:
        return show(request, "map.html", **_map(survey, page, area))

    @router.get("/parts/totals")
    async def totals(request: Request) -> HTMLResponse:
        return show(request, "totals.html", totals=ask.totals())

    @router.get("/parts/restock")
    async def restock(request: Request) -> HTMLResponse:
        return show(request, "restock.html", **_needs(office))

    @router.get("/parts/matters")
    async def matters(request: Request) -> HTMLResponse:
        return show(request, "matters.html", **_open_matters(office))

    _add_cabinet(router, office, survey, frame)
    return router


def _add_cabinet(router: APIRouter, office: Office, survey: Survey, frame: Frame) -> None:
    """The page of one cabinet, and its parts."""

    def tile_of(cabinet: str) -> Tile:
        found = survey.tile(cabinet)
        if found is None:
            raise NotHeldHere("cabinet.unknown", f"No cabinet {cabinet} has reported.")
        return found

    @router.get("/cabinets/{cabinet}")
    async def whole(request: Request, cabinet: str) -> HTMLResponse:
        tile = tile_of(cabinet)
        values = _drawers(office, tile) | _alerts(office, tile)
        return frame.show(request, "whole_cabinet.html", tile=tile, **values)

    @router.get("/parts/state/{cabinet}")
    async def state(request: Request, cabinet: str) -> HTMLResponse:
        return frame.show(request, "cabinet_state.html", tile=tile_of(cabinet))

    @router.get("/parts/cabinet/{cabinet}")
    async def drawers(request: Request, cabinet: str) -> HTMLResponse:
        tile = tile_of(cabinet)
        return frame.show(request, "cabinet.html", tile=tile, **_drawers(office, tile))

    @router.get("/parts/cabinet-alerts/{cabinet}")
    async def alerts(request: Request, cabinet: str) -> HTMLResponse:
        tile = tile_of(cabinet)
        return frame.show(request, "cabinet_alerts.html", tile=tile, **_alerts(office, tile))


def _map(survey: Survey, page: int, area: str | None) -> dict[str, Any]:
    areas = survey.areas()
    known = sum(areas.values()) if area is None else areas.get(area, 0)
    tiles = survey.tiles(area=area, limit=TILES_SHOWN, beyond=page * TILES_SHOWN)
    groups = [(name, list(them)) for name, them in groupby(tiles, key=lambda tile: tile.area)]
    return {"areas": areas, "area": area, "groups": groups, "page": page, "last": max(0, (known - 1) // TILES_SHOWN)}


def _needs(office: Office) -> dict[str, Any]:
    needs = office.inquiry.restock(limit=LINES_SHOWN + 1)
    return {"needs": needs[:LINES_SHOWN], "is_cut": len(needs) > LINES_SHOWN}


def _open_matters(office: Office) -> dict[str, Any]:
    ask = office.inquiry
    return {"discrepancies": ask.discrepancies(is_open=True, limit=MATTERS_SHOWN), "alerts": ask.alerts(limit=MATTERS_SHOWN)}


def _drawers(office: Office, tile: Tile) -> dict[str, Any]:
    return {"drawers": drawn(office.inquiry.shelf(tile.cabinet), tile.health)}


def _alerts(office: Office, tile: Tile) -> dict[str, Any]:
    ask = office.inquiry
    worn = sorted(tile.health.locks, key=lambda lock: -lock.cycles)
    return {
        "alerts": ask.alerts(tile.cabinet, limit=MATTERS_SHOWN),
        "discrepancies": ask.discrepancies(tile.cabinet, is_open=True, limit=MATTERS_SHOWN),
        "worn": [lock for lock in worn if lock.cycles][:LOCKS_SHOWN],
        "silent_parts": [part.part for part in tile.health.parts if part.state in {"suspect", "quarantined"}],
    }

"""The virtual cabinet's page and its JSON: what is really so, touched by anyone's hand.

Alone knows: the routes. Must not know: how the plant works, or what the controller believes.

It has no sign-in: it stands for the steel box itself, which anyone can push and pull, and it listens on loopback.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from dataclasses import asdict
from html import escape
from pathlib import Path

from fastapi import FastAPI, HTTPException
from fastapi.responses import HTMLResponse, StreamingResponse
from fastapi.staticfiles import StaticFiles

from firmware_sim.aim import NoSuchPlace, check
from firmware_sim.assembly import Bench
from firmware_sim.conversation import Tally
from firmware_sim.gesture import OF_PIECES, FaultOrder, Gesture, MendOrder
from firmware_sim.scenery import Box, Scenery
from firmware_sim.view import Json, apparent, kinds_view, line_view, plant_view

LOOK_S = 0.04
"""So often is looked for a change: with what a browser needs to paint it, it is seen within a tenth of a second."""
WEB = Path(__file__).parent / "web"


def make_page(bench: Bench, scenery: Scenery, tallies: Mapping[str, Tally]) -> FastAPI:
    """The page of one bench."""
    title = f"Virtual cabinet: {scenery.title}"
    app = FastAPI(title=title, version="1", openapi_url="/api/v1/openapi.json", docs_url=None, redoc_url=None)
    app.mount("/web", StaticFiles(directory=WEB), name="web")
    if scenery.design is not None:
        app.mount("/design", StaticFiles(directory=scenery.design), name="design")
    _show_routes(app, bench, scenery, tallies)
    _scenery_routes(app, scenery)
    _touch_routes(app, bench, scenery.boxes)
    return app


def _show_routes(app: FastAPI, bench: Bench, scenery: Scenery, tallies: Mapping[str, Tally]) -> None:
    index = (WEB / "index.html").read_text(encoding="utf-8").replace("{title}", escape(scenery.title))

    @app.get("/", response_class=HTMLResponse, include_in_schema=False)
    async def page() -> str:
        return index

    @app.get("/healthz", include_in_schema=False)
    async def health() -> Json:
        return {"state": "online"}

    @app.get("/api/v1/plant")
    async def plant() -> Json:
        """Everything that is really so."""
        return plant_view(bench, scenery.boxes)

    @app.get("/api/v1/lines")
    async def lines() -> list[Json]:
        """How busy each line is, and how late the simulator itself speaks."""
        return [line_view(bus, tally) for bus, tally in tallies.items()]

    @app.get("/api/v1/faults")
    async def faults() -> Json:
        """Every kind of fault with the places where it is possible, and those that are on."""
        return {"kinds": kinds_view(bench), "active": plant_view(bench, scenery.boxes)["faults"]}

    @app.get("/api/v1/events")
    async def events() -> StreamingResponse:
        """The plant at once, and again whenever it looks different (server-sent)."""
        return StreamingResponse(_changes(bench, scenery.boxes), media_type="text/event-stream", headers={"Cache-Control": "no-store"})


def _scenery_routes(app: FastAPI, scenery: Scenery) -> None:
    @app.get("/api/v1/packages")
    async def packages() -> Json:
        """What lies about to be scanned: what stands on it -> its code."""
        return {f"{box.label} {box.form}".strip(): box.code for box in scenery.boxes.values() if box.code}

    @app.get("/api/v1/boxes")
    async def boxes() -> list[Json]:
        """What lies about to be put into a pocket, the cabinet's own items and others."""
        return [asdict(box) for box in scenery.boxes.values()]

    @app.get("/api/v1/badges")
    async def badges() -> list[Json]:
        """The badges that the site tells of, to be held to a reader. Who holds one is asked for a PIN that is not known here."""
        return [asdict(badge) for badge in scenery.badges]


def _touch_routes(app: FastAPI, bench: Bench, boxes: Mapping[str, Box]) -> None:
    @app.post("/api/v1/hands")
    async def hands(gesture: Gesture) -> Json:
        """Do something with a hand; 200 where it was physically impossible too, which the answer says."""
        try:
            done = gesture.perform(bench.hand)
        except ValueError as problem:
            raise HTTPException(422, str(problem)) from problem
        except KeyError as unknown:
            raise HTTPException(404, f"there is no {unknown}") from unknown
        return {"is_possible": done > 0, "units": done if gesture.act in OF_PIECES else None, "plant": plant_view(bench, boxes)}

    @app.post("/api/v1/faults")
    async def cause(order: FaultOrder) -> Json:
        """Break something."""
        try:
            check(bench, order.kind, order.target)
        except NoSuchPlace as problem:
            raise HTTPException(422, str(problem)) from problem
        bench.faults.cause(order.fault())
        return plant_view(bench, boxes)

    @app.delete("/api/v1/faults")
    async def mend(kind: str | None = None, target: str | None = None) -> Json:
        """Mend what fits; without parameters everything."""
        MendOrder(kind=kind, target=target).perform(bench.faults)
        return plant_view(bench, boxes)


async def _changes(bench: Bench, boxes: Mapping[str, Box]) -> AsyncIterator[str]:
    shown: Json = {}
    while True:
        seen = plant_view(bench, boxes)
        if apparent(seen) != shown:
            shown = apparent(seen)
            yield f"data: {json.dumps(seen)}\n\n"
        await asyncio.sleep(LOOK_S)

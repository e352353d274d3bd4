"""The virtual cabinet's page and its JSON: what is really so, touched by anyone's hand.

Alone knows: the routes. Must not know: how the plant works, or what the controller believes.

It has no sign-in: it stands for the steel box itself, which anyone can push and pull, and it listens on loopback.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from pathlib import Path

from fastapi import FastAPI, HTTPException
from fastapi.responses import HTMLResponse, StreamingResponse
from fastapi.staticfiles import StaticFiles

from firmware_sim.assembly import Bench
from firmware_sim.conversation import Tally
from firmware_sim.gesture import FaultOrder, Gesture, MendOrder
from firmware_sim.view import Json, kinds_view, line_view, plant_view

LOOK_S = 0.1
WEB = Path(__file__).parent / "web"


def make_page(
    bench: Bench,
    title: str,
    labels: Mapping[str, str],
    tallies: Mapping[str, Tally],
    design: Path | None = None,
    packages: Mapping[str, str] | None = None,
) -> FastAPI:
    """The page of one bench.

    `labels` names a pocket's item; `design` is a folder of style sheets that the page may wear; `packages` are what lies about to be
    scanned: what stands on it -> its code.
    """
    app = FastAPI(title=f"Virtual cabinet: {title}", version="1", openapi_url="/api/v1/openapi.json", docs_url=None, redoc_url=None)
    app.mount("/web", StaticFiles(directory=WEB), name="web")
    if design is not None:
        app.mount("/design", StaticFiles(directory=design), name="design")
    _read_routes(app, bench, title, labels, tallies, packages or {})
    _touch_routes(app, bench, labels)
    return app


def _read_routes(
    app: FastAPI, bench: Bench, title: str, labels: Mapping[str, str], tallies: Mapping[str, Tally], labelled: Mapping[str, str]
) -> None:
    index = (WEB / "index.html").read_text(encoding="utf-8").replace("{title}", title)

    @app.get("/", response_class=HTMLResponse)
    async def page() -> str:
        return index

    @app.get("/healthz")
    async def health() -> Json:
        return {"state": "online"}

    @app.get("/api/v1/plant")
    async def plant() -> Json:
        return plant_view(bench, labels)

    @app.get("/api/v1/packages")
    async def packages() -> Json:
        return dict(labelled)

    @app.get("/api/v1/lines")
    async def lines() -> list[Json]:
        return [line_view(bus, tally) for bus, tally in tallies.items()]

    @app.get("/api/v1/faults")
    async def faults() -> Json:
        return {"kinds": kinds_view(), "active": plant_view(bench, labels)["faults"]}

    @app.get("/api/v1/events")
    async def events() -> StreamingResponse:
        return StreamingResponse(_changes(bench, labels), media_type="text/event-stream", headers={"Cache-Control": "no-store"})


def _touch_routes(app: FastAPI, bench: Bench, labels: Mapping[str, str]) -> None:
    @app.post("/api/v1/hands")
    async def hands(gesture: Gesture) -> Json:
        try:
            done = gesture.perform(bench.hand)
        except ValueError as problem:
            raise HTTPException(422, str(problem)) from problem
        except KeyError as unknown:
            raise HTTPException(404, f"there is no {unknown}") from unknown
        return {"is_possible": done > 0, "units": done if gesture.act in {"take", "put"} else None, "plant": plant_view(bench, labels)}

    @app.post("/api/v1/faults")
    async def cause(order: FaultOrder) -> Json:
        bench.faults.cause(order.fault())
        return plant_view(bench, labels)

    @app.delete("/api/v1/faults")
    async def mend(kind: str | None = None, target: str | None = None) -> Json:
        MendOrder(kind=kind, target=target).perform(bench.faults)
        return plant_view(bench, labels)


async def _changes(bench: Bench, labels: Mapping[str, str]) -> AsyncIterator[str]:
    """The plant at once, and again whenever it looks different."""
    shown: Json = {}
    while True:
        seen = plant_view(bench, labels)
        if seen | {"at_s": 0} != shown | {"at_s": 0}:
            shown = seen
            yield f"data: {json.dumps(seen)}\n\n"
        await asyncio.sleep(LOOK_S)

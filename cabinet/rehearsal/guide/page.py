"""The guide's page and its own small API: the script on one side, the kiosk, the virtual cabinet and the pharmacy beside it.

Alone knows: its routes, and that a session which "next" opens is handed to the kiosk's frame. Must not know: what any move is.

It is the demo's, on loopback: it tells PINs, and the hand that it lends is anybody's. The kiosk's cookie is of this host, whatever the
port, so that "next" goes on with the session that a visitor opened by hand, and the other way round.
"""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fastapi import FastAPI, HTTPException, Request
from fastapi.responses import HTMLResponse, JSONResponse, Response, StreamingResponse
from fastapi.staticfiles import StaticFiles
from pydantic import BaseModel, ConfigDict, Field
from starlette.middleware.trustedhost import TrustedHostMiddleware

import cabinet.design
from cabinet.kiosk.caller import COOKIE
from cabinet.rehearsal.guide.move import never
from cabinet.rehearsal.guide.script import MOVES, SCRIPT
from cabinet.rehearsal.guide.tour import Tour

WEB = Path(__file__).parent / "web"
DESIGN = Path(cabinet.design.__file__).parent
Json = dict[str, Any]


class Place(BaseModel):
    """A move of the script by its number."""

    model_config = ConfigDict(extra="forbid")
    at: int = Field(ge=0, le=len(MOVES))


class Wish(BaseModel):
    """The move that stood on the page when "next" was pressed."""

    model_config = ConfigDict(extra="forbid")
    move: str = Field(max_length=40)


class Cable(BaseModel):
    """How the network cable is to be."""

    model_config = ConfigDict(extra="forbid")
    is_plugged: bool


@dataclass(frozen=True, slots=True)
class Addresses:
    """What is framed: kiosk, virtual cabinet and pharmacy, each without a slash at the end."""

    kiosk: str
    cabinet: str
    pharmacy: str


def make_guide(tour: Tour, addresses: Addresses) -> FastAPI:
    """The guide's application; it watches the demo while it is served."""

    @asynccontextmanager
    async def watched(_app: FastAPI) -> AsyncIterator[None]:
        await tour.begin()
        watching = asyncio.create_task(tour.watch())
        yield
        watching.cancel()
        with suppress(asyncio.CancelledError):
            await watching

    app = FastAPI(title="Guide", version="1", openapi_url="/api/v1/openapi.json", docs_url=None, redoc_url=None, lifespan=watched)
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=["127.0.0.1", "localhost"])
    app.mount("/web", StaticFiles(directory=WEB), name="web")
    app.mount("/design", StaticFiles(directory=DESIGN), name="design")
    _show(app, tour, addresses)
    _follow(app, tour)
    return app


def _show(app: FastAPI, tour: Tour, addresses: Addresses) -> None:
    frames = f"{addresses.kiosk} {addresses.cabinet} {addresses.pharmacy}"
    policy = f"default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; frame-src {frames}; frame-ancestors 'none'"
    index = (WEB / "index.html").read_text(encoding="utf-8")

    @app.get("/", response_class=HTMLResponse, include_in_schema=False)
    async def page() -> HTMLResponse:
        return HTMLResponse(index, headers={"Content-Security-Policy": policy, "Cache-Control": "no-store"})

    @app.get("/api/v1/script")
    async def script() -> Json:
        """The whole script, whose badge and PIN each move takes, and what stands beside it."""
        pharmacy = f"{addresses.pharmacy}/cabinets/{tour.visitor.places.cabinet}"
        return {
            "chapters": [
                {"at": one.at, "title": one.title, "moves": [_move(tour, move.id) for move in one.moves]} for one in SCRIPT
            ],
            "frames": {"kiosk": addresses.kiosk, "cabinet": addresses.cabinet, "pharmacy": pharmacy},
        }  # fmt: skip

    @app.get("/api/v1/place")
    async def place() -> Json:
        """Where the visitor is."""
        return _place(tour)

    @app.get("/api/v1/events")
    async def events() -> StreamingResponse:
        """The same at once, and whenever it changes (server-sent)."""

        async def told() -> AsyncIterator[str]:
            async for _ in tour.changes():
                yield f"data: {json.dumps(_place(tour))}\n\n"

        return StreamingResponse(told(), media_type="text/event-stream", headers={"Cache-Control": "no-store"})


def _follow(app: FastAPI, tour: Tour) -> None:
    @app.post("/api/v1/next")
    async def do(request: Request, wish: Wish) -> Response:
        """Do the present move for the visitor, as whoever is at the kiosk's screen or whom the move names."""
        _ensure_own_page(request)
        tour.adopt(request.cookies.get(COOKIE))
        await tour.do(wish.move)
        answer = JSONResponse(_place(tour))
        answer.set_cookie(COOKIE, tour.visitor.token, secure=True, httponly=True, samesite="strict")
        return answer

    @app.post("/api/v1/place")
    async def go(request: Request, wanted: Place) -> Json:
        """Go to another move; nothing is done or undone by it."""
        _ensure_own_page(request)
        await tour.begin(wanted.at)
        return _place(tour)

    @app.post("/api/v1/network")
    async def network(request: Request, cable: Cable) -> Json:
        """Pull the cabinet's network cable, or plug it in."""
        _ensure_own_page(request)
        (tour.network.plug if cable.is_plugged else tour.network.pull)()
        return _place(tour)


def _move(tour: Tour, name: str) -> Json:
    move = next(one for one in MOVES if one.id == name)
    who = tour.visitor.staff.get(move.who)
    shown = None if who is None else {"name": who.name, "role": who.role, "badge": who.badge, "pin": who.pin}
    return {"id": move.id, "where": move.where, "do": move.do, "why": move.why, "who": shown, "is_for_eyes": move.is_done is never}


def _place(tour: Tour) -> Json:
    return {
        "at": tour.at, "said": tour.said, "screen": tour.screen, "turn": tour.turn, "is_busy": tour.is_busy,
        "is_over": tour.move is None, "is_networked": tour.network.is_plugged(),
    }  # fmt: skip


def _ensure_own_page(request: Request) -> None:
    """No other site's page moves anything here. Raises HTTPException."""
    if request.headers.get("sec-fetch-site", "same-origin") != "same-origin":
        raise HTTPException(403, "only the guide's own page may ask for this")

"""The ward's listener, put together: its API, its pages, health.

Alone knows: what belongs to this listener. It lacks every route that can end in a release, and is not handed what could order one.
Must not know: how it is served, or any rule of the core.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, tzinfo
from pathlib import Path

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException
from starlette.responses import Response

import cabinet.design
from cabinet.kiosk import refusing
from cabinet.kiosk import template as kiosk
from cabinet.kiosk.gate import LOOPBACK, Gate
from cabinet.kiosk.guard import SecurityHeaders
from cabinet.kiosk.language import ENGLISH, Languages
from cabinet.kiosk.live import Live
from cabinet.kiosk.problem import Problem
from cabinet.kiosk.site_time import SiteTime
from cabinet.kiosk.token import draw_id, draw_token
from cabinet.ports import Directory
from cabinet.ward import api, caller, pages
from cabinet.ward.desk import Desk
from cabinet.ward.entrance import Entrance
from cabinet.ward.pace import REQUESTS_AT_ONCE, REQUESTS_PER_S, Bucket, Pace
from cabinet.ward.window import Window

HERE = Path(__file__).parent


def create_ward(  # noqa: PLR0913 - what is plugged in here is named one by one
    desk: Desk,
    directory: Directory,
    live: Live,
    *,
    names: Iterable[str] = LOOPBACK,
    zone: tzinfo = UTC,
    languages: Sequence[str] = (ENGLISH,),
    new_token: Callable[[], str] = draw_token,
    new_id: Callable[[], str] = draw_id,
) -> FastAPI:
    """The application for phones and desk screens. `names` are those that it answers to; `live` hears what becomes durable.

    Raises OSError for a language without a file. `new_token` draws 256 bits of chance, `new_id` a UUID.
    """
    app = FastAPI(title="Cabinet, from the ward", version="1", openapi_url="/api/v1/openapi.json", docs_url=None, redoc_url=None)
    entrance = Entrance(desk, directory, new_token, new_id)
    app.state.window = Window(desk.core, entrance, live, new_id, SiteTime(zone), Languages(languages))
    app.add_middleware(Gate, names=tuple(names))
    app.add_middleware(Pace, bucket=Bucket(REQUESTS_PER_S, REQUESTS_AT_ONCE, lambda: desk.clock.now().mono_s))
    app.add_middleware(SecurityHeaders)
    app.include_router(api.router, responses=refusing.REFUSED)
    app.include_router(pages.router, include_in_schema=False)
    for path, folder in (
        ("/design", Path(cabinet.design.__file__).parent),
        ("/static", kiosk.FOLDER.parent / "static"),
        ("/ward", HERE / "static"),
    ):
        app.mount(path, StaticFiles(directory=folder), name=path.strip("/"))
    app.add_api_route("/healthz", _health, include_in_schema=False)
    app.add_exception_handler(Problem, _answer)
    app.add_exception_handler(caller.NobodyHere, _show_sign_in)
    app.add_exception_handler(RequestValidationError, _answer_malformed)
    app.add_exception_handler(HTTPException, _answer_http)
    return app


async def _health() -> dict[str, str]:
    """Alive, and nothing of the cabinet: anybody on the network may ask."""
    return {"status": "ok"}


async def _answer(request: Request, problem: Exception) -> Response:
    assert isinstance(problem, Problem)
    return refusing.by_api(problem) if request.url.path.startswith("/api/") else pages.answer(request, problem)


async def _show_sign_in(_request: Request, _nobody: Exception) -> Response:
    return pages.go("/?ended=1")


async def _answer_malformed(request: Request, problem: Exception) -> Response:
    assert isinstance(problem, RequestValidationError)
    return await _answer(request, refusing.malformed(problem))


async def _answer_http(request: Request, problem: Exception) -> Response:
    assert isinstance(problem, HTTPException)
    return await _answer(request, refusing.unserved(problem))

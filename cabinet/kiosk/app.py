"""The kiosk's own listener, put together: the API, the pages, health, figures.

Alone knows: what belongs to this listener. It serves every route, so it listens on loopback or a Unix socket and nothing else.
Must not know: how it is served, or any rule of the core.
"""

import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.staticfiles import StaticFiles
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from pydantic import TypeAdapter
from starlette.exceptions import HTTPException
from starlette.responses import Response

import cabinet.design
from cabinet.controller import Controller
from cabinet.domain.core import World
from cabinet.domain.refusal import Refusal
from cabinet.kiosk import (
    api,
    api_access,
    api_bench,
    api_climate,
    api_scale,
    pages,
    pages_access,
    pages_bench,
    pages_climate,
    pages_recovery,
    pages_scale,
)
from cabinet.kiosk.floor import Floor
from cabinet.kiosk.gate import Gate, in_json
from cabinet.kiosk.guard import SecurityHeaders
from cabinet.kiosk.live import Live
from cabinet.kiosk.metric import Metrics
from cabinet.kiosk.problem import MEDIA_TYPE, Problem, ProblemBody
from cabinet.kiosk.reception import Reception
from cabinet.kiosk.shown import ShownBadge
from cabinet.ports import BadgeDesk, Directory, Technics

HERE = Path(__file__).parent
DESIGN = Path(cabinet.design.__file__).parent
TOKEN_BYTES = 32

_REFUSED: dict[int | str, dict[str, Any]] = {
    "default": {
        "description": "The answer is no; what happened, what to do, and what was recorded",
        "content": {MEDIA_TYPE: {"schema": TypeAdapter(ProblemBody).json_schema()}},
    }
}


def _draw_token() -> str:
    return secrets.token_urlsafe(TOKEN_BYTES)


def _draw_id() -> str:
    return str(uuid4())


def create_app(
    controller: Controller,
    directory: Directory,
    world: World,
    *,
    technics: Technics | None = None,
    badges: BadgeDesk | None = None,
    new_token: Callable[[], str] = _draw_token,
    new_id: Callable[[], str] = _draw_id,
) -> FastAPI:
    """The kiosk's application. `technics` are its boards, `badges` the readers beside its screen.

    `new_token` draws 256 bits of chance, `new_id` a UUID.
    """
    app = FastAPI(title="Cabinet", version="1", openapi_url="/api/v1/openapi.json", docs_url=None, redoc_url=None)
    live, metrics = Live(controller.core), Metrics(controller.core, controller.clock)
    controller.listen(live)
    controller.listen(metrics)
    shown = ShownBadge(badges, new_token, live.nudge)
    app.state.floor = Floor(controller, world, Reception(controller, directory, new_token, new_id), live, new_id, technics, shown=shown)
    app.add_middleware(Gate)
    app.add_middleware(SecurityHeaders)
    app.include_router(api.router, responses=_REFUSED)
    app.include_router(api_access.router, responses=_REFUSED)
    app.include_router(api_bench.router, responses=_REFUSED)
    app.include_router(api_climate.router, responses=_REFUSED)
    app.include_router(pages_climate.router, include_in_schema=False)
    app.include_router(pages.router, include_in_schema=False)
    app.include_router(pages_access.router, include_in_schema=False)
    app.include_router(pages_bench.router, include_in_schema=False)
    app.include_router(pages_recovery.router, include_in_schema=False)
    app.include_router(api_scale.router, responses=_REFUSED)
    app.include_router(pages_scale.router, include_in_schema=False)
    app.mount("/design", StaticFiles(directory=DESIGN), name="design")
    app.mount("/static", StaticFiles(directory=HERE / "static"), name="static")
    _add_health(app, controller, metrics)
    app.add_exception_handler(Problem, _answer)
    app.add_exception_handler(pages.NobodyHere, _show_sign_in)
    app.add_exception_handler(RequestValidationError, _answer_malformed)
    app.add_exception_handler(HTTPException, _answer_http)
    return app


def _add_health(app: FastAPI, controller: Controller, metrics: Metrics) -> None:
    @app.get("/healthz", include_in_schema=False)
    async def health() -> dict[str, str | int]:
        """Alive; and in which mode."""
        state = controller.core.state
        return {"status": "ok", "mode": state.mode, "seq": state.seq, "boot": state.boot, "config": state.config}

    @app.get("/metrics", include_in_schema=False)
    async def figures() -> Response:
        """Figures for Prometheus."""
        return Response(generate_latest(metrics.registry), media_type=CONTENT_TYPE_LATEST)


async def _answer(request: Request, problem: Exception) -> Response:
    assert isinstance(problem, Problem)
    if not request.url.path.startswith("/api/"):
        return pages.answer(request, problem)
    headers = {"WWW-Authenticate": "Bearer"} if problem.status == 401 else {}  # noqa: PLR2004 - a status, named by its header
    return in_json(problem, headers)


async def _show_sign_in(_request: Request, _nobody: Exception) -> Response:
    return pages.go("/?ended=1")


async def _answer_malformed(request: Request, problem: Exception) -> Response:
    """Names the field and never what was sent in it: it might be a secret."""
    assert isinstance(problem, RequestValidationError)
    first = problem.errors()[0]
    where = ".".join(str(part) for part in first["loc"][1:]) or "body"
    return await _answer(request, Problem(Refusal("request.malformed", f"{where}: {first['msg']}")))


async def _answer_http(request: Request, problem: Exception) -> Response:
    assert isinstance(problem, HTTPException)
    refusal = Refusal("request.unknown") if problem.status_code in {404, 405} else Refusal("request.malformed", problem.detail)
    return await _answer(request, Problem(refusal, status=problem.status_code))

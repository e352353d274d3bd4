"""The kiosk's own listener, put together: the API, the pages, health, figures.

Alone knows: what belongs to this listener. It serves every route, so it listens on loopback or a Unix socket and nothing else.
Must not know: how it is served, or any rule of the core.
"""

from collections.abc import Callable, Sequence
from datetime import UTC, tzinfo
from pathlib import Path

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.staticfiles import StaticFiles
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.exceptions import HTTPException
from starlette.responses import Response

import cabinet.design
from cabinet.controller import Controller
from cabinet.domain.core import World
from cabinet.kiosk import (
    api,
    api_access,
    api_belonging,
    api_bench,
    api_case,
    api_caseload,
    api_climate,
    api_debt,
    api_delivery,
    api_discrepancy,
    api_kit,
    api_mode,
    api_person,
    api_pick,
    api_quarantine,
    api_reference,
    api_refill,
    api_report,
    api_scale,
    api_search,
    api_sheet,
    caller,
    pages,
    pages_access,
    pages_belonging,
    pages_bench,
    pages_climate,
    pages_custody,
    pages_delivery,
    pages_discrepancy,
    pages_language,
    pages_levels,
    pages_mode,
    pages_paper,
    pages_person,
    pages_pick,
    pages_recovery,
    pages_reference,
    pages_refill,
    pages_report,
    pages_scale,
    pages_search,
    pages_shift,
    pages_stock,
    pages_supply,
    pages_taking,
    refusing,
)
from cabinet.kiosk.floor import Floor
from cabinet.kiosk.gate import Gate
from cabinet.kiosk.guard import SecurityHeaders
from cabinet.kiosk.language import ENGLISH, Languages
from cabinet.kiosk.live import Live
from cabinet.kiosk.metric import Metrics
from cabinet.kiosk.practice import Practice
from cabinet.kiosk.problem import Problem
from cabinet.kiosk.reception import Reception
from cabinet.kiosk.shown import ShownBadge
from cabinet.kiosk.site_time import SiteTime
from cabinet.kiosk.token import draw_id, draw_token
from cabinet.ports import BadgeDesk, Directory, ReportDesk, Technics

HERE = Path(__file__).parent
DESIGN = Path(cabinet.design.__file__).parent

APIS = (
    api.router,
    api_access.router,
    api_bench.router,
    api_climate.router,
    api_case.router,
    api_caseload.router,
    api_debt.router,
    api_belonging.router,
    api_delivery.router,
    api_discrepancy.router,
    api_quarantine.router,
    api_reference.router,
    api_sheet.router,
    api_person.setup_router,
    api_person.router,
    api_pick.router,
    api_scale.router,
    api_search.router,
    api_refill.router,
    api_kit.router,
    api_mode.router,
    api_report.router,
)
"""What is under `/api/v1`, room by room."""

PAGES = (
    pages_reference.router,
    pages.router,
    pages_access.router,
    pages_belonging.router,
    pages_delivery.router,
    pages_discrepancy.router,
    pages_language.router,
    pages_levels.router,
    pages_climate.router,
    pages_bench.router,
    pages_custody.router,
    pages_pick.router,
    pages_recovery.router,
    pages_paper.router,
    pages_person.router,
    pages_mode.router,
    pages_report.router,
    pages_scale.router,
    pages_search.router,
    pages_shift.router,
    pages_stock.router,
    pages_supply.router,
    pages_taking.router,
    pages_refill.router,
)
"""What a person touches, the most touched first. Where two paths fit, the first counts."""


def create_app(  # noqa: PLR0913 - what is plugged in here is named one by one
    controller: Controller,
    directory: Directory,
    world: World,
    *,
    technics: Technics | None = None,
    badges: BadgeDesk | None = None,
    reports: ReportDesk | None = None,
    practice: Practice | None = None,
    zone: tzinfo = UTC,
    languages: Sequence[str] = (ENGLISH,),
    new_token: Callable[[], str] = draw_token,
    new_id: Callable[[], str] = draw_id,
) -> FastAPI:
    """The kiosk's application. `technics` are its boards, `badges` the readers beside its screen, `zone` the site's.

    `languages` are what its pages are offered in, the site's own first; raises OSError for one without a file.
    `reports` draws its record up. `practice` is the real cabinet, where this kiosk is in training.
    `new_token` draws 256 bits of chance, `new_id` a UUID.
    """
    app = FastAPI(title="Cabinet", version="1", openapi_url="/api/v1/openapi.json", docs_url=None, redoc_url=None)
    live, metrics = Live(controller.core), Metrics(controller.core, controller.clock)
    controller.listen(live)
    controller.listen(metrics)
    shown = ShownBadge(badges, new_token, live.nudge)
    app.state.floor = Floor(
        controller,
        world,
        Reception(controller, directory, new_token, new_id),
        live,
        new_id,
        technics,
        shown=shown,
        site_time=SiteTime(zone),
        languages=Languages(languages),
        reports=reports,
        practice=practice,
    )
    app.add_middleware(Gate)
    app.add_middleware(SecurityHeaders)
    for router in PAGES:  # first: a path is looked for in one router after the other, and a finger waits for it
        app.include_router(router, include_in_schema=False)
    for router in APIS:
        app.include_router(router, responses=refusing.REFUSED)
    app.mount("/design", StaticFiles(directory=DESIGN), name="design")
    app.mount("/static", StaticFiles(directory=HERE / "static"), name="static")
    _add_health(app, controller, metrics, is_training=practice is not None)
    app.add_exception_handler(Problem, _answer)
    app.add_exception_handler(caller.NobodyHere, _show_sign_in)
    app.add_exception_handler(caller.FoundOpen, pages_person.show_found_open)
    app.add_exception_handler(RequestValidationError, _answer_malformed)
    app.add_exception_handler(HTTPException, _answer_http)
    return app


def _add_health(app: FastAPI, controller: Controller, metrics: Metrics, *, is_training: bool) -> None:
    @app.get("/healthz", include_in_schema=False)
    async def health() -> dict[str, str | int]:
        """Alive; and in which mode."""
        state = controller.core.state
        mode = "training" if is_training else state.mode
        return {"status": "ok", "mode": mode, "seq": state.seq, "boot": state.boot, "config": state.config}

    @app.get("/metrics", include_in_schema=False)
    async def figures() -> Response:
        """Figures for Prometheus."""
        return Response(generate_latest(metrics.registry), media_type=CONTENT_TYPE_LATEST)


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

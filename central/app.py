"""The pharmacy server's HTTP side put together: API, page, design, health and figures over one office.

Alone knows: which router stands where, and the headers that every answer carries. Must not know: what they answer.
"""

from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

from fastapi import FastAPI
from fastapi.responses import JSONResponse, PlainTextResponse
from fastapi.staticfiles import StaticFiles
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from central import api, pages, problem
from central.office import Office

_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}


def make_app(office: Office, name: str = "Pharmacy") -> FastAPI:
    """The whole HTTP side of one office."""
    app = FastAPI(
        title="Pharmacy server of the open dispensing cabinet",
        version="1",
        openapi_url="/api/v1/openapi.json",
        docs_url=None,
        redoc_url=None,
    )
    problem.install(app)
    app.include_router(api.make_router(office), prefix="/api/v1")
    app.include_router(pages.make_router(office, name))
    app.mount("/design", StaticFiles(directory=str(files("cabinet.design"))))
    app.mount("/static", StaticFiles(directory=Path(__file__).parent / "static"))
    registry = CollectorRegistry()
    registry.register(_Figures(office))

    @app.get("/healthz", include_in_schema=False)
    async def healthz() -> JSONResponse:
        """Ready once the broker is reached; without it pages still answer, and what they show grows old."""
        word = "ok" if office.is_up else "no broker"
        return JSONResponse({"status": word, "facts_stored": office.facts_stored}, status_code=200 if office.is_up else 503)

    @app.get("/metrics", include_in_schema=False)
    async def metrics() -> PlainTextResponse:
        return PlainTextResponse(generate_latest(registry), media_type="text/plain; version=0.0.4")

    app.add_middleware(_Guard)
    return app


class _Guard:
    """Adds the headers to every answer, streams included."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(_HEADERS)
            await send(message)

        await self._app(scope, receive, guarded)


class _Figures(Collector):
    """Read from the office when they are asked for."""

    def __init__(self, office: Office) -> None:
        self._office = office

    def collect(self) -> Iterator[Metric]:
        office = self._office
        yield CounterMetricFamily("pharmacy_facts_stored", "Facts stored since the start.", office.facts_stored)
        yield CounterMetricFamily("pharmacy_posts_taken", "Messages stored since the start.", office.posts_taken)
        yield CounterMetricFamily("pharmacy_posts_dropped", "Messages dropped because too much waited.", office.posts_dropped)
        yield GaugeMetricFamily("pharmacy_broker_up", "Whether the broker is reached.", int(office.is_up))
        online = GaugeMetricFamily("pharmacy_cabinet_online", "Whether a cabinet is online.", labels=["cabinet"])
        held = GaugeMetricFamily("pharmacy_cabinet_seq", "Highest fact held without a gap.", labels=["cabinet"])
        for row in office.inquiry.cabinets():
            online.add_metric([row.cabinet], int(row.state == "online"))
            held.add_metric([row.cabinet], row.seq)
        yield from (online, held)
        yield GaugeMetricFamily("pharmacy_discrepancies_open", "Open discrepancies.", len(office.inquiry.discrepancies(is_open=True)))

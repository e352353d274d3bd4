"""The pharmacy server's HTTP side put together: API, page, design, health and figures over one office.

Alone knows: which router stands where, and the headers that every answer carries. Must not know: what they answer.
"""

from collections.abc import Iterator, Sequence
from importlib.resources import files
from pathlib import Path

from fastapi import Depends, FastAPI
from fastapi.responses import JSONResponse, PlainTextResponse
from fastapi.staticfiles import StaticFiles
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from central import api, pages, problem
from central.database.table.pocket import STATUSES
from central.document import api as document_api
from central.document import pages as document_pages
from central.document.room import DocumentRoom
from central.fleet.survey import Survey
from central.frame import Frame
from central.gate import Gate
from central.measure import Measure
from central.office import Office
from central.person import api as person_api
from central.person import pages as person_pages
from central.person.room import make_room
from central.plug import Plug
from central.sheet import api as sheet_api

NOBODY = "'none'"
_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}


def make_app(
    office: Office, name: str = "Pharmacy", documents: DocumentRoom | None = None, gate: Gate | None = None, framed_by: str | None = None,
    plugs: Sequence[Plug] = (),
) -> FastAPI:  # fmt: skip
    """The whole HTTP side of one office; with `documents` changes are taken, from whom the `gate` lets through.

    Where the gate knows people there are their pages too. `framed_by` is the one origin whose pages may frame these; `plugs` add further
    rooms.
    """
    gate = gate or Gate()
    app = FastAPI(
        dependencies=[Depends(gate.reader)],
        title="Pharmacy server of the open dispensing cabinet",
        version="1",
        openapi_url="/api/v1/openapi.json",
        docs_url=None,
        redoc_url=None,
    )
    frame = Frame(name, office.now, Survey(office.database).names)
    problem.install(app, frame.show)
    app.include_router(api.make_router(office), prefix="/api/v1")
    app.include_router(pages.make_router(office, frame))
    if documents is not None:
        app.include_router(document_api.make_router(documents.office, gate), prefix="/api/v1")
        app.include_router(sheet_api.make_router(documents, gate), prefix="/api/v1")
        app.include_router(document_pages.make_router(documents, frame))
        if gate.people is not None:
            people = make_room(gate.people, documents.office, documents.now)
            app.include_router(person_api.make_router(people, gate), prefix="/api/v1")
            app.include_router(person_pages.make_router(people, gate, frame))
    for plug in plugs:
        plug(app, frame, gate)
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

    app.add_middleware(Measure)
    app.add_middleware(_Guard, framed_by=framed_by)
    return app


class _Guard:
    """Adds the headers to every answer, streams included."""

    def __init__(self, app: ASGIApp, framed_by: str | None) -> None:
        self._app = app
        ancestors = f"frame-ancestors {framed_by or NOBODY}"
        self._headers = {name: value.replace(f"frame-ancestors {NOBODY}", ancestors) for name, value in _HEADERS.items()}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(self._headers)
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
        yield CounterMetricFamily("pharmacy_rounds_taken", "Transactions since the start.", office.rounds_taken)
        yield GaugeMetricFamily("pharmacy_waiting_bytes", "Messages taken from the broker and not stored yet.", office.waiting_bytes)
        yield GaugeMetricFamily("pharmacy_broker_up", "Whether the broker is reached.", int(office.is_up))
        totals = office.inquiry.totals()
        yield GaugeMetricFamily("pharmacy_cabinets", "Cabinets that were ever heard of.", totals.cabinets)
        yield GaugeMetricFamily("pharmacy_cabinets_online", "Cabinets that are online.", totals.online)
        pockets = GaugeMetricFamily("pharmacy_pockets", "Pockets by status.", labels=["status"])
        for status in STATUSES:
            pockets.add_metric([status], getattr(totals, status))
        yield pockets
        online = GaugeMetricFamily("pharmacy_cabinet_online", "Whether a cabinet is online.", labels=["cabinet"])
        held = GaugeMetricFamily("pharmacy_cabinet_seq", "Highest fact held without a gap.", labels=["cabinet"])
        for row in office.inquiry.cabinets():
            online.add_metric([row.cabinet], int(row.state == "online"))
            held.add_metric([row.cabinet], row.seq)
        yield from (online, held)
        yield GaugeMetricFamily("pharmacy_discrepancies_open", "Open discrepancies.", office.inquiry.open_discrepancies())

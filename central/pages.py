"""The pharmacy's one page: every cabinet live, what it holds, what it needs, what does not add up.

Alone knows: what the page shows and in which order. Must not know: tables, brokers.

The page is whole without a script; with it, each part asks for itself again when the stream of events says that it changed.
"""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from fastapi.templating import Jinja2Templates

from cabinet.domain.vocabulary import parse_utc
from central.inquiry import CabinetRow, StockRow
from central.office import Office
from central.problem import NotHeldHere

_STATUS_ORDER = ("failed", "quarantined", "expired", "out", "critical", "low", "over", "ok", "unassigned")
_WORDS = {
    "out": "out", "critical": "critical low", "stock_out": "out of stock", "critical_low": "critically low", "below_min": "below minimum",
    "expiring": "expiring", "stat": "now", "soon": "soon", "routine": "routine",
}  # fmt: skip


def make_router(office: Office, name: str) -> APIRouter:
    """The page over one office; `name` is the pharmacy's."""
    templates = Jinja2Templates(directory=Path(__file__).parent / "templates")
    templates.env.filters |= {"age": lambda text: age_of(text, office.now()), "word": lambda text: _WORDS.get(text, text.replace("_", " "))}
    ask = office.inquiry
    router = APIRouter(include_in_schema=False)

    def show(request: Request, template: str, **values: Any) -> HTMLResponse:
        return templates.TemplateResponse(request, template, values)

    @router.get("/")
    async def overview(request: Request) -> HTMLResponse:
        wards = [_ward(row, ask.stock(cabinet=row.cabinet)) for row in ask.cabinets()]
        return show(request, "overview.html", name=name, wards=wards, needs=ask.restock(), **_open_matters(office))

    @router.get("/parts/cabinet/{cabinet}")
    async def one_cabinet(request: Request, cabinet: str) -> HTMLResponse:
        rows = ask.cabinets(cabinet)
        if not rows:
            raise NotHeldHere("cabinet.unknown", f"No cabinet {cabinet} has reported.")
        return show(request, "cabinet.html", ward=_ward(rows[0], ask.stock(cabinet=cabinet)))

    @router.get("/parts/restock")
    async def restock(request: Request) -> HTMLResponse:
        return show(request, "restock.html", needs=ask.restock())

    @router.get("/parts/matters")
    async def matters(request: Request) -> HTMLResponse:
        return show(request, "matters.html", **_open_matters(office))

    return router


def _open_matters(office: Office) -> dict[str, Any]:
    return {"discrepancies": office.inquiry.discrepancies(is_open=True), "alerts": office.inquiry.alerts()[:20]}


def _ward(row: CabinetRow, stock: list[StockRow]) -> dict[str, Any]:
    """A cabinet with its assigned pockets, those first that need somebody."""
    pockets = sorted((line for line in stock if line.status != "unassigned"), key=lambda line: (_rank(line.status), line.pocket))
    short = sum(line.status in ("out", "critical", "low") for line in pockets)
    return {"cabinet": row, "pockets": pockets, "short": short}


def _rank(status: str) -> int:
    return _STATUS_ORDER.index(status) if status in _STATUS_ORDER else len(_STATUS_ORDER)


def age_of(text: str, now: datetime) -> str:
    """How long ago an instant of the journal's form was, in the words of a clock: 12 s, 5 min, 3 h, 8 d."""
    try:
        age = now - parse_utc(text)
    except ValueError:
        return "never"
    for unit, word, limit in (
        (timedelta(seconds=1), "s", 120),
        (timedelta(minutes=1), "min", 120),
        (timedelta(hours=1), "h", 48),
    ):
        if age < limit * unit:
            return f"{max(age, timedelta()) // unit} {word}"
    return f"{age // timedelta(days=1)} d"

"""The kiosk's pages of reports: choose one, narrow it, look at it, print it.

Alone knows: these paths, and which field asks for what. Must not know: what a report says, or how it is drawn.
"""

import json
from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from cabinet.domain.phrase import message
from cabinet.kiosk.api_report import ACTS, answer, drawn, report_of, report_views, words_of
from cabinet.kiosk.caller import Here, page_requires
from cabinet.kiosk.pages import show
from cabinet.kiosk.reception import Visit

FIELDS = {
    "from": message("From (2026-11-23)"),
    "to": message("To (2026-11-23)"),
    "pocket": message("Pocket"),
    "item": message("Item"),
    "schedule": message("Schedule (c2)"),
    "person": message("Staff id"),
    "patient": message("Patient id"),
    "lot": message("Lot"),
    "days": message("Days"),
    "discrepancy": message("Discrepancy"),
    "access": message("Transaction"),
}
"""What each argument is called on the page."""

PADS = {"from": "date", "to": "date", "days": "digits"}
"""Which keys a field is typed with, where it is not letters."""
BY_ONE = {"discrepancy", "access", "lot"}
"""Without one of these a report that goes by it has nothing to say."""

router = APIRouter()


@router.get("/reports")
async def choose(request: Request, floor: Here, person: Annotated[Visit, page_requires(*ACTS)]) -> Response:
    """The reports that this person may draw."""
    return show(request, "reports.html", person, reports=report_views(floor, person), by_one=BY_ONE)


@router.get("/reports/{name}/narrow")
async def narrow(request: Request, floor: Here, person: Annotated[Visit, page_requires(*ACTS)], name: str) -> Response:
    """By what one may be narrowed, typed on the screen's own keys."""
    report_of(floor, person, name)
    view = next(one for one in report_views(floor, person) if one.name == name)
    return show(request, "report_form.html", person, report=view, fields=FIELDS, pads=PADS)


@router.get("/reports/{name}")
async def look(
    request: Request,
    floor: Here,
    person: Annotated[Visit, page_requires(*ACTS)],
    name: str,
    form: Annotated[str, Query(alias="format", pattern="^(json|csv|pdf)?$")] = "",
) -> Response:
    """One report: as a page, or as a file to print or to keep."""
    report = report_of(floor, person, name)
    words = words_of(request)
    content = await drawn(floor, person, report, words, form or "json")
    if form:
        return answer(report, form, content)
    view = next(one for one in report_views(floor, person) if one.name == name)
    return show(request, "report.html", person, report=view, sheet=json.loads(content), words=words, fields=FIELDS)

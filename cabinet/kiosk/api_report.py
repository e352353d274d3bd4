"""`/api/v1/reports`: the record drawn up for those whose role may, as JSON, CSV or PDF.

Alone knows: these paths, and in which form an answer is wanted. Must not know: what a report says, or how it is drawn.
"""

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from cabinet.domain.events import ReportDrawn
from cabinet.domain.refusal import Refusal
from cabinet.kiosk.caller import Here, ensure_enrolled, requires
from cabinet.kiosk.floor import Floor
from cabinet.kiosk.problem import Problem
from cabinet.kiosk.reception import Visit
from cabinet.ports import NotDrawn
from cabinet.report.asked import OPTIONS
from cabinet.report.names import FORMS, REPORTS, Report

MEDIA = {"json": "application/json", "csv": "text/csv; charset=utf-8", "pdf": "application/pdf"}
ACTS = ("report", "audit")
LONGEST_WORD = 128

router = APIRouter(prefix="/api/v1/reports", dependencies=[Depends(ensure_enrolled)])


@dataclass(frozen=True)
class ReportView:
    """One report: what it says, and by what it may be narrowed (names of query parameters)."""

    name: str
    title: str
    says: str
    takes: tuple[str, ...]


def report_views(floor: Floor, visit: Visit) -> tuple[ReportView, ...]:
    """The reports that this person may draw."""
    return tuple(
        ReportView(one.name, one.title, one.sentence, tuple(sorted(OPTIONS[word].lstrip("-") for word in one.takes)))
        for one in REPORTS.values()
        if floor.may(visit, one.act)
    )


def report_of(floor: Floor, visit: Visit, name: str) -> Report:
    """The report of this name, for a person who may draw it. Raises Problem."""
    report = REPORTS.get(name)
    if report is None:
        raise Problem(Refusal("report.unknown", name), status=404)
    floor.refuse_unless(visit, report.act)
    return report


async def drawn(floor: Floor, visit: Visit, report: Report, words: dict[str, str], form: str) -> bytes:
    """A report in one of its forms; where it names people, that it was drawn up is on record before it is handed over. Raises Problem."""
    if floor.reports is None:
        raise Problem(Refusal("request.not_offered"))
    try:
        sees_balances = floor.may(visit, "balances")
        content = await floor.reports.draw(report.name, words, form, sees_balances=sees_balances, drawn_by=visit.staff.name)
    except NotDrawn as problem:
        refusal = Refusal("report.asked" if problem.is_asked_wrongly else "report.failed", str(problem))
        raise Problem(refusal, status=422 if problem.is_asked_wrongly else 500) from problem
    if report.names_people:
        asked = tuple(f"{word}={said}" for word, said in words.items())
        await floor.reception.ask(visit, ReportDrawn(floor.now(), visit.session, report.name, asked, form))
    return content


def words_of(request: Request) -> dict[str, str]:
    """What a report is narrowed by: the query without its form. Raises Problem for a word that is too long to be one."""
    words = {word: said.strip() for word, said in request.query_params.items() if word != "format" and said.strip()}
    if any(len(said) > LONGEST_WORD for said in words.values()):
        raise Problem(Refusal("report.asked", f"an argument is at most {LONGEST_WORD} letters long"), status=422)
    return words


def answer(report: Report, form: str, content: bytes) -> Response:
    """A report on its way out, under a name that tells it from the next."""
    headers = {} if form == "json" else {"Content-Disposition": f'inline; filename="{report.name}.{form}"'}
    return Response(content, media_type=MEDIA[form], headers=headers)


@router.get("")
async def reports(floor: Here, visit: Annotated[Visit, requires(*ACTS)]) -> list[ReportView]:
    """The reports that the caller may draw."""
    return list(report_views(floor, visit))


@router.get("/{name}", response_class=Response, responses={200: {"content": {media.partition(";")[0]: {} for media in MEDIA.values()}}})
async def report(
    request: Request,
    floor: Here,
    visit: Annotated[Visit, requires(*ACTS)],
    name: str,
    form: Annotated[str, Query(alias="format", pattern="^(json|csv|pdf)?$")] = "",
) -> Response:
    """Draw a report, narrowed by the query parameters that it takes (`from`, `to`, `item`, ...). `format`, or Accept, chooses the form."""
    wanted = report_of(floor, visit, name)
    chosen = form or _accepted(request)
    return answer(wanted, chosen, await drawn(floor, visit, wanted, words_of(request), chosen))


def _accepted(request: Request) -> str:
    accepted: Any = request.headers.get("accept", "")
    return next((form for form in FORMS[1:] if MEDIA[form].partition(";")[0] in accepted), "json")

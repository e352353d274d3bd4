"""The pages of discrepancies: the list, and one with its interval, its likely causes and the form that settles it.

Alone knows: their paths and forms. Must not know: what a page shows (`discrepancy_view.py`), or who may settle what.
"""

from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Form, Query, Request
from starlette.responses import Response

from cabinet.kiosk import colleague, discrepancy_view
from cabinet.kiosk.api_discrepancy import NOBODY, ResolutionBody, find, settle
from cabinet.kiosk.caller import Here, Person
from cabinet.kiosk.floor import Floor
from cabinet.kiosk.pages import go, show
from cabinet.kiosk.problem import Problem, ProblemBody
from cabinet.kiosk.reception import Visit

router = APIRouter()

Reason = Annotated[str, Query(max_length=64)]
Note = Annotated[str, Query(max_length=400)]
Cause = Annotated[str, Query(max_length=40)]
Name = Annotated[str, Query(max_length=64)]

WANTS_SECOND = {"witness.needed", "discrepancy.alone"}
OF_SECOND = {"witness", "session"}
"""Refusals of the second person, by the first word of the code: their form stays."""


@router.get("/discrepancies")
async def discrepancies(request: Request, floor: Here, person: Person) -> Response:
    """Those that are open, and those that were settled last."""
    return show(request, "discrepancies.html", person, rows=discrepancy_view.rows(floor.core, person.staff, floor.now()))


@router.get("/discrepancies/{discrepancy_id}")
async def discrepancy(request: Request, floor: Here, person: Person, discrepancy_id: str) -> Response:
    """One of them."""
    return _show(request, floor, person, discrepancy_id, None)


def _show(request: Request, floor: Floor, person: Visit, name: str, refusal: ProblemBody | None, status: int = 200) -> Response:
    one = discrepancy_view.detail(floor.core, person.staff, find(floor, name), floor.now())
    may_count = floor.may(person, "count")
    may_report = floor.may(person, "audit") and floor.reports is not None
    return show(request, "discrepancy.html", person, status=status, one=one, refusal=refusal, may_count=may_count, may_report=may_report)


@router.get("/discrepancies/{discrepancy_id}/signature")
async def signature(  # noqa: PLR0913, PLR0917 - what is signed
    request: Request, floor: Here, person: Person, discrepancy_id: str, reason: Reason, note: Note = "", cause: Cause = "",
    together: Name = "", no: Name = "",
) -> Response:  # fmt: skip
    """The form for the second person, who sees what they sign; `no` is why a colleague was refused."""
    one = discrepancy_view.detail(floor.core, person.staff, find(floor, discrepancy_id), floor.now())
    said = {"reason": reason, "note": note, "cause": cause, "together": together}
    why = dict(one.reasons).get(reason, reason)
    refusal, mark = colleague.refusal(no), floor.shown.mark
    return show(request, "discrepancy_sign.html", person, one=one, said=said, why=why, refusal=refusal, shown=mark)


@router.post("/discrepancies/{discrepancy_id}/resolution")
async def resolve(  # noqa: PLR0913, PLR0917 - a form's fields
    request: Request,
    floor: Here,
    person: Person,
    discrepancy_id: str,
    reason: Annotated[str, Form(max_length=64)],
    note: Annotated[str, Form(max_length=400)] = "",
    cause: Annotated[str, Form(max_length=40)] = "",
    together: Annotated[str, Form(max_length=64)] = "",
    badge: Annotated[str, Form(max_length=128)] = "",
    shown: Annotated[str, Form(max_length=128)] = "",
    secret: Annotated[str, Form(max_length=256)] = "",
) -> Response:
    """Settle it. Where a second person is due their form comes next; a "no" leaves the page as it is, with what to do now."""
    body = ResolutionBody(reason=reason, note=note, cause=cause, together=(together,) if together else ())
    said = urlencode({"reason": reason, "note": note, "cause": cause, "together": together})
    try:
        signer = await colleague.recognise(floor, badge=badge, shown=shown, secret=secret) if secret else NOBODY
        await settle(floor, person, discrepancy_id, body, signer)
    except Problem as problem:
        find(floor, discrepancy_id)
        code = problem.body.code
        if not secret and code in WANTS_SECOND:
            return go(f"/discrepancies/{discrepancy_id}/signature?{said}")
        if secret and code.partition(".")[0] in OF_SECOND:
            return go(f"/discrepancies/{discrepancy_id}/signature?{said}&no={code}")
        return _show(request, floor, person, discrepancy_id, problem.body, problem.status)
    return go(f"/discrepancies/{discrepancy_id}")

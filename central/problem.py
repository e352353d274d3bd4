"""Errors as problem details (RFC 9457), each with the project's code and a sentence that a person can act on; to a browser, as a page.

Alone knows: how a refusal reads over HTTP. Must not know: any question.
"""

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, RedirectResponse, Response
from pydantic import BaseModel
from sqlalchemy.exc import DataError
from starlette.exceptions import HTTPException

from central.navigation import place_of
from central.patience import AWAY

log = structlog.get_logger()

SIGN_IN = {"person.not_signed_in": "/sign-in", "person.choose_secret": "/secret"}
"""Where a page goes instead of a refusal."""

NOT_FOUND = 404
MEDIA_TYPE = "application/problem+json"


class ProblemDetails(BaseModel):
    """RFC 9457, with `code` and what was `recorded` of it."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    code: str
    recorded: str = "nothing"


class NotHeldHere(Exception):
    """Somebody asked for a thing that no cabinet has reported."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail


class Refused(Exception):
    """Somebody asked for a change that is not made; `status` is how HTTP says so."""

    def __init__(self, code: str, detail: str, status: int = 422) -> None:
        super().__init__(detail)
        self.code, self.detail, self.status = code, detail, status


Page = Callable[..., Response]
"""Draws a template: `central.frame.Frame.show`."""
FOR_PROGRAMS = ("/api/", "/fhir/", "/scim/", "/parts/")
"""Where nobody looks with their own eyes, whatever the asking program says that it accepts."""


def install(app: FastAPI, show: Page | None = None) -> None:
    """Have every error of the application answered: with `show` as a page to whoever looks at pages, else as problem details."""
    answers = _Answers(show)
    for kind, answer in (
        (NotHeldHere, answers.not_held), (Refused, answers.refused), (RequestValidationError, answers.wrong_question),
        (HTTPException, answers.other), (OverflowError, answers.not_held_by_any),
        (DataError, answers.not_held_by_any), *((kind, answers.away) for kind in AWAY), (Exception, answers.broken),
    ):  # fmt: skip
        app.add_exception_handler(kind, answer)


class _Answers:
    def __init__(self, show: Page | None) -> None:
        self._show = show

    def _answer(self, request: Request, title: str, status: int, detail: str, code: str) -> Response:
        if self._show is not None and _is_looked_at(request):
            return self._show(request, "refusal.html", status, title=title, detail=detail, code=code)
        details = ProblemDetails(title=title, status=status, detail=detail, code=code)
        return JSONResponse(details.model_dump(), status_code=status, media_type=MEDIA_TYPE)

    async def not_held(self, request: Request, error: Any) -> Response:
        return self._answer(request, "Not held here", 404, error.detail, error.code)

    async def refused(self, request: Request, error: Any) -> Response:
        if error.code in SIGN_IN and _is_looked_at(request):
            back = request.url.path if request.method == "GET" else place_of(request.url.path)
            return RedirectResponse(f"{SIGN_IN[error.code]}?next={quote(back)}", 303)
        return self._answer(request, "Not done", error.status, error.detail, error.code)

    async def wrong_question(self, request: Request, error: Any) -> Response:
        flaws = "; ".join(f"{'.'.join(map(str, flaw['loc'][1:]))}: {flaw['msg']}" for flaw in error.errors())
        return self._answer(request, "Wrong question", 422, flaws, "request.malformed")

    async def other(self, request: Request, error: Any) -> Response:
        detail = "Nothing is at this address." if error.status_code == NOT_FOUND and _is_looked_at(request) else f"{error.detail}."
        return self._answer(request, str(error.detail), error.status_code, detail, f"http.{error.status_code}")

    async def not_held_by_any(self, request: Request, _error: Any) -> Response:
        detail = "No column holds a value like that: a number is too large, or a text too long."
        return self._answer(request, "Wrong question", 422, detail, "request.malformed")

    async def away(self, request: Request, error: Any) -> Response:
        log.warning("not answered", why=str(error).partition("\n")[0])
        detail = "The database cannot be reached, or is busy. Try again in a moment."
        return self._answer(request, "Not now", 503, detail, "database.away")

    async def broken(self, request: Request, _error: Any) -> Response:
        """What nobody foresaw: the server's log has the traceback, whoever asked gets a sentence."""
        detail = "The server failed at this; its log says where. Look before you do it again."
        return self._answer(request, "Not done", 500, detail, "server.failed")


def _is_looked_at(request: Request) -> bool:
    return "text/html" in request.headers.get("accept", "") and not request.url.path.startswith(FOR_PROGRAMS)

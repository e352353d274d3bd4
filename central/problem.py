"""Errors of the API as problem details (RFC 9457), each with the project's code and a sentence that a person can act on.

Alone knows: how a refusal reads over HTTP. Must not know: any question.
"""

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from starlette.exceptions import HTTPException

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


def install(app: FastAPI) -> None:
    """Have every error of the application answered as problem details."""
    app.add_exception_handler(NotHeldHere, _not_held)
    app.add_exception_handler(RequestValidationError, _wrong_question)
    app.add_exception_handler(HTTPException, _other)


def _answer(title: str, status: int, detail: str, code: str) -> JSONResponse:
    details = ProblemDetails(title=title, status=status, detail=detail, code=code)
    return JSONResponse(details.model_dump(), status_code=status, media_type=MEDIA_TYPE)


async def _not_held(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, NotHeldHere)
    return _answer("Not held here", 404, error.detail, error.code)


async def _wrong_question(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    flaws = "; ".join(f"{'.'.join(map(str, flaw['loc'][1:]))}: {flaw['msg']}" for flaw in error.errors())
    return _answer("Wrong question", 422, flaws, "request.malformed")


async def _other(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    return _answer(str(error.detail), error.status_code, f"{error.detail}.", f"http.{error.status_code}")

"""How a listener says no: what any of its routes may answer, and what becomes of requests that fit none.

Alone knows: that shape, and that no answer repeats what was sent. Must not know: any path.
"""

from typing import Any

from fastapi.exceptions import RequestValidationError
from pydantic import TypeAdapter
from starlette.exceptions import HTTPException
from starlette.responses import Response

from cabinet.domain.refusal import Refusal
from cabinet.kiosk.gate import in_json
from cabinet.kiosk.problem import MEDIA_TYPE, Problem, ProblemBody

REFUSED: dict[int | str, dict[str, Any]] = {
    "default": {
        "description": "The answer is no; what happened, what to do, and what was recorded",
        "content": {MEDIA_TYPE: {"schema": TypeAdapter(ProblemBody).json_schema()}},
    }
}
"""What every route of an API may answer beside its own."""


def by_api(problem: Problem) -> Response:
    """A "no" to a program."""
    return in_json(problem, {"WWW-Authenticate": "Bearer"} if problem.status == 401 else {})  # noqa: PLR2004 - a status, named by its header


def malformed(problem: RequestValidationError) -> Problem:
    """Names the field and never what was sent in it: it might be a secret."""
    first = problem.errors()[0]
    where = ".".join(str(part) for part in first["loc"][1:]) or "body"
    return Problem(Refusal("request.malformed", f"{where}: {first['msg']}"))


def unserved(problem: HTTPException) -> Problem:
    """No such path, no such method, or what a middleware refused."""
    refusal = Refusal("request.unknown") if problem.status_code in {404, 405} else Refusal("request.malformed", problem.detail)
    return Problem(refusal, status=problem.status_code)

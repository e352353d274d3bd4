"""Pages (stub)."""
from fastapi import APIRouter, Request
from starlette.responses import PlainTextResponse, Response

from cabinet.kiosk.problem import Problem

router = APIRouter()


def answer(request: Request, problem: Problem) -> Response:
    return PlainTextResponse(problem.body.title, problem.status)

"""Answers that are no pages: values as JSON, and what a browser keeps as a file.

Alone knows: media types and how a file is named. Must not know: what is answered.
"""

from collections.abc import Callable, Mapping
from typing import TypeVar

import msgspec
from fastapi import Request
from fastapi.responses import Response

Row = TypeVar("Row")
_KINDS = {"csv": "text/csv; charset=utf-8", "pdf": "application/pdf"}


def json_answer(value: object, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """Values of our own and of the right types: they are written as they are, without being read again on their way out."""
    return Response(msgspec.json.encode(value), status, headers, media_type="application/json")


def page_answer(request: Request, rows: list[Row], limit: int, following: Callable[[Row], dict[str, object]]) -> Response:
    """Rows; where there may be more, a `Link` header (RFC 8288) leads to them."""
    if len(rows) < limit:
        return json_answer(rows)
    url = request.url.include_query_params(**following(rows[-1]))
    return json_answer(rows, headers={"Link": f'<{url.path}?{url.query}>; rel="next"'})


def download(content: str | bytes, name: str) -> Response:
    """A file of that name; its ending, csv or pdf, says what it is."""
    kind = _KINDS[name.rpartition(".")[2]]
    return Response(content, media_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})

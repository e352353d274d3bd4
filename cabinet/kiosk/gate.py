"""What is let in to a listener at all: a request by one of its own names, with a body that is no longer than any that is asked for.

Alone knows: the names of this machine on loopback, and how long a body may be. Must not know: any path, or who is asking.

A page from elsewhere that has its own name point here (DNS rebinding) is of the same origin to a browser, and betrays itself by
that name alone. A body is parsed before its sender is known, on the loop that watches the doors.
"""

import re
from collections.abc import Iterable

import msgspec
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from cabinet.domain.phrase import plain
from cabinet.domain.refusal import Refusal
from cabinet.kiosk.problem import MEDIA_TYPE, Problem

BODY_BYTES = 262_144
"""The longest: the result of a walk through a cabinet of 2000 channels."""
MISDIRECTED = 421
TOO_LONG = 413

LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
_LENGTH = re.compile(r"[0-9]{1,20}")
_LONG = f"a body has at most {BODY_BYTES} bytes"


def in_json(problem: Problem, headers: dict[str, str] | None = None) -> Response:
    """A "no" as problem details: its phrases in English, whatever the pages speak."""
    return Response(msgspec.json.encode(problem.body, enc_hook=plain), problem.status, headers, MEDIA_TYPE)


class Gate:
    """ASGI middleware that answers 421 to another host's name, and 413 to a body that is too long, announced or not."""

    def __init__(self, app: ASGIApp, names: Iterable[str] = LOOPBACK) -> None:
        """`names` are those that the listener answers to, without a port."""
        self._app = app
        self._own_name = re.compile(f"({'|'.join(map(re.escape, names))})(:[0-9]{{1,5}})?", re.IGNORECASE)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request in, or answer that it is not."""
        problem = self._judge(Headers(scope=scope)) if scope["type"] == "http" else None
        if problem is not None:
            await in_json(problem, {"Connection": "close"})(scope, receive, send)
            return
        read = 0

        async def receive_some() -> Message:
            """What comes next. Raises HTTPException, which passes through whoever reads, once too much has come."""
            nonlocal read
            message = await receive()
            read += len(message.get("body", b""))
            if read > BODY_BYTES:
                raise HTTPException(TOO_LONG, _LONG)
            return message

        await self._app(scope, receive_some, send)

    def _judge(self, headers: Headers) -> Problem | None:
        if not self._own_name.fullmatch(headers.get("host", "")):
            return Problem(Refusal("request.elsewhere"), status=MISDIRECTED)
        length = headers.get("content-length", "0")
        if not _LENGTH.fullmatch(length) or int(length) > BODY_BYTES:
            return Problem(Refusal("request.malformed", _LONG), status=TOO_LONG)
        return None

"""How long a body may be that anybody sends here.

Alone knows: that length. Must not know: who is asking, or what for.

A body is read and parsed before its sender is known; whoever is not known yet only signs in.
"""

import re

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

MOST_BYTES = 16 * 1024 * 1024
"""A hospital's formulary, or its staff list as CSV."""
MOST_TO_SIGN_IN = 16 * 1024
SIGN_IN = frozenset({"/sign-in", "/api/v1/sessions"})
TOO_LONG = 413
_LENGTH = re.compile(r"[0-9]{1,20}")


class Measure:
    """ASGI middleware inside whatever answers exceptions: it raises HTTPException 413 for a body that is too long, announced or not."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request in as far as it is no longer than any that is asked for."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        most, read = MOST_TO_SIGN_IN if scope["path"] in SIGN_IN else MOST_BYTES, 0
        length = Headers(scope=scope).get("content-length", "0")

        async def receive_some() -> Message:
            nonlocal read
            message = await receive()
            read += len(message.get("body", b""))
            if read > most or not _LENGTH.fullmatch(length) or int(length) > most:
                raise HTTPException(TOO_LONG, f"a body has at most {most} bytes here")
            return message

        await self._app(scope, receive_some, send)

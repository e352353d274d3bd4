"""One listener before whichever kiosk is there: while a cabinet is put together anew, it says that it is back in a moment.

Alone knows: what is answered while there is no kiosk. Must not know: why there is none, or what a kiosk answers.
"""

import asyncio
import json

from starlette.responses import HTMLResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from cabinet.domain.refusal import Refusal

RETRY_S = 2

_PAGE = f"""<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta http-equiv="refresh" content="{RETRY_S}"><title>Back in a moment</title>
<link rel="stylesheet" href="/design/tokens.css"><link rel="stylesheet" href="/design/base.css"></head>
<body><main><h1>Back in a moment</h1><p>The cabinet takes up a change. Nothing that was recorded is lost. Sign in again then.</p>
</main></body>
</html>
"""


class Switchboard:
    """The ASGI application that is served. `app` is the kiosk of the present cabinet, or None between two.

    What a kiosk still sends when it is exchanged (screens listen for changes) is ended, so that whoever listens comes back to the next one.
    """

    def __init__(self) -> None:
        self._app: ASGIApp | None = None
        self._exchanged = asyncio.Event()

    @property
    def app(self) -> ASGIApp | None:
        """The kiosk that answers now."""
        return self._app

    @app.setter
    def app(self, app: ASGIApp | None) -> None:
        self._exchanged.set()
        self._app, self._exchanged = app, asyncio.Event()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or answer that somebody is back in a moment."""
        if self._app is not None:
            talk = _Talk(receive, send, self._exchanged)
            await self._app(scope, talk.receive, talk.send)
            await talk.finish()
        elif scope["type"] == "http":
            await _absent(scope["path"])(scope, receive, send)


class _Talk:
    """One request and its answer. Once all of the request was read, an exchange is told to whoever still answers as a hang-up."""

    def __init__(self, receive: Receive, send: Send, exchanged: asyncio.Event) -> None:
        self._receive, self._send, self._exchanged = receive, send, exchanged
        self._is_read = self._is_answering = False

    async def receive(self) -> Message:
        """What the other side says next."""
        if not self._is_read:
            message = await self._receive()
            self._is_read = not message.get("more_body", False)
            return message
        heard, left = asyncio.ensure_future(self._receive()), asyncio.ensure_future(self._exchanged.wait())
        try:
            await asyncio.wait({heard, left}, return_when=asyncio.FIRST_COMPLETED)
            return heard.result() if heard.done() else {"type": "http.disconnect"}
        finally:
            heard.cancel()
            left.cancel()

    async def send(self, message: Message) -> None:
        """Pass an answer on."""
        self._is_answering = message["type"] == "http.response.start" or message.get("more_body", False)
        await self._send(message)

    async def finish(self) -> None:
        """End an answer that was cut short by an exchange."""
        if self._is_answering and self._exchanged.is_set():
            await self._send({"type": "http.response.body", "body": b"", "more_body": False})


def _absent(path: str) -> Response:
    headers = {"Retry-After": str(RETRY_S), "Cache-Control": "no-store"}
    if path == "/healthz":
        return Response(json.dumps({"status": "ok", "mode": "starting"}), 503, headers, "application/json")
    if path.startswith("/api/"):
        refusal = Refusal("cabinet.not_ready")
        body = {
            "type": f"urn:adc:problem:{refusal.code}", "title": refusal.sentence, "status": 503, "code": refusal.code,
            "remedy": refusal.remedy, "recorded": "Nothing was recorded.",
        }  # fmt: skip
        return Response(json.dumps(body), 503, headers, "application/problem+json")
    return HTMLResponse(_PAGE, 503, headers)

"""One listener before whichever kiosk is there: while a cabinet is put together anew, it says that it is back in a moment.

Alone knows: what is answered while there is no kiosk. Must not know: why there is none, or what a kiosk answers.
"""

import json

from starlette.responses import HTMLResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

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
    """The ASGI application that is served. `app` is the kiosk of the present cabinet, or None between two."""

    def __init__(self) -> None:
        self.app: ASGIApp | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or answer that somebody is back in a moment."""
        if self.app is not None:
            await self.app(scope, receive, send)
        elif scope["type"] == "http":
            await _absent(scope["path"])(scope, receive, send)


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

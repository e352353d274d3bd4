"""What holds for every answer and every request of the kiosk, whatever the page.

Alone knows: the security headers, and that a page's state changes only by a POST from that page's own origin.
Must not know: any path but where the API begins; who is signed in.

Headers after OWASP's cheat sheets; the same-origin check reads Sec-Fetch-Site (Fetch Metadata) and, where a browser does not
send it, Origin. The API bears tokens that no browser sends by itself, so it needs no such check.
"""

import re
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from cabinet.domain.refusal import Refusal
from cabinet.kiosk.problem import Problem

POLICY = "Content-Security-Policy"
NO_FRAME = "frame-ancestors 'none'"
HEADERS = {
    POLICY: f"default-src 'self'; object-src 'none'; base-uri 'none'; {NO_FRAME}; form-action 'self'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}

LOOPBACK = re.compile(r"http://127\.0\.0\.1:[0-9]{1,5}")

KEPT = ("/design/", "/static/")
"""What a browser may keep; everything else might name somebody, and the next person must not find it."""


class SecurityHeaders:
    """ASGI middleware that puts the headers on every answer."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer as the application does, with the headers."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        cache = "no-cache" if scope["path"].startswith(KEPT) else "no-store"

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers[name] = value
                headers["Cache-Control"] = cache
            await send(message)

        await self._app(scope, receive, send_guarded)


class Framed:
    """ASGI middleware around the whole listener, for a demo alone: the pages of one other origin on loopback may frame these."""

    def __init__(self, app: ASGIApp, origin: str) -> None:
        """Raises ValueError for an origin that is not of this machine."""
        if not LOOPBACK.fullmatch(origin):
            raise ValueError(f"{origin} is not on loopback: nobody else may frame the kiosk")
        self._app = app
        self._ancestors = f"frame-ancestors {origin}"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer as the application does; its policy names who may frame it."""

        async def send_framed(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers[POLICY] = headers.get(POLICY, NO_FRAME).replace(NO_FRAME, self._ancestors)
            await send(message)

        await self._app(scope, receive, send_framed)


def ensure_same_origin(headers: Headers) -> None:
    """Refuse a form that another site's page sent. Raises Problem."""
    site = headers.get("sec-fetch-site")
    is_own = _is_from(headers.get("origin", ""), headers.get("host")) if site is None else site == "same-origin"
    if not is_own:
        raise Problem(Refusal("request.elsewhere"))


def _is_from(origin: str, host: str | None) -> bool:
    try:
        return urlsplit(origin).netloc == host
    except ValueError:
        return False

"""How much the ward's network may ask of the machine that watches the doors: so many of a thing in a second, and a few more at once.

Alone knows: how that is counted. Must not know: what is asked, or any clock.
"""

from collections.abc import Callable

from starlette.types import ASGIApp, Receive, Scope, Send

from cabinet.domain.refusal import Refusal
from cabinet.kiosk.gate import in_json
from cabinet.kiosk.problem import Problem

REQUESTS_PER_S, REQUESTS_AT_ONCE = 40.0, 120.0
"""A page costs the loop some milliseconds, and its style and script a few requests more."""


class Bucket:
    """Holds `most`, fills at `per_s`; what is asked of an empty one is refused. `now_s` is a monotonic clock."""

    def __init__(self, per_s: float, most: float, now_s: Callable[[], float]) -> None:
        self._per_s, self._most, self._now_s = per_s, most, now_s
        self._left, self._at_s = most, now_s()

    def take(self) -> bool:
        """Whether there was one left."""
        now_s = self._now_s()
        self._left = min(self._most, self._left + (now_s - self._at_s) * self._per_s)
        self._at_s = now_s
        if self._left < 1:
            return False
        self._left -= 1
        return True


class Pace:
    """ASGI middleware that answers 429, and closes the connection, to whatever comes too fast."""

    def __init__(self, app: ASGIApp, bucket: Bucket) -> None:
        self._app, self._bucket = app, bucket

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request in, or answer that it is one too many."""
        if scope["type"] != "http" or self._bucket.take():
            await self._app(scope, receive, send)
        else:
            await in_json(Problem(Refusal("request.too_many")), {"Connection": "close", "Retry-After": "1"})(scope, receive, send)

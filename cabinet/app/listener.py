"""What one end of a connection to the kiosk may cost: there are only so many, and none is kept for somebody who says nothing.

Alone knows: how many connections there are at once, and how long one may take to say what it wants.
Must not know: what is asked, or what answers.

The loop serves 1,024 file descriptors, lines and journal included; without a limit here, whoever opens more stops the cabinet.
"""

import asyncio

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

CONNECTIONS = 64
BACKLOG = 64
"""So many are accepted in one turn of the loop, each to be judged two turns later."""
REQUEST_WITHIN_S = 10.0


class Listener(H11Protocol):
    """One connection of uvicorn's. It is cut off where there are too many, or where a request is not all there in time."""

    _overdue: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn types it
        """Begin, or end at once."""
        if len(self.connections) >= CONNECTIONS:
            transport.abort()
            return
        super().connection_made(transport)
        self._keep_time()

    def data_received(self, data: bytes) -> None:
        """Something came; the time runs on until all of a request has."""
        super().data_received(data)
        self._keep_time()

    def connection_lost(self, exc: Exception | None) -> None:
        """End."""
        self._stop_time()
        if self in self.connections:
            super().connection_lost(exc)

    def _keep_time(self) -> None:
        if self.conn.their_state not in {h11.IDLE, h11.SEND_BODY}:
            self._stop_time()
        elif self._overdue is None:
            self._overdue = self.loop.call_later(REQUEST_WITHIN_S, self.transport.abort)

    def _stop_time(self) -> None:
        if self._overdue is not None:
            self._overdue.cancel()
            self._overdue = None

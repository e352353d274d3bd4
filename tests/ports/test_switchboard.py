"""The one listener before whichever kiosk is there. A screen that goes on listening to a kiosk which is gone hears of no alarm any more."""

import asyncio
from collections.abc import AsyncIterator

from starlette.responses import StreamingResponse
from starlette.types import Message, Receive, Scope, Send

from cabinet.app.switchboard import Switchboard

SCOPE: Scope = {"type": "http", "path": "/live", "method": "GET", "headers": [], "asgi": {"spec_version": "2.3"}}


async def endless(scope: Scope, receive: Receive, send: Send) -> None:
    """A kiosk that tells of changes for ever."""

    async def changes() -> AsyncIterator[bytes]:
        yield b"changed"
        await asyncio.Event().wait()

    await StreamingResponse(changes())(scope, receive, send)


async def test_who_listens_to_a_kiosk_that_is_exchanged_is_let_go() -> None:
    """The answer ends whole, so that the screen asks again and the server stops without an error in its log."""
    board, sent, begun = Switchboard(), list[Message](), asyncio.Event()
    requests = iter([{"type": "http.request", "body": b"", "more_body": False}])

    async def receive() -> Message:
        try:
            return next(requests)
        except StopIteration:
            await asyncio.Event().wait()
            raise

    async def send(message: Message) -> None:
        sent.append(message)
        if message.get("body"):
            begun.set()

    board.app = endless
    listening = asyncio.ensure_future(board(SCOPE, receive, send))
    await begun.wait()
    assert not listening.done()
    board.app = None
    async with asyncio.timeout(5):
        await listening
    assert sent[-1] == {"type": "http.response.body", "body": b"", "more_body": False}
    await board(SCOPE, receive, send)
    assert [message["status"] for message in sent if "status" in message] == [200, 503]

"""Letters out, to real servers on loopback: a mail server that takes, refuses and greylists; a web server that checks the signature."""

import asyncio
import hashlib
import hmac
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from pathlib import Path
from typing import Any

import httpx
import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from fastapi import FastAPI, Request, Response

from central.database.place import MEMORY, Database
from central.watch.book import AlertBook, Begun
from central.watch.process import ways
from central.watch.sender import MOST_TRIES, Sender
from config.watch import Watch
from tests.broker import free_port
from tests.browser.test_kiosk_touch import served
from tests.post import NOW

pytestmark = [pytest.mark.real]

START = datetime(2026, 3, 1, 7, 0, tzinfo=UTC)
LETTER = {
    "alert": 1, "rule": "silent", "when": "silent", "severity": "now", "cabinet": "ward-1", "sentence": "Ward 1 has not been heard",
    "since": NOW, "step": 1, "address": "https://pharmacy.example.org/watch",
}  # fmt: skip


class Taken:
    """A mail server's memory. `says`: what it answers to the next letters instead of taking them."""

    def __init__(self) -> None:
        self.letters: list[Any] = []
        self.says: list[str] = []

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        if self.says:
            return self.says.pop(0)
        assert isinstance(envelope.content, bytes)
        self.letters.append((envelope.rcpt_tos, message_from_bytes(envelope.content)))
        return "250 taken"


@pytest.fixture
def mail() -> Iterator[tuple[Taken, int]]:
    taken, port = Taken(), free_port()
    server = Controller(taken, hostname="127.0.0.1", port=port)
    server.start()
    yield taken, port
    server.stop()


class Clock:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.time = START

    def now(self) -> datetime:
        return self.time


def book_with(*channels: str) -> AlertBook:
    book = AlertBook(Database(MEMORY).prepare())
    book.keep([Begun("silent", "ward-1", "", "now", "Ward 1 has not been heard", NOW)], [], [], NOW)
    book.tell(1, 1, [(channel, json.dumps(LETTER)) for channel in channels], NOW)
    return book


@asynccontextmanager
async def sender_of(book: AlertBook, clock: Clock, **watch: Any) -> AsyncIterator[Sender]:
    async with httpx.AsyncClient(trust_env=False) as client:
        yield Sender(book, ways(Watch.model_validate(watch), client, clock.now), clock.now)


def by_mail(port: int) -> dict[str, Any]:
    return {
        "channel": [{"id": "desk", "kind": "mail", "to": "pharmacist@example.org"}],
        "mail": {"port": port, "security": "none", "sender": "pharmacy@example.org"},
    }  # fmt: skip


async def test_a_letter_is_taken_by_a_mail_server(mail: tuple[Taken, int]) -> None:
    """Plain words, whose answer by an absent person comes back to nobody."""
    taken, port = mail
    book = book_with("desk")
    async with sender_of(book, Clock(), **by_mail(port)) as sender:
        assert await sender.send_due() == 1
        assert await sender.send_due() == 0
    ((to, letter),) = taken.letters
    assert to == ["pharmacist@example.org"]
    assert letter["Subject"] == "NOW: Ward 1 has not been heard"
    assert letter["Auto-Submitted"] == "auto-generated"
    assert "https://pharmacy.example.org/watch" in letter.get_payload()
    assert f"since {LETTER['since'][:10]} {LETTER['since'][11:16]} UTC" in letter.get_payload()
    assert book.letters()[0].state == "sent"


async def test_a_letter_that_is_put_off_is_tried_again_and_one_that_is_refused_is_not(mail: tuple[Taken, int]) -> None:
    """450 is greylisting, 550 means never (RFC 5321, 4.2.1)."""
    taken, port = mail
    taken.says = ["450 later"]
    book, clock = book_with("desk"), Clock()
    async with sender_of(book, clock, **by_mail(port)) as sender:
        await sender.send_due()
        assert (book.letters()[0].state, book.letters()[0].tries) == ("waiting", 1)
        assert await sender.send_due() == 0, "not before its time"
        clock.time += timedelta(seconds=11)
        await sender.send_due()
        assert (book.letters()[0].state, len(taken.letters)) == ("sent", 1)
        book.tell(1, 2, [("desk", json.dumps(LETTER))], NOW)
        taken.says = ["550 nobody here"]
        await sender.send_due()
    assert (book.letters()[0].state, "550" in book.letters()[0].why) == ("given_up", True)


async def test_a_mail_server_that_is_not_there_is_tried_for_hours_then_given_up() -> None:
    """And somebody reads of it on the page."""
    book, clock = book_with("desk"), Clock()
    async with sender_of(book, clock, **by_mail(free_port())) as sender:
        for _ in range(MOST_TRIES):
            assert await sender.send_due() == 1
            clock.time += timedelta(hours=1)
    assert (book.letters()[0].state, book.letters()[0].tries) == ("given_up", MOST_TRIES)


class Hook:
    """A web server that takes signed calls."""

    def __init__(self, secret: str) -> None:
        self.app, self.calls, self.statuses = FastAPI(), list[dict[str, Any]](), list[int]()

        @self.app.post("/hook")
        async def hook(request: Request) -> Response:
            body = await request.body()
            said = f"{request.headers['x-pharmacy-time']}.{request.headers['x-pharmacy-letter']}.".encode() + body
            expected = "v1=" + hmac.new(secret.encode(), said, hashlib.sha256).hexdigest()
            if not hmac.compare_digest(expected, request.headers["x-pharmacy-signature"]):
                return Response(status_code=401)
            if self.statuses:
                return Response(status_code=self.statuses.pop(0))
            self.calls.append(json.loads(body) | {"letter": request.headers["x-pharmacy-letter"]})
            return Response(status_code=204)


async def test_a_webhook_is_signed_and_tried_again_under_the_same_number(tmp_path: Path) -> None:
    """The receiver knows whose call it is, and that a second one is the same letter."""
    secret = tmp_path / "secret"
    secret.write_text("s3cret\n")
    hook, clock, book = Hook("s3cret"), Clock(), book_with("hook")
    hook.statuses = [503, 429]
    async with served(hook.app) as address:
        channel = {"id": "hook", "kind": "webhook", "to": f"{address}/hook", "secret_file": str(secret)}
        async with sender_of(book, clock, channel=[channel]) as sender:
            for _ in range(3):
                await sender.send_due()
                clock.time += timedelta(minutes=1)
    assert [(call["sentence"], call["letter"]) for call in hook.calls] == [("Ward 1 has not been heard", "1")]
    assert (book.letters()[0].state, book.letters()[0].tries) == ("sent", 3)


async def test_a_webhook_that_refuses_the_signature_is_given_up(tmp_path: Path) -> None:
    """A wrong secret does not become right by waiting."""
    secret = tmp_path / "secret"
    secret.write_text("another")
    hook, book = Hook("s3cret"), book_with("hook")
    async with served(hook.app) as address:
        channel = {"id": "hook", "kind": "webhook", "to": f"{address}/hook", "secret_file": str(secret)}
        async with sender_of(book, Clock(), channel=[channel]) as sender:
            await sender.send_due()
    assert (book.letters()[0].state, book.letters()[0].why, hook.calls) == ("given_up", "answered 401", [])


async def test_a_channel_that_is_no_more_takes_no_letter() -> None:
    """The file changed while a letter waited."""
    book = book_with("gone")
    async with sender_of(book, Clock()) as sender:
        await asyncio.wait_for(sender.send_due(), 5)
    assert book.letters()[0].state == "given_up"

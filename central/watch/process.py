"""Watching in a live pharmacy server: looks when something changed and now and then, and sends what waits.

Alone knows: when it looks, where the ways out of a server's file lead, and what of it is a job of its own.
Must not know: conditions, rules, how a letter travels.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx

from central.database.place import Database
from central.feed import PHARMACY, Feed
from central.patience import at_work
from central.watch import mail, webhook
from central.watch.book import AlertBook
from central.watch.channel import Way
from central.watch.look import Lookout
from central.watch.sender import Sender
from central.watch.watcher import Watcher
from config.watch import Channel, Watch

CALM_S = 2.0
"""A look comes so long after a change: a storm of facts makes few, and what is followed from facts is there by then."""
ALL_S = 3600.0
"""Every cabinet's use is summed anew this often, changed or not: takings grow old."""


@contextlib.asynccontextmanager
async def watching(database: Database, settings: Watch, feed: Feed, now: Callable[[], datetime]) -> AsyncIterator[Watcher]:
    """At work until left."""
    book = AlertBook(database)
    watcher = Watcher(Lookout(database), book, settings)
    async with httpx.AsyncClient() as client:
        sender = Sender(book, ways(settings, client, now), now)
        async with at_work("watch", lambda: _look(watcher, feed, now), lambda: _send(sender)):
            yield watcher


def ways(settings: Watch, client: httpx.AsyncClient, now: Callable[[], datetime]) -> dict[str, Way]:
    """The way of each channel."""
    return {channel.id: _way(channel, settings, client, now) for channel in settings.channels}


def _way(channel: Channel, settings: Watch, client: httpx.AsyncClient, now: Callable[[], datetime]) -> Way:
    if channel.kind == "webhook":
        secret = Path(channel.secret_file).read_text().strip() if channel.secret_file else ""

        async def call(number: int, letter: dict[str, Any]) -> None:
            await webhook.post(client, channel.to, secret, number, letter, now())

        return call
    server = settings.mail
    assert server is not None, "a mail channel has a server (config/watch.py)"

    async def write(number: int, letter: dict[str, Any]) -> None:
        subject = f"{'NOW: ' if letter['severity'] == 'now' else ''}{letter['sentence']}"
        since = letter["since"][:16].replace("T", " ")
        about = f"since {since} UTC\nrule {letter['rule']}, step {letter['step']}, letter {number}\n{letter['address']}\n"
        text = f"{letter['sentence']}\n\n{about}"
        await asyncio.to_thread(mail.send, server, channel.to, " ".join(subject.split())[:200], text)

    return write


async def _look(watcher: Watcher, feed: Feed, now: Callable[[], datetime]) -> None:
    loop = asyncio.get_running_loop()
    all_at_s = -ALL_S
    with ThreadPoolExecutor(max_workers=1, thread_name_prefix="pharmacy-watch") as thread:
        async for changes in feed.follow(watcher.settings.look_s):
            changed: set[str] | None = {cabinet for cabinet, what in changes.items() if "facts" in what}
            if loop.time() > all_at_s + ALL_S:
                all_at_s, changed = loop.time(), None
            if not changes or set(changes) - {PHARMACY}:
                await asyncio.sleep(CALM_S)
                await _look_once(watcher, feed, now, changed, thread)


async def _look_once(
    watcher: Watcher, feed: Feed, now: Callable[[], datetime], changed: set[str] | None, thread: ThreadPoolExecutor
) -> None:  # fmt: skip
    if await asyncio.get_running_loop().run_in_executor(thread, watcher.look, now(), changed):
        feed.tell({PHARMACY: {"watch"}})


async def _send(sender: Sender) -> None:
    while True:
        await sender.send_due()
        await asyncio.sleep(CALM_S)

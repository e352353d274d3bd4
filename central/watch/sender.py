"""Sends the letters that wait, and tries again later and later until the other end takes them.

Alone knows: when a letter is tried again, and when it is given up. Must not know: mail, HTTP, why something is told.

A letter is written down before it is sent, so that a restart loses none; it may be sent twice, under the same number.
"""

import json
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

import structlog

from cabinet.domain.vocabulary import utc_text
from central.watch.book import AlertBook, Letter
from central.watch.channel import NotTaken, Way

FIRST_S, LONGEST_S = 10.0, 3600.0
MOST_TRIES = 12
"""Tries over about four hours; then somebody reads of it on the page."""

log = structlog.get_logger()


def wait_s(tries: int) -> float:
    """How long after so many tries the next one comes: twice as long each time."""
    return float(min(LONGEST_S, FIRST_S * 2**tries))


class Sender:
    """One pharmacy's; `ways` by channel."""

    def __init__(self, book: AlertBook, ways: Mapping[str, Way], now: Callable[[], datetime]) -> None:
        self._book, self._ways, self._now = book, ways, now

    async def send_due(self) -> int:
        """Send what is due; how many letters were seen to."""
        due = self._book.due(utc_text(self._now()))
        for letter in due:
            await self._send(letter)
        return len(due)

    async def _send(self, letter: Letter) -> None:
        way = self._ways.get(letter.channel)
        at = utc_text(self._now())
        if way is None:
            self._book.settle(letter, state="given_up", why="the channel is no more", at=at)
            return
        try:
            await way(letter.number, json.loads(letter.body))
        except NotTaken as why:
            is_over = why.is_final or letter.tries + 1 >= MOST_TRIES
            log.warning("letter not taken", letter=letter.number, channel=letter.channel, why=str(why), given_up=is_over)
            later = utc_text(self._now() + timedelta(seconds=wait_s(letter.tries)))
            self._book.settle(letter, state="given_up" if is_over else "waiting", why=str(why), next_at=later, at=at if is_over else "")
        else:
            self._book.settle(letter, state="sent", at=at)

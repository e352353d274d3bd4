"""The calling end: the oldest message of a queue goes out, its answer is awaited, and only then the next one. Until stopped.

Alone knows: connecting, waiting, trying again, and which answers end a message. Must not know: what a message says, how a queue is kept.

Answered AA or CA it is sent. AE and CE mean that sending it again is of no use: it is put aside for a person, and the next one goes. AR
and CR may be a peer that cannot take anything now: it is tried again a few times. No answer: it is sent again, with the same control id.
"""

import asyncio
import contextlib
import ssl
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime

from cabinet.domain.vocabulary import utc_text
from central.hl7.framing import Framer, Piece, framed
from central.hl7.grammar import NotHl7, parse
from central.hl7.port import Outbox, Outgoing

READ_BYTES = 65_536
LONGEST_ANSWER = 65_536
MOST_REJECTS = 3
SENT, REFUSED = frozenset({"AA", "CA"}), frozenset({"AE", "CE"})

Do = Callable[[Callable[[], object]], Awaitable[object]]
"""Has something done where queues are written."""


@dataclass(frozen=True, slots=True)
class Calling:
    """Where a peer listens, how long its answer may take, and how long to wait after a failure (doubled each time, up to the longest)."""

    link: str
    host: str
    port: int
    answer_s: float = 30
    first_wait_s: float = 1
    longest_wait_s: float = 60


class Failed(Exception):
    """The message was not answered: it waits."""


class Sender:
    """One link's queue on its way. `wake` says that something was queued."""

    def __init__(self, calling: Calling, outbox: Outbox, do: Do, now: Callable[[], datetime], tls: ssl.SSLContext | None = None) -> None:
        self.is_up = False
        self.fault = ""
        self._calling = calling
        self._outbox = outbox
        self._do = do
        self._now = now
        self._tls = tls
        self._news = asyncio.Event()
        self._is_idle = asyncio.Event()
        self._wires: tuple[asyncio.StreamReader, asyncio.StreamWriter, Framer] | None = None

    def wake(self) -> None:
        """Something may be waiting."""
        self._is_idle.clear()
        self._news.set()

    async def idle(self) -> None:
        """Wait until nothing waits."""
        await self._is_idle.wait()

    async def run(self) -> None:
        """Send until cancelled."""
        wait_s = self._calling.first_wait_s
        try:
            while True:
                self._news.clear()
                message = await self._first()
                if message is None:
                    if not self._news.is_set():
                        self._is_idle.set()
                    await self._news.wait()
                    continue
                try:
                    await self._settle(message, *await self._exchange(message))
                    wait_s = self._calling.first_wait_s
                except (OSError, Failed, TimeoutError) as problem:
                    await self._lose(message, problem)
                    await asyncio.sleep(wait_s)
                    wait_s = min(2 * wait_s, self._calling.longest_wait_s)
        finally:
            self._hang_up()

    async def _first(self) -> Outgoing | None:
        found: list[Outgoing | None] = []
        await self._do(lambda: found.append(self._outbox.first(self._calling.link)))
        return found[0]

    async def _exchange(self, message: Outgoing) -> tuple[str, bytes]:
        """Send one message; gives the code of its answer, and the answer. Raises OSError, TimeoutError or Failed."""
        calling = self._calling
        async with asyncio.timeout(calling.answer_s):
            if self._wires is None:
                reader, writer = await asyncio.open_connection(calling.host, calling.port, ssl=self._tls)
                self._wires = (reader, writer, Framer(LONGEST_ANSWER))
                self.is_up, self.fault = True, ""
            reader, writer, framer = self._wires
            writer.write(framed(message.content))
            await writer.drain()
            while data := await reader.read(READ_BYTES):
                for cut in framer.feed(data):
                    code = _code(cut.content, message.control) if cut.piece is Piece.BLOCK else ""
                    if code:
                        return code, cut.content
        raise Failed("the peer hung up without an answer")

    async def _settle(self, message: Outgoing, code: str, answer: bytes) -> None:
        calling, at = self._calling, utc_text(self._now())
        if code in SENT or code in REFUSED or message.tries + 1 >= MOST_REJECTS:
            state = "sent" if code in SENT else "refused"
            await self._do(lambda: self._outbox.settle(calling.link, message.number, state, answer, at))
            return
        raise Failed(f"the peer answered {code}")

    async def _lose(self, message: Outgoing, problem: BaseException) -> None:
        self._hang_up()
        self.fault = str(problem) or type(problem).__name__
        if isinstance(problem, Failed) and "answered" in self.fault:
            await self._do(lambda: self._outbox.tried(self._calling.link, message.number))

    def _hang_up(self) -> None:
        if self._wires is not None:
            with contextlib.suppress(OSError, RuntimeError):
                self._wires[1].close()
        self._wires, self.is_up = None, False


def _code(content: bytes, control: str) -> str:
    """MSA-1 of an answer to this message; empty where it is none."""
    try:
        said = parse(content).first("MSA")
    except NotHl7:
        return ""
    return "" if said is None or said.text(2) != control else said.text(1).upper()

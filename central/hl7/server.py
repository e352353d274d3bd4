"""The listening end: connections in, pieces to the desk, answers back, in the order of each connection.

Alone knows: sockets, who may connect, how long half a message may take, and when a connection is worth no more patience.
Must not know: what a message says, or what is kept.

Whatever a connection sends, the others do not notice: each holds at most one longest message, and is read no faster than it is kept.
"""

import asyncio
import contextlib
import ssl
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from ipaddress import IPv4Network, IPv6Network, ip_address

from central.hl7.framing import Cut, Framer, Piece, framed

READ_BYTES = 65_536
MOST_JUNK = 10
"""So many pieces of a connection that are no messages, and it is closed."""

Take = Callable[[str, Cut], Awaitable[tuple[bytes, ...]]]
"""Has a piece of a link taken, where that is done; gives the answers. Raises KeptNothing where it could not be kept."""


class KeptNothing(Exception):
    """A piece could not be kept: its connection ends without an answer, so that its sender sends it again."""


@dataclass(frozen=True, slots=True)
class Listening:
    """How a link listens. `peers`: networks that may connect; none named: anybody whom the socket lets in."""

    link: str
    host: str
    port: int
    limit: int = 4_194_304
    half_s: float = 30
    """How long half a message may wait for its other half."""
    most_connections: int = 64
    peers: tuple[IPv4Network | IPv6Network, ...] = ()


@dataclass(slots=True)
class Figures:
    """What happened since the start."""

    connections: int = 0
    refused: int = 0
    pieces: dict[Piece, int] = field(default_factory=lambda: dict.fromkeys(Piece, 0))


class Server:
    """One listening link."""

    def __init__(self, listening: Listening, take: Take, tls: ssl.SSLContext | None = None) -> None:
        self.figures = Figures()
        self._listening = listening
        self._take = take
        self._tls = tls
        self._server: asyncio.Server | None = None
        self._open: set[asyncio.StreamWriter] = set()
        self._is_idle = asyncio.Event()
        self._is_idle.set()

    @property
    def port(self) -> int:
        """The port that it really listens on."""
        assert self._server is not None, "start first"
        return int(self._server.sockets[0].getsockname()[1])

    @property
    def connected(self) -> int:
        """How many are connected now."""
        return len(self._open)

    async def start(self) -> None:
        """Listen. Raises OSError where the port is taken."""
        self._server = await asyncio.start_server(self._serve, self._listening.host, self._listening.port, ssl=self._tls)

    async def stop(self) -> None:
        """Hear nobody any more; what is being kept is kept."""
        if self._server is None:
            return
        self._server.close()
        for writer in list(self._open):
            writer.close()
        await self._server.wait_closed()

    async def idle(self) -> None:
        """Wait until nobody is connected."""
        await self._is_idle.wait()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if len(self._open) >= self._listening.most_connections or not self._may(writer):
            self.figures.refused += 1
            writer.close()
            return
        self.figures.connections += 1
        self._open.add(writer)
        self._is_idle.clear()
        try:
            with contextlib.suppress(ConnectionError, KeptNothing, TimeoutError):
                await self._hear(reader, writer)
        finally:
            self._open.discard(writer)
            writer.close()
            with contextlib.suppress(ConnectionError, ssl.SSLError):
                await writer.wait_closed()
            if not self._open:
                self._is_idle.set()

    async def _hear(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Until the other side is gone, or sends no messages; what is left then is kept too."""
        framer, junk = Framer(self._listening.limit), 0
        try:
            while junk < MOST_JUNK:
                async with asyncio.timeout(self._listening.half_s if framer.is_waiting else None):
                    data = await reader.read(READ_BYTES)
                if not data:
                    break
                for cut in framer.feed(data):
                    junk += cut.piece is not Piece.BLOCK
                    await self._answer(cut, writer)
        finally:
            for cut in framer.end():
                self.figures.pieces[cut.piece] += 1
                await self._take(self._listening.link, cut)

    async def _answer(self, cut: Cut, writer: asyncio.StreamWriter) -> None:
        self.figures.pieces[cut.piece] += 1
        for answer in await self._take(self._listening.link, cut):
            writer.write(framed(answer))
        await writer.drain()

    def _may(self, writer: asyncio.StreamWriter) -> bool:
        if not self._listening.peers:
            return True
        peer = ip_address(writer.get_extra_info("peername")[0])
        return any(peer in network for network in self._listening.peers)

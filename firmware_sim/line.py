"""Ends of lines that other processes can open: a pseudo-terminal for a serial bus, a listening port for a network bus.

Alone knows: pseudo-terminals, links to them, and listening sockets.
Must not know: what is said on a line.

A pseudo-terminal carries bytes at once and whole; the pace comes from the conversation.
"""

import asyncio
import os
import tty
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from firmware_sim.conversation import Conversation, Ear, Tally, converse
from firmware_sim.fault import Faults
from firmware_sim.pace import Pace
from firmware_sim.segment import Segment

CHUNK = 4096


class Plug:
    """What every end needs: the line's boards, framing and pace, the plant's clock, and what is broken."""

    def __init__(  # what a line is made of
        self, segment: Segment, framing: str, pace: Pace, clock: Callable[[], float], faults: Faults, speed: float = 1.0
    ) -> None:
        self.bus = segment.bus
        self.faults = faults
        self.tally = Tally()
        self._segment = segment
        self._framing = framing
        self._pace = pace
        self._clock = clock
        self._speed = speed

    @property
    def is_unplugged(self) -> bool:
        """Whether someone pulled the cable out."""
        return self.faults.holds("line_unplugged", self.bus)

    @property
    def is_renamed(self) -> bool:
        """Whether the adapter goes by another name than before."""
        return self.faults.holds("adapter_renamed", self.bus)

    def talk(self, speak: Callable[[bytes], None], hang_up: Callable[[], None] = lambda: None) -> Conversation:
        """A conversation for one connection."""
        return converse(self._segment, self._framing, Ear(speak, self._pace, self._clock, self.tally, hang_up, self._speed))


class PtyEnd:
    """A pseudo-terminal, linked at `link`; while unplugged it hangs up and the link is gone, afterwards it is a new one."""

    def __init__(self, plug: Plug, link: Path) -> None:
        self.plug = plug
        self.link = link
        self.path = ""
        self._is_renamed = False
        self._fds: tuple[int, int] | None = None
        self._talk: Conversation | None = None

    async def open(self) -> None:
        """Make it and link it."""
        self._make()
        self.plug.faults.listen(self._check)

    def close(self) -> None:
        """Hang up and take the link away."""
        if self._fds is None:
            return
        master, slave = self._fds
        asyncio.get_running_loop().remove_reader(master)
        self._fds = None
        if self._talk is not None:
            self._talk.close()
        self.link.unlink(missing_ok=True)
        os.close(master)
        os.close(slave)

    def _make(self) -> None:
        master, slave = os.openpty()
        tty.setraw(slave)
        os.set_blocking(master, False)
        self._fds = master, slave
        self.path = os.ttyname(slave)
        self.link.parent.mkdir(parents=True, exist_ok=True)
        draft = self.link.with_name(f".{self.link.name}")
        draft.unlink(missing_ok=True)
        draft.symlink_to(self.path)
        draft.replace(self.link)
        self._talk = self.plug.talk(self._speak)
        asyncio.get_running_loop().add_reader(master, self._read)

    def _read(self) -> None:
        assert self._fds is not None
        assert self._talk is not None
        with suppress(BlockingIOError):
            self._talk.receive(os.read(self._fds[0], CHUNK))

    def _speak(self, data: bytes) -> None:
        if self._fds is not None:
            with suppress(BlockingIOError):  # nobody reads and the terminal is full: the bytes are lost, as on a wire
                os.write(self._fds[0], data)

    def _check(self) -> None:
        was_renamed, self._is_renamed = self._is_renamed, self.plug.is_renamed
        if self.plug.is_unplugged:
            self.close()
        elif self._is_renamed and not was_renamed:
            self.close()
            self._make()
        elif self._fds is None:
            self._make()
        elif self._talk is not None:
            self._talk.wake()


class _Peer(asyncio.Protocol):
    """One connection to a TcpEnd."""

    def __init__(self, plug: Plug, peers: "set[_Peer]") -> None:
        self._plug = plug
        self._peers = peers
        self._transport: asyncio.Transport | None = None
        self._talk: Conversation | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        if self._plug.is_unplugged:
            transport.abort()
            return
        self._talk = self._plug.talk(transport.write, transport.close)
        self._peers.add(self)

    def data_received(self, data: bytes) -> None:
        if self._talk is not None:
            self._talk.receive(data)

    def connection_lost(self, _exc: Exception | None) -> None:
        self._peers.discard(self)
        if self._talk is not None:
            self._talk.close()
            self._talk = None

    def abort(self) -> None:
        if self._transport is not None:
            self._transport.abort()


class TcpEnd:
    """A listening port (0: any free one); each connection is a conversation of its own with the same boards."""

    def __init__(self, plug: Plug, host: str, port: int) -> None:
        self.plug = plug
        self.host = host
        self.port = port
        self._server: asyncio.Server | None = None
        self._peers: set[_Peer] = set()

    async def open(self) -> None:
        """Listen. Raises OSError when the port is taken."""
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(lambda: _Peer(self.plug, self._peers), self.host, self.port)
        self.port = self._server.sockets[0].getsockname()[1]
        self.plug.faults.listen(self._check)

    def close(self) -> None:
        """Stop listening and drop every connection."""
        if self._server is not None:
            self._server.close()
            self._server = None
        self._drop()

    def _check(self) -> None:
        if self.plug.is_unplugged:
            self._drop()

    def _drop(self) -> None:
        for peer in list(self._peers):
            peer.abort()

"""Cables: what carries bytes to and from the boards.

Alone knows: pyserial, file descriptors and sockets.
Must not know: what the bytes mean, who waits for them, or when to try again.

Not yet run on a real RS-485 adapter; a pseudo-terminal behaves the same towards this file.
"""

import asyncio
import errno
import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Protocol

import serial

from cabinet.ports import LineLost
from drivers.holder import holder_of

OnBytes = Callable[[bytes], None]
OnLost = Callable[[str], None]
_CHUNK = 4096
_HELD = frozenset((errno.EAGAIN, errno.EBUSY))
_PARITY = {"none": serial.PARITY_NONE, "even": serial.PARITY_EVEN, "odd": serial.PARITY_ODD}


class Line(Protocol):
    """One cable. Both callbacks are called on the event loop; `on_lost` once for each time that the line was open."""

    def attach(self, on_bytes: OnBytes, on_lost: OnLost) -> None:
        """Name who hears what comes in, and who is told why the line is gone. Before `open`."""
        ...

    async def open(self) -> None:
        """Open, or open again after a loss. Raises LineLost when the other end is not there."""
        ...

    def write(self, data: bytes) -> None:
        """Hand over a whole frame; never waits. A line that cannot take it is lost."""
        ...

    def close(self) -> None:
        """Let go; harmless when not open, and not told to `on_lost`."""
        ...


def _unheard(_: object) -> None:
    """Stand in until someone attaches."""


@dataclass(frozen=True, slots=True)
class Port:
    """How a serial port is set: `path`, `baud`, `parity` (none, even, odd) and stop bits (1 or 2); always 8 data bits."""

    path: str
    baud: int = 19200
    parity: str = "none"
    stop_bits: int = 1


class SerialLine:
    """A serial port or pseudo-terminal, opened for ourselves alone, so that no second program garbles the bus."""

    def __init__(self, port: Port) -> None:
        self._port = port
        self._serial: serial.Serial | None = None
        self._on_bytes: OnBytes = _unheard
        self._on_lost: OnLost = _unheard

    def attach(self, on_bytes: OnBytes, on_lost: OnLost) -> None:
        """See Line."""
        self._on_bytes, self._on_lost = on_bytes, on_lost

    async def open(self) -> None:
        """See Line; a port that another program holds is not there either."""
        self.close()
        port = self._port
        try:
            opened = serial.Serial(
                port.path, port.baud, parity=_PARITY[port.parity], stopbits=port.stop_bits, timeout=0, write_timeout=0, exclusive=True
            )
        except OSError as error:  # pyserial's own SerialException is one
            detail = str(error)
            if error.errno in _HELD:
                detail = f"in use by {await asyncio.to_thread(holder_of, port.path)}: two programs on one line would garble each other"
            raise LineLost(port.path, detail) from error
        with suppress(ValueError, OSError, NotImplementedError):  # a pty has no latency timer; an FTDI adapter's costs up to 16 ms a reply
            opened.set_low_latency_mode(True)
        opened.reset_input_buffer()
        self._serial = opened
        asyncio.get_running_loop().add_reader(opened.fileno(), self._read)

    def write(self, data: bytes) -> None:
        """See Line."""
        if self._serial is None:
            return
        try:
            taken = os.write(self._serial.fileno(), data)
        except OSError as error:
            self._lose(str(error))
            return
        if taken < len(data):
            self._lose(f"the port took {taken} of {len(data)} bytes")

    def close(self) -> None:
        """See Line."""
        if self._serial is not None:
            asyncio.get_running_loop().remove_reader(self._serial.fileno())
            self._serial.close()
            self._serial = None

    def _read(self) -> None:
        assert self._serial is not None
        try:
            data = os.read(self._serial.fileno(), _CHUNK)
        except BlockingIOError:
            return
        except OSError as error:
            self._lose(str(error))
            return
        if data:
            self._on_bytes(data)
        else:
            self._lose("hung up")

    def _lose(self, why: str) -> None:
        self.close()
        asyncio.get_running_loop().call_soon(self._on_lost, why)


class _Peer(asyncio.Protocol):
    """asyncio's view of one connection of a TcpLine."""

    def __init__(self, on_bytes: OnBytes, on_lost: OnLost) -> None:
        self.data_received = on_bytes  # type: ignore[method-assign, assignment]  # straight through: one call less for each exchange
        self._on_lost = on_lost
        self.is_ours = True

    def connection_lost(self, exc: Exception | None) -> None:
        if self.is_ours:
            self.is_ours = False
            self._on_lost(str(exc) if exc else "the other end closed the connection")


class TcpLine:
    """A connection to a Modbus TCP board or a serial gateway."""

    def __init__(self, host: str, port: int, connect_timeout_s: float = 3.0) -> None:
        self._host, self._tcp_port, self._connect_timeout_s = host, port, connect_timeout_s
        self._on_bytes: OnBytes = _unheard
        self._on_lost: OnLost = _unheard
        self._peer: _Peer | None = None
        self._transport: asyncio.Transport | None = None

    def attach(self, on_bytes: OnBytes, on_lost: OnLost) -> None:
        """See Line."""
        self._on_bytes, self._on_lost = on_bytes, on_lost

    async def open(self) -> None:
        """See Line. TCP_NODELAY is asyncio's default."""
        self.close()
        try:
            async with asyncio.timeout(self._connect_timeout_s):
                self._transport, self._peer = await asyncio.get_running_loop().create_connection(
                    lambda: _Peer(self._on_bytes, self._on_lost), self._host, self._tcp_port
                )
        except OSError as error:  # TimeoutError is one
            raise LineLost(f"{self._host}:{self._tcp_port}", str(error) or "no connection in time") from error

    def write(self, data: bytes) -> None:
        """See Line."""
        if self._transport is not None:
            self._transport.write(data)

    def close(self) -> None:
        """See Line."""
        if self._peer is not None and self._transport is not None:
            self._peer.is_ours = False
            self._transport.abort()
            self._peer = self._transport = None

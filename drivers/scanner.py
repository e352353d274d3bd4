"""A bar code scanner on a serial line of its own: it is only listened to.

Alone knows: where one scan ends, which is too long or cut short, and that the same code within a second is the same scan.
Must not know: what a code says.

A scan ends with CR, LF or both, followed by 50 ms of silence, so that one which comes in two reads is still one. Not yet run with a real
scanner. Source: docs/wire/scanner.md.
"""

import asyncio
import re
from typing import NoReturn, Protocol

from cabinet.domain.vocabulary import BoardId
from cabinet.ports import DeviceFault, GarbledScan, Identity, LineLost
from drivers.line import Line
from drivers.reopening import keep_open

GAP_S = 0.05
CUT_SHORT_S = 0.5
"""So long after the last byte nothing more belongs to a scan whose end never came."""
SAME_WITHIN_S = 1.0
LONGEST = 512

_END = re.compile(rb"[\r\n]+")


class CodeListener(Protocol):
    """Who hears of codes and scanners. Called on the event loop."""

    def code_scanned(self, scanner: BoardId, text: str) -> None:
        """A whole scan, AIM prefix and all, without its end."""
        ...

    def scan_failed(self, scanner: BoardId, fault: DeviceFault) -> None:
        """Something came that is no scan."""
        ...

    def scanner_lost(self, scanner: BoardId, fault: DeviceFault) -> None:
        """Its line is gone. Said once for each loss."""
        ...

    def scanner_back(self, scanner: BoardId) -> None:
        """A lost line is open again."""
        ...


class SerialScanner:
    """One scanner."""

    def __init__(self, scanner: BoardId, line: Line, listener: CodeListener) -> None:
        self._id, self._line, self._listener = scanner, line, listener
        self._gone = asyncio.Event()
        self._heard = bytearray()
        self._is_babble = False
        self._is_lost = False
        self._quiet: asyncio.TimerHandle | None = None
        self._last = (b"", float("-inf"))
        line.attach(self._on_bytes, self._on_lost)

    async def run(self) -> NoReturn:
        """Keep the line open and listen, until cancelled."""
        try:
            await keep_open(self._line, self._gone, self._opened, self._missing)
        finally:
            self._forget()

    def identify(self) -> Identity:
        """What is known of it, which is nothing: it cannot be asked. Raises LineLost while its line is gone."""
        if self._is_lost:
            raise LineLost(self._id, "its line is gone")
        return Identity("", "serial scanner", detail="listens only; scan a package to try it")

    def _opened(self) -> None:
        if self._is_lost:
            self._is_lost = False
            self._listener.scanner_back(self._id)

    def _missing(self, why: str) -> None:
        if not self._is_lost:
            self._is_lost = True
            self._listener.scanner_lost(self._id, LineLost(self._id, why))

    def _on_lost(self, why: str) -> None:
        self._forget()
        self._missing(why)
        self._gone.set()

    def _forget(self) -> None:
        self._heard.clear()
        self._is_babble = False
        if self._quiet is not None:
            self._quiet.cancel()

    def _on_bytes(self, data: bytes) -> None:
        self._heard += data
        if len(self._heard) > LONGEST:
            del self._heard[:-1]
            self._is_babble = True
        self._wait(GAP_S if _END.search(self._heard) else CUT_SHORT_S)

    def _wait(self, seconds: float) -> None:
        if self._quiet is not None:
            self._quiet.cancel()
        self._quiet = asyncio.get_running_loop().call_later(seconds, self._settle)

    def _settle(self) -> None:
        """The line has fallen silent: what is whole is said, what is not is a fault."""
        *whole, rest = _END.split(bytes(self._heard))
        is_babble = self._is_babble
        self._forget()
        if is_babble:
            self._listener.scan_failed(self._id, GarbledScan(self._id, f"more than {LONGEST} bytes"))
            return
        for scan in filter(None, whole):
            self._say(scan)
        if rest:
            self._listener.scan_failed(self._id, GarbledScan(self._id, f"{len(rest)} bytes without the end of a scan"))

    def _say(self, scan: bytes) -> None:
        now = asyncio.get_running_loop().time()
        before, at = self._last
        self._last = scan, now
        if scan != before or now - at > SAME_WITHIN_S:
            self._listener.code_scanned(self._id, scan.decode("latin-1"))

"""Badge readers and bar code scanners: the lines that are only listened to, and who hears what comes from them.

Alone knows: which boards of a site are readers and scanners, where their keys are kept, and which of them stand at the kiosk.
Must not know: whose badge it is, what a code says, or what a screen shows.

A badge number goes to the kiosk's own process and nowhere else: it is no event, no fact, and in no log. Without a folder of keys, as in
virtual time, no reader is begun: libosdp keeps time by its own clock.
"""

import asyncio
import secrets
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import structlog

from cabinet.controller import Controller
from cabinet.domain.events import PackageShown
from cabinet.domain.package import barcode
from cabinet.domain.package import check as package
from cabinet.domain.refusal import Refusal
from cabinet.domain.vocabulary import BoardId
from cabinet.ports import Device, DeviceFault, Identity, InputWatcher, NoReply, ReaderKeyRefused
from config.models import MODELS
from config.schema import Board, Bus, Site
from drivers.badge_reader import BadgeReaders, ReaderFitting
from drivers.line import Line
from drivers.scanner import SerialScanner

LISTENED = frozenset({"osdp", "scanner"})
"""Framings of lines that no owner asks questions on."""

KEY_BYTES = 16
PREPARE_AFTER_S = 5.0

log = structlog.get_logger()
Spawn = Callable[[Coroutine[Any, Any, Any]], None]


class KeyFolder:
    """The readers' keys, one file each: 32 hexadecimal digits in `<board>.scbk`, for our eyes alone."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def key(self, board: str) -> bytes:
        """The key of one reader; the first time it is drawn. Raises ReaderKeyRefused for a file that holds none or that others may read."""
        path = self._folder / f"{board}.scbk"
        try:
            if not path.exists():
                self._draw(path, board)
            if path.stat().st_mode & 0o077:
                raise ReaderKeyRefused(board, f"{path}: others may read it; set its mode to 0600")
            return bytes.fromhex(path.read_text(encoding="ascii"))
        except (OSError, ValueError) as problem:
            raise ReaderKeyRefused(board, f"no key to be had: {problem}") from problem

    def _draw(self, path: Path, board: str) -> None:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        fresh = path.with_suffix(".new")
        fresh.touch(mode=0o600)
        fresh.write_text(secrets.token_hex(KEY_BYTES) + "\n", encoding="ascii")
        fresh.replace(path)
        log.info("key drawn for a badge reader; a real one is given it in install mode", board=board)


class Readers:
    """Every reader and scanner of one cabinet. `keys` and `on_badge`, `on_code` are set before `start`."""

    def __init__(self, site: Site, line_of: Callable[[Bus], Line]) -> None:
        self.keys: KeyFolder | None = None
        self.on_badge: Callable[[BoardId, str], None] = lambda _reader, _badge: None
        self.on_code: Callable[[str | Refusal], None] = lambda _read: None
        self._site, self._line_of = site, line_of
        self._boards = {bus.id: [board for board in site.boards if board.bus == bus.id] for bus in site.buses if bus.framing in LISTENED}
        self._buses = {bus.id: bus for bus in site.buses}
        self._lines: dict[BoardId, BadgeReaders] = {}
        self._scanners: dict[BoardId, SerialScanner] = {}
        self._watcher: InputWatcher | None = None
        self._heeded: dict[BoardId, asyncio.Future[str | DeviceFault]] = {}
        """Boards of which the technician at the bench waits to hear, and nobody else meanwhile."""

    def start(self, watcher: InputWatcher, spawn: Spawn) -> None:
        """Open their lines and listen, for as long as `spawn` lets it run."""
        self._watcher = watcher
        for bus, boards in self._boards.items():
            if not boards:
                continue
            if self._buses[bus].framing == "osdp":
                self._start_readers(bus, boards, spawn)
            else:
                self._start_scanner(BoardId(boards[0].id), bus, spawn)
        if self._scanners:
            spawn(_prepare())

    def _start_readers(self, bus: str, boards: list[Board], spawn: Spawn) -> None:
        if self.keys is None:
            return
        try:
            readers = BadgeReaders(bus, self._line_of(self._buses[bus]), [self._fitting(board, self.keys) for board in boards], self)
        except DeviceFault as fault:
            for board in boards:
                self.reader_lost(BoardId(board.id), fault)
            return
        self._lines.update({BoardId(board.id): readers for board in boards})
        spawn(readers.run())

    def _fitting(self, board: Board, keys: KeyFolder) -> ReaderFitting:
        settings = MODELS[board.model].settled(board.settings)
        return ReaderFitting(
            BoardId(board.id), board.address, keys.key(board.id), installs=bool(settings["install"]), badge=str(settings["badge"])
        )  # fmt: skip

    def _start_scanner(self, board: BoardId, bus: str, spawn: Spawn) -> None:
        try:
            line = self._line_of(self._buses[bus])
        except DeviceFault as fault:
            self.scanner_lost(board, fault)
            return
        self._scanners[board] = SerialScanner(board, line, self)
        spawn(self._scanners[board].run())

    def greet(self, reader: BoardId, *, is_welcome: bool) -> None:
        """See BadgeDesk."""
        if reader in self._lines:
            self._lines[reader].greet(reader, is_welcome=is_welcome)

    @property
    def devices(self) -> dict[BoardId, Device]:
        """Every reader and scanner that is begun or ought to be, for the technician's bench."""
        due = [board for bus, boards in self._boards.items() if self.keys or self._buses[bus].framing != "osdp" for board in boards]
        return {BoardId(board.id): _Listened(BoardId(board.id), self) for board in due}

    def identify(self, board: BoardId) -> Identity:
        """Who a reader or scanner is. Raises DeviceFault."""
        if board in self._lines:
            return self._lines[board].identify(board)
        if board in self._scanners:
            return self._scanners[board].identify()
        raise NoReply(board, "not begun")

    async def hear(self, board: BoardId, wait_s: float) -> str | DeviceFault | None:
        """The next code of a scanner, or an empty text for a badge; None where nothing comes. Raises DeviceFault for a lost line."""
        self.identify(board)
        heeded: asyncio.Future[str | DeviceFault] = asyncio.get_running_loop().create_future()
        self._heeded[board] = heeded
        try:
            async with asyncio.timeout(wait_s):
                return await heeded
        except TimeoutError:
            return None
        finally:
            if self._heeded.get(board) is heeded:
                del self._heeded[board]

    def _is_heeded(self, board: BoardId, heard: str | DeviceFault) -> bool:
        """Whether the bench waits for this; then it goes there and nowhere else."""
        heeded = self._heeded.pop(board, None)
        if heeded is not None and not heeded.done():
            heeded.set_result(heard)
        return heeded is not None

    # --- what the lines tell

    def badge_shown(self, reader: BoardId, badge: str) -> None:
        """See BadgeListener."""
        if not self._is_heeded(reader, "") and self._site.kiosk.reader in {None, reader}:
            self.on_badge(reader, badge)

    def reader_lost(self, reader: BoardId, fault: DeviceFault) -> None:
        """See BadgeListener."""
        assert self._watcher is not None
        self._watcher.board_lost(reader, fault)

    def reader_back(self, reader: BoardId) -> None:
        """See BadgeListener."""
        assert self._watcher is not None
        self._watcher.board_back(reader)

    def code_scanned(self, scanner: BoardId, text: str) -> None:
        """See CodeListener."""
        if not self._is_heeded(scanner, text) and self._site.kiosk.scanner in {None, scanner}:
            self.on_code(text)

    def scan_failed(self, scanner: BoardId, fault: DeviceFault) -> None:
        """See CodeListener."""
        log.warning("scanner sent no code", board=scanner, code=fault.code, detail=fault.detail)
        if not self._is_heeded(scanner, fault) and self._site.kiosk.scanner in {None, scanner}:
            self.on_code(Refusal("scan.unreadable"))

    scanner_lost = reader_lost
    scanner_back = reader_back


class _Listened:
    """A reader or scanner as any other device: there is nothing to make safe, and it is asked nothing that it has not said by itself."""

    def __init__(self, board: BoardId, readers: Readers) -> None:
        self._board, self._readers = board, readers

    async def start(self) -> None:
        """See Device."""
        self._readers.identify(self._board)

    async def identify(self) -> Identity:
        """See Device."""
        return self._readers.identify(self._board)


async def _prepare() -> None:
    """Load what reads codes once the start is over: a tenth of a second that the first scan need not wait for."""
    await asyncio.sleep(PREPARE_AFTER_S)
    barcode.prepare()


def for_open_access(controller: Controller) -> Callable[[str | Refusal], None]:
    """What becomes of a scan from nowhere: it is meant for the one access that is open and wants one, if there is one."""

    def take(said: str | Refusal) -> None:
        core = controller.core
        whom = package.waiting(core.state, core.world)
        if whom is None:
            return
        now = controller.clock.now()
        read = barcode.read(said, now.utc.year) if isinstance(said, str) else said
        controller.post(PackageShown(now, *whom, read))

    return take

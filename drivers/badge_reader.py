"""Badge readers that speak OSDP in the secure channel: libosdp is the control panel, on our own line and our own event loop.

Alone knows: libosdp (`osdp_sys`), and which flags make it refuse a reader in plain.
Must not know: where a key is kept, whose badge it is, or what a screen shows.

libosdp is asked to move on (`refresh`) whenever bytes come in and every 50 ms besides; a call takes some ten microseconds and never
waits, so it needs no thread. It keeps time by its own clock, so it cannot be run in virtual time. On its own it tries a reader that
it gave up only after minutes; here a reader that is away is tried again every few seconds. Not yet run against a real reader.

Source: docs/wire/osdp.md; libosdp 3.2.9.
"""

import asyncio
import ctypes
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NoReturn, Protocol

from cabinet.domain.vocabulary import BoardId
from cabinet.ports import DeviceFault, Identity, LineLost, NoReply, ReaderKeyRefused, ReaderPlain, ReaderTampered
from drivers.card import badge_text
from drivers.line import Line
from drivers.reopening import keep_open

DEFAULT_KEY = bytes(range(0x30, 0x40))
"""SCBK-D. Everybody knows it: whoever holds it can read and replay every badge on the line."""

REFRESH_S = 0.05
SECURE_WITHIN_S = 2.0
TRY_AGAIN_S = (1.0, 8.0)
GREETING_TENTHS = 20

_SOM, _REPLY = 0x53, 0x80
"""How every reply of a reader begins: this, and its address with this bit."""
_NOTE_SECURE = 1
_AES = 1
_WIEGAND = 1


@dataclass(frozen=True, slots=True)
class ReaderFitting:
    """One reader on a line. `key` is its own (SCBK, 16 bytes); `installs`: a reader with the default key is given that key once."""

    id: BoardId
    address: int
    key: bytes
    installs: bool = False
    badge: str = "decimal"


class BadgeListener(Protocol):
    """Who hears of badges and readers. Called on the event loop."""

    def badge_shown(self, reader: BoardId, badge: str) -> None:
        """A badge was held to a reader, as the number on it."""
        ...

    def reader_lost(self, reader: BoardId, fault: DeviceFault) -> None:
        """No badge is taken from this reader from now on. Said once for each loss, and again when the reason becomes another."""
        ...

    def reader_back(self, reader: BoardId) -> None:
        """A lost reader is in the secure channel again."""
        ...


@dataclass(slots=True)
class _Wire:
    """What libosdp calls a channel: it reads what came in and hands over what goes out, and never waits."""

    line: Line
    id: int = 1
    heard: bytearray = field(default_factory=bytearray)

    def read(self, most: int) -> bytes:
        data = bytes(self.heard[:most])
        del self.heard[:most]
        return data

    def write(self, data: bytes) -> int:
        self.line.write(bytes(data))
        return len(data)

    def flush(self) -> None:
        self.heard.clear()


@dataclass(slots=True)
class _Place:
    """What is known of one reader now. `code` is the fault that was told, empty where it is in service, None where nothing was told yet."""

    fitting: ReaderFitting
    code: str | None = None
    is_default: bool = False
    is_tampered: bool = False
    has_power: bool = True
    away_since: float = 0.0
    next_try: float = 0.0
    pause_s: float = TRY_AGAIN_S[0]
    last_heard: float = float("-inf")


class BadgeReaders:
    """All readers of one line; one of them has a line of its own as a rule."""

    def __init__(  # what a line of readers is made of
        self, name: str, line: Line, fittings: Sequence[ReaderFitting], listener: BadgeListener, chance: Callable[[int], bytes] = os.urandom
    ) -> None:
        for fitting in fittings:
            if len(fitting.key) != len(DEFAULT_KEY) or fitting.key == DEFAULT_KEY:
                raise ReaderKeyRefused(fitting.id, "the key in its file is the default one, or not 16 bytes")
        self._name, self._line, self._listener, self._chance = name, line, listener, chance
        self._places = [_Place(fitting) for fitting in fittings]
        self._wire = _Wire(line)
        self._gone = asyncio.Event()
        self._is_open = False
        self._news: list[tuple[int, Mapping[str, Any]]] = []
        self._panel: Any = None
        self._lib: Any = None
        line.attach(self._on_bytes, self._on_lost)

    async def run(self) -> NoReturn:
        """Keep the line open and the readers polled, until cancelled."""
        try:
            async with asyncio.TaskGroup() as both:
                both.create_task(self._poll())
                await keep_open(self._line, self._gone, self._opened, self._missing)
        finally:
            self._panel = None

    async def _poll(self) -> NoReturn:
        while True:
            await asyncio.sleep(REFRESH_S)
            if self._is_open:
                self._refresh()

    def greet(self, reader: BoardId, *, is_welcome: bool) -> None:
        """Show green and beep once for a good sign-in, red and beep three times for a bad one; a reader that is away shows nothing."""
        for number, place in enumerate(self._places):
            if place.fitting.id == reader and place.code == "":
                colour = self._lib.LED_COLOR_GREEN if is_welcome else self._lib.LED_COLOR_RED
                self._panel.submit_command(number, {
                    "command": self._lib.CMD_LED, "reader": 0, "led_number": 0, "control_code": 2, "on_count": 5, "off_count": 0,
                    "on_color": colour, "off_color": 0, "timer_count": GREETING_TENTHS, "temporary": True,
                })  # fmt: skip
                self._panel.submit_command(number, {
                    "command": self._lib.CMD_BUZZER, "reader": 0, "control_code": 2, "on_count": 2, "off_count": 2,
                    "rep_count": 1 if is_welcome else 3,
                })  # fmt: skip

    def identify(self, reader: BoardId) -> Identity:
        """Who a reader said it is. Raises DeviceFault where none has answered."""
        number = next(number for number, place in enumerate(self._places) if place.fitting.id == reader)
        if self._panel is None or self._places[number].code != "":
            raise NoReply(reader, "not in the secure channel now")
        told = self._panel.get_pd_id(number)
        maker, serial, firmware = told["vendor_code"], told["serial_number"] & 0xFFFFFFFF, told["firmware_version"]
        detail = "OSDP, secure channel" + ("" if self._places[number].has_power else "; its supply is failing")
        version = ".".join(str(firmware >> shift & 0xFF) for shift in (16, 8, 0))
        return Identity(f"OUI {maker:06X}", f"{told['model']}.{told['version']}", version, f"{serial:08X}", detail)

    def _seed(self) -> None:
        """Give libosdp chance: it draws its challenges from the C library's generator and never seeds it.

        Without this the first challenge is the same in every process, and a recorded reader could be played back to it.
        """
        ctypes.CDLL(None).srand(int.from_bytes(self._chance(4), "big"))

    def _begin(self) -> None:
        import osdp_sys  # noqa: PLC0415 - a cabinet without a reader does not load it

        self._lib = osdp_sys
        osdp_sys.set_loglevel(osdp_sys.LOG_EMERG)
        self._panel = osdp_sys.ControlPanel([self._described(place.fitting) for place in self._places])
        self._panel.set_event_callback(self._note)

    def _described(self, fitting: ReaderFitting) -> dict[str, Any]:
        guard = self._lib.FLAG_INSTALL_MODE if fitting.installs else self._lib.FLAG_ENFORCE_SECURE
        return {
            "name": str(fitting.id), "address": fitting.address, "flags": guard | self._lib.FLAG_ENABLE_NOTIFICATION,
            "scbk": fitting.key, "channel": self._wire, "version": 0, "model": 0, "vendor_code": 0, "serial_number": 0,
            "firmware_version": 0,
        }  # fmt: skip

    def _note(self, number: int, event: Mapping[str, Any]) -> int:
        """libosdp calls this inside `refresh`; what it says is looked at afterwards, in Python's own frame."""
        self._news.append((number, event))
        return 0

    def _opened(self) -> None:
        if self._panel is None:
            self._begin()
        now = asyncio.get_running_loop().time()
        for number, place in enumerate(self._places):
            place.away_since, place.next_try, place.pause_s = now, now + SECURE_WITHIN_S, TRY_AGAIN_S[0]
            self._panel.enable_pd(number)
        self._seed()
        self._is_open = True
        self._refresh()

    def _missing(self, why: str) -> None:
        for place in self._places:
            self._lose(place, LineLost(self._name, why))

    def _on_lost(self, why: str) -> None:
        self._is_open = False
        for number in range(len(self._places)):
            self._panel.disable_pd(number)
        self._missing(why)
        self._gone.set()

    def _on_bytes(self, data: bytes) -> None:
        self._wire.heard += data
        now = asyncio.get_running_loop().time()
        for place in self._places:
            if bytes((_SOM, place.fitting.address | _REPLY)) in data:
                place.last_heard = now
        self._refresh()

    def _refresh(self) -> None:
        self._panel.refresh()
        secure = self._panel.status() & self._panel.sc_status()
        news, self._news = self._news, []
        for number, event in news:
            if event["event"] == self._lib.EVENT_NOTIFICATION and event["type"] == _NOTE_SECURE:
                self._places[number].is_default = bool(event["arg1"])
        now = asyncio.get_running_loop().time()
        for number, place in enumerate(self._places):
            self._judge(number, place, now, is_secure=bool(secure >> number & 1) and not place.is_default)
        for number, event in news:
            self._hear(self._places[number], event)

    def _judge(self, number: int, place: _Place, now: float, *, is_secure: bool) -> None:
        if not is_secure:
            self._seek(number, place, now)
            return
        place.away_since = now
        place.pause_s = TRY_AGAIN_S[0]
        if place.is_tampered:
            self._lose(place, ReaderTampered(place.fitting.id, "its cover is open"))
        elif place.code != "":
            self._find(number, place)

    def _find(self, number: int, place: _Place) -> None:
        was_lost = place.code is not None
        place.code = ""
        self._panel.submit_command(number, {"command": self._lib.CMD_STATUS, "type": self._lib.STATUS_REPORT_LOCAL, "report": b""})
        if was_lost:
            self._listener.reader_back(place.fitting.id)

    def _seek(self, number: int, place: _Place, now: float) -> None:
        """A reader that is away: say so once it has had its time, and let libosdp begin with it anew, ever more slowly."""
        if not self._panel.is_pd_enabled(number):
            self._panel.enable_pd(number)
        elif place.code == "" or now - place.away_since >= SECURE_WITHIN_S:
            self._lose(place, self._reason(number, place, now))
        if now >= place.next_try and self._panel.is_pd_enabled(number):
            self._seed()
            self._panel.disable_pd(number)
            place.next_try, place.pause_s = now + place.pause_s + SECURE_WITHIN_S, min(2 * place.pause_s, TRY_AGAIN_S[1])

    def _reason(self, number: int, place: _Place, now: float) -> DeviceFault:
        reader = place.fitting.id
        if place.last_heard < place.away_since or now - place.last_heard > TRY_AGAIN_S[1] + 2 * SECURE_WITHIN_S:
            return NoReply(reader, "it does not answer the poll")
        if place.is_default:
            return ReaderKeyRefused(reader, "it still has the default key")
        if self._panel.check_capability(number, self._lib.CAP_COMMUNICATION_SECURITY)[0] & _AES:
            return ReaderKeyRefused(reader, "it does not know its key")
        return ReaderPlain(reader, "it knows no secure channel")

    def _lose(self, place: _Place, fault: DeviceFault) -> None:
        if place.code != fault.code:
            place.code = fault.code
            self._listener.reader_lost(place.fitting.id, fault)

    def _hear(self, place: _Place, event: Mapping[str, Any]) -> None:
        if event["event"] == self._lib.EVENT_STATUS and event["type"] == self._lib.STATUS_REPORT_LOCAL:
            report = bytes(event["report"])
            place.is_tampered, place.has_power = bool(report[0]), not report[1]
        elif event["event"] == self._lib.EVENT_CARDREAD and place.code == "" and "length" in event:  # a card's bits; characters have none
            text = badge_text(event["data"], event["length"], place.fitting.badge, has_parity=event["format"] == _WIEGAND)
            if text is not None:
                self._listener.badge_shown(place.fitting.id, text)

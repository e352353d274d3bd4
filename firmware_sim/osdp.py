"""A simulated badge reader that speaks OSDP with its secure channel.

Alone knows: what a reader answers to each command, in plain and in the secure channel, and what it shows and sounds.
Must not know: the line it hangs on, who holds which badge, or what the panel believes.

Written from docs/wire/osdp.md. It tells nothing but who it is outside the secure channel; a badge waits until a poll asks for it.
"""

import random
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from firmware_sim.agenda import Agenda
from firmware_sim.fault import Faults
from firmware_sim.mishap import Arrival, befall
from firmware_sim.osdp_frame import DEFAULT_KEY, REPLY, Keys, Message, build, check_sum, cut, parse

POLL, ID, CAP, LSTAT, LED, BUZ, KEYSET, CHLNG, SCRYPT = 0x60, 0x61, 0x62, 0x64, 0x69, 0x6A, 0x75, 0x76, 0x77
ACK, NAK, PDID, PDCAP, LSTATR, RAW, CCRYPT, RMAC_I = 0x40, 0x41, 0x45, 0x46, 0x48, 0x50, 0x76, 0x78
BAD_SUM, BAD_LENGTH, UNKNOWN, BAD_SEQUENCE, NO_SECURITY, PLAIN_REFUSED = 1, 2, 3, 4, 5, 6

ANYONE = 0x7F
"""The address that every reader answers to; used with one reader on the line."""

_CHALLENGE, _CRYPTOGRAM, _KEY = 8, 16, 16
_COLOURS = ("off", "red", "green", "amber", "blue", "magenta", "cyan", "white")
_CAPABILITIES = ((3, 1, 1), (4, 4, 1), (5, 1, 1), (8, 1, 0), (10, 0, 1))
_SECURITY = (9, 1, 1)
_PLAIN_COMMANDS = frozenset((POLL, ID, CAP, CHLNG))

Answer = tuple[int, bytes]


@dataclass(frozen=True, slots=True)
class Numbers:
    """What the vendor printed on it."""

    vendor: bytes = bytes.fromhex("BEBAFE")
    model: int = 1
    version: int = 1
    serial: bytes = bytes.fromhex("AFBEADDE")
    firmware: bytes = bytes.fromhex("ADDEAD")

    def identity(self) -> bytes:
        """The twelve bytes of a PDID."""
        return self.vendor + bytes((self.model, self.version)) + self.serial + self.firmware


@dataclass(slots=True)
class _Session:
    """A secure channel: being agreed on until `is_open`. `chain` is the last code of this reader, `heard` the last one of the panel."""

    keys: Keys
    expected: bytes
    is_default: bool
    chain: bytes = b""
    heard: bytes = b""
    is_open: bool = False


@dataclass(slots=True)
class OsdpReader:
    """One reader. `key` tells the key that it was given, or None: it has the default one."""

    id: str
    address: int
    rng: random.Random
    faults: Faults
    key: Callable[[], bytes | None] = lambda: None
    numbers: Numbers = field(default_factory=Numbers)
    light: str = "off"
    beeps: int = 0
    _sequence: int = 0
    _asked: bytes = b""
    _answered: bytes = b""
    _session: _Session | None = None
    _waiting: deque[Answer] = field(default_factory=deque)
    _told: bytes = b"\0\0"
    _given: bytes = b""

    def show(self, number: int) -> None:
        """A card with this number is held to it: in 26 bits where it fits, else in 34. Raises ValueError where it fits in neither."""
        width = next((width for width in (24, 32) if 0 <= number < 1 << width), 0)
        if not width:
            raise ValueError(f"a card holds a number below {1 << 32}, not {number}")
        half = width // 2
        even, odd = (number >> half).bit_count() % 2, 1 - (number & (1 << half) - 1).bit_count() % 2
        bits = width + 2
        value = (even << width + 1 | number << 1 | odd) << -bits % 8
        self.tell(RAW, bytes((0, 1)) + bits.to_bytes(2, "little") + value.to_bytes(-(-bits // 8), "big"))

    def tell(self, code: int, data: bytes) -> None:
        """Answer one of the next polls like this, whatever it means."""
        self._waiting.append((code, data))

    @property
    def is_secure(self) -> bool:
        """Whether a secure channel stands."""
        return self._session is not None and self._session.is_open

    def power_off(self, at_s: float) -> None:  # noqa: ARG002 - it is gone at once
        """Everything but the key is forgotten."""
        self._sequence, self._asked, self._session, self.light = 0, b"", None, "off"
        self._waiting.clear()

    def hear(self, frame: bytes) -> bytes | None:
        """What it answers to one frame; None for one that is not for it."""
        if len(frame) < 2 or frame[1] not in {self.address, ANYONE}:  # noqa: PLR2004 - start and address
            return None
        message = parse(frame)
        if message is None:
            return self._plain(frame[4] & 3, (NAK, bytes((BAD_SUM,))))
        if message.sequence and message.sequence == self._sequence and frame == self._asked:
            return self._answered
        self._asked, self._answered = frame, self._reply(message)
        return self._answered

    def _reply(self, message: Message) -> bytes:
        if message.sequence == 0:
            self._session = None
        elif message.sequence != self._sequence % 3 + 1:
            return self._plain(message.sequence, (NAK, bytes((BAD_SEQUENCE,))))
        self._sequence = message.sequence
        kind = message.block[0] if message.block else 0
        if kind in {0x15, 0x17}:
            return self._secured(message, kind)
        if kind in {0x11, 0x13} and not self.faults.holds("reader_plain", self.id):
            return self._agree(message)
        if self.is_secure:
            self._session = None
            return self._plain(message.sequence, (NAK, bytes((PLAIN_REFUSED,))))
        return self._plain(message.sequence, self._open_answer(message))

    def _open_answer(self, message: Message) -> Answer:
        """Outside the secure channel: who it is, and nothing else; a reader that knows no other way tells all."""
        if self.faults.holds("reader_plain", self.id):
            return (NAK, bytes((NO_SECURITY,))) if message.code in {CHLNG, SCRYPT} else self._answer(message.code, message.data)
        if message.code not in _PLAIN_COMMANDS:
            return NAK, bytes((PLAIN_REFUSED,))
        return (ACK, b"") if message.code == POLL else self._answer(message.code, message.data)

    def _plain(self, sequence: int, answer: Answer) -> bytes:
        return build(Message(self.address | REPLY, sequence, *answer))[0]

    def _agree(self, message: Message) -> bytes:
        """CHLNG, then SCRYPT."""
        is_default = len(message.block) > 1 and message.block[1] == 0
        if message.code == CHLNG and len(message.data) == _CHALLENGE:
            return self._challenged(message, is_default=is_default)
        session = self._session
        if message.code == SCRYPT and session is not None and message.data == session.expected:
            session.chain, session.is_open = session.keys.first_chain(session.expected), True
            return build(Message(message.address | REPLY, message.sequence, RMAC_I, session.chain, bytes((0x14, 1))))[0]
        self._session = None
        return self._plain(message.sequence, (NAK, bytes((NO_SECURITY,))))

    def _challenged(self, message: Message, *, is_default: bool) -> bytes:
        own = self.own_key
        if is_default and own is not None:
            return self._plain(message.sequence, (NAK, bytes((NO_SECURITY,))))
        base = DEFAULT_KEY if is_default or own is None else own
        mine = self.rng.randbytes(_CHALLENGE)
        keys = Keys.of(base, message.data)
        self._session = _Session(keys, keys.cryptogram(mine, message.data), is_default)
        name = (self.numbers.identity())[:8]
        data = name + mine + keys.cryptogram(message.data, mine)
        return build(Message(message.address | REPLY, message.sequence, CCRYPT, data, bytes((0x12, int(not is_default)))))[0]

    @property
    def own_key(self) -> bytes | None:
        """The key that it has; None: the default one."""
        own = self._given or self.key()
        if own is not None and self.faults.holds("reader_foreign_key", self.id):
            return bytes(byte ^ 0xA5 for byte in own)
        return own

    def _secured(self, message: Message, kind: int) -> bytes:
        session = self._session
        if session is None or not session.is_open:
            return self._plain(message.sequence, (NAK, bytes((NO_SECURITY,))))
        code = session.keys.code(message.signed, session.chain)
        data = message.data if kind == 0x15 else session.keys.unlock(message.data, session.chain)  # noqa: PLR2004 - SCS_15: no data
        if code[:4] != message.mac or data is None:
            self._session = None
            return self._plain(message.sequence, (NAK, bytes((NO_SECURITY,))))
        session.heard = code
        reply, body = self._answer(message.code, data)
        sealed = session.keys.lock(body, code) if body else b""
        block = bytes((0x18 if body else 0x16,))
        frame, session.chain = build(Message(self.address | REPLY, message.sequence, reply, sealed, block), session.keys, code)
        return frame

    def _answer(self, code: int, data: bytes) -> Answer:
        """What a command is answered with, once it was let in."""
        match code:
            case 0x60:
                return self._news()
            case 0x61:
                return PDID, self.numbers.identity()
            case 0x62:
                is_plain = self.faults.holds("reader_plain", self.id)
                return PDCAP, bytes(byte for row in _CAPABILITIES + (() if is_plain else (_SECURITY,)) for byte in row)
            case 0x64:
                self._told = self._status()
                return LSTATR, self._told
            case 0x69 if len(data) >= 14:  # noqa: PLR2004 - one LED record
                self._light(data)
            case 0x6A if len(data) >= 5:  # noqa: PLR2004 - one buzzer record
                self.beeps += data[4] if data[1] == 2 else 0  # noqa: PLR2004 - tone 2: the reader's own
            case 0x75 if len(data) == 2 + _KEY:
                self._given = data[2:]
            case 0x69 | 0x6A | 0x75:
                return NAK, bytes((BAD_LENGTH,))
            case _:
                return NAK, bytes((UNKNOWN,))
        return ACK, b""

    def _news(self) -> Answer:
        """What a poll brings: a change of its cover or supply before a badge, else nothing."""
        if self._status() != self._told:
            self._told = self._status()
            return LSTATR, self._told
        return self._waiting.popleft() if self._waiting else (ACK, b"")

    def _status(self) -> bytes:
        return bytes((self.faults.holds("reader_tamper", self.id), self.faults.holds("reader_power", self.id)))

    def _light(self, data: bytes) -> None:
        """A temporary colour (control 2) is shown before the permanent one (control 1)."""
        colour = data[5] if data[2] == 2 else data[12] if data[9] == 1 else None  # noqa: PLR2004 - control codes
        if colour is not None and colour < len(_COLOURS):
            self.light = _COLOURS[colour]


@dataclass(slots=True)
class OsdpSegment:
    """Readers on one line."""

    bus: str
    boards: Sequence[OsdpReader]
    agenda: Agenda
    faults: Faults
    latency_s: float

    def hear_rtu(self, heard: bytes, at_s: float) -> list[Arrival]:
        """All that comes back for bytes that a silence ended at `at_s`."""
        self.agenda.advance(at_s)
        arrivals: list[Arrival] = []
        for frame in cut(bytearray(heard)):
            for reader in self.boards:
                if self.faults.holds("board_silent", reader.id) or self.faults.holds("request_lost", reader.id):
                    continue
                reply = reader.hear(frame)
                if reply is not None:
                    arrivals += befall(reader.id, reply, self.faults, _readdressed)
        return arrivals


def _readdressed(frame: bytes) -> bytes:
    other = bytes((frame[0], frame[1] ^ 1)) + frame[2:-2]
    return other + check_sum(other)

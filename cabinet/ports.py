"""What the core and the shell need from the world: small protocols, and the family of device faults.

Alone knows: the shapes at the edge of the house, each of which has a real part and an in-process twin that pass one suite.
Must not know: any board, library, file or address.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple, Protocol

from cabinet.domain.facts import Draft, Entry
from cabinet.domain.vocabulary import BoardId, Channel, FaultCode, Instant, MilliC, Power, ProbeFault, StaffId, Weighing


class DeviceFault(Exception):
    """Something went wrong between us and a device; says where, and what was seen on the wire.

    `moved` tells what an order may have done all the same: False means that it surely did nothing (it was never sent, or the
    board refused it), True that it may have been carried out although its reply was lost.
    """

    code = FaultCode("device.fault")

    def __init__(self, where: str, detail: str, *, moved: bool = False) -> None:
        super().__init__(f"{where}: {detail}")
        self.where = where
        self.detail = detail
        self.moved = moved


class NoReply(DeviceFault):
    """The device stayed silent for as long as it was waited for."""

    code = FaultCode("device.no_reply")


class WrongReply(DeviceFault):
    """A reply came that does not answer the question: unit, function, count, echoed address or value differ."""

    code = FaultCode("device.wrong_reply")


class GarbledReply(DeviceFault):
    """Bytes came that are no frame: the check sum or the shape is wrong."""

    code = FaultCode("device.garbled_reply")


class DeviceRefused(DeviceFault):
    """The device answered with an exception; `reason` is its number on the wire."""

    code = FaultCode("device.refused")

    def __init__(self, where: str, detail: str, reason: int) -> None:
        super().__init__(where, detail, moved=False)
        self.reason = reason


class BoardRestarted(DeviceFault):
    """A board was without power, or switched itself off because nobody asked it: it is started again before it is used."""

    code = FaultCode("device.restarted")


class LineLost(DeviceFault):
    """The line itself is gone: unplugged, closed or never opened."""

    code = FaultCode("bus.lost")


class BusSilent(DeviceFault):
    """The line is there, and nobody on it answers."""

    code = FaultCode("bus.silent")


class Quarantined(DeviceFault):
    """A unit or its line is out of trust: it was asked nothing, and did nothing."""

    code = FaultCode("device.quarantined")


class BadReading(DeviceFault):
    """A scale answered, and its answer is no weight: cell error, overload, underload, no zero."""

    code = FaultCode("scale.bad_reading")


class ScaleRestarted(DeviceFault):
    """A scale was switched on while nobody watched its zero: what it says from now on may leave out what already lay on it."""

    code = FaultCode("scale.restarted")


class StaleReading(DeviceFault):
    """An instrument answered, and has nothing certain to say: it lost what it reads, or contradicts itself."""

    code = FaultCode("device.stale")


class ReaderPlain(DeviceFault):
    """A badge reader answers, and knows no secure channel: what it reads could be overheard and played again."""

    code = FaultCode("reader.plain")


class ReaderKeyRefused(DeviceFault):
    """A badge reader and this cabinet do not share a key of their own."""

    code = FaultCode("reader.key")


class ReaderTampered(DeviceFault):
    """A badge reader says that it was opened or taken off its wall."""

    code = FaultCode("reader.tamper")


class StaleInput(DeviceFault):
    """What a door's input told last is too old to release its lock by, and asking again brought nothing."""

    code = FaultCode("input.stale")


class Quality(StrEnum):
    """How good what is known of an input is: `stale` is the last that was known, and decides nothing any more."""

    GOOD = "good"
    STALE = "stale"
    UNKNOWN = "unknown"


class Sensed(NamedTuple):
    """What is known of one input (None: nothing), how good that is, and how long ago it was heard."""

    value: bool | None
    quality: Quality
    age_s: float


class GarbledScan(DeviceFault):
    """A bar code scanner sent something that is no scan: cut short, too long, or without its end."""

    code = FaultCode("scanner.bad_frame")


class Clock(Protocol):
    """Both clocks, and the only place where they are read."""

    def now(self) -> Instant:
        """The present moment."""
        ...


@dataclass(frozen=True, slots=True)
class Identity:
    """Who a device says that it is; what its protocol does not tell is empty. `detail` is anything else worth a technician's look."""

    maker: str
    model: str
    firmware: str = ""
    serial: str = ""
    detail: str = ""


class Device(Protocol):
    """What every driver is, whatever else it can do."""

    async def start(self) -> None:
        """See that the board is what it should be, and make it safe. Raises DeviceFault; then nothing else is asked of it."""
        ...

    async def identify(self) -> Identity:
        """Ask the board who it is, changing nothing. Raises DeviceFault."""
        ...


class OutputBoard(Device, Protocol):
    """A board whose outputs drive locks and guide lights. Every method raises a DeviceFault when it did not succeed."""

    async def pulse(self, number: int, hold_ms: int) -> None:
        """Energise an output for `hold_ms`, timed by the board; returns at the matched reply. Never sent twice."""
        ...

    async def switch(self, number: int, is_on: bool) -> None:
        """Switch a guide light on or off."""
        ...

    async def all_off(self) -> None:
        """Switch every output off, ahead of everything else, and read back that it is so."""
        ...


class InputBoard(Device, Protocol):
    """A board whose inputs tell of doors, lids and bins."""

    async def read_inputs(self) -> tuple[bool, ...]:
        """All inputs at once, in channel order, never one alone. Raises DeviceFault."""
        ...


class Scale(Device, Protocol):
    """One weighed place."""

    async def weigh(self) -> Weighing:
        """One weight with the device's own word on whether it stood still. Raises DeviceFault."""
        ...


class Thermometer(Device, Protocol):
    """A board with one or more temperature probes."""

    async def read_temperatures(self) -> tuple[MilliC | ProbeFault, ...]:
        """Every probe in channel order: a temperature, or why there is none. Raises DeviceFault where the board itself did not answer."""
        ...


class Supply(Device, Protocol):
    """What feeds the cabinet: the mains while it is there, a battery when it is not."""

    async def read_power(self) -> Power:
        """Where the power comes from now. Raises DeviceFault; that it cannot be asked does not mean that the mains is gone."""
        ...


class InputWatcher(Protocol):
    """Who hears what the scan of the inputs sees. Called on the event loop, never from a thread."""

    def input_changed(self, channel: Channel, is_on: bool, mono_s: float) -> None:
        """An input holds a new value (or its first one), confirmed by a second reading; `mono_s` is when it was first seen."""
        ...

    def board_lost(self, board: BoardId, fault: DeviceFault) -> None:
        """A board no longer answers: its inputs are unknown from now on. Said once for each loss."""
        ...

    def board_back(self, board: BoardId) -> None:
        """A lost board answers again; its inputs follow as `input_changed`, each one."""
        ...

    def health_changed(self, part: str, before: str, after: str, why: str) -> None:
        """A board or a line went from one state of health to another (`drivers/health.py` has the table)."""
        ...


class InstrumentWatcher(Protocol):
    """Who hears what slow instruments tell. Called on the event loop; their losses are told as those of boards are."""

    def temperature_read(self, probe: Channel, reading: MilliC | ProbeFault) -> None:
        """A probe was read; said every time."""
        ...

    def power_read(self, supply: BoardId, power: Power) -> None:
        """A supply was read; said every time."""
        ...


class Watcher(InputWatcher, InstrumentWatcher, Protocol):
    """Who hears everything that is watched."""


class JournalBroken(Exception):
    """The journal could not be written or does not verify; memory may be ahead of disk, so the process must stop."""


class Journal(Protocol):
    """The append-only record. One writer; what `append` returned is durable."""

    @property
    def epoch(self) -> int:
        """The epoch of this journal."""
        ...

    def entries(self, after_seq: int = 0) -> Iterator[Entry]:
        """All facts of this epoch in order, from `after_seq` + 1."""
        ...

    async def append(self, drafts: Sequence[Draft]) -> tuple[Entry, ...]:
        """Number, chain and durably write `drafts` in one transaction. Raises JournalBroken; then nothing was written."""
        ...


class Secrets(Protocol):
    """Checks what a person knows, without the rest of the house ever holding it."""

    async def verify(self, digest: str, secret: str) -> bool:
        """Whether `secret` is the one that `digest` was made of."""
        ...

    async def digest(self, secret: str) -> str:
        """The form in which a secret is kept."""
        ...


class Hardware(Protocol):
    """All boards of one cabinet, by channel. Every coroutine raises a DeviceFault when it did not succeed."""

    async def start(self, watcher: Watcher, on_crash: Callable[[BaseException], None]) -> None:
        """Open the lines, switch every output off before anything else, then watch the inputs for ever.

        A bug in that watching is told to `on_crash`, for nobody may go on blind.
        """
        ...

    async def stop(self) -> None:
        """Stop watching and close the lines."""
        ...

    async def release(self, coil: Channel, hold_ms: int) -> None:
        """Pulse one lock once; the board times it."""
        ...

    async def switch(self, light: Channel, is_on: bool) -> None:
        """Switch one guide light."""
        ...

    async def weigh(self, scale: BoardId, *, is_after: bool) -> Weighing:
        """Read one scale; `is_after` gives it time to come to rest (up to 3 s) and returns the last reading, steady or not."""
        ...

    async def look(self, inputs: tuple[Channel, ...]) -> tuple[tuple[Channel, bool], ...]:
        """Read these inputs now, from replies that were asked for after this call."""
        ...

    async def all_off(self) -> None:
        """Switch every output of every board off."""
        ...

    def watch_closely(self, channels: tuple[Channel, ...]) -> None:
        """Read the boards of these inputs between every two others from now on."""
        ...

    def call(self, boards: tuple[BoardId, ...]) -> None:
        """Somebody waits for these boards (none named: for any): those out of trust are tried at once, and often for a minute."""
        ...


@dataclass(frozen=True, slots=True)
class Recognition:
    """Who somebody is, as far as what they showed proves it: `staff` is None when it proves nothing."""

    staff: StaffId | None
    claimed: StaffId | None
    factors: tuple[str, ...]


class TooManyAttempts(Exception):
    """So many attempts for one person are being checked already that this one was not looked at."""


class Directory(Protocol):
    """Staff as this cabinet knows them, and what proves who they are."""

    async def recognise(self, *, badge: str | None, staff_id: str | None, secret: str) -> Recognition:
        """Check a badge or an id with a secret; takes as long for an unknown person as for a known one. Raises TooManyAttempts."""
        ...


@dataclass(frozen=True, slots=True)
class LineSight:
    """One line as the technician's bench shows it. `lowest` and `highest` are the addresses that boards of its framing can have."""

    bus: str
    framing: str
    is_open: bool
    lowest: int
    highest: int


@dataclass(frozen=True, slots=True)
class BoardSight:
    """One board of the site as the technician's bench shows it. `kind` is the model's: io, scale, thermometer, reader, scanner, supply."""

    board: BoardId
    bus: str
    address: int
    model: str
    title: str
    kind: str


@dataclass(frozen=True, slots=True)
class Reading:
    """Everything that a board tells when it is asked once; what it has none of is empty."""

    inputs: tuple[bool, ...] = ()
    weighing: Weighing | None = None
    temperatures: tuple[str, ...] = ()
    power: str = ""


@dataclass(frozen=True, slots=True)
class Probe:
    """What came from one address of a line: silent, answers, or garbled (several at once, or a bad line). `models` fit what answers."""

    address: int
    answer: str
    detail: str = ""
    models: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Frame:
    """Bytes on a line, as they came or went. `at_s` is monotonic, `utc` for people."""

    number: int
    at_s: float
    utc: str
    bus: str
    framing: str
    is_ours: bool
    data: bytes


@dataclass(frozen=True, slots=True)
class Signed:
    """A result that lies in the state folder: its file's name, its sha256 and the signature, both in hexadecimal."""

    name: str
    sha256: str
    signature: str


class Technics(Protocol):
    """The boards as a technician sees them, by name and address. Raises KeyError for a name that the site does not have."""

    @property
    def wiring(self) -> str:
        """The sha256 of what the site says of buses, boards and channels."""
        ...

    def lines(self) -> tuple[LineSight, ...]:
        """Every line of the site."""
        ...

    def boards(self) -> tuple[BoardSight, ...]:
        """Every board of the site."""
        ...

    async def identify(self, board: BoardId) -> Identity:
        """Ask a board who it is. Raises DeviceFault."""
        ...

    async def read(self, board: BoardId) -> Reading:
        """Read everything that a board tells. Raises DeviceFault."""
        ...

    async def probe(self, bus: str, address: int) -> Probe:
        """See whether anybody answers at an address, and what it seems to be."""
        ...

    async def move(self, bus: str, source: int, target: int) -> None:
        """Give the board at `source` the address `target`, never by broadcast. Raises DeviceFault; AddressRefused where it must not."""
        ...

    async def selftest(self) -> tuple[str, ...]:
        """Look at every board; sentences about what is not well."""
        ...

    def heard(self, after: int) -> tuple[Frame, ...]:
        """The frames of all lines after this number, as far as they are still kept."""
        ...

    def sign(self, result: bytes, stem: str) -> Signed:
        """Keep a result, signed, in the state folder."""
        ...


class AddressRefused(Exception):
    """A board's address was not changed; says why."""


class BadgeDesk(Protocol):
    """The badge readers beside a screen."""

    on_badge: Callable[[BoardId, str], None]
    """Hears the reader and the number of every badge; called on the event loop."""

    def greet(self, reader: BoardId, *, is_welcome: bool) -> None:
        """Let a reader show and sound how a sign-in went, as well as it can."""
        ...


class CommitListener(Protocol):
    """Who hears of facts once they are durable. Called on the event loop after each round, in the order of the journal."""

    def committed(self, entries: tuple[Entry, ...]) -> None:
        """These facts are durable."""
        ...

"""The boards as a technician sees them.

Alone knows: these shapes. Must not know: any board, library, file or address.
"""

from dataclasses import dataclass
from typing import Protocol

from cabinet.domain.vocabulary import BoardId, Weighing
from cabinet.ports.device import Identity


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
class Heard:
    """That something was held to a reader or scanner. `code` says what is wrong with how it came; never a badge's number."""

    code: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Probe:
    """What came from one address of a line: silent, answers, garbled, or restart; `models` fit what answers.

    Garbled: several at once, or a bad line. Restart: it will answer there after its next start.
    """

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

    async def hear(self, board: BoardId, wait_s: float) -> Heard | None:
        """Wait for a badge or a code at a reader or scanner; None: nothing came. Nobody else hears of it. Raises DeviceFault."""
        ...

    async def probe(self, bus: str, address: int) -> Probe:
        """See whether anybody answers at an address, and what it seems to be."""
        ...

    async def move(self, bus: str, source: int, target: int) -> Probe:
        """Give the board at `source` the address `target`, never by broadcast: what came from there then.

        It is `restart` where the board takes its address with its next start. Raises DeviceFault; AddressRefused where it must not.
        """
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

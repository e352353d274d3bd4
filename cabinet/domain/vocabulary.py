"""The words every room shares: ids, units, masses, channels and instants.

Alone knows: what a well-formed id is, and that quantities are whole numbers of named units.
Must not know: any rule about medicines, boards or people.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import NewType

CabinetId = NewType("CabinetId", str)
DrawerId = NewType("DrawerId", str)
PocketId = NewType("PocketId", str)
ItemId = NewType("ItemId", str)
StaffId = NewType("StaffId", str)
PatientId = NewType("PatientId", str)
OrderId = NewType("OrderId", str)
AccessId = NewType("AccessId", str)
IntentId = NewType("IntentId", str)
DiscrepancyId = NewType("DiscrepancyId", str)
DebtId = NewType("DebtId", str)
SessionId = NewType("SessionId", str)
BoardId = NewType("BoardId", str)
BusId = NewType("BusId", str)
FaultCode = NewType("FaultCode", str)

Units = NewType("Units", int)
"""A count of an item's smallest unit; never negative in a pocket, signed in a difference."""

MassMg = NewType("MassMg", int)
"""A mass in whole milligrams."""

MilliC = NewType("MilliC", int)
"""A temperature in thousandths of a degree Celsius."""

ID_PATTERN = re.compile(r"[a-z0-9_-]{1,64}")
"""What an id may look like, in topics, files and on the wire of the pharmacy server."""

UTC_PATTERN = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6}Z")
"""The one form of a moment in records."""

ZERO_HASH = "0" * 64


def is_id(text: str) -> bool:
    """Tell whether `text` may stand as an id."""
    return ID_PATTERN.fullmatch(text) is not None


@dataclass(frozen=True, slots=True, order=True)
class Channel:
    """One output or input of one board: `lock-a:0`. Channels count from 0, as on the wire."""

    board: BoardId
    number: int

    def __str__(self) -> str:
        return f"{self.board}:{self.number}"

    @classmethod
    def parse(cls, text: str) -> "Channel":
        """Read `board:channel`; raises ValueError with the shape that was expected."""
        board, colon, number = text.partition(":")
        if not colon or not is_id(board) or not number.isdecimal():
            raise ValueError(f"expected 'board:channel' such as 'lock-a:0', got {text!r}")
        return cls(BoardId(board), int(number))


@dataclass(frozen=True, slots=True)
class Instant:
    """One moment on two clocks: `utc` is for records, `mono_s` (seconds) orders and times out."""

    utc: datetime
    mono_s: float

    def later(self, seconds: float) -> "Instant":
        """The same two clocks `seconds` on."""
        return Instant(self.utc + timedelta(seconds=seconds), self.mono_s + seconds)


def utc_text(at: datetime) -> str:
    """Write an aware UTC datetime as `YYYY-MM-DDTHH:MM:SS.ffffffZ`, the one form of the journal."""
    return f"{at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec='microseconds')}Z"


def parse_utc(text: str) -> datetime:
    """Read the form that `utc_text` writes; raises ValueError on any other."""
    if UTC_PATTERN.fullmatch(text) is None:
        raise ValueError(f"expected YYYY-MM-DDTHH:MM:SS.ffffffZ, got {text!r}")
    return datetime.fromisoformat(text)


@dataclass(frozen=True, slots=True)
class Weighing:
    """One reading of a scale: the net mass, the scale's own word on standing still, and its division."""

    mass_mg: MassMg
    is_steady: bool
    division_mg: MassMg


@dataclass(frozen=True, slots=True)
class ProbeFault:
    """What stands where a temperature should: the probe is not trusted, and why."""

    code: FaultCode
    detail: str


@dataclass(frozen=True, slots=True)
class Power:
    """What a supply says of itself. `charge_percent` and `runtime_s` are None where this one does not tell."""

    is_on_mains: bool
    is_low: bool
    charge_percent: int | None = None
    runtime_s: int | None = None


@dataclass(frozen=True, slots=True)
class ScannedCode:
    """What a package's code says. `raw` is all that the scanner sent; `ndc` is digits alone; `expiry` is YYYY-MM-DD.

    `product` is the maker's own number (HIBC: labeler and product), where the code carries no GTIN.
    """

    symbology: str
    raw: str
    gtin: str | None = None
    ndc: str | None = None
    lot: str | None = None
    expiry: str | None = None
    serial: str | None = None
    product: str | None = None

"""A simulated bar code scanner in serial mode, alone on its line: it speaks when something is held to it, and hears nothing.

Alone knows: what it sends for a code, and how it can be set wrongly.
Must not know: what a code means, or who listens.

Written from docs/wire/scanner.md. A code is given as the scanner reads it, AIM prefix and all, the separator as GS (1D) or written `<GS>`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from firmware_sim.agenda import Agenda
from firmware_sim.fault import Faults
from firmware_sim.mishap import Arrival, befall

SUFFIX = "\r"
PREFIX_LENGTH = 3
SPLIT_S = 0.03
AGAIN_S = 0.1

GS = "\x1d"


@dataclass(slots=True)
class Scanner:
    """One scanner. `say` is where its line begins; without a listener it beeps for nobody."""

    id: str
    faults: Faults
    suffix: str = SUFFIX
    say: list[Callable[[list[Arrival]], None]] = field(default_factory=list)

    def power_off(self, at_s: float) -> None:
        """It remembers nothing."""

    def scan(self, code: str) -> bool:
        """Hold a package to it: whether it sent anything."""
        holds = self.faults.holds
        if not code or holds("board_silent", self.id):
            return False
        text = code.replace("<GS>", GS)
        if holds("scanner_drops_gs", self.id):
            text = text.replace(GS, "")
        if holds("scanner_no_prefix", self.id) and text.startswith("]"):
            text = text[PREFIX_LENGTH:]
        suffix = "" if holds("scanner_no_suffix", self.id) else self.suffix
        whole = (text + suffix).encode("latin-1", "replace")
        arrivals = befall(self.id, whole, self.faults, lambda data: data)
        if holds("scanner_splits", self.id):
            arrivals = [part for delay_s, data in arrivals for part in _split(delay_s, data)]
        if holds("scanner_doubles", self.id):
            arrivals = arrivals + [(AGAIN_S + delay_s, data) for delay_s, data in arrivals]
        for say in self.say:
            say(arrivals)
        return bool(arrivals)


def package_code(digits: str, lot: str, expiry: str, serial: str) -> str:
    """What stands on a US drug's package in a GS1 DataMatrix: ten digits of its NDC, lot, expiry (YYMMDD) and serial."""
    body = f"003{digits}"
    check = -sum(int(digit) * (3, 1)[place % 2] for place, digit in enumerate(body)) % 10
    return f"]d201{body}{check}17{expiry}10{lot}{GS}21{serial}"


def _split(delay_s: float, data: bytes) -> list[Arrival]:
    middle = len(data) // 2
    return [(delay_s, data[:middle]), (SPLIT_S, data[middle:])]


@dataclass(slots=True)
class ScannerSegment:
    """One scanner alone on its line."""

    bus: str
    scanner: Scanner
    faults: Faults
    latency_s: float

    @classmethod
    def of(cls, bus: str, boards: Sequence[Scanner], _agenda: Agenda, faults: Faults, latency_s: float) -> "ScannerSegment":
        """The line of a site's bus, which has one board."""
        return cls(bus, boards[0], faults, latency_s)

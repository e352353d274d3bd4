"""How fast bytes travel on a line.

Alone knows: the time of one character and the silences of a serial line.
Must not know: what the bytes are.

Source: Modbus over Serial Line V1.02 section 2.5.1.1: t3.5 is three and a half characters, and 1.750 ms above 19200 baud.
"""

from dataclasses import dataclass

_FIXED_GAP_S = 0.00175
_FASTEST_COUNTED_BAUD = 19200
_START_AND_DATA_BITS = 9


@dataclass(frozen=True, slots=True)
class Pace:
    """`char_s` for one character, `gap_s` of silence ends a frame (t3.5)."""

    char_s: float
    gap_s: float

    @classmethod
    def of(cls, baud: int, parity: str, stop_bits: int, speed: float = 1.0) -> "Pace":
        """The pace of a serial line with 8 data bits; `speed` makes the whole world that much faster."""
        char_s = (_START_AND_DATA_BITS + (parity != "none") + stop_bits) / baud
        gap_s = 3.5 * char_s if baud <= _FASTEST_COUNTED_BAUD else _FIXED_GAP_S
        return cls(char_s / speed, gap_s / speed)


AT_ONCE = Pace(0.0, 0.0)
"""A network: no pace of its own."""

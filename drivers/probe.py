"""What thermometers on Modbus have in common: a register holds a signed temperature, or a sign that there is none.

Alone knows: how a 16-bit word becomes a temperature, and which words never are one.
Must not know: any board's registers, what is cooled, or what is too warm.

What can only be told over time (a value that never changes, or jumps) is judged by whoever keeps the readings.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from cabinet.domain.vocabulary import FaultCode, MilliC, ProbeFault

_SIGN = 0x8000
_WORD = 0x10000
_MOST = 1_000_000


@dataclass(frozen=True, slots=True)
class ProbeMap:
    """Where a board's temperatures are and what they mean: `first` of `count` registers, each in steps of `step_mc`, signed.

    `no_probe` are words that stand for a missing or restarting probe; outside `lowest_mc` to `highest_mc` nothing is measured.
    `settings` is the first of the `setting_count` holding registers that say how the board is set.
    """

    first: int
    count: int
    step_mc: int
    no_probe: tuple[int, ...]
    lowest_mc: int
    highest_mc: int
    settings: int
    setting_count: int

    @classmethod
    def from_table(cls, table: Mapping[str, Any]) -> "ProbeMap":
        """Read a `[map]` of a thermometer's file in `config/boards`. Raises ValueError naming what is missing, unknown or no number."""
        names = {field.name for field in fields(cls)}
        if names != set(table):
            raise ValueError(f"a thermometer's map has {sorted(names)}, not {sorted(table)}")
        words = tuple(table["no_probe"])
        for value in (*words, *(table[name] for name in names - {"no_probe"})):
            if not isinstance(value, int) or isinstance(value, bool) or abs(value) > _MOST:
                raise ValueError(f"a thermometer's map holds whole numbers up to {_MOST}, got {value!r}")
        return cls(**{**table, "no_probe": words})

    def read(self, word: int) -> MilliC | ProbeFault:
        """The temperature that a register's word stands for, or why there is none."""
        if word in self.no_probe:
            return ProbeFault(FaultCode("probe.dead"), f"the register holds {word:04X}, which stands for no probe")
        tenths = word - _WORD if word & _SIGN else word
        milli_c = tenths * self.step_mc
        if not self.lowest_mc <= milli_c <= self.highest_mc:
            return ProbeFault(FaultCode("probe.dead"), f"{milli_c / 1000:.1f} C is beyond what this probe can measure")
        return MilliC(milli_c)

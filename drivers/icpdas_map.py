"""Where an ICP DAS module keeps what: its registers as a typed map, one for each model.

Alone knows: which registers there are, and what a table of `config/boards` must name. Must not know: when one is read or written.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

_TOP = 0xFFFF


@dataclass(frozen=True, slots=True)
class IcpdasMap:
    """Counts of channels, and wire addresses: number in the manual - 1. What is per channel is the address of channel 0."""

    outputs: int
    inputs: int
    first_output: int
    first_input: int
    latched_high: int
    latched_low: int
    safe_value: int
    power_on_value: int
    watchdog_mode: int
    watchdog_on: int
    clear_latches: int
    watchdog_fired: int
    was_reset: int
    identity: int
    watchdog_time: int

    @classmethod
    def from_table(cls, table: Mapping[str, Any]) -> "IcpdasMap":
        """Read a table of `config/boards`. Raises ValueError naming what is missing, unknown or no address."""
        names = {field.name for field in fields(cls)}
        if names != set(table):
            raise ValueError(f"an icpdas map has {sorted(names)}, not {sorted(table)}")
        for name, value in table.items():
            if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= _TOP:
                raise ValueError(f"{name} must be a whole number from 0 to 65535, got {value!r}")
        return cls(**table)

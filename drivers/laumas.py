"""Laumas TLB load-cell transmitters and their kin: one weighed place each.

Alone knows: the registers of these transmitters, passed in as a typed map, and which of their status bits mean that there is no weight.
Must not know: what is weighed, what it ought to weigh, or how pieces are counted.

Not yet run against a real transmitter: written from docs/wire/laumas.md. Zero and tare are never sent: they would hide stock.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from typing import Any

from cabinet.domain.vocabulary import MassMg, Weighing
from cabinet.ports import BadReading, Identity
from drivers.bus import reading_registers, registers
from drivers.exchange import Rank
from drivers.owner import Owner

_TRIES = 3
_WEIGHT_REGISTERS = 5
"""Status, gross (two) and net (two): of one moment only when read at once."""
_STEADY = 11
_GROSS_NEGATIVE = 7
_NO_WEIGHT = {
    0: "load cell error",
    1: "converter fault",
    2: "more than 9 divisions above the largest weight",
    3: "above 110 % of full scale",
    4: "gross weight beyond the display",
    5: "net weight beyond the display",
}
_IDENTITY_REGISTERS = 5
"""Firmware, instrument type, year, serial number and program."""
_KEYS = {"firmware", "status", "division", "divisions", "units_mg"}


@dataclass(frozen=True, slots=True)
class LaumasMap:
    """Where things are: wire addresses of the firmware (identity), the status and the division, and what the division's codes mean.

    `divisions` are decimal texts by code (0 is the first), `units_mg` milligrams by unit code.
    """

    firmware: int
    status: int
    division: int
    divisions: tuple[Decimal, ...]
    units_mg: Mapping[int, int]

    @classmethod
    def from_table(cls, table: Mapping[str, Any]) -> "LaumasMap":
        """Read a table of `config/boards/laumas.toml`. Raises ValueError naming what is missing, unknown or no number."""
        if set(table) != _KEYS:
            raise ValueError(f"a laumas map has {sorted(_KEYS)}, not {sorted(table)}")
        try:
            divisions = tuple(Decimal(text) for text in table["divisions"])
            units_mg = {int(code): int(mg) for code, mg in table["units_mg"].items()}
            return cls(int(table["firmware"]), int(table["status"]), int(table["division"]), divisions, units_mg)
        except (ArithmeticError, TypeError, ValueError) as error:
            raise ValueError(f"a laumas map holds numbers: {error}") from error


@dataclass(frozen=True, slots=True)
class _Division:
    """What one digit and one division are worth."""

    digit_mg: Decimal
    division_mg: MassMg


class Laumas:
    """One transmitter: cabinet.ports.Scale."""

    def __init__(self, owner: Owner, where: str, address: int, layout: LaumasMap) -> None:
        self._owner, self._where, self._address, self._map = owner, where, address, layout
        self._weight = reading_registers(where, address, layout.status, _WEIGHT_REGISTERS)
        self._setting = reading_registers(where, address, layout.division, 1)
        self._division: _Division | None = None

    async def start(self) -> None:
        """Read what a digit is worth. Raises DeviceFault, and BadReading for a unit that is none of a mass."""
        (setting,) = registers(await self._owner.ask(self._setting, Rank.SCALE, _TRIES))
        unit_code, division_code = divmod(setting, 0x100)
        if unit_code not in self._map.units_mg or division_code >= len(self._map.divisions):
            raise BadReading(self._where, f"division and unit {setting:04X} are none of a mass")
        division = self._map.divisions[division_code]
        unit_mg = self._map.units_mg[unit_code]
        exponent = int(division.as_tuple().exponent)
        division_mg = MassMg(int((division * unit_mg).to_integral_value(ROUND_CEILING)))
        self._division = _Division(Decimal(1).scaleb(min(exponent, 0)) * unit_mg, division_mg)

    async def identify(self) -> Identity:
        """See Device: firmware, instrument type and serial number, as the transmitter numbers them."""
        question = reading_registers(self._where, self._address, self._map.firmware, _IDENTITY_REGISTERS)
        firmware, instrument, year, serial, _ = registers(await self._owner.ask(question, Rank.REST, _TRIES))
        return Identity("Laumas", f"type {instrument}", str(firmware), str(serial), f"built {year}")

    async def weigh(self) -> Weighing:
        """See Scale: the gross weight. Raises BadReading where the status says that there is none.

        After a fault the division is read again: another transmitter may have been put in its place.
        """
        if self._division is None:
            await self.start()
        division, self._division = self._division, None
        assert division is not None
        status, high, low, *_ = registers(await self._owner.ask(self._weight, Rank.SCALE, _TRIES))
        self._division = division
        reasons = [reason for bit, reason in _NO_WEIGHT.items() if status >> bit & 1]
        if reasons:
            raise BadReading(self._where, f"status {status:04X}: {', '.join(reasons)}")
        digits = (high << 16 | low) * (-1 if status >> _GROSS_NEGATIVE & 1 else 1)
        return Weighing(MassMg(round(digits * division.digit_mg)), bool(status >> _STEADY & 1), division.division_mg)

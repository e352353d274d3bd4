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
_GROSS = 1
"""The gross weight (high word, low word) follows the status; then come net, peak, and division and unit."""
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
_MOST_REGISTERS = 32
_KEYS = {"firmware", "status", "division", "divisions", "units_mg"}


@dataclass(frozen=True, slots=True)
class LaumasMap:
    """Where things are: wire addresses of the firmware (identity), the status and the division, and what the division's codes mean.

    `divisions` are decimal numbers by code (0 is the first), `units_mg` milligrams by unit code; all are above 0.
    """

    firmware: int
    status: int
    division: int
    divisions: tuple[Decimal, ...]
    units_mg: Mapping[int, int]

    @classmethod
    def from_table(cls, table: Mapping[str, Any]) -> "LaumasMap":
        """Read a table of `config/boards`. Raises ValueError naming what is missing, unknown or no number above 0."""
        if set(table) != _KEYS:
            raise ValueError(f"a laumas map has {sorted(_KEYS)}, not {sorted(table)}")
        try:
            divisions = tuple(Decimal(text) for text in table["divisions"])
            units_mg = {int(code): int(mg) for code, mg in table["units_mg"].items()}
            read = cls(int(table["firmware"]), int(table["status"]), int(table["division"]), divisions, units_mg)
        except (ArithmeticError, TypeError, ValueError) as error:
            raise ValueError(f"a laumas map holds numbers: {error}") from error
        if min(divisions, default=0) <= 0 or min(units_mg.values(), default=0) <= 0:
            raise ValueError("every division and every unit of a laumas map is above 0")
        if not _GROSS + 2 <= read.division - read.status < _MOST_REGISTERS:
            raise ValueError(f"the division follows the weight within one query of {_MOST_REGISTERS} registers, not at {read.division}")
        return read


class Laumas:
    """One transmitter: cabinet.ports.Scale.

    Status, weight, division and unit are read in one query, so that nobody who changes the unit or the transmitter between two
    readings makes a weight of it.
    """

    def __init__(self, owner: Owner, where: str, address: int, layout: LaumasMap) -> None:
        self._owner, self._where, self._map = owner, where, layout
        self.restarts = 0
        self._asking = reading_registers(where, address, layout.status, layout.division - layout.status + 1)
        self._naming = reading_registers(where, address, layout.firmware, _IDENTITY_REGISTERS)

    async def start(self) -> None:
        """See that it is set to a mass. Raises DeviceFault, and BadReading for a unit that is none of a mass."""
        self._worth(registers(await self._owner.ask(self._asking, Rank.SCALE, _TRIES))[-1])

    async def identify(self) -> Identity:
        """See Device: firmware, instrument type and serial number, as the transmitter numbers them."""
        firmware, instrument, year, serial, _ = registers(await self._owner.ask(self._naming, Rank.REST, _TRIES))
        return Identity("Laumas", f"type {instrument}", str(firmware), str(serial), f"built {year}")

    async def weigh(self) -> Weighing:
        """See Scale: the gross weight. Raises BadReading where the status says that there is none, or the unit is none of a mass."""
        words = registers(await self._owner.ask(self._asking, Rank.SCALE, _TRIES))
        status, high, low, setting = words[0], words[_GROSS], words[_GROSS + 1], words[-1]
        reasons = [reason for bit, reason in _NO_WEIGHT.items() if status >> bit & 1]
        if reasons:
            raise BadReading(self._where, f"status {status:04X}: {', '.join(reasons)}")
        digit_mg, division_mg = self._worth(setting)
        digits = (high << 16 | low) * (-1 if status >> _GROSS_NEGATIVE & 1 else 1)
        return Weighing(MassMg(round(digits * digit_mg)), bool(status >> _STEADY & 1), division_mg)

    def _worth(self, setting: int) -> tuple[Decimal, MassMg]:
        """What one digit and one division are worth (mg). Raises BadReading."""
        unit_code, division_code = divmod(setting, 0x100)
        if unit_code not in self._map.units_mg or division_code >= len(self._map.divisions):
            raise BadReading(self._where, f"division and unit {setting:04X} are none of a mass")
        division, unit_mg = self._map.divisions[division_code], self._map.units_mg[unit_code]
        digit_mg = Decimal(1).scaleb(min(int(division.as_tuple().exponent), 0)) * unit_mg
        return digit_mg, MassMg(int((division * unit_mg).to_integral_value(ROUND_CEILING)))

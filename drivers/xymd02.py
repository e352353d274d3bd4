"""XY-MD02: one SHT20 sensor of temperature and humidity on Modbus RTU.

Alone knows: that this board keeps what it measures in input registers, and which holding registers say how it is set.
Must not know: what it hangs in, or which temperature is too warm.

Not yet run against a real board: written from docs/wire/xymd02.md. Nothing is ever written to it: a correction that someone set in it
would falsify a record, and is told by `identify`. It has no certificate of calibration: good for an alarm, not for a compliance record.
"""

from cabinet.domain.vocabulary import MilliC, ProbeFault
from cabinet.ports import Identity
from drivers.bus import reading_input_registers, reading_registers, registers
from drivers.exchange import Rank
from drivers.owner import Owner
from drivers.probe import ProbeMap

_TRIES = 3
_SIGN, _WORD = 0x8000, 0x10000


class Xymd02:
    """One board: cabinet.ports.Thermometer with one probe."""

    def __init__(self, owner: Owner, where: str, address: int, layout: ProbeMap) -> None:
        self._owner, self._map = owner, layout
        self._asking = reading_input_registers(where, address, layout.first, layout.count + 1)
        self._settings = reading_registers(where, address, layout.settings, layout.setting_count)

    async def start(self) -> None:
        """See Device: nothing of it moves, so that it answers is all. Raises DeviceFault."""
        await self.read_temperatures()

    async def identify(self) -> Identity:
        """See Device. The board says nothing of itself; how it is set is told instead."""
        address, baud, correction, *_ = registers(await self._owner.ask(self._settings, Rank.REST, _TRIES))
        tenths = correction - _WORD if correction & _SIGN else correction
        return Identity("XY", "XY-MD02", detail=f"set to address {address}, {baud} baud, correction {tenths / 10:+.1f} C")

    async def read_temperatures(self) -> tuple[MilliC | ProbeFault, ...]:
        """See Thermometer. The humidity that comes with it is not used."""
        words = registers(await self._owner.ask(self._asking, Rank.REST, _TRIES))
        return tuple(self._map.read(word) for word in words[: self._map.count])

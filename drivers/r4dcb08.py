"""R4DCB08: up to eight DS18B20 probes on Modbus RTU.

Alone knows: that this board keeps one holding register for each probe, whether or not one is plugged in.
Must not know: what a probe hangs in, or which temperature is too warm.

Not yet run against a real board: written from docs/wire/r4dcb08.md. Nothing is ever written to it. 85.0 C is what a DS18B20 says after its
supply came back and before it has measured anything, so it is never taken for a temperature.
"""

from cabinet.domain.vocabulary import MilliC, ProbeFault
from cabinet.ports import Identity
from drivers.bus import reading_registers, registers
from drivers.exchange import Rank
from drivers.owner import Owner
from drivers.probe import ProbeMap

_TRIES = 3


class R4dcb08:
    """One board: cabinet.ports.Thermometer with as many probes as its map counts."""

    def __init__(self, owner: Owner, where: str, address: int, layout: ProbeMap) -> None:
        self._owner, self._map = owner, layout
        self._asking = reading_registers(where, address, layout.first, layout.count)
        self._settings = reading_registers(where, address, layout.settings, layout.setting_count)

    async def start(self) -> None:
        """See Device: nothing of it moves, so that it answers is all. Raises DeviceFault."""
        await self.read_temperatures()

    async def identify(self) -> Identity:
        """See Device. The board says nothing of itself; its address and the probes that it sees are told instead."""
        address, baud = registers(await self._owner.ask(self._settings, Rank.REST, _TRIES))
        seen = [number for number, value in enumerate(await self.read_temperatures()) if not isinstance(value, ProbeFault)]
        return Identity("eletechsup", "R4DCB08", detail=f"set to address {address}, baud code {baud}; probes {seen or 'none'}")

    async def read_temperatures(self) -> tuple[MilliC | ProbeFault, ...]:
        """See Thermometer; all probes of one moment."""
        words = registers(await self._owner.ask(self._asking, Rank.REST, _TRIES))
        return tuple(self._map.read(word) for word in words)

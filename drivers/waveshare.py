"""Waveshare Modbus relay and I/O boards: relays or open drains that drive locks and guide lights, inputs that tell of doors.

Alone knows: the registers of these boards, passed in as a typed map, and which of their orders are safe to send.
Must not know: what hangs on a channel, or why it is to be driven.

Not yet run against a real board: written from docs/wire/waveshare.md. Toggle, all on and flash off cannot be reached from here: the
first two are not idempotent or open everything, the last leaves a lock energised. An unlock is a flash, timed by the board itself,
so that no crash of ours leaves a coil on.
"""

import asyncio
from collections.abc import Awaitable, Mapping
from dataclasses import dataclass, fields
from typing import Any

from cabinet.ports import DeviceRefused, Identity, WrongReply
from drivers.bus import bits, reading_coils, reading_inputs, reading_registers, registers, writing_coil
from drivers.exchange import Question, Rank
from drivers.owner import Owner

MAX_HOLD_MS = 1000
"""A lock is never energised for longer, whatever was asked (its coil burns)."""
_QUANTUM_MS = 100
_SLACK_S = 1.0
"""Until an ordered pulse is surely over, the wait for its turn included."""
_ON, _OFF = 0xFF00, 0x0000
_TRIES = 3
"""For what may be repeated: reading, switching off, and lights."""
_TOP = 0xFFFF


@dataclass(frozen=True, slots=True)
class WaveshareMap:
    """Where things are on the board: counts of channels and wire addresses. A board without inputs has no modes of its outputs either."""

    outputs: int
    inputs: int
    first_output: int
    flash_on: int
    every_output: int
    firmware: int
    first_input: int = 0
    first_mode: int = 0

    @classmethod
    def from_table(cls, table: Mapping[str, Any]) -> "WaveshareMap":
        """Read a table of `config/boards`. Raises ValueError naming what is missing, unknown or no address."""
        names = {field.name for field in fields(cls)} - (set() if table.get("inputs") else {"first_input", "first_mode"})
        if names != set(table):
            raise ValueError(f"a waveshare map has {sorted(names)}, not {sorted(table)}")
        for name, value in table.items():
            if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= _TOP:
                raise ValueError(f"{name} must be a whole number from 0 to 65535, got {value!r}")
        return cls(**table)


class Waveshare:
    """One board: cabinet.ports.OutputBoard and cabinet.ports.InputBoard. Only `lights` may be switched on to stay on."""

    def __init__(self, owner: Owner, where: str, address: int, layout: WaveshareMap, lights: frozenset[int] = frozenset()) -> None:
        self._owner, self._where, self._address, self._map, self._lights = owner, where, address, layout, lights
        self._outputs = reading_coils(where, address, layout.first_output, layout.outputs)
        self._inputs = reading_inputs(where, address, layout.first_input, layout.inputs) if layout.inputs else None
        self._modes = reading_registers(where, address, layout.first_mode, layout.outputs) if layout.inputs else None
        self._every_off = writing_coil(where, address, layout.every_output, _OFF, moves=False)
        self._pulse_ends_s = 0.0

    async def start(self) -> None:
        """Switch everything off, and see that no input drives an output by itself. Raises DeviceFault; then use no output."""
        await self.all_off()
        await self._check_modes()

    async def verify(self) -> None:
        """See that the modes are what they must be, and that no lock is on but for a pulse. Changes nothing. Raises DeviceFault."""
        await self._check_modes()
        asked_s = asyncio.get_running_loop().time()
        told = bits(await self._owner.ask(self._outputs, Rank.REST, _TRIES), self._map.outputs)
        held = [number for number, is_on in enumerate(told) if is_on and number not in self._lights]
        if held and asked_s > self._pulse_ends_s:
            raise WrongReply(self._where, f"outputs {held} are on, and nobody pulsed them", moved=True)

    async def _check_modes(self) -> None:
        if self._modes is None:
            return
        modes = registers(await self._owner.ask(self._modes, Rank.REST, _TRIES))
        if any(modes):
            raise WrongReply(self._where, f"output modes are {modes}, not all normal (0): an input could drive a lock")

    async def identify(self) -> Identity:
        """See Device: the firmware's version is all that these boards tell. One that does not tell it has outputs at least, or is none."""
        question = reading_registers(self._where, self._address, self._map.firmware, 1)
        model = f"Modbus board with {self._map.outputs} outputs and {self._map.inputs} inputs"
        try:
            (version,) = registers(await self._owner.ask(question, Rank.REST, _TRIES))
        except DeviceRefused:
            await self._owner.ask(self._outputs, Rank.REST, _TRIES)
            return Identity("Waveshare", model, detail="it does not tell its firmware")
        return Identity("Waveshare", model, f"{version / 100:.2f}")

    def pulse(self, number: int, hold_ms: int) -> Awaitable[object]:
        """See OutputBoard; ordered by the call itself.

        `hold_ms` is cut to whole tenths of a second and to one second; shorter than a tenth is a ValueError.
        """
        quanta = min(hold_ms, MAX_HOLD_MS) // _QUANTUM_MS
        if quanta < 1:
            raise ValueError(f"a pulse of {hold_ms} ms is shorter than the board's {_QUANTUM_MS} ms")
        pulse = self._owner.order(self._writing(self._map.flash_on, number, quanta, moves=True), Rank.UNLOCK)
        self._pulse_ends_s = asyncio.get_running_loop().time() + hold_ms / 1000 + _SLACK_S
        return pulse

    async def switch(self, number: int, is_on: bool) -> None:
        """See OutputBoard. Raises ValueError for an output that is no light: a lock left on burns, and fails open."""
        if number not in self._lights:
            raise ValueError(f"output {number} of {self._where} is no light")
        await self._owner.ask(self._writing(self._map.first_output, number, _ON if is_on else _OFF, moves=False), Rank.REST, _TRIES)

    async def all_off(self) -> None:
        """See OutputBoard; what is read back is what the board was told, not what a welded contact does."""
        await self._owner.ask(self._every_off, Rank.ALL_OFF, _TRIES)
        left = bits(await self._owner.ask(self._outputs, Rank.ALL_OFF, _TRIES), self._map.outputs)
        if any(left):
            still_on = [number for number, is_on in enumerate(left) if is_on]
            raise WrongReply(self._where, f"outputs {still_on} are still on after all were switched off", moved=True)

    async def read_inputs(self, rank: Rank = Rank.DOOR) -> tuple[bool, ...]:
        """See InputBoard; asked once, for the scan itself asks again. A board without inputs is asked whether it is there."""
        if self._inputs is None:
            await self._owner.ask(self._outputs, rank)
            return ()
        return bits(await self._owner.ask(self._inputs, rank), self._map.inputs)

    def _writing(self, first: int, number: int, value: int, *, moves: bool) -> Question:
        if not 0 <= number < self._map.outputs:
            raise ValueError(f"{self._where} has outputs 0 to {self._map.outputs - 1}, not {number}")
        return writing_coil(self._where, self._address, first + number, value, moves=moves)

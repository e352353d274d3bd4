"""ICP DAS tM and M-7000 modules: relays and outputs behind a host watchdog, inputs that remember.

Alone knows: how a pulse is made of two writes without ever being left on, and what makes such a module trusted.
Must not know: its registers (`icpdas_map.py`), what hangs on a channel, or why it is to be driven.

Not yet run against a real module: written from docs/wire/icpdas.md. These modules cannot time a pulse: an output is switched on and, by a
task of its own that no caller can cancel, off again. What stands behind that is the module's host watchdog: it switches every output to its
safe value when it was asked nothing for `watchdog_ms`. It is enabled, and its safe and power-on values are made "off", before an output is
used; the scan feeds it. So a controller that dies leaves a lock on for the watchdog's time at most. Where an output stays on although it
was switched off, the module is asked nothing more until its watchdog has done it (`_starve`).

What happened while nobody looked is asked for twice a second and ahead of every pulse: the reset bit, which reads 1 once after power came
back (a question of it without an answer counts as 1, for the module has forgotten it), and whether the watchdog fired. Either takes the
module's trust away (`LineHealth.mismatched`), so that it is started again before it is used. Latches, read with every other reading, tell
of an opening that was shorter than a scan: see `passed`. What begins and ends between their reading and their clearing is not seen.
"""

import asyncio

from cabinet.ports import BoardRestarted, DeviceFault, DeviceRefused, Identity, Quarantined, WrongReply
from drivers.bus import bits, reading_coils, reading_inputs, reading_registers, registers, writing_coil, writing_coils, writing_register
from drivers.exchange import Question, Rank
from drivers.icpdas_map import IcpdasMap
from drivers.latch import Latches
from drivers.owner import Owner

MAX_HOLD_MS = 1000
"""A lock is never energised for longer, whatever was asked (its coil burns)."""
_LEAST_HOLD_MS = 50
"""A pulse is timed from here, over a line: a shorter one would be mostly chance."""
_TRIES = 3
"""For what may be repeated: reading, settings, and switching off."""
_AGAIN_S = 0.1
"""An output that was not switched off is told again after this long."""
_MARGIN_S = 0.5
"""How much longer than its watchdog's time a module is left alone so that it surely fires."""
_LOOK_S = 0.5
"""It is asked this often whether it was without power; ahead of every pulse too."""
_STEP_MS = 100


class Icpdas:
    """One module: cabinet.ports.OutputBoard and InputBoard. Only `lights` may be switched on to stay on."""

    def __init__(
        self, owner: Owner, where: str, address: int, layout: IcpdasMap, watchdog_ms: int = 1000, lights: frozenset[int] = frozenset()
    ) -> None:
        """`watchdog_ms` is a multiple of 100 from 100 to 25500; it must be longer than the longest pause of the scan."""
        if watchdog_ms % _STEP_MS or not 0 < watchdog_ms <= _STEP_MS * 0xFF:
            raise ValueError(f"the watchdog counts tenths of a second up to 25.5 s, got {watchdog_ms} ms")
        self._owner, self._where, self._address, self._map = owner, where, address, layout
        self._lights, self._watchdog_ms = lights, watchdog_ms
        self._outputs = reading_coils(where, address, layout.first_output, layout.outputs)
        self._inputs = reading_inputs(where, address, layout.first_input, layout.inputs) if layout.inputs else None
        self._was_reset, self._has_fired = self._bit(layout.was_reset), self._bit(layout.watchdog_fired)
        self._latches = Latches()
        self._reads_latches = False
        self._look_at_s = float("-inf")
        self._missed_reset = False
        self._ends: dict[int, asyncio.TimerHandle] = {}
        self._pulsing: set[int] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._left_alone_until_s = float("-inf")

    async def start(self) -> None:
        """Switch everything off, make off the safe and the power-on value, and let the watchdog watch; all of it read back.

        What was told of a reset or a fired watchdog is taken note of by this and cleared. Raises DeviceFault; then use no output.
        """
        await self._ask(self._write(self._map.watchdog_fired, is_on=True), Rank.REST)
        await self._ask(self._was_reset, Rank.REST)
        self._missed_reset = False
        await self.all_off()
        nothing = (False,) * self._map.outputs
        await self._settle("safe values", self._map.safe_value, nothing)
        await self._settle("power-on values", self._map.power_on_value, nothing)
        await self._settle("watchdog mode", self._map.watchdog_mode, (False,))
        await self._settle_time()
        await self._settle("watchdog", self._map.watchdog_on, (True,))
        await self._clear_latches(Rank.REST)

    async def verify(self) -> None:
        """See that the settings are what they were, and that no lock is on but for a pulse. Raises DeviceFault; changes nothing."""
        for first in (self._map.safe_value, self._map.power_on_value):
            if any(await self._coils(first, self._map.outputs)):
                raise WrongReply(self._where, "safe or power-on values are no longer all off")
        if not (await self._coils(self._map.watchdog_on, 1))[0] or await self._read_time_ms() != self._watchdog_ms:
            raise WrongReply(self._where, "the host watchdog is off, or has another time than it was given")
        on = bits(await self._ask(self._outputs, Rank.REST), self._map.outputs)
        held = [number for number, is_on in enumerate(on) if is_on and number not in self._lights | self._pulsing]
        if held:
            raise WrongReply(self._where, f"outputs {held} are on, and nobody pulsed them", moved=True)

    async def identify(self) -> Identity:
        """See Device: firmware and name are two words each, the low one first, and shown as they are."""
        answer = await self._ask(reading_registers(self._where, self._address, self._map.identity, 4), Rank.REST)
        low, high, name_low, name_high = registers(answer)
        return Identity("ICP DAS", f"{name_high:04X}{name_low:04X}", f"{high:04X}{low:04X}")

    async def pulse(self, number: int, hold_ms: int) -> None:
        """See OutputBoard; timed by us and bounded by the module's watchdog. Less than 50 ms is a ValueError, more than 1 s is cut.

        A module that was without power, or whose watchdog fired, is not used before it was started again.
        """
        self._judge(number)
        if hold_ms < _LEAST_HOLD_MS:
            raise ValueError(f"a pulse is at least {_LEAST_HOLD_MS} ms long")
        await self._look_back(Rank.UNLOCK)
        hold_s = min(hold_ms, MAX_HOLD_MS) / 1000
        may_be_on = True
        self._pulsing.add(number)
        try:
            self._check_left_alone()
            await self._owner.ask(self._write(self._map.first_output + number, is_on=True, moves=True), Rank.UNLOCK)
        except DeviceFault as fault:
            may_be_on, hold_s = fault.moved, 0.0
            raise
        finally:
            if may_be_on:
                self._end_after(number, hold_s)
            elif number not in self._ends:
                self._pulsing.discard(number)

    async def switch(self, number: int, is_on: bool) -> None:
        """See OutputBoard. Raises ValueError for an output that is no light: a lock left on burns, and fails open."""
        self._judge(number)
        if number not in self._lights:
            raise ValueError(f"output {number} of {self._where} is no light")
        await self._ask(self._write(self._map.first_output + number, is_on=is_on), Rank.REST)

    async def all_off(self) -> None:
        """See OutputBoard; what is read back is what the module was told, not what a welded contact does."""
        await self._settle("outputs", self._map.first_output, (False,) * self._map.outputs, Rank.ALL_OFF, is_told_anyway=True)

    async def read_inputs(self, rank: Rank = Rank.DOOR) -> tuple[bool, ...]:
        """See InputBoard; feeds the watchdog, also of a module without inputs. Raises BoardRestarted where the module lost its trust."""
        now_s = asyncio.get_running_loop().time()
        if self._missed_reset or now_s >= self._look_at_s:
            self._look_at_s = now_s + _LOOK_S
            await self._look_back(rank)
        elif self._inputs is None:
            await self._ask(self._outputs, rank, 1)
        return await self._read(self._inputs, rank) if self._inputs is not None else ()

    def passed(self) -> frozenset[int] | None:
        """Inputs that were otherwise than they are for a moment: told once. None where the latches were not read since."""
        return self._latches.passed()

    # ---

    async def _look_back(self, rank: Rank) -> None:
        """Ask whether it was without power, and whether its watchdog fired. Raises BoardRestarted where it was or did."""
        await self._look_for_reset(rank)
        if bits(await self._ask(self._has_fired, rank, 1), 1)[0]:
            self._distrust(f"nobody asked it for {self._watchdog_ms} ms, and its watchdog switched it off")

    async def _read(self, inputs: Question, rank: Rank) -> tuple[bool, ...]:
        """The inputs, and with every other reading the latches before them: what changes between the two questions shows in the inputs."""
        self._reads_latches = not self._reads_latches
        latched: list[tuple[bool, ...]] = []
        if self._reads_latches:
            latched = [await self._latched(first, rank) for first in (self._map.latched_low, self._map.latched_high)]
        values = bits(await self._ask(inputs, rank, 1), self._map.inputs)
        self._latches.read(values)
        if latched and self._latches.tell(*latched):
            await self._clear_latches(rank)
        return values

    async def _latched(self, first: int, rank: Rank) -> tuple[bool, ...]:
        return bits(await self._ask(reading_inputs(self._where, self._address, first, self._map.inputs), rank, 1), self._map.inputs)

    async def _clear_latches(self, rank: Rank) -> None:
        if self._inputs is not None:
            await self._ask(self._write(self._map.clear_latches, is_on=True), rank)
            self._latches.cleared()

    async def _look_for_reset(self, rank: Rank) -> None:
        was_told = False
        try:
            is_reset = bits(await self._ask(self._was_reset, rank, 1), 1)[0]
            was_told = True
        except (DeviceRefused, Quarantined):
            was_told = True
            raise
        finally:
            self._missed_reset |= not was_told
        missed, self._missed_reset = self._missed_reset, False
        if is_reset or missed:
            self._distrust("it was without power since it was last asked" if is_reset else "it may have been without power")

    def _distrust(self, why: str) -> None:
        fault = BoardRestarted(self._where, why)
        self._owner.health.mismatched(self._where, fault)
        raise fault

    def _end_after(self, number: int, hold_s: float) -> None:
        loop = asyncio.get_running_loop()
        if (earlier := self._ends.get(number)) is not None:
            earlier.cancel()
        self._ends[number] = loop.call_later(hold_s, self._begin_ending, number)

    def _begin_ending(self, number: int) -> None:
        handle = self._ends[number]
        task = asyncio.get_running_loop().create_task(self._end(number, handle))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _end(self, number: int, handle: asyncio.TimerHandle) -> None:
        """Switch an output off and read back that it is, for as long as it takes; a later pulse of it has an end of its own.

        Where the line is given up for good, its next owner starts the module afresh, or nobody asks it and its watchdog does it.
        """
        off, loop = self._write(self._map.first_output + number, is_on=False), asyncio.get_running_loop()
        while self._ends.get(number) is handle and not self._owner.is_over:
            await asyncio.sleep(max(0.0, self._left_alone_until_s - loop.time()))
            try:
                await self._owner.ask(off, Rank.ALL_OFF, _TRIES)
                on = bits(await self._owner.ask(self._outputs, Rank.ALL_OFF, _TRIES), self._map.outputs)
            except DeviceFault:
                await asyncio.sleep(_AGAIN_S)
                continue
            if self._ends.get(number) is not handle:
                return
            if on[number]:
                self._starve()
            else:
                del self._ends[number]
                self._pulsing.discard(number)

    def _starve(self) -> None:
        """Ask this module nothing until its watchdog has switched it off."""
        self._left_alone_until_s = asyncio.get_running_loop().time() + self._watchdog_ms / 1000 + _MARGIN_S
        fault = WrongReply(self._where, "an output stays on although it was switched off: left to its watchdog", moved=True)
        self._owner.health.mismatched(self._where, fault)

    def _check_left_alone(self) -> None:
        if asyncio.get_running_loop().time() < self._left_alone_until_s:
            raise WrongReply(self._where, "left alone until its watchdog has switched it off")

    async def _ask(self, question: Question, rank: Rank, tries: int = _TRIES) -> bytes:
        self._check_left_alone()
        return await self._owner.ask(question, rank, tries)

    async def _coils(self, first: int, count: int) -> tuple[bool, ...]:
        return bits(await self._ask(reading_coils(self._where, self._address, first, count), Rank.REST), count)

    async def _settle(
        self, what: str, first: int, values: tuple[bool, ...], rank: Rank = Rank.REST, *, is_told_anyway: bool = False
    ) -> None:
        """See that coils have these values; the module is told only where they have not: its memory wears."""
        reading = reading_coils(self._where, self._address, first, len(values))
        if not is_told_anyway and bits(await self._ask(reading, rank), len(values)) == values:
            return
        many = writing_coils(self._where, self._address, first, values)
        await self._ask(many if len(values) > 1 else self._write(first, is_on=values[0]), rank)
        told = bits(await self._ask(reading, rank), len(values))
        if told != values:
            wrong = [number for number, value in enumerate(told) if value is not values[number]]
            raise WrongReply(self._where, f"{what} {wrong} are not what they were set to", moved=True)

    async def _read_time_ms(self) -> int:
        (tenths,) = registers(await self._ask(reading_registers(self._where, self._address, self._map.watchdog_time, 1), Rank.REST))
        return tenths * _STEP_MS

    async def _settle_time(self) -> None:
        if await self._read_time_ms() == self._watchdog_ms:
            return
        tenths = self._watchdog_ms // _STEP_MS
        await self._ask(writing_register(self._where, self._address, self._map.watchdog_time, tenths), Rank.REST, 1)
        if await self._read_time_ms() != self._watchdog_ms:
            raise WrongReply(self._where, "the watchdog's time is not what it was set to")

    def _bit(self, address: int) -> Question:
        return reading_coils(self._where, self._address, address, 1)

    def _judge(self, number: int) -> None:
        if not 0 <= number < self._map.outputs:
            raise ValueError(f"{self._where} has outputs 0 to {self._map.outputs - 1}, not {number}")

    def _write(self, address: int, *, is_on: bool, moves: bool = False) -> Question:
        return writing_coil(self._where, self._address, address, 0xFF00 if is_on else 0x0000, moves=moves)

"""The boards as a technician sees them: `cabinet.ports.Technics` over the cabinet's own lines.

Alone knows: which drivers are tried on an address that nobody named, and what must hold before an address is changed.
Must not know: who asks, or whether they may.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

from cabinet.app.boards import device_of
from cabinet.app.hardware import CabinetHardware
from cabinet.app.hearing import judge_heard
from cabinet.app.reading import power_in_words, probes_in_words
from cabinet.app.selftest import look_at_all
from cabinet.app.wiring import wiring_of
from cabinet.domain.core import Core
from cabinet.domain.vocabulary import BoardId
from cabinet.ports import (
    AddressRefused,
    BoardSight,
    Clock,
    Device,
    DeviceFault,
    Frame,
    Heard,
    Identity,
    LineSight,
    NoReply,
    Probe,
    Reading,
    Signed,
)
from config.load import LoadedSite
from config.models import MODELS, Model
from config.schema import Board
from drivers.exchange import Rank
from drivers.health import probing
from drivers.survey import ANSWERS, GARBLED, SILENT, Echo, set_address, stranger, try_address

MODBUS = ("rtu", "mbap")
RESTART = "restart"
OPENS_WITHIN_S = 10.0
LOOK_S = 0.05
BY_HAND = (
    "the address of a {title} is set at the board itself, {how}; nothing was written. Set it to {target} there while the board is alone "
    "on its line or still off it, take its power off and on, and see that it answers: adc hw identify {board}"
)


class LiveTechnics:
    """See Technics. `state` is the folder in which results are kept."""

    def __init__(self, loaded: LoadedSite, hardware: CabinetHardware, core: Core, clock: Clock, state: Path) -> None:
        self._site, self._hardware, self._core, self._clock, self._state = loaded.site, hardware, core, clock, state
        self._buses = {bus.id: bus for bus in loaded.site.buses}
        self._boards = {BoardId(board.id): board for board in loaded.site.boards}
        self.wiring = wiring_of(loaded.site)

    def lines(self) -> tuple[LineSight, ...]:
        """See Technics."""
        return tuple(
            LineSight(bus.id, bus.framing, self._hardware.owners[bus.id].is_open, *_span(bus.framing))
            for bus in self._site.buses if bus.id in self._hardware.owners
        )  # fmt: skip

    def boards(self) -> tuple[BoardSight, ...]:
        """See Technics."""
        return tuple(
            BoardSight(BoardId(board.id), board.bus, board.address, board.model, MODELS[board.model].title, MODELS[board.model].kind)
            for board in self._site.boards
        )

    async def identify(self, board: BoardId) -> Identity:
        """See Technics. A board that is left alone for its faults is asked all the same, and tried again if it answers."""
        with probing(board):
            identity = await self._device(board).identify()
        self._hardware.call((board,))
        return identity

    async def read(self, board: BoardId) -> Reading:
        """See Technics. A board that is left alone for its faults is asked all the same."""
        with probing(board):
            return await self._read(board)

    async def hear(self, board: BoardId, wait_s: float) -> Heard | None:
        """See Technics."""
        heard = await self._hardware.readers.hear(board, wait_s)
        return None if heard is None else judge_heard(heard, self._clock.now().utc.year)

    def _device(self, board: BoardId) -> Device:
        """A board's driver. Raises NoReply where none was begun, as for a reader without its key."""
        device = self._hardware.devices.get(board)
        if device is None:
            raise NoReply(board, "not begun")
        return device

    async def _read(self, board: BoardId) -> Reading:
        device: Any = self._device(board)
        if hasattr(device, "read_inputs"):
            return Reading(inputs=await device.read_inputs(Rank.REST))
        if hasattr(device, "weigh"):
            return Reading(weighing=await device.weigh())
        if hasattr(device, "read_temperatures"):
            return Reading(temperatures=probes_in_words(await device.read_temperatures()))
        if hasattr(device, "read_power"):
            return Reading(power=power_in_words(await device.read_power()))
        return Reading()

    async def probe(self, bus: str, address: int) -> Probe:
        """See Technics. A board of the site is asked as what it is; whatever else answers is tried with every driver of this framing."""
        async with self._held_open(bus):
            return await self._probe(bus, address)

    @asynccontextmanager
    async def _held_open(self, bus: str) -> AsyncIterator[None]:
        """A line on which nobody of the site may answer, as where a new board is alone: its warden would open it anew again and again."""
        owner, warden = self._hardware.owners[bus], self._hardware.wardens[bus]
        warden.rest()
        try:
            with suppress(TimeoutError):
                async with asyncio.timeout(OPENS_WITHIN_S):
                    while not owner.is_open:
                        owner.hurry()
                        await asyncio.sleep(LOOK_S)
            yield
        finally:
            warden.wake()

    async def _probe(self, bus: str, address: int) -> Probe:
        framing = self._buses[bus].framing
        owner = self._hardware.owners[bus]
        if framing in MODBUS:
            echo = await try_address(owner, address)
            return Probe(address, echo.answer, echo.detail, await self._guess(bus, address) if echo.answer == ANSWERS else ())
        models = await self._guess(bus, address)
        echo = Echo(ANSWERS if models else SILENT)
        return Probe(address, echo.answer, echo.detail, models)

    async def _guess(self, bus: str, address: int) -> tuple[str, ...]:
        found = []
        for name, model in _models_of(self._buses[bus].framing):
            if not _fits(model, address):
                continue
            board = Board.model_construct(id=stranger(bus), bus=bus, address=address, model=name, settings={})
            try:
                await device_of(self._hardware.owners[bus], board, frozenset()).identify()
            except DeviceFault:
                continue
            found.append(name)
        return tuple(found)

    async def move(self, bus: str, source: int, target: int) -> Probe:
        """See Technics. One board answers at `source`, nobody at `target`, and it is of the model that the site names there."""
        meant = next((board for board in self._site.boards if board.bus == bus and board.address == target), None)
        if meant is None:
            raise AddressRefused(f"the site file names no board at {target} of {bus}: write it there first")
        model = MODELS[meant.model]
        if model.addresses is None:
            raise AddressRefused(f"a {model.title} has no address: it is alone on its line")
        if model.address_register is None:
            raise AddressRefused(BY_HAND.format(title=model.title, how=model.address_by, target=target, board=meant.id))
        async with self._held_open(bus):
            return await self._move(bus, source, target, model, meant.model)

    async def _move(self, bus: str, source: int, target: int, model: Model, name: str) -> Probe:
        assert model.address_register is not None
        if (await self._probe(bus, target)).answer != SILENT:
            raise AddressRefused(f"somebody answers at {target} already")
        await self._see_alone(bus, source, name)
        if not await set_address(self._hardware.owners[bus], model.address_register, source, target):
            return Probe(target, RESTART, f"it still answers at {source}, and takes its new address with its next start")
        return await self._probe(bus, target)

    async def _see_alone(self, bus: str, source: int, model: str) -> None:
        """See that one board alone, of this model, answers at an address. Raises AddressRefused."""
        found = await self._probe(bus, source)
        if found.answer == SILENT:
            raise AddressRefused(f"nobody answers at {source}: is the new board the only one there, and has it power?")
        if found.answer == GARBLED:
            raise AddressRefused(f"more than one board seems to answer at {source}: take all but the new one off the line")
        if model not in found.models:
            raise AddressRefused(f"{' or '.join(found.models) or 'a board of no known model'} answers there, the site names a {model}")

    async def selftest(self) -> tuple[str, ...]:
        """See Technics."""
        return await look_at_all(self._core, self._hardware.devices)

    def heard(self, after: int) -> tuple[Frame, ...]:
        """See Technics."""
        return self._hardware.trace.after(after, self._clock)

    def sign(self, result: bytes, stem: str) -> Signed:
        """See Technics. Raises OSError, KeyUnusable."""
        from cabinet.adapters.signing import keep_signed  # noqa: PLC0415 - 7 MB for something that happens once a year

        return keep_signed(self._state, result, stem)


def _models_of(framing: str) -> Iterator[tuple[str, Model]]:
    return ((name, model) for name, model in MODELS.items() if framing in model.framings)


def _fits(model: Model, address: int) -> bool:
    return model.addresses is None or model.addresses[0] <= address <= model.addresses[1]


def _span(framing: str) -> tuple[int, int]:
    """The lowest and highest address that a line of this framing can have; 1 to 1 where boards have none."""
    spans = [model.addresses for _, model in _models_of(framing) if model.addresses is not None]
    if framing in MODBUS:
        return 1, 247
    return (min(span[0] for span in spans), max(span[1] for span in spans)) if spans else (1, 1)

"""The family of Waveshare boards: as many channels as a model's files say, and outputs that follow an input by themselves."""

import random
import tomllib
from pathlib import Path
from typing import Any

import pytest

from cabinet.ports import DeviceFault, Identity, WrongReply
from config.models import MODELS
from drivers.exchange import Pace
from drivers.framing import Rtu
from drivers.owner import Owner
from drivers.waveshare import Waveshare, WaveshareMap
from firmware_sim.agenda import Agenda
from firmware_sim.coil import Coil, Pulse
from firmware_sim.fault import Faults
from firmware_sim.fitting import sheet
from firmware_sim.framing import rtu
from firmware_sim.segment import ModbusSegment
from firmware_sim.waveshare import Waveshare as SimulatedWaveshare
from tests.scripted_line import ScriptedLine
from tests.virtual import running, virtual

VECTORS = tomllib.loads((Path(__file__).parent / "vectors/waveshare_models.toml").read_text())["frame"]
FAMILY = [name for name, model in MODELS.items() if model.family == "waveshare"]


class Board:
    """A simulated board of a model alone on its line, its inputs held as told."""

    def __init__(self, model: str, on: tuple[int, ...] = (), inputs: tuple[int, ...] = ()) -> None:
        shape = sheet(model)
        self.agenda, self.faults, self.pulses = Agenda(), Faults(random.Random(0)), list[Pulse]()
        self.coils = [Coil(f"a:{number}", self.faults, self.pulses) for number in range(shape.outputs)]
        self.levels = [number in inputs for number in range(shape.inputs)]
        readings = [lambda _at_s, n=number: self.levels[n] for number in range(shape.inputs)]
        self.board = SimulatedWaveshare("a", 1, self.coils, readings, self.agenda)
        self.segment = ModbusSegment("locks", [self.board], self.agenda, self.faults)
        for number in on:
            self.coils[number].switch(True, 0.0)

    @property
    def on(self) -> list[int]:
        """Which outputs are closed."""
        return [number for number, coil in enumerate(self.coils) if coil.is_energised]

    def hear(self, frame: bytes, at_s: float = 0.0) -> bytes:
        """What comes back for a frame."""
        return b"".join(data for _, data in self.segment.hear_rtu(frame, at_s))

    def ask(self, *pdu: int) -> bytes:
        """What comes back for a PDU, without unit and check sum."""
        return self.hear(rtu(1, bytes(pdu)))[1:-2]

    def turn(self, number: int, *, is_on: bool) -> None:
        """Give an input another level, with nobody asking."""
        self.levels[number] = is_on
        self.board.sense(0.0)


@pytest.mark.parametrize("frame", VECTORS, ids=[f"{frame['model']}-{frame['name']}" for frame in VECTORS])
def test_simulated_board_keeps_to_the_golden_frames(frame: dict[str, Any]) -> None:
    """Sixteen and thirty-two relays, boards without inputs, and the modes."""
    given = frame.get("given", {})
    made = Board(frame["model"], tuple(given.get("relays", ())), tuple(given.get("inputs", ())))
    assert made.hear(bytes.fromhex(frame["request"])).hex(" ").upper() == frame["reply"]
    if "then_on" in frame:
        assert made.on == frame["then_on"]


@pytest.mark.parametrize("model", FAMILY)
@virtual
async def test_driver_reaches_every_channel_of_its_model_and_none_beyond(model: str) -> None:
    """Counts come from files, on both sides from one of their own."""
    board = Board(model)
    shape = MODELS[model]
    assert (shape.outputs, shape.inputs) == (len(board.coils), len(board.levels))
    line = ScriptedLine(lambda frame: [(0.001, board.hear(frame))])
    owner = Owner("bus", line, Rtu(9600), Pace())
    async with running(owner.run()):
        await owner.tried.wait()
        made = Waveshare(owner, "lock-a", 1, WaveshareMap.from_table(shape.table), frozenset({shape.outputs - 1}))
        await made.start()
        await made.pulse(shape.outputs - 1, 300)
        assert board.on == [shape.outputs - 1]
        await made.switch(shape.outputs - 1, is_on=True)
        for number in range(shape.inputs):
            board.levels[number] = True
            assert await made.read_inputs() == tuple(board.levels)
        assert len(await made.read_inputs()) == shape.inputs
        await made.verify()
        with pytest.raises(ValueError, match=f"0 to {shape.outputs - 1}"):
            await made.pulse(shape.outputs, 300)
        await made.all_off()
    assert board.on == []


@virtual
async def test_board_without_inputs_is_still_asked_whether_it_is_there() -> None:
    """A relay board tells of no door; that it is gone must be known before it is needed."""
    line = ScriptedLine(lambda _: [])
    owner = Owner("bus", line, Rtu(9600), Pace())
    async with running(owner.run()):
        await owner.tried.wait()
        with pytest.raises(DeviceFault):
            await Waveshare(owner, "lock-a", 1, WaveshareMap.from_table(MODELS["waveshare_relay_16"].table)).read_inputs()


async def identified(*, has_outputs: bool) -> Identity:
    """Who a board says that it is that does not tell its firmware."""
    outputs = rtu(1, b"\x01\x04" + bytes(4)) if has_outputs else rtu(1, b"\x81\x02")
    line = ScriptedLine(lambda frame: [(0.001, outputs if frame[1] == 1 else rtu(1, b"\x83\x02"))])
    owner = Owner("bus", line, Rtu(9600), Pace())
    async with running(owner.run()):
        await owner.tried.wait()
        return await Waveshare(owner, "lock-a", 1, WaveshareMap.from_table(MODELS["waveshare_relay_32"].table)).identify()


@virtual
async def test_board_that_does_not_tell_its_firmware_has_an_identity_all_the_same() -> None:
    """Nobody has seen the papers of all of them."""
    identity = await identified(has_outputs=True)
    assert (identity.maker, identity.firmware) == ("Waveshare", "")
    assert "32 outputs" in identity.model


@virtual
async def test_what_tells_neither_firmware_nor_outputs_is_no_such_board() -> None:
    """A thermometer that refuses both would pass for a relay board, and be given one's address."""
    with pytest.raises(DeviceFault):
        await identified(has_outputs=False)


def test_linked_output_is_its_inputs_alone() -> None:
    """Mode 1: an order is echoed and does nothing; the door's own contact would open the lock."""
    board = Board("waveshare_io_8")
    board.ask(6, 0x10, 0, 0, 1)
    for order in ((5, 0, 0, 0xFF, 0), (5, 2, 0, 0, 5), (15, 0, 0, 0, 8, 1, 0xFF)):
        board.ask(*order)
        assert 0 not in board.on
    board.turn(0, is_on=True)
    assert 0 in board.on
    board.ask(5, 0, 0xFF, 0, 0)
    assert board.on == [0], "all off does not reach it"
    board.turn(0, is_on=False)
    assert board.on == []


def test_toggled_output_changes_when_its_input_comes_on() -> None:
    """Mode 2: pressing and letting go is one change; orders work too."""
    board = Board("waveshare_relay_d8")
    board.ask(6, 0x10, 5, 0, 2)
    seen = []
    for is_on in (True, False, True, False):
        board.turn(5, is_on=is_on)
        seen.append(board.on == [5])
    assert seen == [True, True, False, False]
    board.ask(5, 0, 5, 0xFF, 0)
    assert board.on == [5]


def test_edge_triggered_output_changes_with_every_edge_of_its_input() -> None:
    """Mode 3: pressing and letting go are two changes. Back in mode 0 an input drives nothing."""
    board = Board("waveshare_poe_io_8")
    board.ask(16, 0x10, 0, 0, 8, 16, *([0, 3] * 8))
    seen = []
    for is_on in (True, False, True):
        board.turn(6, is_on=is_on)
        seen.append(board.on == [6])
    assert seen == [True, False, True]
    board.ask(16, 0x10, 0, 0, 8, 16, *([0, 0] * 8))
    board.turn(6, is_on=False)
    assert board.on == [6]


@pytest.mark.parametrize("mode", [1, 2, 3])
@virtual
async def test_board_whose_inputs_drive_its_outputs_is_not_used(mode: int) -> None:
    """An opening drawer would open the next lock: the start finds it, and so does every later look."""
    board = Board("waveshare_io_8")
    line = ScriptedLine(lambda frame: [(0.001, board.hear(frame))])
    owner = Owner("bus", line, Rtu(9600), Pace())
    async with running(owner.run()):
        await owner.tried.wait()
        made = Waveshare(owner, "lock-a", 1, WaveshareMap.from_table(MODELS["waveshare_io_8"].table))
        await made.start()
        board.ask(6, 0x10, 4, 0, mode)
        for look in (made.verify, made.start):
            with pytest.raises(WrongReply, match="modes"):
                await look()


@pytest.mark.parametrize(
    ("changes", "drops"), [({"inputs": 8}, ()), ({}, ("flash_on",)), ({"first_mode": 0x1000}, ())], ids=["inputs", "no flash", "modes"]
)
def test_map_with_inputs_and_without_modes_is_refused(changes: dict[str, int], drops: tuple[str, ...]) -> None:
    """Where there are inputs, the modes are looked at; where there are none, there is nothing to look at."""
    table = {name: value for name, value in (MODELS["waveshare_relay_8"].table | changes).items() if name not in drops}  # type: ignore[operator]
    with pytest.raises(ValueError, match="waveshare map has"):
        WaveshareMap.from_table(table)

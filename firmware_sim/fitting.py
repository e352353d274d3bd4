"""Which simulated board stands for which model of a site: the simulator's own files, and one row for each family.

Alone knows: `firmware_sim/boards/*.toml`, and what each family of boards is made of.
Must not know: the driver's maps of the same boards, or what hangs on a channel.

A new model of a known family is a file in `firmware_sim/boards`, written from the vendor's paper.
"""

import random
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

from firmware_sim.aandd import Aandd
from firmware_sim.agenda import Agenda
from firmware_sim.battery import Battery
from firmware_sim.baykon import Baykon
from firmware_sim.cell import LoadCell
from firmware_sim.coil import Coil
from firmware_sim.display import Shown
from firmware_sim.fault import Faults
from firmware_sim.icpdas import Icpdas
from firmware_sim.kerong import Habits, Kerong
from firmware_sim.laumas import Laumas
from firmware_sim.mtsics import MtSics
from firmware_sim.nut import Nut
from firmware_sim.ohaus import Ohaus
from firmware_sim.osdp import OsdpReader
from firmware_sim.r4dcb08 import R4dcb08
from firmware_sim.sbi import Sbi
from firmware_sim.scanner import Scanner
from firmware_sim.waveshare import Waveshare
from firmware_sim.xymd02 import Xymd02

FOLDER = Path(__file__).parent / "boards"
Reading = Callable[[float], bool]
Warmth = Callable[[float], float | None]
"""What a probe shows at a moment, in thousandths of a degree Celsius; None: nothing."""
Value = bool | int | str


class Board(Protocol):
    """A simulated board, whatever its line."""

    id: str

    def power_off(self, at_s: float) -> None:
        """Lose the supply: what is not kept in its memory is forgotten."""
        ...


class Addressed(Board, Protocol):
    """A simulated board that shares its line with others."""

    address: int


@runtime_checkable
class Sensing(Protocol):
    """A simulated board that does not only tell of its inputs when it is asked."""

    def sense(self, at_s: float) -> None:
        """An input may have changed."""
        ...


@runtime_checkable
class Weighing(Protocol):
    """A simulated board that shows a weight."""

    def face(self, at_s: float) -> Shown:
        """What it shows, for an onlooker: nothing is asked of it."""
        ...


@dataclass(frozen=True, slots=True)
class Sheet:
    """A model's data sheet, as far as the simulator needs it. `division_mg` is for what weighs; `numbers` is the family's own.

    `factory_address` is what a new one has, where it has any.
    """

    family: str
    outputs: int = 0
    inputs: int = 0
    probes: int = 0
    division_mg: int = 0
    factory_address: int | None = None
    settings: Mapping[str, Value] = field(default_factory=dict)
    numbers: Mapping[str, Any] = field(default_factory=dict)


@cache
def sheet(model: str) -> Sheet:
    """The data sheet of a model. Raises FileNotFoundError for one that the simulator does not have."""
    return Sheet(**tomllib.loads((FOLDER / f"{model}.toml").read_text(encoding="utf-8")))


@dataclass(frozen=True, slots=True)
class Socket:
    """What a simulated board is plugged into: its place, its data sheet, its settings in this site, and what hangs on it."""

    id: str
    address: int
    sheet: Sheet
    settings: Mapping[str, Value]
    coils: Sequence[Coil]
    inputs: Sequence[Reading]
    cell: LoadCell | None
    agenda: Agenda
    faults: Faults
    rng: random.Random
    probes: Sequence[Warmth | None] = ()

    @property
    def load_cell(self) -> LoadCell:
        """The cell of a board that weighs."""
        assert self.cell is not None, f"{self.id} weighs nothing"
        return self.cell


def _ups(socket: Socket) -> str:
    """The supply's name in its server, which a site may leave open."""
    return str(socket.settings["ups"] or socket.sheet.settings["ups"])


def _numbers(socket: Socket) -> dict[str, Any]:
    """What a Baykon is set to, for it says none of it on the wire."""
    settings = socket.settings
    return {"digit_mg": settings["digit_mg"], "step": settings["step"], "is_low_first": settings["word_order"] == "low_high"}


FAMILIES: dict[str, Callable[[Socket], Any]] = {
    "waveshare": lambda s: Waveshare(s.id, s.address, s.coils, s.inputs, s.agenda),
    "icpdas": lambda s: Icpdas(s.id, s.address, s.coils, s.inputs, s.agenda, s.sheet.numbers),
    "kerong": lambda s: Kerong(s.id, s.address, s.coils, s.inputs, s.agenda, s.faults, Habits.of(s.settings, s.sheet.numbers)),
    "osdp": lambda s: OsdpReader(s.id, s.address, s.rng, s.faults),
    "scanner": lambda s: Scanner(s.id, s.faults),
    "laumas": lambda s: Laumas(s.id, s.address, s.load_cell, s.sheet.division_mg),
    "baykon": lambda s: Baykon(s.id, s.address, s.load_cell, **_numbers(s)),
    "mtsics": lambda s: MtSics(s.id, s.load_cell, s.sheet.division_mg),
    "aandd": lambda s: Aandd(s.id, s.load_cell, s.sheet.division_mg, **s.sheet.numbers),
    "ohaus": lambda s: Ohaus(s.id, s.load_cell, s.sheet.division_mg, **s.sheet.numbers),
    "sbi": lambda s: Sbi(s.id, s.load_cell, s.sheet.division_mg, **s.sheet.numbers),
    "xymd02": lambda s: Xymd02(s.id, s.address, s.probes),
    "r4dcb08": lambda s: R4dcb08(s.id, s.address, s.probes),
    "nut": lambda s: Nut(s.id, _ups(s), Battery(s.id, s.agenda, s.faults, **s.sheet.numbers), s.faults),
}
"""family -> how its simulated board is made."""

"""Which driver speaks for which family of boards, and which dialect for which framing of a line: two tables.

Alone knows: every driver by name, and what each is made of.
Must not know: what a board is used for, or when it is spoken to.

A new family is a row here; a new model of one is a file in `config/boards` and none of ours.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from cabinet.domain.vocabulary import BoardId
from cabinet.ports import Device
from config.models import MODELS, Model
from config.schema import Board, Bus, SerialBus
from drivers.aandd import Aandd
from drivers.balance import BalanceMap
from drivers.baykon import Baykon, BaykonMap
from drivers.dialogue import AANDD, MTSICS, OHAUS, SBI, Dialogue
from drivers.exchange import Dialect
from drivers.framing import Mbap, Rtu
from drivers.icpdas import Icpdas
from drivers.icpdas_map import IcpdasMap
from drivers.kerong import Kerong, KerongMap, KerongSettings
from drivers.kerong_frame import KerongFrames
from drivers.laumas import Laumas, LaumasMap
from drivers.mtsics import Mtsics
from drivers.nut import Nut
from drivers.ohaus import Ohaus
from drivers.owner import Owner
from drivers.probe import ProbeMap
from drivers.r4dcb08 import R4dcb08
from drivers.sbi import Sbi
from drivers.upsd import Upsd
from drivers.waveshare import Waveshare, WaveshareMap
from drivers.xymd02 import Xymd02

NETWORK_BAUD = 115_200
"""The pace of a serial line behind a gateway that passes its bytes on; a site names none."""


@dataclass(frozen=True, slots=True)
class Fitting:
    """What a driver is made of: its line's owner, its board in the site, the model's file, and which outputs are guide lights."""

    owner: Owner
    board: Board
    model: Model
    lights: frozenset[int]

    @property
    def id(self) -> BoardId:
        """The board's name, under which its faults speak of it."""
        return BoardId(self.board.id)

    @property
    def table(self) -> Mapping[str, Any]:
        """The driver's map."""
        return self.model.table

    @property
    def settings(self) -> Mapping[str, bool | int | str]:
        """What the site chose, and the model's defaults."""
        return self.model.settled(self.board.settings)


FAMILIES: dict[str, Callable[[Fitting], Device]] = {
    "waveshare": lambda f: Waveshare(f.owner, f.id, f.board.address, WaveshareMap.from_table(f.table), f.lights),
    "icpdas": lambda f: Icpdas(f.owner, f.id, f.board.address, IcpdasMap.from_table(f.table), int(f.settings["watchdog_ms"]), f.lights),
    "kerong": lambda f: Kerong(f.owner, f.id, f.board.address, KerongMap.from_table(f.table), KerongSettings.from_settings(f.settings)),
    "laumas": lambda f: Laumas(f.owner, f.id, f.board.address, LaumasMap.from_table(f.table)),
    "baykon": lambda f: Baykon(f.owner, f.id, f.board.address, BaykonMap.from_table({**f.table, **f.settings})),
    "mtsics": lambda f: Mtsics(f.owner, f.id, BalanceMap.from_table({**f.table, **f.settings})),
    "aandd": lambda f: Aandd(f.owner, f.id, BalanceMap.from_table({**f.table, **f.settings})),
    "ohaus": lambda f: Ohaus(f.owner, f.id, BalanceMap.from_table({**f.table, **f.settings})),
    "sbi": lambda f: Sbi(f.owner, f.id, BalanceMap.from_table({**f.table, **f.settings})),
    "xymd02": lambda f: Xymd02(f.owner, f.id, f.board.address, ProbeMap.from_table(f.table)),
    "r4dcb08": lambda f: R4dcb08(f.owner, f.id, f.board.address, ProbeMap.from_table(f.table)),
    "nut": lambda f: Nut(f.owner, f.id, str(f.settings["ups"])),
}
"""family -> how its driver is made."""

DIALECTS: dict[str, Callable[[int, int], Dialect]] = {
    "rtu": Rtu,
    "mbap": lambda _baud, _bits: Mbap(),
    "mtsics": partial(Dialogue, manners=MTSICS),
    "and": partial(Dialogue, manners=AANDD),
    "ohaus": partial(Dialogue, manners=OHAUS),
    "sbi": partial(Dialogue, manners=SBI),
    "kerong": KerongFrames,
    "nut": lambda _baud, _bits: Upsd(),
}
"""framing -> how its dialect is made of the line's baud and the bits of a character."""


def device_of(owner: Owner, board: Board, lights: frozenset[int]) -> Device:
    """The driver of one board."""
    model = MODELS[board.model]
    return FAMILIES[model.family](Fitting(owner, board, model, lights))


def dialect_of(bus: Bus) -> Dialect:
    """How this line is cut into messages."""
    if isinstance(bus, SerialBus):
        return DIALECTS[bus.framing](bus.baud, 9 + bus.stop_bits + (bus.parity != "none"))
    return DIALECTS[bus.framing](NETWORK_BAUD, 10)

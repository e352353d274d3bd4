"""Baykon MX08 weighing systems and their kin (PT113): one weighed place each, the first digitiser of a unit.

Alone knows: the registers of these instruments, passed in as a typed map, and what their status says.
Must not know: what is weighed, what it ought to weigh, or how pieces are counted.

Not yet run against a real instrument: written from docs/wire/baykon.md. Zero, tare and calibration are never sent: they would hide stock.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cabinet.domain.vocabulary import MassMg, Weighing
from cabinet.ports import BadReading, Identity
from drivers.bus import reading_registers, registers
from drivers.exchange import Rank
from drivers.owner import Owner

_TRIES = 3
_REGISTERS = 7
"""Weight shown (two), status, tare (two) and gross (two): of one moment only when read at once."""
_BUSY, _IS_SOUND, _MOVES, _COUNTS = 0, 1, 2, 5
_ERROR_SHIFT = 13
_ERRORS = {
    1: "the converter is out of range: check the load cell and its cable",
    2: "the converter is above its range: overload, or a broken cell",
    3: "the converter is below its range: a cell that is turned round or broken",
    4: "system error: re-energise the instrument",
    5: "somebody is programming the instrument",
    6: "its supply is not within the required voltage",
    7: "no digitiser was found at its place",
}
_MOST_DIGITS = 999_999
_SIGN = 1 << 31
_ORDERS = ("high_low", "low_high")
_KEYS = {"weight", "digit_mg", "step", "word_order"}
_STEPS = (1, 2, 5)


@dataclass(frozen=True, slots=True)
class BaykonMap:
    """Where the weight stands (wire address), what one digit of it is worth, by how much it steps, and which word comes first.

    The wire carries neither unit nor decimal point: `digit_mg` is what a person reads off the instrument's own settings.
    """

    weight: int
    digit_mg: int
    step: int
    word_order: str

    @classmethod
    def from_table(cls, table: Mapping[str, Any]) -> "BaykonMap":
        """Read a model's map and settings, taken together. Raises ValueError naming what is missing, unknown or out of range."""
        if set(table) != _KEYS:
            raise ValueError(f"a baykon's map and settings are {sorted(_KEYS)}, not {sorted(table)}")
        if int(table["digit_mg"]) < 1 or table["step"] not in _STEPS or table["word_order"] not in _ORDERS:
            raise ValueError(f"digit_mg is at least 1, step one of {_STEPS}, word_order one of {_ORDERS}: not {dict(table)}")
        return cls(int(table["weight"]), int(table["digit_mg"]), int(table["step"]), str(table["word_order"]))


class Baykon:
    """One instrument: cabinet.ports.Scale."""

    def __init__(self, owner: Owner, where: str, address: int, layout: BaykonMap) -> None:
        self._owner, self._where, self._map = owner, where, layout
        self.restarts = 0
        self._asking = reading_registers(where, address, layout.weight, _REGISTERS)

    async def start(self) -> None:
        """See that the instrument answers, with a weight or with why there is none now. Raises DeviceFault."""
        await self._ask(Rank.SCALE)

    async def identify(self) -> Identity:
        """See Device; no register names the instrument, so only its state is told."""
        status, _ = await self._ask(Rank.REST)
        return Identity("Baykon", "MX08 or its kin", detail=f"status {status:04X}: {self._wrong(status) or 'sound'}")

    async def weigh(self) -> Weighing:
        """See Scale: the gross weight. Raises BadReading where the status says that there is none."""
        status, digits = await self._ask(Rank.SCALE)
        wrong = self._wrong(status)
        if wrong:
            raise BadReading(self._where, f"status {status:04X}: {wrong}")
        if abs(digits) > _MOST_DIGITS:
            raise BadReading(self._where, f"{digits} digits are more than it can show: is word_order set as in the instrument?")
        is_steady = not status >> _MOVES & 1
        return Weighing(MassMg(digits * self._map.digit_mg), is_steady, MassMg(self._map.digit_mg * self._map.step))

    async def _ask(self, rank: Rank) -> tuple[int, int]:
        """Status and gross weight in digits."""
        _, _, status, _, _, first, second = registers(await self._owner.ask(self._asking, rank, _TRIES))
        high, low = (first, second) if self._map.word_order == "high_low" else (second, first)
        raw = high << 16 | low
        return status, raw - (raw & _SIGN) * 2

    def _wrong(self, status: int) -> str:
        """Why there is no weight; empty where there is one."""
        error = status >> _ERROR_SHIFT
        if error:
            return _ERRORS[error]
        if not status >> _IS_SOUND & 1:
            return "the weight is not valid, for no reason that it tells"
        if status >> _BUSY & 1:
            return "it is busy"
        return "it counts pieces: set it to weighing" if status >> _COUNTS & 1 else ""

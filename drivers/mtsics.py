"""Balances that speak MT-SICS: one weighed place each.

Alone knows: the commands and answers of level 0 that are about weight.
Must not know: what is weighed, what it ought to weigh, or how pieces are counted.

Not yet run against a real balance: written from docs/wire/mtsics.md. Zero and tare are never sent: they would hide stock.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal, InvalidOperation
from typing import Any

from cabinet.domain.vocabulary import MassMg, Weighing
from cabinet.ports import BadReading, GarbledReply, Identity
from drivers.exchange import Question, Rank
from drivers.owner import Owner

_TRIES = 3
_NO_WEIGHT = {"I": "no weight now (busy, or not still in time)", "+": "overload", "-": "underload", "Error": "fault of the balance"}
_ANSWER_LENGTH = 18
_KEYS = {"command", "units_mg"}


@dataclass(frozen=True, slots=True)
class MtsicsMap:
    """The command that asks for a weight (`SI`: now, `S`: once it stands still), and what its units are worth in milligrams."""

    command: str
    units_mg: Mapping[str, int]

    @classmethod
    def from_table(cls, table: Mapping[str, Any]) -> "MtsicsMap":
        """Read a table of `config/boards/mtsics.toml`. Raises ValueError naming what is wrong."""
        if set(table) != _KEYS:
            raise ValueError(f"an mtsics map has {sorted(_KEYS)}, not {sorted(table)}")
        if table["command"] not in ("S", "SI"):
            raise ValueError(f"a weight is asked for with S or SI, not {table['command']!r}")
        return cls(table["command"], {str(unit): int(mg) for unit, mg in table["units_mg"].items()})


class Mtsics:
    """One balance, alone on its line: cabinet.ports.Scale."""

    def __init__(self, owner: Owner, where: str, layout: MtsicsMap) -> None:
        self._owner, self._where, self._map = owner, where, layout
        self._asking = Question(where, 1, layout.command.encode(), b"S ", _ANSWER_LENGTH)

    async def start(self) -> None:
        """See that the balance answers, with a weight or with why there is none now. Raises DeviceFault."""
        await self._owner.ask(self._asking, Rank.SCALE, _TRIES)

    async def identify(self) -> Identity:
        """See Device: what `I2` to `I4` tell (level 0), each between quotation marks."""
        told = [await self._tell(f"I{number}") for number in (2, 3, 4)]
        return Identity("MT-SICS", *told)

    async def _tell(self, command: str) -> str:
        answer = await self._owner.ask(
            Question(self._where, 1, command.encode(), f"{command} A".encode(), _ANSWER_LENGTH), Rank.REST, _TRIES
        )
        _, _, quoted = answer.decode("ascii").partition('"')
        return quoted.rpartition('"')[0]

    async def weigh(self) -> Weighing:
        """See Scale. Asked twice, for there is no check sum: steady only if both answers say so and agree to one division."""
        first = self._read(await self._owner.ask(self._asking, Rank.SCALE, _TRIES))
        second = self._read(await self._owner.ask(self._asking, Rank.SCALE, _TRIES))
        is_agreed = first.division_mg == second.division_mg and abs(first.mass_mg - second.mass_mg) <= second.division_mg
        return Weighing(second.mass_mg, first.is_steady and second.is_steady and is_agreed, second.division_mg)

    def _read(self, answer: bytes) -> Weighing:
        """Read `S S     100.00 g` by white space, not by column."""
        text = answer.decode("ascii")
        match text.split():
            case ["S", "S" | "D" as state, digits, unit] if unit in self._map.units_mg and digits != "Error":
                return _weighing(self._where, state == "S", digits, self._map.units_mg[unit])
            case ["S", ("I" | "+" | "-") as reason]:
                raise BadReading(self._where, _NO_WEIGHT[reason])
            case ["S", "S", "Error", code]:
                raise BadReading(self._where, f"{_NO_WEIGHT['Error']} {code}")
        raise GarbledReply(self._where, f"no weight: {text}")


def _weighing(where: str, is_steady: bool, digits: str, unit_mg: int) -> Weighing:
    """A weight as text has its division in its last place."""
    try:
        value = Decimal(digits)
    except InvalidOperation as error:
        raise GarbledReply(where, f"no number: {digits}") from error
    if not value.is_finite():
        raise GarbledReply(where, f"no number: {digits}")
    exponent = int(value.as_tuple().exponent)
    division_mg = (Decimal(1).scaleb(exponent) * unit_mg).to_integral_value(ROUND_CEILING)
    return Weighing(MassMg(round(value * unit_mg)), is_steady, MassMg(int(division_mg)))

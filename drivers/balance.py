"""Balances that speak in lines of text, alone on their line: what their dialects have in common.

Alone knows: how a number and a unit in text become milligrams, and how two answers without a check sum become one weighing.
Must not know: any maker's commands or columns, what is weighed, or how pieces are counted.

A command that zeroes, tares, or sets a piece's weight or a mode is sent by none of them: it would hide stock.
"""

import re
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from typing import Any, ClassVar

from cabinet.domain.vocabulary import MassMg, Weighing
from cabinet.ports import BadReading, GarbledReply, Identity, NoReply, WrongReply
from drivers.exchange import Question, Rank
from drivers.owner import Owner

_TRIES = 3
_ANSWER_LENGTH = 20
_KEYS = {"command", "units_mg", "step"}
_STEPS = (1, 2, 5)
_NUMBER = re.compile(r"[+-]?\d{1,12}(?:\.\d{1,12})?")


@dataclass(frozen=True, slots=True)
class BalanceMap:
    """The command that asks for a weight, what each unit is worth in milligrams, and by how much the last digit steps (1, 2 or 5)."""

    command: str
    units_mg: Mapping[str, int]
    step: int

    @classmethod
    def from_table(cls, table: Mapping[str, Any]) -> "BalanceMap":
        """Read a model's map and settings, taken together. Raises ValueError naming what is wrong."""
        if set(table) != _KEYS:
            raise ValueError(f"a balance's map and settings are {sorted(_KEYS)}, not {sorted(table)}")
        units_mg = {str(unit): int(mg) for unit, mg in table["units_mg"].items()}
        if not units_mg or min(units_mg.values()) < 1:
            raise ValueError(f"every unit is worth at least a milligram, not {units_mg}")
        if table["step"] not in _STEPS:
            raise ValueError(f"a last digit steps by 1, 2 or 5, not {table['step']!r}")
        return cls(str(table["command"]), units_mg, int(table["step"]))


class Balance(ABC):
    """One balance: cabinet.ports.Scale. A maker's class says what is asked and reads the answers.

    `commands` are those that ask for a weight, each with how its answer begins; `naming` asks for model, firmware and serial number,
    in this order, None for what cannot be asked.
    """

    maker: ClassVar[str]
    commands: ClassVar[Mapping[str, bytes]]
    naming: ClassVar[tuple[tuple[str, bytes] | None, ...]]

    def __init__(self, owner: Owner, where: str, layout: BalanceMap) -> None:
        if layout.command not in self.commands:
            raise ValueError(f"a weight is asked for with {' or '.join(self.commands)}, not {layout.command!r}")
        self._owner, self._where, self._map = owner, where, layout
        self.restarts = 0
        self._asking = Question(where, 1, layout.command.encode("ascii"), self.commands[layout.command], _ANSWER_LENGTH)

    async def start(self) -> None:
        """See that the balance answers, with a weight or with why there is none now. Raises DeviceFault."""
        await self._put(self._asking, Rank.SCALE, _TRIES)

    async def weigh(self) -> Weighing:
        """See Scale. Asked twice, for there is no check sum: steady only if both answers say so and agree to one division."""
        first = self._read(await self._ask())
        second = self._read(await self._ask())
        is_agreed = first.division_mg == second.division_mg and abs(first.mass_mg - second.mass_mg) <= second.division_mg
        return Weighing(second.mass_mg, first.is_steady and second.is_steady and is_agreed, second.division_mg)

    async def identify(self) -> Identity:
        """See Device: first that it answers at all, then what it tells of itself; what this model cannot say stays empty."""
        await self._put(self._asking, Rank.REST, _TRIES)
        return Identity(self.maker, *[await self._tell(*question) if question else "" for question in self.naming])

    async def _ask(self) -> str:
        return (await self._put(self._asking, Rank.SCALE, _TRIES)).decode("ascii")

    async def _put(self, question: Question, rank: Rank, tries: int = 1) -> bytes:
        """Every question goes this way. Raises DeviceFault."""
        return await self._owner.ask(question, rank, tries)

    async def _tell(self, command: str, echo: bytes) -> str:
        question = Question(self._where, 1, command.encode("ascii"), echo, _ANSWER_LENGTH)
        try:
            answer = await self._put(question, Rank.REST)
        except (NoReply, WrongReply):
            return ""
        return self._told(answer.removeprefix(echo).decode("ascii"))

    def _told(self, text: str) -> str:
        """What an answer of `naming` says behind its beginning."""
        return text.strip(' ,"')

    @abstractmethod
    def _read(self, text: str) -> Weighing:
        """The weight in an answer. Raises BadReading where it says that there is none, GarbledReply where it cannot be read."""

    def _weighing(self, digits: str, unit: str, *, is_steady: bool) -> Weighing:
        """A weight as text has its division in its last place. Raises BadReading for a unit that is none of mass."""
        if not _NUMBER.fullmatch(digits):
            raise GarbledReply(self._where, f"no number: {digits}")
        if unit not in self._map.units_mg:
            raise BadReading(self._where, f"{digits} {unit}: only {', '.join(self._map.units_mg)} are weights; set the scale to weighing")
        value, unit_mg = Decimal(digits), self._map.units_mg[unit]
        last_place = Decimal(1).scaleb(int(value.as_tuple().exponent))
        division_mg = (last_place * self._map.step * unit_mg).to_integral_value(ROUND_CEILING)
        return Weighing(MassMg(round(value * unit_mg)), is_steady, MassMg(int(division_mg)))

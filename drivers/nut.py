"""A power supply behind upsd, the server of Network UPS Tools: mains or battery, and how long that lasts.

Alone knows: which variables of NUT are asked for, and what its status words mean for a cabinet.
Must not know: what is done on battery.

Run against Debian's upsd 2.8.0 with its dummy-ups; not yet against a real supply. Nothing is ever set and no command is given, so upsd
needs no password of ours. What upsd says without having heard from the supply lately is no reading, and no loss of the mains either.
"""

import re

from cabinet.domain.vocabulary import Power
from cabinet.ports import DeviceRefused, Identity, StaleReading, WrongReply
from drivers.exchange import Question, Rank
from drivers.owner import Owner

_TRIES = 2
_MOST = 10**9
"""More than any supply has of anything; facts hold no integer without end."""
_NAME = re.compile(r"[A-Za-z0-9_.-]+")
_VALUE = re.compile(r'"((?:[^"\\]|\\.)*)"')
_STALE = {"DATA-STALE": "upsd has lost the supply", "DRIVER-NOT-CONNECTED": "the supply's driver does not run"}
_NOT_TOLD = "VAR-NOT-SUPPORTED"


class Nut:
    """One supply of one upsd: cabinet.ports.Supply. `ups` is its name there; empty: the only one that there is."""

    def __init__(self, owner: Owner, where: str, ups: str = "") -> None:
        if ups and not _NAME.fullmatch(ups):
            raise ValueError(f"a supply's name in NUT has letters, digits, '_', '.' and '-', not {ups!r}")
        self._owner, self._where, self._ups = owner, where, ups

    async def start(self) -> None:
        """See Device: that upsd is there and knows the supply; what it has heard from it lately is for `read_power`. Raises DeviceFault."""
        ups = self._ups or await self._only_one()
        self._judged(await self._ask(f"GET UPSDESC {ups}", f"UPSDESC {ups} "))

    async def identify(self) -> Identity:
        """See Device."""
        software = await self._ask("VER", "")
        told = [await self._variable(name) or "" for name in ("device.mfr", "device.model", "ups.firmware", "device.serial")]
        maker, model, firmware, serial = told
        return Identity(maker, model, firmware, serial, f"{self._ups} at {software.removesuffix(' - http://www.networkupstools.org/')}")

    async def read_power(self) -> Power:
        """See Supply. Raises StaleReading where upsd has not heard from it, and WrongReply where it says nothing of the mains."""
        status = await self._variable("ups.status")
        if status is None:
            raise WrongReply(self._where, "it has no ups.status")
        words = set(status.split())
        is_on_mains = bool(words & {"OL", "BYPASS", "CAL"})  # a calibration empties the battery on purpose, and ends when the mains does
        if is_on_mains == (words & {"OB", "CAL"} == {"OB"}):
            raise StaleReading(self._where, f"the status {status!r} says nothing certain of mains or battery")
        is_low = bool(words & {"LB", "FSD"}) and not is_on_mains
        return Power(is_on_mains, is_low, await self._number("battery.charge"), await self._number("battery.runtime"))

    async def _number(self, name: str) -> int | None:
        """A variable as a whole number, or None: this supply does not tell."""
        value = await self._variable(name)
        if value is None:
            return None
        try:
            return min(max(0, int(float(value))), _MOST)
        except (ValueError, OverflowError) as error:
            raise WrongReply(self._where, f"{name} is no number: {value}") from error

    async def _variable(self, name: str) -> str | None:
        """A variable's value, or None: this supply has none of that name."""
        ups = self._ups or await self._only_one()
        line = await self._ask(f"GET VAR {ups} {name}", f"VAR {ups} {name} ")
        if line == f"ERR {_NOT_TOLD}":
            return None
        return _unquoted(self._judged(line), self._where)

    async def _only_one(self) -> str:
        """The name of the only supply that upsd knows; asked once."""
        lines = self._judged(await self._ask("LIST UPS", "BEGIN LIST UPS")).splitlines()[1:-1]
        names = [line.split()[1] for line in lines if line.startswith("UPS ") and len(line.split()) > 1]
        if len(names) != 1:
            known = ", ".join(names) or "no supply"
            raise WrongReply(self._where, f"upsd knows {known}: the board's setting `ups` says which one is meant")
        self._ups = names[0]
        return self._ups

    async def _ask(self, request: str, echo: str) -> str:
        question = Question(self._where, 1, request.encode(), echo.encode())
        return (await self._owner.ask(question, Rank.REST, _TRIES)).decode("utf-8", "replace").rstrip("\r")

    def _judged(self, answer: str) -> str:
        """The answer, unless it is an error. Raises StaleReading, DeviceRefused."""
        if not answer.startswith("ERR "):
            return answer
        reason = " ".join(answer.split()[1:2])
        if reason in _STALE:
            raise StaleReading(self._where, f"{reason}: {_STALE[reason]}")
        raise DeviceRefused(self._where, f"upsd says {reason}", 0)


def _unquoted(line: str, where: str) -> str:
    """The value at the end of a line, between quotes."""
    found = _VALUE.fullmatch(line, max(0, line.find('"')))  # from the first quote on, and not from each: a line may hold thousands
    if found is None:
        raise WrongReply(where, f"no value in {line!r}")
    return re.sub(r"\\(.)", r"\1", found[1])

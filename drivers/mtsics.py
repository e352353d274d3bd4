"""Balances that speak MT-SICS: one weighed place each.

Alone knows: the commands and answers of level 0 that are about weight, and that a balance which was switched on has lost its zero.
Must not know: what is weighed, what it ought to weigh, or how pieces are counted.

Not yet run against a real balance: written from docs/wire/mtsics.md. Zero and tare are never sent: they would hide stock.
"""

from contextlib import suppress

from cabinet.domain.vocabulary import Weighing
from cabinet.ports import BadReading, GarbledReply, ScaleRestarted
from drivers.balance import Balance, BalanceMap
from drivers.dialogue import END, MTSICS, is_power_up
from drivers.exchange import Question, Rank
from drivers.owner import Owner

_NO_WEIGHT = {"I": "no weight now (busy, or not still in time)", "+": "overload", "-": "underload"}
_LONGEST = 256


class Mtsics(Balance):
    """One balance. When it was switched on the next weighing says so instead, once: what lies on it may be its new zero.

    Whoever weighs next may be a technician, so `restarts` counts on for all others.
    """

    maker = "MT-SICS"
    commands = {"SI": b"S ", "S": b"S "}  # noqa: RUF012 - read only
    naming = (("I2", b"I2 "), ("I3", b"I3 "), ("I4", b"I4 "))

    def __init__(self, owner: Owner, where: str, layout: BalanceMap) -> None:
        super().__init__(owner, where, layout)
        self._overheard = bytearray()
        self._heeded = 0
        """Of how many restarts somebody who weighed was told."""
        owner.listen(self._overhear)

    async def weigh(self) -> Weighing:
        """See Scale. Raises ScaleRestarted once for each time that the balance was switched on."""
        weighing = None
        if self.restarts == self._heeded:
            with suppress(ScaleRestarted):
                weighing = await super().weigh()
        if weighing is None or self.restarts != self._heeded:
            self._heeded = self.restarts
            raise ScaleRestarted(self._where, "it was switched on: check its zero with the tray empty")
        return weighing

    async def _put(self, question: Question, rank: Rank, tries: int = 1) -> bytes:
        """See Balance. The line of power-up may come in the place of any answer."""
        try:
            return await super()._put(question, rank, tries)
        except ScaleRestarted:
            self.restarts += 1
            raise

    def _overhear(self, data: bytes) -> None:
        """What the balance says unasked: only that it was switched on is news."""
        self._overheard += data
        while (end := self._overheard.find(END)) >= 0:
            line = bytes(self._overheard[:end])
            del self._overheard[: end + len(END)]
            self.restarts += is_power_up(MTSICS, line)
        del self._overheard[:-_LONGEST]

    def _told(self, text: str) -> str:
        """What stands between quotation marks: nothing where it says `I`, not now."""
        return text.partition('"')[2].rpartition('"')[0]

    def _read(self, text: str) -> Weighing:
        """Read `S S     100.00 g` by white space, not by column."""
        match text.split():
            case ["S", "S", "Error", code]:
                raise BadReading(self._where, f"fault of the balance {code}")
            case ["S", "S" | "D" as state, digits, unit]:
                return self._weighing(digits, unit, is_steady=state == "S")
            case ["S", ("I" | "+" | "-") as reason]:
                raise BadReading(self._where, _NO_WEIGHT[reason])
        raise GarbledReply(self._where, f"no weight: {text}")

"""Scales with Ohaus' own commands: one weighed place each.

Alone knows: how such a line says a weight and that it is unstable, and the question for it.
Must not know: what is weighed, what it ought to weigh, or how pieces are counted.

Not yet run against a real scale: written from docs/wire/ohaus.md. Zero, tare, piece weight, unit and mode are never sent: they would hide
stock or change what a number means.
"""

import re

from cabinet.domain.vocabulary import Weighing
from cabinet.ports import BadReading, GarbledReply
from drivers.balance import Balance

_LINE = re.compile(r" *(?P<sign>[+-]?) *(?P<digits>[\d.]+) +(?P<unit>[A-Za-z%:]+) *(?P<unstable>\??) *(?P<legend>.*)")
_TARED = ("N", "NET")
_GROSS = ("", "G", "B/G")


class Ohaus(Balance):
    """One scale. It says nothing when it is switched on, so a lost zero is not noticed here."""

    maker = "Ohaus"
    commands = {"IP": b"", "P": b""}  # noqa: RUF012 - read only
    naming = (("PV", b""), None, ("PSN", b""))

    def _read(self, text: str) -> Weighing:
        """Read `     192.21 g ?`: right-justified digits, unit, `?` while unstable, and a legend that must not be there."""
        if "err" in text.lower():
            raise BadReading(self._where, f"fault of the scale: {text.strip()}")
        found = _LINE.fullmatch(text)
        if found is None:
            raise GarbledReply(self._where, f"no weight: {text}")
        legend = found["legend"].strip()
        if legend in _TARED:
            raise BadReading(self._where, "a tare is set at the scale: clear it, for it hides stock")
        if legend not in _GROSS:
            raise BadReading(self._where, f"{text.strip()} is no plain weight: set the scale to weighing")
        return self._weighing(found["sign"] + found["digits"], found["unit"], is_steady=not found["unstable"])

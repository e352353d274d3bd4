"""Balances and scales of A&D in their standard format: one weighed place each.

Alone knows: how such a line says stable, unstable, over and count, and the question for it.
Must not know: what is weighed, what it ought to weigh, or how pieces are counted.

Not yet run against a real balance: written from docs/wire/aandd.md. Re-zero, tare and mode are never sent: they would hide stock.
"""

import re

from cabinet.domain.vocabulary import Weighing
from cabinet.ports import BadReading, GarbledReply
from drivers.balance import Balance

_LINE = re.compile(r"(?P<head>ST|US|OL|QT),(?:(?P<second>LO|OK|HI|--|GS|NT),)? ?(?P<digits>[+-][\d.]+) *(?P<unit>\S*)")


class Aandd(Balance):
    """One balance. It says nothing when it is switched on, so a lost zero is not noticed here."""

    maker = "A&D"
    commands = {"Q": b"", "SI": b""}  # noqa: RUF012 - read only
    naming = (("?TN", b"TN"), None, ("?SN", b"SN"))

    def _read(self, text: str) -> Weighing:
        """Read `ST,+00123.45  g`: header, sign and digits, unit right-justified in three characters."""
        found = _LINE.fullmatch(text)
        if found is None:
            raise GarbledReply(self._where, f"no weight: {text}")
        if found["head"] == "OL":
            raise BadReading(self._where, "overload" if found["digits"].startswith("+") else "underload")
        if found["head"] == "QT":
            raise BadReading(self._where, f"{text} is a count, no weight: set the scale to weighing")
        if found["second"] == "NT":
            raise BadReading(self._where, "a tare is set at the scale: clear it, for it hides stock")
        return self._weighing(found["digits"], found["unit"], is_steady=found["head"] == "ST")

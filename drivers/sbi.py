"""Balances with the Sartorius Balance Interface (SBI): one weighed place each.

Alone knows: the columns of its lines, and that a weight without a unit is one that does not stand still.
Must not know: what is weighed, what it ought to weigh, or how pieces are counted.

Not yet run against a real balance: written from docs/wire/sbi.md. Zero, tare, adjustment and restart are never sent: they would hide stock.
"""

from cabinet.domain.vocabulary import Weighing
from cabinet.ports import BadReading, GarbledReply
from drivers.balance import Balance, BalanceMap
from drivers.owner import Owner

_BODY, _HEAD = 14, 6
_DIGITS = slice(0, 10)
_UNIT = slice(11, 14)
_WEIGHTS = ("N", "N1", "G", "G1", "G#", "G1#")
"""Headers of a plain weight; anything else names another number (`Qnt` is a count)."""
_SAID = {"H": "overload", "HH": "overload", "HIGH": "overload", "L": "underload", "LL": "underload", "LOW": "underload", "C": "adjusting"}


class Sbi(Balance):
    """One balance. It says nothing when it is switched on, so a lost zero is not noticed here."""

    maker = "Sartorius"
    commands = {"\x1bP": b""}  # noqa: RUF012 - read only
    naming = (("\x1bx1_", b""), ("\x1bx3_", b""), ("\x1bx2_", b""))

    def __init__(self, owner: Owner, where: str, layout: BalanceMap) -> None:
        super().__init__(owner, where, layout)
        self._unit = ""
        """The unit of the last steady weight: one that moves is printed without."""

    def _read(self, text: str) -> Weighing:
        """Read `+   123.56 g  `, with or without a header of six characters before it."""
        if len(text) not in (_BODY, _HEAD + _BODY):
            raise GarbledReply(self._where, f"{len(text)} characters, not 14 or 20: {text}")
        head, body = text[:-_BODY].strip(), text[-_BODY:]
        self._refuse_words(body)
        if head and head not in _WEIGHTS:
            raise BadReading(self._where, f"{text.strip()} is no plain weight: set the balance to weighing")
        digits, unit = body[_DIGITS].replace(" ", ""), body[_UNIT].strip()
        if unit:
            weighing = self._weighing(digits, unit, is_steady=True)
            self._unit = unit
            return weighing
        if not self._unit:
            raise BadReading(self._where, f"{digits} does not stand still, and in which unit was not said yet")
        return self._weighing(digits, self._unit, is_steady=False)

    def _refuse_words(self, body: str) -> None:
        """Raise BadReading where words stand in the place of a weight."""
        words = body.upper().split()
        if not words or words[0].startswith("-" * 2):
            raise BadReading(self._where, "nothing is shown")
        if words[0].startswith(("ERR", "APP.", "DIS.", "PRT.")):
            raise BadReading(self._where, f"fault of the balance: {body.strip()}")
        if words[0].rstrip(".") in {*_SAID, "CAL"}:
            raise BadReading(self._where, _SAID.get(words[0].rstrip("."), "adjusting"))

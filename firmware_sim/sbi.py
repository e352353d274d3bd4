"""A balance with the Sartorius Balance Interface, as docs/wire/sbi.md describes it.

Alone knows: its commands and the columns of its lines.
Must not know: what lies on its pan, or how bytes reach it.
"""

from firmware_sim.cell import Cell
from firmware_sim.display import Display, Shown

END = b"\r\n"
ESCAPE = "\x1b"
_DIGITS, _UNIT, _BODY = 9, 3, 14
_WORDS = {"over": "      H", "under": "      L"}
_CELL_ERROR = 54
_WEIGHT_HEADER, _STATE_HEADER = "N     ", "Stat  "


class Sbi:
    """One balance. With `has_header` its lines are 22 characters long, else 16, their ends counted in."""

    def __init__(self, board: str, cell: Cell, division_mg: int, capacity_mg: int, model: str, serial: str, *, has_header: bool) -> None:
        self.id = board
        self._display = Display(cell, division_mg, capacity_mg)
        self._has_header = has_header
        self._telling = {"x1_": model, "x2_": serial, "x3_": "01-00-00"}

    def face(self, at_s: float) -> Shown:
        """See Weighing."""
        return self._display.face(at_s)

    def power_off(self, _at_s: float) -> None:
        """Lose the supply."""
        self._display.power_off()

    def power_up(self, at_s: float) -> bytes:
        """It says nothing when it is switched on."""
        self._display.power_up(at_s)
        return b""

    def answer(self, line: bytes, at_s: float, _waited_s: float) -> bytes | None:
        """The reply to one line (without its end); b"" for none: what is no command is passed over in silence."""
        escape, command = line[:1].decode("latin-1"), line[1:].decode("ascii", "replace")
        if escape != ESCAPE:
            return b""
        if command in {"T", "U", "V"}:
            self._display.zero(at_s)
            return b""
        if command == "P":
            return self._line(self._display.read(at_s)).encode("ascii") + END
        told = self._telling.get(command)
        return b"" if told is None else told.encode("ascii") + END

    def _line(self, shown: Shown) -> str:
        header = (_WEIGHT_HEADER if shown.state == "weight" else _STATE_HEADER) if self._has_header else ""
        return header + self._body(shown).ljust(_BODY)

    def _body(self, shown: Shown) -> str:
        if shown.trouble or shown.state == "broken":
            return f"   Err {shown.trouble or _CELL_ERROR:>3}"
        if shown.state != "weight":
            return _WORDS[shown.state]
        sign = "-" if shown.digits.startswith("-") else "+"
        return f"{sign}{shown.digits.removeprefix('-'):>{_DIGITS}} {shown.unit if shown.is_steady else '':<{_UNIT}}"

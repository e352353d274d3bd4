"""A balance in the A&D standard format, as docs/wire/aandd.md describes it.

Alone knows: its commands and the shape of its lines.
Must not know: what lies on its pan, or how bytes reach it.
"""

from firmware_sim.cell import Cell
from firmware_sim.display import Display, Shown

WAIT_S = 5.0
END = b"\r\n"
_DIGITS, _UNIT = 8, 3
_UNDEFINED = "EC,E01"


class Aandd:
    """One balance."""

    def __init__(self, board: str, cell: Cell, division_mg: int, capacity_mg: int, model: str, serial: str) -> None:
        self.id = board
        self._display = Display(cell, division_mg, capacity_mg)
        self._telling = {"?TN": f"TN,{model}", "?SN": f"SN,{serial}"}

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

    def answer(self, line: bytes, at_s: float, waited_s: float) -> bytes | None:
        """The reply to one line (without its end), b"" for none, or None: not yet, ask again; `waited_s` is since the line came."""
        command = line.decode("ascii", "replace")
        if command in {"Z", "R", "T"}:
            self._display.zero(at_s)
            return b""
        if command not in {"Q", "SI", "S"}:
            return self._telling.get(command, _UNDEFINED).encode("ascii") + END
        shown = self._display.read(at_s)
        if command == "S" and not shown.is_steady and shown.state == "weight":
            return None if waited_s < WAIT_S else b""
        return self._line(shown).encode("ascii") + END

    def _line(self, shown: Shown) -> str:
        if shown.state != "weight":
            sign = "+" if shown.state == "over" else "-"
            nines = "9" * (_DIGITS - 1 - self._display.places) + "." + "9" * self._display.places
            return f"OL,{sign}{nines}{shown.unit:>{_UNIT}}"
        sign = "-" if shown.digits.startswith("-") else "+"
        digits = shown.digits.removeprefix("-").rjust(_DIGITS, "0")
        return f"{'ST' if shown.is_steady else 'US'},{sign}{digits}{shown.unit:>{_UNIT}}"

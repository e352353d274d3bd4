"""A scale with Ohaus' own commands, as docs/wire/ohaus.md describes it.

Alone knows: its commands and the shape of its lines.
Must not know: what lies on its pan, or how bytes reach it.
"""

from firmware_sim.cell import Cell
from firmware_sim.display import Display, Shown

WAIT_S = 5.0
END = b"\r\n"
_FIELD = 11
_ERRORS = {"over": "Err 8.3", "under": "Err 8.4", "broken": "Err 8.1"}


class Ohaus:
    """One scale."""

    def __init__(self, board: str, cell: Cell, division_mg: int, capacity_mg: int, version: str, serial: str) -> None:
        self.id = board
        self._display = Display(cell, division_mg, capacity_mg)
        self._telling = {"PV": version, "PSN": serial}

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
        if command in {"Z", "T"}:
            self._display.zero(at_s)
            return b""
        if command not in {"IP", "P", "SP"}:
            return self._telling.get(command, "ES").encode("ascii") + END
        shown = self._display.read(at_s)
        if command == "SP" and not shown.is_steady and shown.state == "weight":
            return None if waited_s < WAIT_S else b""
        return _line(shown).encode("ascii") + END


def _line(shown: Shown) -> str:
    if shown.state != "weight":
        return _ERRORS[shown.state]
    return f"{shown.digits:>{_FIELD}} {shown.unit}{'' if shown.is_steady else ' ?'}"

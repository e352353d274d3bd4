"""Who draws a report up, for a kiosk whose event loop must not wait for it.

Alone knows: these shapes. Must not know: any report, library, file or process.
"""

from collections.abc import Mapping
from typing import Protocol


class NotDrawn(Exception):
    """A report could not be drawn; the text says why. `is_asked_wrongly`: it was asked for in a way that no report can answer."""

    def __init__(self, sentence: str, *, is_asked_wrongly: bool = False) -> None:
        super().__init__(sentence)
        self.is_asked_wrongly = is_asked_wrongly


class ReportDesk(Protocol):
    """Draws reports of one cabinet from its journal."""

    async def draw(self, name: str, words: Mapping[str, str], form: str, *, sees_balances: bool, drawn_by: str) -> bytes:
        """The report as `json`, `csv` or `pdf`. `words` are its arguments by their names on the command line (`from`, `item`, ...).

        Raises NotDrawn.
        """
        ...

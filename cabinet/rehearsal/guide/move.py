"""The shape of the script: chapters of moves; each says what to do and why it matters, how it is recognised, and how "next" does it.

Alone knows: that shape. Must not know: any move.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from cabinet.rehearsal.guide.look import Look
from cabinet.rehearsal.guide.visitor import Visitor

Perform = Callable[["Stage"], Awaitable[str]]
"""Does a move, whatever of it was done by hand already; returns the kiosk's page to look at afterwards."""


@dataclass(frozen=True, slots=True)
class Stage:
    """What a move may touch: the visitor's hands, the network cable, and what has been seen so far."""

    visitor: Visitor
    pull_network: Callable[[], None]
    plug_network: Callable[[], None]
    look: Callable[[], Awaitable[Look]]


Prepare = Callable[[Stage], Awaitable[None]]
"""What somebody elsewhere has done by the time that a move begins; done again it changes nothing."""


def never(_look: Look) -> bool:
    """Of what only eyes take in: it is over when the visitor says so."""
    return False


@dataclass(frozen=True, slots=True)
class Move:
    """One thing to do. `where` is the pane that it is done in: kiosk, cabinet, pharmacy or guide; `who` is whose badge and PIN it takes."""

    id: str
    where: str
    do: str
    why: str
    perform: Perform
    is_done: Callable[[Look], bool] = never
    who: str = ""
    prepare: Prepare | None = None


@dataclass(frozen=True, slots=True)
class Chapter:
    """One idea, at its time in the three minutes."""

    at: str
    title: str
    moves: tuple[Move, ...]

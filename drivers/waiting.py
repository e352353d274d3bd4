"""Who waits for a line, and who is next: the most urgent question, so that none starves.

Alone knows: the order of turns, and that nobody speaks for a caller that has gone or to a unit that was barred meanwhile.
Must not know: when the line is free (`owner.py`), or what a question asks.
"""

import asyncio
from collections import deque
from collections.abc import Callable

from cabinet.ports import DeviceFault
from drivers.exchange import Question, Rank
from drivers.health import LineHealth
from drivers.part import Part

_ORDER = tuple(Rank)
_ORDERS = (_ORDER, _ORDER, _ORDER, (*_ORDER[:3], *reversed(_ORDER[3:])))
"""Every fourth turn goes to the least urgent of those that may wait."""


class Turn:
    """One question that waits or is in flight."""

    __slots__ = ("future", "is_probe", "question", "unit")

    def __init__(self, question: Question, unit: Part, future: asyncio.Future[bytes], *, is_probe: bool) -> None:
        self.question = question
        self.unit = unit
        self.future = future
        self.is_probe = is_probe

    def fail(self, fault: DeviceFault) -> None:
        """Tell the caller, unless it has gone."""
        if not self.future.done():
            self.future.set_exception(fault)


class Waiting:
    """The questions that nobody has asked yet, by rank."""

    def __init__(self, health: LineHealth) -> None:
        self._health = health
        self._queues: tuple[deque[Turn], ...] = tuple(deque() for _ in Rank)
        self._given = 0

    def add(self, turn: Turn, rank: Rank) -> None:
        """The last of its rank."""
        self._queues[rank].append(turn)

    def next(self) -> Turn | None:
        """The most urgent question whose caller still waits; no order to a unit that was barred since it was given."""
        for rank in _ORDERS[self._given & 3]:
            queue = self._queues[rank]
            while queue:
                turn = queue.popleft()
                if turn.future.done():
                    continue
                if (turn.unit.gate and turn.question.moves) and not turn.is_probe:
                    bar = self._health.bar(turn.unit, moves=True)
                    if bar is not None:
                        turn.fail(bar)
                        continue
                self._given += 1
                return turn
        return None

    def fail(self, fault: Callable[[Turn], DeviceFault]) -> None:
        """Tell everybody who waits why nobody will be asked."""
        for queue in self._queues:
            while queue:
                turn = queue.popleft()
                turn.fail(fault(turn))

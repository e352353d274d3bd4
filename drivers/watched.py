"""One board as the scan sees it: what its inputs are believed to be, and what they seem to become.

Alone knows: when a changed reading is believed, and which changes were shorter than a scan.
Must not know: when a board is read (`scan.py`), what an input means, or who is told.
"""

from collections.abc import Callable
from typing import Protocol

from cabinet.domain.vocabulary import BoardId
from drivers.exchange import Rank

_ROUNDING_S = 1e-6
"""A timer may end this much early."""


class RankedInputs(Protocol):
    """A cabinet.ports.InputBoard whose reading may be told how urgent it is."""

    async def read_inputs(self, rank: Rank = Rank.DOOR) -> tuple[bool, ...]:
        """See InputBoard."""
        ...


class Watched:
    """A board's inputs. An input is believed once every reading for the time to settle, at least two of them, said the same."""

    __slots__ = (
        "_changing", "_passing", "believed", "board", "due_s", "heard_s", "id", "is_trusted", "misses", "passed", "period_s", "raw", "told",
    )  # fmt: skip

    def __init__(self, board_id: BoardId, board: RankedInputs, period_s: float) -> None:
        self.id, self.board, self.period_s = board_id, board, period_s
        self.believed: tuple[bool | None, ...] = ()
        self.due_s = 0.0
        self.misses = 0
        self.is_trusted = True
        self.heard_s = float("-inf")
        """When the last good reading came in; the inputs were so at most one exchange before."""
        self.raw: tuple[bool, ...] = ()
        self.passed: Callable[[], frozenset[int] | None] | None = getattr(board, "passed", None)
        self.told: set[int] = set()
        """Inputs whose change was believed since the board's latches were last read, if it has any."""
        self._passing: set[int] = set()
        """Inputs whose latch told of a change that may yet be believed in the ordinary way."""
        self._changing: dict[int, tuple[bool, float]] = {}

    @property
    def is_settling(self) -> bool:
        """Whether an input seems to change and is not believed yet."""
        return bool(self._changing)

    def blips(self) -> list[tuple[int, bool]]:
        """Inputs that were otherwise for a moment since they were last asked about, and what they are now; none that settles anyway."""
        if self.passed is None:
            return []
        passed = self.passed()
        self._passing -= self.told
        if passed is not None:
            self._passing |= passed - self.told
            self.told.clear()
        news = self._passing - self._changing.keys()
        self._passing -= news
        believed = [(number, self.believed[number]) for number in sorted(news) if number < len(self.believed)]
        return [(number, value) for number, value in believed if value is not None]

    def forget(self) -> None:
        """Believe nothing of this board any more."""
        self.believed = self.raw = ()
        self.heard_s = float("-inf")
        self._changing.clear()
        self._passing.clear()
        self.told.clear()

    def take(self, values: tuple[bool, ...], asked_s: float, heard_s: float, settle_s: float) -> list[tuple[int, bool, float]]:
        """Weigh a reading; returns what is believed from now on: input, value, when first seen.

        A value holds from the first reading that showed it (`heard_s`) to the asking of the latest (`asked_s`), for the input was
        looked at somewhere between the two.
        """
        if values == self.believed and not self._changing:
            return []
        if len(self.believed) != len(values):
            self.believed = (None,) * len(values)
        settled = []
        for number, value in enumerate(values):
            if value == self.believed[number]:
                self._changing.pop(number, None)
                continue
            seen = self._changing.get(number)
            if seen is None or seen[0] != value:
                self._changing[number] = (value, heard_s)
            elif asked_s + _ROUNDING_S >= seen[1] + settle_s:
                settled.append((number, value, seen[1]))
                del self._changing[number]
        if settled:
            believed = list(self.believed)
            for number, value, _ in settled:
                believed[number] = value
                self.told.add(number)
            self.believed = tuple(believed)
        return settled

    def look_again_s(self, heard_s: float, settle_s: float) -> float:
        """When a settling board is to be read next: at once after a change was first seen, then when it has settled."""
        first_seen_s = [seen_s for _, seen_s in self._changing.values()]
        return heard_s if heard_s in first_seen_s else min(first_seen_s) + settle_s

"""A pick list: what is brought to one cabinet in one go, and its life from the shelf of the pharmacy to the pocket.

Alone knows: its stages, who may do what to a line in which of them, and when a need is free again. Must not know: rows, wires, paper.

made -> picking -> picked -> checked -> on its way -> closed; cancelled until it is on its way. A need is on one list at a time: its line
is open from when the list is made until it is filled, found short, or the list is over.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from enum import StrEnum


class Stage(StrEnum):
    """Where a list is in its life."""

    MADE = "made"
    PICKING = "picking"
    PICKED = "picked"
    CHECKED = "checked"
    ON_ITS_WAY = "on_its_way"
    CLOSED = "closed"
    CANCELLED = "cancelled"


NEXT: dict[Stage, frozenset[Stage]] = {
    Stage.MADE: frozenset({Stage.PICKING, Stage.CANCELLED}),
    Stage.PICKING: frozenset({Stage.PICKED, Stage.CANCELLED}),
    Stage.PICKED: frozenset({Stage.CHECKED, Stage.PICKING, Stage.CANCELLED, Stage.CLOSED}),
    Stage.CHECKED: frozenset({Stage.ON_ITS_WAY, Stage.CANCELLED}),
    Stage.ON_ITS_WAY: frozenset({Stage.CLOSED}),
    Stage.CLOSED: frozenset(),
    Stage.CANCELLED: frozenset(),
}
OVER = frozenset({Stage.CLOSED, Stage.CANCELLED})
SHORT = {
    "out_of_stock": "out of stock",
    "too_few": "too few",
    "expired": "expired",
    "recalled": "recalled",
    "not_needed": "no longer needed",
}
"""Why less was picked than was asked, in words."""


class NotDone(Exception):
    """Something that may not be done to a list as it stands; `code` is the project's, the text says what to do."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.code, self.detail = code, detail


@dataclass(frozen=True, slots=True)
class Line:
    """One pocket. `picked` null: nobody has been at the shelf yet; `reason` why it is less than `units`.

    `filled` and `why_not` are what the cabinet's facts say; `waits` is a code that a pharmacist has not compared yet.
    """

    number: int
    pocket: str
    item: str
    units: int
    held: int
    why: str
    needs_check: bool = False
    needs_sheet: bool = False
    is_open: bool = True
    picked: int | None = None
    reason: str = ""
    lot: str | None = None
    expiry: str | None = None
    is_scanned: bool = False
    picked_by: str = ""
    checked_by: str = ""
    sheet: str = ""
    filled: int = 0
    why_not: str = ""
    waits: str = ""

    @property
    def goes(self) -> int:
        """How many leave the pharmacy."""
        return self.picked or 0

    @property
    def missing(self) -> int:
        """How many left the pharmacy and are not in the pocket."""
        return max(0, self.goes - self.filled)


@dataclass(frozen=True, slots=True)
class Step:
    """A list came to a stage, by whose hand."""

    stage: str
    at: str
    by: str
    said: str = ""


@dataclass(frozen=True, slots=True)
class PickList:
    """What is brought to one cabinet. `round` "": made by hand; `position`: which stop of its round the cabinet is."""

    id: str
    cabinet: str
    round: str
    position: int
    stage: Stage
    lines: tuple[Line, ...]
    steps: tuple[Step, ...] = ()
    carried_by: str = ""
    announced_at: str = field(default="")
    """When its cabinet knew of it."""

    def line(self, number: int) -> Line:
        """One line. Raises NotDone."""
        found = next((line for line in self.lines if line.number == number), None)
        if found is None:
            raise NotDone("picklist.no_line", f"{self.id} has no line {number}.")
        return found

    def step(self, stage: str) -> Step | None:
        """The last time that it came to a stage."""
        return next((step for step in reversed(self.steps) if step.stage == stage), None)

    @property
    def lacks_check(self) -> tuple[Line, ...]:
        """The lines that a pharmacist has still to look at."""
        return tuple(line for line in self.lines if line.needs_check and line.goes and not line.checked_by)


def changed(given: PickList, number: int, change: Callable[[Line], Line]) -> PickList:
    """The list with one line changed."""
    return replace(given, lines=tuple(change(line) if line.number == number else line for line in given.lines))


def moved(given: PickList, stage: Stage, at: str, by: str, said: str = "") -> PickList:
    """The list at another stage. Raises NotDone where that does not follow on the present one."""
    if stage not in NEXT[given.stage]:
        raise NotDone("picklist.stage", f"{given.id} is {given.stage.replace('_', ' ')}: it cannot become {stage.replace('_', ' ')} now.")
    if not by.strip():
        raise NotDone("picklist.nobody", "Say who you are: a list keeps who did what.")
    lines = given.lines if stage not in OVER else tuple(replace(line, is_open=False) for line in given.lines)
    return replace(given, stage=stage, lines=lines, steps=(*given.steps, Step(stage, at, by.strip(), said.strip())))

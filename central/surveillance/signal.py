"""What is compared: for each signal, which accesses could have been one, and which were.

Alone knows: the signals, and how an access is told to be one. Must not know: peers, scores, tables.

None of these is wrong by itself: doses are cancelled, wasted and taken on override every day, and mostly as they should be.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from cabinet.domain.vocabulary import parse_utc
from central.activity.line import CANCELLED, DONE, OVERRIDES, TAKING, Line

BEFORE, AFTER = timedelta(hours=1), timedelta(hours=4)
"""An administration belongs to a withdrawal if it was charted from so long before until so long after it."""
HEARD_SHARE = 0.5
"""A cabinet counts for `not_given` where at least this share of its doses are charted at all: elsewhere silence says nothing."""


@dataclass(frozen=True, slots=True)
class Signal:
    """One thing that is compared. `of`: the accesses that it is a share of, in words."""

    id: str
    name: str
    is_told: str
    of: str


SIGNALS = (
    Signal("cancelled", "Cancelled", "withdrawals that were cancelled once the pocket was open", "withdrawals whose pocket was opened"),
    Signal("null", "Nothing taken", "withdrawals that ended with nothing taken", "withdrawals whose pocket was opened"),
    Signal("waste", "Wasted", "withdrawals of which something was wasted", "withdrawals taken"),
    Signal("override", "Override", "withdrawals on override or in an emergency", "withdrawals taken"),
    Signal(
        "not_given", "Not charted as given", "withdrawals for a patient to which no administration was heard, of which something was kept",
        "withdrawals for a patient, at cabinets whose administrations are heard",
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Given:
    """An administration as the hospital's systems told of it."""

    patient: str
    item: str
    at: str
    by: str = ""
    """Who charted it, as those systems name them."""


@dataclass(frozen=True, slots=True)
class Case:
    """One access that could have been a signal, and whether it was."""

    signal: str
    line: Line
    is_one: bool


def cases(lines: Sequence[Line], given: Iterable[Given]) -> Iterator[Case]:
    """Every access of these that could have been one of the signals. What went on at another pocket counts where it went on."""
    mine = [line for line in lines if line.kind in TAKING and line.staff and not line.moved_to]
    for line in mine:
        is_over, is_taken = line.phase in DONE, line.is_taken
        if is_over or (line.phase == CANCELLED and line.open_ms is not None):
            yield Case("cancelled", line, line.phase == CANCELLED)
            yield Case("null", line, is_over and line.units == 0)
        if is_taken:
            yield Case("waste", line, line.waste_m > 0)
            yield Case("override", line, line.authority in OVERRIDES or line.kind == "emergency")
    yield from _not_given([line for line in mine if line.is_taken and line.patient], given)


def _not_given(taken: Sequence[Line], given: Iterable[Given]) -> Iterator[Case]:
    kept = {id(line) for line in taken if _is_kept(line)}
    charted = _charted([line for line in taken if id(line) in kept], given)
    missing = kept - charted
    for cabinet in sorted({line.cabinet for line in taken}):
        here = [line for line in taken if line.cabinet == cabinet]
        if sum(id(line) in charted for line in here) >= HEARD_SHARE * sum(id(line) in kept for line in here):
            yield from (Case("not_given", line, id(line) in missing) for line in here)


def _charted(taken: Sequence[Line], given: Iterable[Given]) -> set[int]:
    """The withdrawals that an administration stands for.

    Each stands for one: for that of who charted it, else for the nearest in time. Were it the earliest, one dose that was not charted would
    put all who took after it in the wrong.
    """
    waiting: dict[tuple[str, str], list[tuple[datetime, Line]]] = defaultdict(list)
    for line in taken:
        waiting[line.patient, line.item].append((parse_utc(line.at), line))
    found = set()
    for one in sorted(given, key=lambda one: one.at):
        mine, at = waiting.get((one.patient, one.item), []), parse_utc(one.at)
        near = [(at_taken, line) for at_taken, line in mine if at - AFTER <= at_taken <= at + BEFORE]
        if near:
            best = min(near, key=lambda taken: (taken[1].staff != one.by, abs(at - taken[0])))
            mine.remove(best)
            found.add(id(best[1]))
    return found


def _is_kept(line: Line) -> bool:
    """Whether anything of it neither came back nor was wasted."""
    return line.back_m + line.waste_m < line.units * 1000

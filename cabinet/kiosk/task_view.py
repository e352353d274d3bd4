"""What a person can begin at the cabinet, as the buttons that lead there: the first few beside the patients, the rest one touch away.

Alone knows: which tasks there are, whose they are, and which of them nobody may have to look for. Must not know: HTTP, HTML, clocks.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from cabinet.domain.core import Core
from cabinet.domain.people import Staff
from cabinet.domain.phrase import Phrase
from cabinet.domain.term import Terms


@dataclass(frozen=True)
class Task:
    """One button. `words` is what it says; `count` what waits there; `look` is primary, stop or none."""

    path: str
    words: Phrase
    count: int = 0
    look: str = ""
    is_alarm: bool = False


@dataclass(frozen=True)
class Waiting:
    """How much waits, by where."""

    picked: int
    mine: int
    everybodys: int
    needs: int
    attention: int


def first(core: Core, staff: Staff, waiting: Waiting) -> tuple[Task, ...]:
    """What stands on the first screen, in the order in which somebody in a hurry needs it."""
    return tuple(_first(_allows(core, staff), core.world.terms, waiting))


def _allows(core: Core, staff: Staff) -> Callable[..., bool]:
    may = core.world.policy.may.get(staff.role, frozenset())
    return lambda *acts: not may.isdisjoint(acts)


def _first(may: Callable[..., bool], said: Terms, waiting: Waiting) -> Iterator[Task]:
    if may("emergency"):
        yield Task("/emergency", said("emergency"), look="stop")
    if waiting.picked:
        yield Task("/picks", Phrase("Picked"), waiting.picked, "primary")
    if may("refill"):
        yield Task("/refill", said("restock"), waiting.needs, "primary")
    if may("count") and not may("withdraw"):
        yield Task("/count", said("count"), look="primary")
    if may("enrol") and not may("withdraw", "refill"):
        yield Task("/staff", Phrase("Staff"), look="primary")
    if may("audit") and not may("withdraw", "refill", "enrol"):
        yield Task("/reports", Phrase("Reports"), look="primary")
    yield Task("/shift", Phrase("My shift"), waiting.mine)
    yield Task("/attention", said("attention"), waiting.attention, is_alarm=True)
    yield Task("/more", Phrase("More"))


def more(core: Core, staff: Staff, waiting: Waiting) -> tuple[Task, ...]:
    """Everything else."""
    may, said = _allows(core, staff), core.world.terms
    known = (
        (may("close_debt"), Task("/shift/end", Phrase("End of shift"), waiting.everybodys)),
        (may("withdraw") and bool(core.world.policy.custody.purposes), Task("/purposes", Phrase("For no patient"))),
        (may("withdraw"), Task("/cases", Phrase("Cases"), len(core.state.cases))),
        (may("count") and may("withdraw"), Task("/count", said("count"))),
        (may("load", "unload", "transfer", "inspect", "expire"), Task("/pockets", Phrase("Pockets"))),
        (may("expire", "unload", "quarantine"), Task("/pulls", Phrase("Pull list"))),
        (may("empty_bin"), Task("/bin", Phrase("Return bin"), sum(len(held) for held in core.state.places.values()))),
        (may("belongings") and core.world.policy.custody.own_item is not None, Task("/belongings", Phrase("Patients' own medicine"))),
        (may("refill", "resolve", "report"), Task("/sheets", Phrase("Sheets"), len(core.state.sheets))),
        (True, Task("/quarantines", Phrase("Blocked items"), len(core.state.quarantines))),
        (True, Task("/discrepancies", Phrase("Discrepancies"), sum(one.is_open for one in core.state.discrepancies.values()))),
        (True, Task("/kits", Phrase("Sealed kits"))),
        (may("refill", "items"), Task("/parked", Phrase("Unknown codes"), sum(one.is_waiting for one in core.state.parked.values()))),
        (may("enrol", "temporary", "unlock", "audit"), Task("/staff", Phrase("Staff"))),
        (may("report", "audit"), Task("/reports", Phrase("Reports"))),
        (may("late_entry"), Task("/late", Phrase("Late entry"))),
        (True, Task("/mode", Phrase("Downtime and modes"))),
        (may("maintain"), Task("/bench", Phrase("Bench"))),
        (True, Task("/me", Phrase("My PIN"))),
    )
    return tuple(task for is_theirs, task in known if is_theirs)

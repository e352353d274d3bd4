"""What a quarantine blocks, and what is to be pulled because of it.

Alone knows: which pockets a pocket, an item, an NDC or a lot means. Must not know: who may begin or lift one (`asking.py`).

A pocket in which a recalled lot may lie is blocked as a whole: a hand in a matrix drawer does not tell lots apart. Units whose lot nobody
noted may be of any lot. What takes stock out of use (expiry pull, unload) and what only looks (count, inspect) goes on.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from cabinet.domain.formulary import Formulary, Item
from cabinet.domain.kinds import Kind
from cabinet.domain.quarantine.memory import Quarantine
from cabinet.domain.refusal import Refusal
from cabinet.domain.state import Line, State
from cabinet.domain.vocabulary import ItemId

GOES_ON = {"expire", "unload", "count", "inspect", "transfer"}


def blocks(quarantine: Quarantine, line: Line, item: Item) -> bool:
    """Whether this pocket's stock is, or may be, what is meant."""
    if quarantine.scope == "pocket":
        return line.pocket == quarantine.value
    if quarantine.scope == "item":
        return item.id == quarantine.value
    if quarantine.scope == "ndc":
        return item.ndc == quarantine.value
    return item.id == quarantine.item and any(batch.lot in {None, quarantine.value} for batch in line.batches)


def find(quarantines: Iterable[Quarantine], line: Line, item: Item) -> Quarantine | None:
    """The first quarantine that blocks a pocket."""
    return next((one for one in quarantines if blocks(one, line, item)), None)


def judge(state: State, kind: Kind, line: Line, item: Item) -> Refusal | None:
    """Whether this kind of access may go on at a pocket in spite of quarantines."""
    found = None if kind.name in GOES_ON else find(state.quarantines.values(), line, item)
    return None if found is None else Refusal("stock.quarantined", found.why)


@dataclass(frozen=True, slots=True)
class Pull:
    """One line of a pull list: what is to be taken out of which pocket, and why."""

    pocket: str
    item: str
    units: int
    lots: tuple[str, ...]
    earliest_expiry: str | None
    why: str
    quarantine: str | None = None


def pull_of(state: State, formulary: Formulary, line: Line, until: str) -> Pull | None:
    """What is to be pulled of one pocket: all where it is blocked, else what expires up to and including `until` (YYYY-MM-DD)."""
    item = formulary.get(ItemId(line.item))
    lots = tuple(batch.lot for batch in line.batches if batch.lot is not None)
    found = None if item is None else find(state.quarantines.values(), line, item)
    if found is not None and line.units:
        return Pull(line.pocket, line.item, line.units, lots, line.earliest_expiry, found.why, found.id)
    if line.earliest_expiry is not None and line.earliest_expiry <= until:
        due = [batch for batch in line.batches if batch.expiry is not None and batch.expiry <= until]
        return Pull(line.pocket, line.item, sum(batch.units for batch in due), lots, line.earliest_expiry, "expires")
    return None


def pulls(state: State, formulary: Formulary, until: str) -> Iterator[Pull]:
    """What is to be pulled, pocket by pocket. Nothing is hidden for being zero."""
    for line in state.lines.values():
        pull = pull_of(state, formulary, line, until)
        if pull is not None:
            yield pull

"""What is known of a cabinet before advice is found, and its own history lived again with any levels: what if.

Alone knows: how the pockets of one item are one. Must not know: how a par is found, tables.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from central.par.calendar import Calendar
from central.par.history import History
from central.par.replay import Stocked, replay
from central.par.rule import Criticality, Hold, Levels, Pocket, Rules
from central.plan.value import Lived

ROOMY = 600
"""Taken to fit, where nobody says how much does: a cabinet refuses levels that do not."""


@dataclass(frozen=True, slots=True)
class Stood:
    """One pocket as it stands: its item and levels, and the most that fits, where somebody says so."""

    pocket: str
    item: str
    name: str
    levels: Levels
    capacity: int | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """All that is known of a cabinet before advice is found."""

    cabinet: str
    made_at: str
    histories: Sequence[History]
    sent: Sequence[History]
    pockets: Sequence[Stood]
    calendar: Calendar
    rules: Rules
    elsewhere: Mapping[str, float] = field(default_factory=dict)
    keeps_days: Mapping[str, int] = field(default_factory=dict)
    holds: Mapping[str, Hold] = field(default_factory=dict)
    """By pocket."""
    marks: Mapping[str, Criticality] = field(default_factory=dict)
    """By item; who is not in it is ordinary."""
    names: Mapping[str, str] = field(default_factory=dict)
    worth: Mapping[str, float] = field(default_factory=dict)
    """By item, what one unit on the shelf is worth beside others; who is not in it is worth one."""


def pocket_of(case: Case, stood: Sequence[Stood]) -> Pocket:
    """All pockets of one item as one. A pharmacist's word on one of them stands for all."""
    item = stood[0].item
    hold = next((case.holds[one.pocket] for one in stood if one.pocket in case.holds), None)
    rooms = sum(ROOMY if one.capacity is None else one.capacity for one in stood)
    return Pocket(
        rooms, case.keeps_days.get(item), case.worth.get(item, 1.0), case.marks.get(item, Criticality.ORDINARY), summed(stood), hold
    )


def lived(case: Case, levels: Mapping[str, Levels]) -> Lived | None:
    """The cabinet's own history lived again with these levels by item; None where there is none."""
    if not case.histories:
        return None
    begin = min(one.from_min for one in case.histories)
    whole = [History(one.item, begin, one.to_min, one.demands) for one in case.histories]
    return Lived.of(
        replay(whole, {item: Stocked(one, case.keeps_days.get(item)) for item, one in levels.items() if one.par}, case.calendar)
    )


def levels_by_item(pockets: Sequence[Stood]) -> dict[str, Levels]:
    """The levels of all pockets of each item, added up."""
    items = {one.item for one in pockets}
    return {item: summed([one for one in pockets if one.item == item]) for item in items}


def summed(stood: Sequence[Stood]) -> Levels:
    """The levels of these pockets, added up."""
    return Levels(*(sum(getattr(one.levels, name) for one in stood) for name in ("par", "min", "critical_low")))

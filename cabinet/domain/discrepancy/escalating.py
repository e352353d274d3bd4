"""A discrepancy that nobody explains is put before the charge nurse, and then before the pharmacy; and pockets that nobody counts owe one.

Alone knows: how old is too old, and when to look next. Must not know: who reads it, or how a resolution is judged.

One timer for all of them. What is due is worked out from the moments in the record, so a start takes the waiting up where it was.
"""

from collections.abc import Iterator

from cabinet.domain.commands import StartTimer
from cabinet.domain.debt import owing
from cabinet.domain.discrepancy.finding import SOON_S, TIMER
from cabinet.domain.facts import DiscrepancyEscalated
from cabinet.domain.scene import Scene
from cabinet.domain.state import Line
from cabinet.domain.turn import Turn
from cabinet.domain.vocabulary import DiscrepancyId, ItemId, PocketId, parse_utc

CHARGE_NURSE, PHARMACY = "charge_nurse", "pharmacy"
DAY_S = 86_400
UNCOUNTED = "nobody counted it for {days} days"


def begin(scene: Scene, turn: Turn) -> None:
    """A start: what was waited for is waited for again; what came due meanwhile is due at once."""
    if _open(scene) or scene.world.policy.discrepancy.count_days:
        turn.order(StartTimer(TIMER, SOON_S))


def due(scene: Scene, turn: Turn) -> None:
    """Tell what is too old, let pockets owe what nobody counted, and look again when the next of them is due."""
    waits = [*_tell(scene, turn), *_owe(scene, turn)]
    if waits:
        turn.order(StartTimer(TIMER, max(SOON_S, min(waits))))


def _open(scene: Scene) -> list[str]:
    return [found.id for found in scene.state.discrepancies.values() if found.is_open]


def _tell(scene: Scene, turn: Turn) -> Iterator[float]:
    """Put what is too old before whom it concerns; gives the seconds until the next of them is."""
    rules = scene.world.policy.discrepancy
    for name in _open(scene):
        found = scene.state.discrepancies[name]
        age_s = (turn.at.utc - parse_utc(found.at)).total_seconds()
        for to, after_s in ((CHARGE_NURSE, rules.charge_nurse_s), (PHARMACY, rules.pharmacy_s)):
            if not after_s or to in found.told:
                continue
            if age_s >= after_s:
                turn.record(DiscrepancyEscalated(DiscrepancyId(name), PocketId(found.pocket), to, int(age_s)))
            else:
                yield after_s - age_s


def _owe(scene: Scene, turn: Turn) -> Iterator[float]:
    """Let controlled pockets that nobody counted for long owe a count; gives the seconds until the next of them does."""
    days = scene.world.policy.discrepancy.count_days
    why = UNCOUNTED.format(days=days)
    for line in list(scene.state.lines.values()) if days else ():
        if why in line.owes or not _is_controlled(scene, line):
            continue
        left_s = days * DAY_S - (turn.at.utc - parse_utc(line.last_counted_at or line.changed_at)).total_seconds()
        if left_s <= 0:
            owing.owe_count(turn, line.pocket, why)
        else:
            yield left_s


def _is_controlled(scene: Scene, line: Line) -> bool:
    item = scene.world.formulary.get(ItemId(line.item))
    return item is not None and item.is_controlled and line.count_mode != "bulk" and bool(line.changed_at)

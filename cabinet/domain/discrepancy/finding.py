"""How a discrepancy is written down: expected, entered and sensed side by side, and somebody who will look how old it grows.

Alone knows: what the sensors say of a pocket at the moment of a count. It is told after the count is in, and corrects nothing.
Must not know: what is asked of the person (`custody.py`), or when somebody else is told (`escalating.py`).
"""

from collections.abc import Sequence
from dataclasses import dataclass

from cabinet.domain.commands import StartTimer
from cabinet.domain.facts import Basis, DiscrepancyFound
from cabinet.domain.layout import Pocket
from cabinet.domain.scale import counting, teaching, weight
from cabinet.domain.scale.counting import Doubt, Scatter, SensedCount, Teaching, Verdict
from cabinet.domain.scene import Scene
from cabinet.domain.state import Access
from cabinet.domain.turn import Turn
from cabinet.domain.vocabulary import DiscrepancyId, ItemId, PocketId, Units, parse_utc

TIMER = "discrepancies"
SOON_S = 1.0

ZERO_AGE_S = 86_400.0
"""The zero of a tray is taken to have wandered for so long."""


@dataclass(frozen=True, slots=True)
class Sense:
    """What scale and eye say of what lies in a pocket; nothing where there is neither."""

    units: Units | None = None
    verdict: str = ""
    is_empty: bool | None = None

    def against(self, units: int) -> Basis | None:
        """The sensor that can be believed and says another number, if there is one."""
        if self.verdict == Verdict.CONFIDENT and self.units is not None and self.units != units:
            return Basis.SCALE
        return Basis.BIN_SENSOR if self.is_empty is not None and self.is_empty != (units == 0) else None


NOTHING = Sense()


def sense(scene: Scene, turn: Turn, access: Access, pocket: Pocket) -> Sense:
    """What the sensors say of a pocket that is counted now, from the weight at rest before it was opened and the eye's last word."""
    is_known = any(
        found.pocket == pocket.id and found.is_open and found.basis == Basis.BIN_SENSOR for found in scene.state.discrepancies.values()
    )
    is_empty = None if is_known or pocket.bin is None else scene.bins.get(pocket.id)
    weighed = _weigh(scene, turn, access, pocket)
    return Sense(is_empty=is_empty) if weighed is None else Sense(weighed.units, str(weighed.verdict), is_empty)


def _weigh(scene: Scene, turn: Turn, access: Access, pocket: Pocket) -> SensedCount | None:
    """What lay on the scale before the pocket was opened, as a number of pieces."""
    weighed, rest = pocket.weighed, scene.bench.rests.get(pocket.id)
    if weighed is None or access.before_mg is None or rest is None:
        return None
    known = teaching.of_pocket(scene, pocket)
    why = weight.advisory(scene, turn, pocket, known)
    if why is not None:
        return SensedCount(Verdict.ADVISORY, None, why)
    found = _since_count(scene, turn, access, pocket, known, rest.division_mg)
    if found is not None and found.verdict is Verdict.CONFIDENT:
        return found
    net_mg, scatter = access.before_mg - weighed.tray_mg, Scatter(rest.division_mg, weighed.wander.over(ZERO_AGE_S))
    if not weighed.tray_mg or net_mg < 0:
        return found
    return counting.count_mixed(net_mg, known, scatter, scene.world.policy.allowed_miscount)


def _since_count(
    scene: Scene, turn: Turn, access: Access, pocket: Pocket, known: Sequence[Teaching], division_mg: int
) -> SensedCount | None:  # fmt: skip
    """What was counted last, and by how much the weight has changed since: far surer than all of it, and the tray's zero is no matter."""
    interval = scene.state.intervals.get(pocket.id)
    since = None if interval is None else interval.since
    if since is None or since.mass_mg is None or since.units is None:
        return None
    assert pocket.weighed is not None
    assert access.before_mg is not None
    warmed_mk = None if since.milli_c is None or access.before_mc is None else access.before_mc - since.milli_c
    age_s = (turn.at.utc - parse_utc(since.at)).total_seconds()
    scatter = Scatter(division_mg, pocket.weighed.wander.over(age_s, warmed_mk))
    net_mg = access.before_mg - since.mass_mg
    found = counting.count_mixed(net_mg, known, scatter, scene.world.policy.allowed_miscount)
    if found.units is None:
        return found
    units = since.units + (found.units if net_mg >= 0 else -found.units)
    return counting.refuse(Doubt.FOREIGN) if units < 0 else SensedCount(found.verdict, Units(units), found.why)


def find(  # noqa: PLR0913, PLR0917 - what stands in the fact
    turn: Turn, access: Access | None, pocket: PocketId, item: ItemId, expected: Units, counted: Units | None, basis: Basis, since_seq: int,
    sensed: Sense = NOTHING, staff: str | None = None,
) -> DiscrepancyId:  # fmt: skip
    """Write a discrepancy down. It belongs to the interval that began with the fact `since_seq`, and to nobody."""
    name = turn.name_discrepancy()
    turn.record(
        DiscrepancyFound(
            name, pocket, item, expected, counted, basis, since_seq, sensed.units, sensed.verdict, sensed.is_empty
        ),
        access=access, staff=staff,
    )  # fmt: skip
    turn.order(StartTimer(TIMER, SOON_S))
    return name

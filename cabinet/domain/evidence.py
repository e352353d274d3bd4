"""What scales and photo-eyes say beside a person's count.

Alone knows: how a reading is compared with the journal, and that it never corrects it.
Must not know: how a reading is made.
A scale's doubt makes a pocket owe a count; a photo-eye that contradicts the journal is a discrepancy. Neither changes a balance.
"""

from cabinet.domain import counting, custody
from cabinet.domain.counting import SensedCount, Verdict
from cabinet.domain.events import WeightRead
from cabinet.domain.facts import Basis, BinSensed, DiscrepancyFound, Moment, PocketWeighed
from cabinet.domain.kinds import KINDS
from cabinet.domain.layout import Pocket, Weighed
from cabinet.domain.state import Access, Line
from cabinet.domain.turn import Turn
from cabinet.domain.vocabulary import ItemId, Units

DIFFERS = "the scale and what was stated differ"
"""Without numbers: it is read before a blind count. They stand in the weighings and the stated quantity."""


def take_weight(turn: Turn, access: Access, pocket: Pocket, read: WeightRead) -> None:
    """Record a weight; after the access, compare the units that its change stands for with what the person said."""
    assert pocket.weighed is not None
    moment = Moment.AFTER if read.is_after else Moment.BEFORE
    sensed = _judge(access, pocket.weighed, read)
    mass_mg = None if read.weighing is None or not read.weighing.is_steady else read.weighing.mass_mg
    turn.record(PocketWeighed(pocket.id, moment, mass_mg, sensed.verdict, sensed.units, sensed.why), access=access)
    if read.is_after and access.before_mg is not None and sensed.verdict is Verdict.CONFIDENT:
        assert mass_mg is not None
        seen = (sensed.units or 0) * (1 if mass_mg >= access.before_mg else -1)
        said = (access.confirmed or 0) * (-1 if KINDS[access.kind].takes else 1)
        if seen != said:
            custody.owe_count(turn, pocket.id, DIFFERS, access)
    elif sensed.why == counting.Doubt.MISFIT:
        custody.owe_count(turn, pocket.id, "what lies there does not weigh what this item weighs", access)


def _judge(access: Access, weighed: Weighed, read: WeightRead) -> SensedCount:
    if read.weighing is None:
        return counting.refuse(read.fault or "no weight")
    tare_mg = weighed.tray_mg
    if read.is_after and access.before_mg is not None:
        tare_mg = access.before_mg
    if not read.weighing.is_steady:
        return counting.refuse(counting.Doubt.UNSTEADY)
    return counting.count(read.weighing.mass_mg - tare_mg, weighed.teaching, counting.Scatter(read.weighing.division_mg))


def take_bin(turn: Turn, pocket: Pocket, *, is_empty: bool, access: Access | None = None) -> None:
    """Compare a photo-eye with the journal; a contradiction is a discrepancy, raised once while it stays open."""
    line = turn.state.lines.get(pocket.id)
    if line is None or line.count_mode == "bulk":
        return
    if access is not None:
        turn.record(BinSensed(pocket.id, Moment.AFTER, is_empty), access=access)
    if is_empty == (line.units == 0) or _is_known(turn, pocket):
        return
    _contradict(turn, pocket, line, access)


def _is_known(turn: Turn, pocket: Pocket) -> bool:
    return any(
        found.pocket == pocket.id and found.is_open and found.basis == Basis.BIN_SENSOR
        for found in turn.state.discrepancies.values()
    )  # fmt: skip


def _contradict(turn: Turn, pocket: Pocket, line: Line, access: Access | None) -> None:
    turn.record(
        DiscrepancyFound(
            turn.name_discrepancy(), pocket.id, ItemId(line.item), Units(line.units), None, Basis.BIN_SENSOR,
            line.last_counted_seq,
        ),
        access=access,
    )  # fmt: skip
    custody.owe_count(turn, pocket.id, "the bin sensor and the journal differ", access)

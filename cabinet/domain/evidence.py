"""What photo-eyes say beside a person's count; scales have a room of their own (`weight.py`).

Alone knows: how an eye is held against the journal, and that it never corrects it: a contradiction is a discrepancy.
Must not know: how a reading is made.
"""

from cabinet.domain.debt import owing
from cabinet.domain.discrepancy import finding
from cabinet.domain.facts import Basis, BinSensed, Moment
from cabinet.domain.layout import Pocket
from cabinet.domain.state import Access, Line
from cabinet.domain.turn import Turn
from cabinet.domain.vocabulary import ItemId, Units


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
    seen = finding.Sense(is_empty=line.units != 0)
    finding.find(turn, access, pocket.id, ItemId(line.item), Units(line.units), None, Basis.BIN_SENSOR, line.last_counted_seq, seen)
    owing.owe_count(turn, pocket.id, "the bin sensor and the journal differ", access)

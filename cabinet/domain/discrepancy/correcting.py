"""A person was asked once more how many they took or put, and says another number: the difference is moved, and both words stay.

Alone knows: that a correction is a movement of its own, out of the very batches that the first one touched.
Must not know: why they were asked (`hint.py`), or how a first word is taken (`custody.py`).
"""

from cabinet.domain.facts import Account, QuantityConfirmed, UnitsMoved
from cabinet.domain.kinds import row_of
from cabinet.domain.state import Access, Batch, Line
from cabinet.domain.turn import Turn
from cabinet.domain.vocabulary import AccessId, ItemId, PocketId, Units


def correct(turn: Turn, access: Access, units: int, accounts: tuple[Account, Account]) -> None:
    """Take the second word. `accounts`: where the first one moved units from and to."""
    assert access.confirmed is not None
    more = units - access.confirmed
    line = turn.state.lines[access.pocket]
    turn.record(QuantityConfirmed(Units(units), access.lot or None), access=access)
    source, target = accounts
    if more > 0:
        for batch in _batches(access, line, more, is_back=False):
            _move(turn, access, batch, source, target)
    elif more < 0:
        for batch in _batches(access, line, -more, is_back=True):
            _move(turn, access, batch, target, source)


def _batches(access: Access, line: Line, units: int, *, is_back: bool) -> list[Batch]:
    """Which batches a correction touches: what was put has one; what was taken goes back the way it came, the last of it first."""
    if row_of(access).puts or not is_back:
        last = access.touched[-1] if access.touched and row_of(access).puts else Batch(0, None, None)
        return [Batch(min(units, line.units) if row_of(access).puts and is_back else units, last.lot, last.expiry)]
    found, left = [], units
    for batch in reversed(access.touched):
        part = min(left, batch.units)
        if part:
            found.append(Batch(part, batch.lot, batch.expiry))
        left -= part
    return found


def _move(turn: Turn, access: Access, batch: Batch, source: Account, target: Account) -> None:
    withdrawal = access.withdrawal or (access.id if row_of(access).takes else None)
    if not batch.units:
        return
    moved = UnitsMoved(
        PocketId(access.pocket), ItemId(access.item), Units(batch.units), source, target, batch.lot, batch.expiry,
        withdrawal=None if withdrawal is None else AccessId(withdrawal),
        place=access.place if Account.TRANSIT in {source, target} else None,
    )  # fmt: skip
    turn.record(moved, access=access)

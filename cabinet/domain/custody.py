"""What a person's words at the cabinet mean: a request, a count, a quantity, a change of mind.

Alone knows: how requests are judged, counts compared and units moved between accounts.
Must not know: locks and edges (`walk.py`, `sensing.py`), or how a phase follows another (`access.py`).
"""

import re
from collections.abc import Mapping
from datetime import date

from cabinet.domain.events import AccessAsked, CountEntered, QuantityEntered
from cabinet.domain.facts import (
    Account,
    Basis,
    CountOwed,
    DiscrepancyFound,
    Moment,
    PocketCounted,
    QuantityConfirmed,
    UnitsMoved,
)
from cabinet.domain.formulary import Item
from cabinet.domain.kinds import KINDS, Kind
from cabinet.domain.layout import Pocket
from cabinet.domain.orders import Patient
from cabinet.domain.refusal import Refusal
from cabinet.domain.state import Access, Line
from cabinet.domain.turn import Turn
from cabinet.domain.vocabulary import ItemId, PatientId, PocketId, Units

MOST_UNITS = 100_000
"""More than this in one pocket is a slip of the finger."""

LONGEST_LOT = 64

OPENED_AT_BENCH = "opened for service"
"""Why a pocket owes a count after a technician's pulse. Until it is counted, what its scale says accuses nobody."""

DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def owe_count(turn: Turn, pocket: str, why: str, access: Access | None = None) -> None:
    """Let a pocket owe a count, whoever opens it next. Nobody counts a bulk pocket or one without an item, so these owe none."""
    line = turn.state.lines.get(pocket)
    if line is not None and line.count_mode != "bulk":
        turn.record(CountOwed(PocketId(pocket), why), access=access)


def judge_purpose(asked: AccessAsked, kind: Kind, patients: Mapping[PatientId, Patient]) -> Refusal | None:
    """Whether the request names its patient, where it must, and one who is here."""
    if asked.patient is None:
        return Refusal("access.purpose") if kind.needs_purpose else None
    return None if asked.patient in patients else Refusal("access.patient_unknown")


def judge_stock(asked: AccessAsked, kind: Kind, line: Line, today: str, *, is_blind: bool) -> Refusal | None:
    """Whether the pocket can serve the request: enough units, none of them expired.

    Where the pocket is counted blind, too many are not refused: asking again and again would tell the balance.
    """
    fewest = 1 if kind.confirms_quantity else 0
    if not fewest <= asked.units <= MOST_UNITS:
        return Refusal("access.units")
    if not kind.takes:
        return None
    if line.count_mode != "bulk":
        if line.units == 0:
            return Refusal("stock.out")
        if line.units < asked.units and not is_blind:
            return Refusal("stock.short")
    expiry = line.earliest_expiry
    if not kind.takes_expired and expiry is not None and expiry < today:
        return Refusal("stock.expired", expiry)
    return None


def enter_count(turn: Turn, access: Access, item: Item, entered: CountEntered) -> Refusal | None:
    """Take a count. One that differs is asked for once more; a second one that differs is a discrepancy, and the balance follows it."""
    if not 0 <= entered.units <= MOST_UNITS:
        return Refusal("pocket.capacity", str(entered.units))
    line = turn.state.lines[access.pocket]
    expected = line.units
    attempt = access.attempts + 1
    is_final = entered.units == expected or attempt > 1
    since_seq = line.last_counted_seq
    turn.record(
        PocketCounted(
            PocketId(line.pocket), item.id, entered.units, Units(expected), Basis.PERSON, Moment.BEFORE, attempt, is_final
        ),
        access=access,
    )  # fmt: skip
    if is_final and entered.units != expected:
        _find(turn, access, line, entered.units, since_seq)
    return None


def _find(turn: Turn, access: Access, line: Line, counted: int, since_seq: int) -> None:
    """Record a discrepancy and move the difference to or from the variance account, so that the books balance.

    A bulk pocket's balance is a guess: its difference is moved all the same, and is no discrepancy.
    """
    pocket, item, expected = PocketId(line.pocket), ItemId(line.item), line.units
    if line.count_mode != "bulk":
        turn.record(
            DiscrepancyFound(
                turn.name_discrepancy(), pocket, item, Units(expected), Units(counted), Basis.PERSON, since_seq
            ),
            access=access,
        )  # fmt: skip
    short = expected - counted
    source, target = (Account.POCKET, Account.VARIANCE) if short > 0 else (Account.VARIANCE, Account.POCKET)
    turn.record(UnitsMoved(pocket, item, Units(abs(short)), source, target), access=access)


def enter_quantity(turn: Turn, access: Access, pocket: Pocket, entered: QuantityEntered) -> Refusal | None:
    """Take the quantity that a person took or put, and move the units."""
    if not 0 <= entered.units <= MOST_UNITS:
        return Refusal("access.units")
    kind = KINDS[access.kind]
    lot, expiry = (entered.lot, entered.expiry) if kind.wants_lot else (None, None)
    refusal = _judge_lot(lot) or _judge_expiry(expiry, turn.at.utc.date().isoformat())
    if refusal is not None:
        return refusal
    line = turn.state.lines[pocket.id]
    turn.record(QuantityConfirmed(entered.units, lot, expiry), access=access)
    if kind.takes and entered.units > line.units:
        _find(turn, access, line, entered.units, line.last_counted_seq)
    if entered.units and kind.source is not None and kind.target is not None:
        turn.record(
            UnitsMoved(pocket.id, ItemId(access.item), entered.units, kind.source, kind.target, lot, expiry), access=access
        )  # fmt: skip
    return None


def _judge_lot(lot: str | None) -> Refusal | None:
    return None if lot is None or (lot.isprintable() and len(lot) <= LONGEST_LOT) else Refusal("access.lot")


def _judge_expiry(expiry: str | None, today: str) -> Refusal | None:
    if expiry is None:
        return None
    if not DATE.fullmatch(expiry):
        return Refusal("access.date", expiry)
    try:
        date.fromisoformat(expiry)
    except ValueError:
        return Refusal("access.date", expiry)
    return Refusal("access.lot_expired", expiry) if expiry < today else None

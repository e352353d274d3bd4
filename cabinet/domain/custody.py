"""What a person's words at the cabinet mean: a request, a count, a quantity, a change of mind.

Alone knows: how requests are judged, counts compared and units moved between accounts.
Must not know: locks and edges (`walk.py`, `sensing.py`), or how a phase follows another (`access.py`).
"""

import re
from collections.abc import Sequence
from datetime import date

from cabinet.domain.debt import closing, owing
from cabinet.domain.discrepancy import correcting, finding
from cabinet.domain.discrepancy.finding import NOTHING, Sense
from cabinet.domain.events import AccessAsked, CountEntered, QuantityEntered
from cabinet.domain.facts import (
    Account,
    Basis,
    ExpiryStated,
    Moment,
    PocketAssigned,
    PocketCounted,
    PocketUnassigned,
    QuantityConfirmed,
    UnitsMoved,
    WitnessSigned,
)
from cabinet.domain.formulary import Item
from cabinet.domain.kinds import Kind, row_of
from cabinet.domain.layout import Pocket
from cabinet.domain.orders import Patient
from cabinet.domain.refusal import Refusal
from cabinet.domain.state import Access, Line
from cabinet.domain.turn import Turn
from cabinet.domain.vocabulary import AccessId, ItemId, PocketId, StaffId, Units
from cabinet.domain.withdrawal import container
from cabinet.domain.withdrawal.fold import BIN
from cabinet.domain.withdrawal.memory import WHOLE_M
from cabinet.domain.withdrawal.returning import FOUND
from cabinet.domain.withdrawal.rule import CustodyRules

MOST_UNITS = 100_000
"""More than this in one pocket is a slip of the finger."""

LONGEST_LOT = 64

MOST_RECOUNTS = 2
"""One because a count differs from the record, and one more where a sensor speaks against it. Counting until it fits is no counting."""

DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def judge_purpose(asked: AccessAsked, kind: Kind, patient: Patient | None, rules: CustodyRules) -> Refusal | None:
    """Whether the request names its patient, where it must, and one who is here; or a purpose that stands for one."""
    if asked.patient is None:
        is_stated = asked.purpose in rules.purposes and not asked.order
        return Refusal("access.purpose") if kind.needs_purpose and not is_stated else None
    return None if patient is not None else Refusal("access.patient_unknown")


def judge_stock(asked: AccessAsked, kind: Kind, line: Line, today: str, *, is_blind: bool, may_be_none: bool) -> Refusal | None:
    """Whether the pocket can serve the request: enough units, none of them expired; an opened container is discarded whenever it is.

    `may_be_none`: nothing may leave the pocket for good, as of a container that is put back.
    Where the pocket is counted blind, too many are not refused: asking again and again would tell the balance. In an emergency they are not
    either: what the record says of a pocket may be wrong, and a refill that nobody recorded must not be out of reach.
    """
    fewest = 1 if kind.confirms_quantity and not may_be_none else 0
    if not fewest <= asked.units <= MOST_UNITS:
        return Refusal("access.units")
    if not kind.takes:
        return None
    if line.count_mode != "bulk" and not kind.is_urgent:
        if line.units == 0:
            return Refusal("stock.out")
        if line.units < asked.units and not is_blind:
            return Refusal("stock.short")
    expiry = line.earliest_expiry
    is_discarded = asked.purpose == container.DISCARDED and line.use_by is not None
    if not (kind.takes_expired or is_discarded) and expiry is not None and expiry < today:
        return Refusal("stock.expired", expiry)
    return None


def enter_count(turn: Turn, access: Access, item: Item, entered: CountEntered, sensed: Sense = NOTHING) -> Refusal | None:
    """Take a count. One that differs is asked for once more; a second one that differs is a discrepancy, and the balance follows it.

    Where a sensor that can be believed speaks against a count, once one is in, it is asked for once more on that account: what was sensed
    is not told, and corrects nothing.
    """
    if not 0 <= entered.units <= MOST_UNITS:
        return Refusal("pocket.capacity", str(entered.units))
    line = turn.state.lines[access.pocket]
    expected = line.units
    attempt = access.attempts + 1
    is_right = entered.units == expected or _is_within(item, line, expected, entered.units)
    denier = sensed.against(entered.units) if line.count_mode in {"units", "containers"} else None
    if attempt == 1 and not is_right:
        denier = Basis.JOURNAL
    is_final = denier is None or attempt > MOST_RECOUNTS or (attempt > 1 and is_right)
    since_seq = line.last_counted_seq
    turn.record(
        PocketCounted(
            PocketId(line.pocket), item.id, entered.units, Units(expected), Basis.PERSON, Moment.BEFORE, attempt, is_final,
            None if is_final else denier,
        ),
        access=access,
    )  # fmt: skip
    if is_final and entered.units != expected:
        _find(turn, access, item, line, entered.units, since_seq, sensed)
    return None


def _find(
    turn: Turn, access: Access, item: Item, line: Line, counted: int, since_seq: int, sensed: Sense = NOTHING
) -> None:  # fmt: skip
    """Record a discrepancy and move the difference to or from the variance account, so that the books balance.

    A bulk pocket's balance is a guess, and a volume is read off: within what is allowed the difference is moved, and is no discrepancy.
    """
    pocket, expected = PocketId(line.pocket), line.units
    if not _is_within(item, line, expected, counted):
        finding.find(turn, access, pocket, item.id, Units(expected), Units(counted), Basis.PERSON, since_seq, sensed)
    short = expected - counted
    source, target = (Account.POCKET, Account.VARIANCE) if short > 0 else (Account.VARIANCE, Account.POCKET)
    turn.record(UnitsMoved(pocket, item.id, Units(abs(short)), source, target), access=access)


def _is_within(item: Item, line: Line, expected: int, counted: int) -> bool:
    """Whether a difference is none: nobody counts bulk, and a volume that is read off is right within what its item allows."""
    return line.count_mode == "bulk" or (line.count_mode == "volume" and abs(counted - expected) <= item.variance_units)


def enter_quantity(
    turn: Turn, access: Access, item: Item, entered: QuantityEntered, acknowledged: Sequence[str] = ()
) -> Refusal | None:  # fmt: skip
    """Take the quantity that a person took or put, and move the units. `acknowledged` is what they were told, and did it all the same."""
    if not 0 <= entered.units <= MOST_UNITS:
        return Refusal("access.units")
    kind = row_of(access)
    lot, expiry = (entered.lot, entered.expiry) if kind.wants_lot or access.kind == "expire" else (None, None)
    refusal = _judge_lot(lot) or _judge_expiry(expiry, turn.at.utc.date().isoformat()) or _judge_back(turn, access, entered.units)
    if refusal is not None:
        return refusal
    line = turn.state.lines[access.pocket]
    if access.confirmed is not None:
        more = entered.units - access.confirmed
        if kind.takes and more > line.units:
            _find(turn, access, item, line, more, line.last_counted_seq)
        correcting.correct(turn, access, entered.units, _accounts(turn, access))
        return None
    turn.record(QuantityConfirmed(entered.units, lot, expiry, list(acknowledged)), access=access)
    container.note(turn, access, item, line, entered.units)
    container.note_drawn(turn, access, item, entered)
    if kind.takes and entered.units > line.units:
        _find(turn, access, item, line, entered.units, line.last_counted_seq)
    if entered.units and kind.source is not None and kind.target is not None:
        source, target = _accounts(turn, access)
        withdrawal = None if access.withdrawal is None else AccessId(access.withdrawal)
        moved = UnitsMoved(
            PocketId(line.pocket), ItemId(access.item), entered.units, source, target, lot if kind.puts else None,
            expiry if kind.puts else None, withdrawal=withdrawal, place=access.place if Account.TRANSIT in {source, target} else None,
        )  # fmt: skip
        turn.record(moved, access=access)
    _leave_behind(turn, access, line, expiry)
    return None


def _judge_back(turn: Turn, access: Access, units: int) -> Refusal | None:
    """Nobody brings back more than they took."""
    known = turn.state.withdrawals.get(access.withdrawal or "")
    if not row_of(access).undoes_withdrawal or known is None or (units - (access.confirmed or 0)) * WHOLE_M <= known.left_m:
        return None
    return Refusal("withdrawal.more", str(known.left_m // WHOLE_M))


def _leave_behind(turn: Turn, access: Access, line: Line, expiry: str | None) -> None:
    """What an access leaves in its pocket: the earliest expiry after a pull, and no item after everything was unloaded."""
    if access.kind == "expire" and expiry is not None and line.units:
        turn.record(ExpiryStated(PocketId(line.pocket), ItemId(line.item), expiry), access=access)
    if access.kind == "unload" and not line.units and access.bag is None:
        turn.record(PocketUnassigned(PocketId(line.pocket), ItemId(line.item)), access=access)


def _accounts(turn: Turn, access: Access) -> tuple[Account, Account]:
    """Where units go from and to: as the row says, save that who has no patient has a purpose, and transit stands for what is under way."""
    kind, known = row_of(access), turn.state.withdrawals.get(access.withdrawal or "")
    assert kind.source is not None
    assert kind.target is not None
    has_patient = access.patient is not None if known is None else known.patient is not None and not known.is_named_later
    stands_for = {} if has_patient else {Account.PATIENT: Account.PURPOSE}
    if access.sheet is not None or (kind.puts and access.place is not None):
        stands_for[Account.PHARMACY] = Account.TRANSIT
    return stands_for.get(kind.source, kind.source), stands_for.get(kind.target, kind.target)


def move_on_paper(turn: Turn, access: Access) -> None:
    """Move the units of an access that opens nothing: what is returned to the bin, wasted, or found in the bin."""
    item, place = ItemId(access.item), access.place or BIN
    source, target = _accounts(turn, access)
    if access.kind == "empty_bin":
        _empty(turn, access, item, place, target)
        return
    known = access.withdrawal if access.withdrawal in turn.state.withdrawals else None
    moved = UnitsMoved(
        None, item, Units(access.units), source, target, part_m=access.part_m, withdrawal=None if known is None else AccessId(known),
        place=place if target is Account.RETURN_BIN else None,
    )  # fmt: skip
    turn.record(moved, access=access)
    closing.accounted(turn, access)
    if access.purpose == FOUND:
        owing.owe(turn, access, "review", "it was found, and no withdrawal of it is on record here")


def _empty(turn: Turn, access: Access, item: ItemId, place: str, target: Account) -> None:
    """What was found in the bin goes to the pharmacy; what differs from what was laid there is a discrepancy."""
    laid = turn.state.places.get(place, {}).get(item, 0)
    short = laid - access.units
    if short:
        finding.find(turn, access, PocketId(place), item, Units(laid), Units(access.units), Basis.PERSON, 0)
        way = (Account.RETURN_BIN, Account.VARIANCE) if short > 0 else (Account.VARIANCE, Account.RETURN_BIN)
        turn.record(UnitsMoved(None, item, Units(abs(short)), *way, place=place), access=access)
    if access.units:
        turn.record(UnitsMoved(None, item, Units(access.units), Account.RETURN_BIN, target, place=place), access=access)


def assign(turn: Turn, access: Access, pocket: Pocket, item: Item, levels: tuple[Units, Units, Units] | None) -> None:
    """Give a pocket its item, where it has none yet; without levels of its own it gets those of its place."""
    if pocket.id in turn.state.lines:
        return
    par, least, critical = levels or (pocket.levels.par, pocket.levels.min, pocket.levels.critical_low)
    turn.record(PocketAssigned(pocket.id, pocket.drawer, item.id, par, least, critical, item.count_mode), access=access)


def sign(turn: Turn, access: Access, item: Item, witness: StaffId, factors: tuple[str, ...]) -> None:
    """A second person signs: what they sign for stands in the fact."""
    signed = WitnessSigned(access.kind, ItemId(access.item), signed_for(access, item), list(factors), access.reason)
    turn.record(signed, access=access, witness=witness)


def signed_for(access: Access, item: Item) -> str:
    """What somebody signs for: as it was put in words, or the number."""
    return access.said or f"{owing.stated_m(access) / WHOLE_M:g} {item.count_unit}"


def sign_again(turn: Turn, access: Access, former: Access) -> None:
    """What was signed for holds where the access goes on at another pocket."""
    assert former.witness is not None
    turn.record(WitnessSigned(access.kind, ItemId(access.item), "", [f"signed for {former.id}"]), access=access, witness=former.witness)


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

"""What counts and movements mean for what ought to be in a pocket.

Alone knows: that meaning. Must not know: why a fact was written, or what is to be done about it.
"""

from datetime import timedelta

from cabinet.domain import facts
from cabinet.domain.facts import Account, Draft
from cabinet.domain.fold import belonging, delivery, kit, sheet
from cabinet.domain.fold.change import access_of, change, touch
from cabinet.domain.forecast import DAYS_LOOKED_BACK
from cabinet.domain.state import Batch, Line, State
from cabinet.domain.vocabulary import Units, utc_text
from cabinet.domain.withdrawal import fold as withdrawal


@change.register
def _counted(fact: facts.PocketCounted, state: State, draft: Draft) -> None:
    access = access_of(state, draft)
    access.attempts, access.count_doubt = fact.attempt, fact.doubted_by or ""
    if not fact.is_final:
        return
    access.counted = fact.counted
    line = state.lines[fact.pocket]
    line.last_counted_at = utc_text(draft.at.utc)
    line.last_counted_seq = state.seq
    line.basis = fact.basis
    line.owes.clear()
    touch(state, line, draft)


@change.register
def _moved(fact: facts.UnitsMoved, state: State, draft: Draft) -> None:
    withdrawal.moved(fact, state, draft)
    kit.moved(fact, state, draft)
    sheet.moved(fact, state, draft)
    delivery.moved(fact, state, draft)
    belonging.moved(fact, state, draft)
    if fact.pocket is None:
        return
    line = state.lines[fact.pocket]
    if fact.target is Account.POCKET:
        _put(line, fact.units, fact.lot, fact.expiry)
        if fact.source in {Account.PHARMACY, Account.TRANSIT}:
            state.unfilled.pop(line.pocket, None)
            state.refill_asks.pop(line.pocket, None)
    touched = [Batch(fact.units, fact.lot, fact.expiry)]
    if fact.source is Account.POCKET:
        touched = _take(line, fact, from_latest=fact.target is Account.VARIANCE)
        if fact.target in {Account.PATIENT, Account.PURPOSE}:
            _use(line, fact.units, draft)
    access = state.accesses.get(draft.access or "")
    if access is not None and not access.touched and Account.VARIANCE not in {fact.source, fact.target}:
        access.touched = touched
    touch(state, line, draft)


def _use(line: Line, units: int, draft: Draft) -> None:
    today = draft.at.utc.date()
    oldest = (today - timedelta(days=DAYS_LOOKED_BACK)).isoformat()
    line.used = {day: used for day, used in line.used.items() if day >= oldest}
    line.used[today.isoformat()] = line.used.get(today.isoformat(), 0) + units


def _put(line: Line, units: int, lot: str | None, expiry: str | None) -> None:
    for batch in line.batches:
        if (batch.lot, batch.expiry) == (lot, expiry):
            batch.units += units
            return
    line.batches.append(Batch(units, lot, expiry))
    line.batches.sort(key=lambda batch: batch.expiry or "9999")


def _take(line: Line, fact: facts.UnitsMoved, *, from_latest: bool) -> list[Batch]:
    """First expired, first out: which lot a hand really took is not known, so the earliest is taken to have gone. Gives what went.

    What is missing at a count goes from the latest lot instead: the expiry that is left must err on the safe side. A lot that is named,
    as where a person takes back what they put in, goes first.
    """
    units, gone = fact.units, []
    assert units <= line.units, f"{line.pocket} holds {line.units}, {units} were taken"
    batches = list(reversed(line.batches)) if from_latest else list(line.batches)
    if fact.lot is not None or fact.expiry is not None:
        batches.sort(key=lambda batch: (batch.lot, batch.expiry) != (fact.lot, fact.expiry))
    for batch in batches:
        taken = min(units, batch.units)
        batch.units -= taken
        units = Units(units - taken)
        if taken:
            gone.append(Batch(taken, batch.lot, batch.expiry))
    line.batches = [batch for batch in line.batches if batch.units]
    return gone


@change.register
def _owed(fact: facts.CountOwed, state: State, draft: Draft) -> None:
    line = state.lines[fact.pocket]
    if not line.owes:
        line.owed_at = utc_text(draft.at.utc)
    if fact.why not in line.owes:
        line.owes.append(fact.why)


@change.register
def _sensed(_fact: facts.BinSensed, state: State, draft: Draft) -> None:
    access_of(state, draft).seen_after = True


@change.register
def _expiry_stated(fact: facts.ExpiryStated, state: State, draft: Draft) -> None:
    line = state.lines[fact.pocket]
    for batch in line.batches:
        batch.expiry = fact.expiry if batch.expiry is None else max(batch.expiry, fact.expiry)
    if line.batches and fact.expiry < (line.earliest_expiry or ""):
        min(line.batches, key=lambda batch: batch.expiry or "").expiry = fact.expiry
    touch(state, line, draft)


@change.register
def _opened(fact: facts.ContainerOpened, state: State, draft: Draft) -> None:
    line = state.lines[fact.pocket]
    line.use_by = fact.use_by
    line.drawn_m = 0
    touch(state, line, draft)


@change.register
def _drawn(fact: facts.DoseDrawn, state: State, draft: Draft) -> None:
    line, access = state.lines[fact.pocket], access_of(state, draft)
    line.drawn_m += fact.drawn_m
    access.drawn_m = fact.drawn_m
    withdrawal.drawn(fact, state, draft)
    touch(state, line, draft)


@change.register
def _discarded(fact: facts.ContainerDiscarded, state: State, draft: Draft) -> None:
    line = state.lines[fact.pocket]
    line.use_by = None
    access_of(state, draft).drawn_m = -line.drawn_m
    line.drawn_m = 0
    touch(state, line, draft)

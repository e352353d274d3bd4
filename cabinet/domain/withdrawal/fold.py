"""What movements mean for what is remembered of withdrawals, and of the places where returns lie.

Alone knows: that meaning, and when a withdrawal is old enough to be forgotten.
Must not know: why units were moved, or what is to be done about it. `fold/` calls it for movements.
"""

from datetime import datetime, timedelta
from itertools import takewhile

from cabinet.domain.facts import Account, DoseDrawn, Draft, UnitsMoved
from cabinet.domain.state import State
from cabinet.domain.vocabulary import utc_text
from cabinet.domain.withdrawal.memory import WHOLE_M, Withdrawal

REMEMBERED = timedelta(hours=72)
"""Discharged patients' withdrawals are listed for a day at least; those of which something is owed, until that is settled."""

TAKEN = {Account.PATIENT, Account.PURPOSE}
"""Where units are once somebody took them out to use them."""


def moved(fact: UnitsMoved, state: State, draft: Draft) -> None:
    """Keep what was taken out, and what came of it."""
    known = state.withdrawals.get(fact.withdrawal or "")
    if fact.source is Account.POCKET and fact.target in TAKEN and draft.access is not None:
        if known is None:
            _taken(fact, state, draft)
        elif known.access == draft.access:  # a second word: more than was stated first
            known.units += fact.units
        else:
            known.returned -= fact.units
    elif fact.source in TAKEN and known is not None:
        if fact.target is Account.POCKET and known.access == draft.access:  # fewer than was stated first
            known.units -= fact.units
        elif fact.target is Account.WASTE:
            known.wasted_m += fact.units * WHOLE_M + fact.part_m
        else:
            known.returned += fact.units
    if fact.target is Account.RETURN_BIN:
        _lay(state, fact, fact.units)
    if fact.source is Account.RETURN_BIN:
        _lay(state, fact, -fact.units)


def drawn(fact: DoseDrawn, state: State, draft: Draft) -> None:
    """Keep what was drawn out of a container that was put back: no unit of it left the pocket."""
    if fact.drawn_m:
        _keep(state, draft, fact.item, 0, None)


def _taken(fact: UnitsMoved, state: State, draft: Draft) -> None:
    _keep(state, draft, fact.item, fact.units, fact.lot)


def _keep(state: State, draft: Draft, item: str, units: int, lot: str | None) -> None:
    access = state.accesses[draft.access or ""]
    _forget_old(state, draft.at.utc)
    state.withdrawals[access.id] = Withdrawal(
        access.id, access.staff, access.pocket, item, access.patient, access.purpose, access.order, access.authority,
        utc_text(draft.at.utc), state.seq, units, lot, drawn_m=access.drawn_m,
    )  # fmt: skip


def _forget_old(state: State, now: datetime) -> None:
    """Withdrawals stand in the order in which they happened, so the old ones are the first."""
    owed = {debt.access for debt in state.debts.values()}
    limit = utc_text(now - REMEMBERED)
    old = list(takewhile(lambda one: one.at < limit, state.withdrawals.values()))
    for one in old:
        if one.access not in owed:
            del state.withdrawals[one.access]


def _lay(state: State, fact: UnitsMoved, units: int) -> None:
    held = state.places.setdefault(fact.place or BIN, {})
    held[fact.item] = held.get(fact.item, 0) + units
    if not held[fact.item]:
        del held[fact.item]


BIN = "bin"
"""The return bin, where no other place is named."""

"""What changed reference data means for what is remembered.

Alone knows: that meaning, and that a merged patient's withdrawals, debts and accesses are the other's from then on.
Must not know: why a fact was written, or what is to be done about it.
"""

from typing import Protocol

from cabinet.domain import facts
from cabinet.domain.facts import Draft
from cabinet.domain.fold.change import change, touch
from cabinet.domain.reference import record
from cabinet.domain.reference.memory import Levels, Unmapped
from cabinet.domain.state import State
from cabinet.domain.vocabulary import utc_text


class _Theirs(Protocol):
    """What is some patient's."""

    patient: str | None


@change.register
def _patient(fact: facts.PatientChanged, state: State, draft: Draft) -> None:
    known = state.reference
    former = known.patients.get(fact.patient)
    if fact.area != ("" if former is None else former.area):
        known.moved[fact.patient] = utc_text(draft.at.utc)
    known.patients[fact.patient] = record.patient_of(fact)
    known.origins[fact.patient] = fact.origin


@change.register
def _merged(fact: facts.PatientMerged, state: State, _draft: Draft) -> None:
    known = state.reference
    for source, into in list(known.merged.items()):
        if into == fact.patient:
            known.merged[source] = fact.into
    known.merged[fact.patient] = fact.into
    known.orders_of.setdefault(fact.into, []).extend(known.orders_of.pop(fact.patient, []))
    theirs: list[_Theirs] = [*state.withdrawals.values(), *state.debts.values(), *state.accesses.values()]
    for one in theirs:
        if one.patient == fact.patient:
            one.patient = fact.into
    for bag in state.bags.values():
        if bag.patient == fact.patient:
            bag.patient = fact.into


@change.register
def _order(fact: facts.OrderChanged, state: State, _draft: Draft) -> None:
    known = state.reference
    former = known.orders.get(fact.order)
    if former is not None:
        known.orders_of[known.who(former.patient)].remove(fact.order)
    known.orders[fact.order] = record.order_of(fact)
    known.order_origins[fact.order] = fact.origin
    known.orders_of.setdefault(known.who(fact.patient), []).append(fact.order)
    known.unmapped.pop(fact.order, None)


@change.register
def _unmapped(fact: facts.OrderUnmapped, state: State, draft: Draft) -> None:
    state.reference.unmapped[fact.order] = Unmapped(fact.order, fact.patient, fact.said, fact.dose, utc_text(draft.at.utc))


@change.register
def _item(fact: facts.ItemChanged, state: State, _draft: Draft) -> None:
    state.reference.items[fact.item] = record.item_of(fact)
    state.reference.items_seq = state.seq


@change.register
def _levels(fact: facts.LevelsChanged, state: State, draft: Draft) -> None:
    state.reference.levels[fact.pocket] = Levels(fact.item, fact.par, fact.min, fact.critical_low)
    line = state.lines.get(fact.pocket)
    if line is not None and line.item == fact.item:
        line.par, line.min, line.critical_low = fact.par, fact.min, fact.critical_low
        touch(state, line, draft)

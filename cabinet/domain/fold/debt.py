"""What is remembered of debts: those that nobody has settled yet.

Alone knows: that meaning. Must not know: why a fact was written, or what is to be done about it.
"""

from cabinet.domain import facts
from cabinet.domain.debt.memory import Debt
from cabinet.domain.facts import Draft
from cabinet.domain.fold.change import change
from cabinet.domain.state import State
from cabinet.domain.vocabulary import utc_text


@change.register
def _owed(fact: facts.DebtOwed, state: State, draft: Draft) -> None:
    known = state.withdrawals.get(fact.access)
    state.debts[fact.debt] = Debt(
        fact.debt, fact.kind, draft.staff or "", fact.access, fact.pocket, fact.item, fact.patient, fact.units_m, fact.why,
        utc_text(draft.at.utc), state.seq, (draft.staff or "") if known is None else known.staff,
    )  # fmt: skip
    access = state.accesses.get(fact.access)
    if fact.kind == "witness" and access is not None:
        access.owes_witness = True


@change.register
def _handed_over(fact: facts.DebtHandedOver, state: State, _draft: Draft) -> None:
    state.debts[fact.debt].staff = fact.to


@change.register
def _settled(fact: facts.DebtSettled, state: State, _draft: Draft) -> None:
    del state.debts[fact.debt]


@change.register
def _named(fact: facts.PatientNamed, state: State, _draft: Draft) -> None:
    known = state.withdrawals.get(fact.access)  # one of long ago is forgotten
    if known is not None:
        known.patient, known.is_named_later = fact.patient, True
    for debt in state.debts.values():
        if debt.access == fact.access:
            debt.patient = fact.patient


@change.register
def _linked(fact: facts.OrderLinked, state: State, _draft: Draft) -> None:
    known = state.withdrawals.get(fact.access)  # one of long ago is forgotten
    if known is not None:
        known.order = fact.order

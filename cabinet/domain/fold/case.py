"""What is remembered of cases.

Alone knows: that meaning. Must not know: why a fact was written, or what is to be done about it.
"""

from cabinet.domain import facts
from cabinet.domain.case.memory import Case
from cabinet.domain.facts import Draft
from cabinet.domain.fold.change import change
from cabinet.domain.state import State
from cabinet.domain.vocabulary import utc_text


@change.register
def _begun(fact: facts.CaseBegun, state: State, draft: Draft) -> None:
    state.cases[fact.case] = Case(fact.case, fact.patient, draft.staff or "", utc_text(draft.at.utc))


@change.register
def _given(fact: facts.GivenStated, state: State, _draft: Draft) -> None:
    known = state.withdrawals.get(fact.withdrawal)
    if known is not None:
        known.given_m = fact.units_m


@change.register
def _ended(fact: facts.CaseEnded, state: State, _draft: Draft) -> None:
    del state.cases[fact.case]

"""What is remembered of whose patients are whose.

Alone knows: that meaning. Must not know: why a fact was written, or what is to be done about it.
"""

from cabinet.domain import facts
from cabinet.domain.caseload.memory import Caseload
from cabinet.domain.facts import Draft
from cabinet.domain.fold.change import change
from cabinet.domain.state import State
from cabinet.domain.vocabulary import utc_text


@change.register
def _chosen(fact: facts.PatientChosen, state: State, draft: Draft) -> None:
    assert draft.staff is not None
    theirs = state.caseloads.setdefault(draft.staff, Caseload())
    theirs.let_go.pop(fact.patient, None)
    theirs.chosen[fact.patient] = utc_text(draft.at.utc)


@change.register
def _let_go(fact: facts.PatientLetGo, state: State, draft: Draft) -> None:
    assert draft.staff is not None
    theirs = state.caseloads.setdefault(draft.staff, Caseload())
    theirs.chosen.pop(fact.patient, None)
    if fact.is_over:
        theirs.let_go.pop(fact.patient, None)
    else:
        theirs.let_go[fact.patient] = utc_text(draft.at.utc)
    if not theirs.chosen and not theirs.let_go:
        del state.caseloads[draft.staff]

"""What is remembered of quarantines: those that nobody has lifted.

Alone knows: that meaning. Must not know: why a fact was written, or what is to be done about it.
"""

from cabinet.domain import facts
from cabinet.domain.facts import Draft
from cabinet.domain.fold.change import change
from cabinet.domain.quarantine.memory import Quarantine
from cabinet.domain.state import State
from cabinet.domain.vocabulary import utc_text


@change.register
def _begun(fact: facts.QuarantineBegun, state: State, draft: Draft) -> None:
    state.quarantines[fact.quarantine] = Quarantine(
        fact.quarantine, fact.scope, fact.value, fact.item, fact.why, fact.recall, draft.staff, utc_text(draft.at.utc)
    )


@change.register
def _lifted(fact: facts.QuarantineLifted, state: State, _draft: Draft) -> None:
    del state.quarantines[fact.quarantine]

"""What is remembered of picks. One is over when the access that bears its id is asked for (`access.py`).

Alone knows: that meaning. Must not know: why a fact was written, or what is to be done about it.
"""

from cabinet.domain import facts
from cabinet.domain.facts import Draft
from cabinet.domain.fold.change import change
from cabinet.domain.pick.memory import Pick
from cabinet.domain.state import State
from cabinet.domain.vocabulary import utc_text


@change.register
def _picked(fact: facts.OrderPicked, state: State, draft: Draft) -> None:
    assert draft.staff is not None
    at = utc_text(draft.at.utc)
    state.picks[fact.pick] = Pick(fact.pick, draft.staff, fact.patient, fact.order, fact.item, fact.said, at, fact.is_ahead, fact.ordered)


@change.register
def _dropped(fact: facts.PickDropped, state: State, _draft: Draft) -> None:
    del state.picks[fact.pick]

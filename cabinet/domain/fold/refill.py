"""What parked codes and unfilled lines mean for what is remembered.

Alone knows: that meaning. Must not know: why a fact was written, or what is to be done about it.
"""

from cabinet.domain import facts
from cabinet.domain.facts import Draft
from cabinet.domain.fold import delivery
from cabinet.domain.fold.change import change
from cabinet.domain.package.memory import Parked, RefillAsk, Unfilled
from cabinet.domain.state import State
from cabinet.domain.vocabulary import utc_text


@change.register
def _parked(fact: facts.CodeParked, state: State, draft: Draft) -> None:
    state.parked[fact.key] = Parked(fact.key, fact.pocket, fact.item, str(draft.staff), utc_text(draft.at.utc))


@change.register
def _linked(fact: facts.CodeLinked, state: State, _draft: Draft) -> None:
    state.codes[fact.key] = fact.item
    if fact.key in state.parked:
        state.parked[fact.key].linked = fact.item
        state.parked[fact.key].why_not = ""


@change.register
def _dismissed(fact: facts.CodeDismissed, state: State, _draft: Draft) -> None:
    state.codes.pop(fact.key, None)
    if fact.key in state.parked:
        state.parked[fact.key].linked = None
        state.parked[fact.key].why_not = fact.reason


@change.register
def _not_filled(fact: facts.LineNotFilled, state: State, draft: Draft) -> None:
    delivery.not_filled(fact, state)
    state.unfilled[fact.pocket] = Unfilled(fact.pocket, fact.item, fact.reason, fact.note, str(draft.staff), utc_text(draft.at.utc))


@change.register
def _refill_asked(fact: facts.RefillAsked, state: State, draft: Draft) -> None:
    state.refill_asks[fact.pocket] = RefillAsk(fact.item, str(draft.staff), utc_text(draft.at.utc))

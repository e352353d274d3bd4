"""What facts about modes mean for what is remembered.

Alone knows: that meaning. Must not know: why a fact was written, or what is to be done about it.
"""

from cabinet.domain import facts
from cabinet.domain.facts import Draft
from cabinet.domain.fold.change import access_of, change
from cabinet.domain.mode.memory import Declared
from cabinet.domain.state import State
from cabinet.domain.vocabulary import utc_text


@change.register
def _began(fact: facts.DowntimeBegan, state: State, _draft: Draft) -> None:
    state.modes.down_since = fact.since


@change.register
def _ended(_fact: facts.DowntimeEnded, state: State, _draft: Draft) -> None:
    state.modes.down_since = ""


@change.register
def _declared(fact: facts.ModeDeclared, state: State, draft: Draft) -> None:
    is_of_downtime = bool(state.modes.down_since)
    state.modes.declared[fact.mode] = Declared(draft.staff, utc_text(draft.at.utc), fact.reason, is_of_downtime)


@change.register
def _lifted(fact: facts.ModeLifted, state: State, _draft: Draft) -> None:
    state.modes.declared.pop(fact.mode, None)


@change.register
def _late(fact: facts.LateEntered, state: State, draft: Draft) -> None:
    access = access_of(state, draft)
    access.true_at, access.taken_by = fact.true_at, fact.taken_by

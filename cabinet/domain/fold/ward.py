"""What people who look in from the ward mean for what is remembered.

Alone knows: that meaning. Must not know: why a fact was written, or what is to be done about it.
"""

from cabinet.domain import facts
from cabinet.domain.facts import Draft
from cabinet.domain.fold.change import change
from cabinet.domain.person.memory import WARD, lock_of
from cabinet.domain.state import State
from cabinet.domain.ward.memory import WardSession


@change.register
def _opened(fact: facts.WardSessionOpened, state: State, draft: Draft) -> None:
    assert draft.staff is not None
    state.people.lockouts.pop(lock_of(draft.staff, WARD), None)
    state.ward_sessions[fact.session] = WardSession(fact.session, draft.staff)


@change.register
def _closed(fact: facts.WardSessionClosed, state: State, _draft: Draft) -> None:
    state.ward_sessions.pop(fact.session, None)
